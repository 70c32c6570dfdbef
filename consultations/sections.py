"""What the home page and the page tree show of this room."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from site_pages import tree
from site_pages.home import HomeSection, register_section
from site_pages.models import HomePage
from site_pages.top_level import child_of_type

from .listing import Standing, listed
from .models import ConsultationsPage

SHOWN = 3


@register_section(5)
def open_consultations(request: HttpRequest, home: HomePage) -> HomeSection | None:
    """What people can still have a say on, the next to close first."""
    parent = child_of_type(request, ConsultationsPage)
    if parent is None:
        return None
    rows = [row for row in listed(parent) if row.standing in (Standing.SOON, Standing.OPEN)]
    if not rows:
        return None
    return HomeSection(
        _("Waiting for your opinion"),
        "consultations/rows.html",
        rows[:SHOWN],
        parent.get_url(request),
        _("All consultations"),
        is_pressing=True,
    )


tree.register(
    tree.Node(
        65,
        "lay-y-kien",
        ConsultationsPage,
        ("Lấy ý kiến", "Consultations"),
        (
            "Dự thảo văn bản và nội dung về cải cách hành chính đang lấy ý kiến; mỗi ý kiến "
            "đều được trả lời.",
            "Drafts and questions on administrative reform that are open for comment; every "
            "opinion is answered.",
        ),
        in_menu=True,
    )
)
