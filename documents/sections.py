"""What the home page and the page tree show of the documents."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from site_pages import tree
from site_pages.home import HomeSection, register_section
from site_pages.models import HomePage
from site_pages.top_level import child_of_type
from site_pages.visibility import readable

from .models import DocumentsPage, LegalDocumentPage

SHOWN = 6


@register_section(20)
def latest_documents(request: HttpRequest, home: HomePage) -> HomeSection | None:
    parent = child_of_type(request, DocumentsPage)
    if parent is None:
        return None
    documents = list(
        readable(LegalDocumentPage.objects.child_of(parent))
        .with_force()
        .order_by("-issued_on", "-pk")[:SHOWN]
    )
    if not documents:
        return None
    return HomeSection(
        _("Legal documents"),
        "site_pages/home/pages.html",
        documents,
        parent.get_url(request),
        _("All documents"),
    )


tree.register(
    tree.Node(
        10,
        "van-ban",
        DocumentsPage,
        ("Văn bản về cải cách hành chính", "Documents on administrative reform"),
        (
            "Văn bản của Trung ương và Thành phố về cải cách hành chính.",
            "Documents of the central government and of the City.",
        ),
        ("Văn bản", "Document list"),
        in_menu=True,
    )
)
