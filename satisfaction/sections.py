"""What the home page and the page tree show of this room."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal import clock
from site_pages import tree
from site_pages.home import HomeSection, register_section
from site_pages.models import HomePage
from site_pages.top_level import child_of_type

from .listing import surveys_below
from .pages import SurveysPage
from .window import WindowState


@register_section(10)
def open_surveys(request: HttpRequest, home: HomePage) -> HomeSection | None:
    parent = child_of_type(request, SurveysPage)
    if parent is None:
        return None
    surveys = [
        survey for survey in surveys_below(parent, clock.now()) if survey.state is WindowState.OPEN
    ]
    if not surveys:
        return None
    return HomeSection(
        _("Waiting for your rating"),
        "satisfaction/home_surveys.html",
        surveys[:3],
        parent.get_url(request),
        _("All surveys"),
        is_pressing=True,
    )


tree.register(
    tree.Node(
        70,
        "khao-sat",
        SurveysPage,
        ("Khảo sát", "Surveys"),
        (
            "Ông/bà đánh giá sự phục vụ của cơ quan hành chính; kết quả công bố tại đây.",
            "Rate the service of the City's agencies; the results are published here.",
        ),
        in_menu=True,
    )
)
