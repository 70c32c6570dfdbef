"""Collaborators and agency officers see their own small admin and nothing else.

Every address of the admin is closed to them unless it is opened here, or by a slice
that shows them something: `open_address("name", check)`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page, ReferenceIndex

from portal.accounts.models import User
from portal.accounts.roles import Role
from site_pages.visibility import readable

from .desk import writable_models
from .sections import may_write_in
from .standing import roles_today

SMALL = frozenset({Role.COLLABORATOR, Role.AGENCY_OFFICER})
DESK = "editorial_desk"
# Wagtail leads here after saving and from its own menus.
_LEADS_TO_DESK = {
    "wagtailadmin_home",
    "wagtailadmin_explore_root",
    "wagtailadmin_explore",
    "wagtailadmin_explore_results",
    # The sidebar's search box; its answers would be everybody's.
    "wagtailadmin_pages:search",
}
Check = Callable[..., bool]
_open: dict[str, Check] = {}


def open_address(name: str, check: Check | None = None) -> None:
    """Let confined people reach a named address where `check(request, **kwargs)` agrees."""
    _open[name] = check or _always


def is_confined(user: User) -> bool:
    if user.is_superuser:
        return False
    roles = roles_today(user)
    return bool(roles) and roles <= SMALL and Role.LEADERSHIP not in user._standing.groups


class Confinement:
    """Middleware: after the roles of the request are known, before any view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.root = reverse("wagtailadmin_home")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict
    ) -> HttpResponse | None:
        if not request.path_info.startswith(self.root) or not _asks_confined(request):
            return None
        name = request.resolver_match.view_name
        if name in _LEADS_TO_DESK:
            return redirect(DESK)
        check = _open.get(name)
        if check is None or not check(request, **kwargs):
            raise PermissionDenied
        return None


def _asks_confined(request: HttpRequest) -> bool:
    # Known only to somebody whose request carried a session (editorial.access).
    if not hasattr(request, "_cached_user"):
        return False
    return request.user.is_authenticated and is_confined(request.user)


# --- What they may see -----------------------------------------------------------------


def visible_pages(pages: QuerySet[Page], user: User) -> QuerySet[Page]:
    public = readable(Page.objects.all()).values("pk")
    return pages.filter(Q(pk__in=public) | Q(owner=user))


def visible_files(files: QuerySet, user: User) -> QuerySet:
    """One's own uploads, and what stands on public pages that have no open changes."""
    public = readable(Page.objects.filter(has_unpublished_changes=False))
    keys = public.annotate(key=Cast("pk", CharField())).values("key")
    used = ReferenceIndex.objects.filter(
        base_content_type__app_label="wagtailcore",
        base_content_type__model="page",
        object_id__in=keys,
        to_content_type__app_label=files.model._meta.app_label,
        to_content_type__model=files.model._meta.model_name,
    )
    seen = Q(uploaded_by_user=user) | Q(own_key__in=used.values("to_object_id"))
    known = files.model.objects.annotate(own_key=Cast("pk", CharField())).filter(seen)
    # The search filters by columns of its own only.
    return files.filter(pk__in=known.values("pk"))


def _always(request: HttpRequest, **kwargs) -> bool:
    return True


def owns_page(request: HttpRequest, page_id: int | None = None, pk: str = "", **kwargs) -> bool:
    return Page.objects.filter(pk=page_id or int(pk), owner=request.user).exists()


def _may_begin(
    request: HttpRequest,
    content_type_app_name: str,
    content_type_model_name: str,
    parent_page_id: int,
) -> bool:
    parent = Page.objects.filter(pk=parent_page_id).first()
    if parent is None or not may_write_in(request.user, parent):
        return False
    wanted = (content_type_app_name, content_type_model_name)
    models = {(m._meta.app_label, m._meta.model_name) for m in writable_models(parent)}
    return wanted in models


def _edits_page(request: HttpRequest, app_label: str, model_name: str, object_id: str, **kwargs):
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError:
        return False
    return issubclass(model, Page) and object_id.isdecimal() and owns_page(request, int(object_id))


def _sees_page(request: HttpRequest, parent_page_id: int) -> bool:
    return visible_pages(Page.objects.filter(pk=parent_page_id), request.user).exists()


def _numbers(values: list[str]) -> set[int]:
    return {int(value) for value in values if value.isascii() and value.isdecimal()}


def _sees_pages(request: HttpRequest) -> bool:
    asked = _numbers(request.GET.getlist("id"))
    seen = visible_pages(Page.objects.filter(pk__in=asked), request.user)
    return seen.count() == len(asked)


def _sees_file(model: type) -> Check:
    def check(request: HttpRequest, pk: str = "", **kwargs) -> bool:
        asked = _numbers([str(pk or kwargs.get("image_id", "")), *request.GET.getlist("id")])
        seen = visible_files(model.objects.filter(pk__in=asked), request.user)
        return seen.count() == len(asked)

    return check


def _uploaded(model: type) -> Check:
    def check(request: HttpRequest, **kwargs) -> bool:
        (pk,) = kwargs.values()
        return model.objects.filter(pk=pk, uploaded_by_user=request.user).exists()

    return check


for _name in (
    "portal.admin_language.AdminScriptCatalog",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_sprite",
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_done",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_complete",
    "wagtailadmin_account",
    "wagtailadmin_dismissibles",
    # Only the session's own person may release it.
    "wagtailadmin_editing_sessions:release",
    "wagtailadmin_block_preview",
    "wagtailadmin_choose_page",
    "wagtailadmin_choose_page_search",
    "wagtailadmin_choose_page_external_link",
    "wagtailadmin_choose_page_email_link",
    "wagtailadmin_choose_page_phone_link",
    "wagtailadmin_choose_page_anchor_link",
    "wagtailembeds:chooser",
    "wagtailembeds:chooser_upload",
    "wagtailimages_chooser:choose",
    "wagtailimages_chooser:choose_results",
    "wagtailimages_chooser:create",
    "wagtaildocs_chooser:choose",
    "wagtaildocs_chooser:choose_results",
    "wagtaildocs_chooser:create",
    DESK,
):
    open_address(_name)
for _name in (
    "edit",
    "preview_on_edit",
    "view_draft",
    "delete",
    "history",
    "history_results",
    "workflow_history",
    "workflow_history_detail",
    "confirm_workflow_cancellation",
    "revisions_index",
    "revisions_view",
    "revisions_revert",
    "revisions_compare",
):
    open_address(f"wagtailadmin_pages:{_name}", owns_page)
open_address("wagtailadmin_pages:add", _may_begin)
open_address("wagtailadmin_pages:preview_on_add", _may_begin)
open_address("wagtailadmin_editing_sessions:ping", _edits_page)
open_address("wagtailadmin_choose_page_child", _sees_page)
open_address("wagtailadmin_choose_page_chosen_multiple", _sees_pages)
for _kind, _model in (("images", Image), ("docs", Document)):
    open_address(f"wagtail{_kind}_chooser:chosen", _sees_file(_model))
    open_address(f"wagtail{_kind}_chooser:chosen_multiple", _sees_file(_model))
    open_address(f"wagtail{_kind}:edit", _uploaded(_model))
    open_address(f"wagtail{_kind}:delete", _uploaded(_model))
open_address("wagtailimages_chooser:select_format", _sees_file(Image))
