"""What the public shell adds to the admin."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import Button
from wagtail.documents.models import Document
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page

from . import admin_views as views
from . import keeping, scheduling, withdrawal_views  # noqa: F401
from .content_checker import PortalChecker
from .file_access import refuse_unless_served
from .media_serving import serve_range
from .reader_reports import RatedReport, SoughtReport
from .search.models import SearchSynonym
from .withdrawal import KeepingTester
from .work_queue import WorkPanel


@hooks.register("insert_global_admin_css")
def our_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("site_pages/admin.css"))


@hooks.register("construct_homepage_panels")
def work_first(_request: HttpRequest, panels: list) -> None:
    panels.insert(0, WorkPanel())


@hooks.register("register_admin_urls")
def register_urls() -> list:
    return [
        path("giao-dien/", views.components, name="components"),
        path("giao-dien/xem/", views.component_sheet, name="component_sheet"),
        path("trang/<int:page_id>/rut/", withdrawal_views.withdraw, name="page_withdraw"),
        path("trang/<int:page_id>/dang-lai/", withdrawal_views.put_back, name="page_put_back"),
        path("bao-cao/tu-tim/", SoughtReport.as_view(), name="words_sought"),
        path(
            "bao-cao/tu-tim/ket-qua/",
            SoughtReport.as_view(results_only=True),
            name="words_sought_results",
        ),
        path("bao-cao/danh-gia/", RatedReport.as_view(), name="pages_rated"),
        path(
            "bao-cao/danh-gia/ket-qua/",
            RatedReport.as_view(results_only=True),
            name="pages_rated_results",
        ),
    ]


@hooks.register("construct_help_menu")
def help_of_ours_only(_request: HttpRequest, items: list) -> None:
    """Wagtail's news and its guide are in English, on another host."""
    theirs = ("whats-new", "editor-guide")
    items[:] = [item for item in items if not item.name.startswith(theirs)]


@hooks.register("register_help_menu_item")
def register_menu() -> MenuItem:
    return MenuItem(
        _("Components"), reverse("components"), name="components", icon_name="view", order=50
    )


class PermittedMenuItem(MenuItem):
    """A report that only those see who may open it."""

    def __init__(self, *args, permission: str, **kwargs) -> None:
        self.permission = permission
        super().__init__(*args, **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)


@hooks.register("register_reports_menu_item")
def register_words_sought() -> MenuItem:
    return PermittedMenuItem(
        SoughtReport.page_title,
        reverse("words_sought"),
        name="words-sought",
        icon_name=SoughtReport.header_icon,
        order=1000,
        permission="site_pages.view_searchedwords",
    )


@hooks.register("register_reports_menu_item")
def register_pages_rated() -> MenuItem:
    return PermittedMenuItem(
        RatedReport.page_title,
        reverse("pages_rated"),
        name="pages-rated",
        icon_name=RatedReport.header_icon,
        order=1010,
        permission="site_pages.view_ratingcount",
    )


class SynonymViewSet(ModelViewSet):
    model = SearchSynonym
    name = "search_synonyms"
    url_prefix = "tu-dong-nghia"
    icon = "search"
    menu_label = _("Search synonyms")
    menu_order = 340
    add_to_admin_menu = True
    list_display = ["short", "long"]
    search_fields = ["short", "long"]
    form_fields = ["short", "long"]


@hooks.register("register_admin_viewset")
def register_synonyms() -> SynonymViewSet:
    return SynonymViewSet()


@hooks.register("construct_wagtail_userbar")
def check_content_our_way(_request: HttpRequest, items: list, _page) -> None:
    items[:] = [
        PortalChecker(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item
        for item in items
    ]


@hooks.register("before_serve_document", order=90)
def serve_what_is_public(document: Document, request: HttpRequest) -> None:
    refuse_unless_served(document, request)


# After Wagtail's own check of the collection's restrictions.
@hooks.register("before_serve_document", order=100)
def serve_media_in_ranges(document: Document, request: HttpRequest) -> HttpResponse | None:
    return serve_range(document, request)


@hooks.register("register_page_header_buttons")
def withdraw_button(page: Page, user, view_name: str, next_url: str | None = None) -> Iterator:
    may = KeepingTester(user, page)
    if may.can_put_back():
        yield Button(
            _("Publish again"),
            reverse("page_put_back", args=[page.pk]),
            icon_name="view",
            priority=60,
        )
    if may.can_withdraw():
        yield Button(
            _("Withdraw by an order"),
            reverse("page_withdraw", args=[page.pk]),
            icon_name="no-view",
            priority=60,
        )


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    actions.register_action("site_pages.withdraw", _("Withdraw"), _("Withdrawn by an order"))
    actions.register_action("site_pages.put_back", _("Publish again"), _("Published again"))

    @actions.register_action(scheduling.REFUSED)
    class ScheduleRefused(LogFormatter):
        label = _("Scheduled publication refused")

        def format_message(self, entry) -> str:
            return _("Not published at its time: %(reason)s") % entry.data
