"""The outbox in the admin: to be read, and to try a failed effect again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.log_actions import LogActionRegistry
from wagtail.permission_policies import ModelPermissionPolicy

from . import upkeep
from .models import OutboxRow


class StateColumn(Column):
    cell_template_name = "outbox/admin/state_cell.html"

    def get_value(self, instance: OutboxRow) -> str:
        return instance.get_state_display()

    def get_cell_context_data(self, instance: OutboxRow, parent_context) -> dict:
        # Wagtail renders cells without the request, so the form's token is handed in.
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        context["csrf_token"] = get_token(request)
        context["may_retry"] = request.user.has_perm("outbox.change_outboxrow")
        return context


class OutboxIndex(generic.IndexView):
    model = OutboxRow
    page_title = gettext_lazy("Outbox")
    header_icon = "mail"
    index_url_name = "outbox"
    index_results_url_name = "outbox_results"
    list_filter = ["state", "kind"]
    paginate_by = 50
    any_permission_required = ["change", "view"]
    columns = [
        Column("kind", label=gettext_lazy("kind")),
        StateColumn("state", label=gettext_lazy("state")),
        Column("attempts", label=gettext_lazy("attempts")),
        Column("last_error", label=gettext_lazy("last error")),
        DateColumn("next_at", label=gettext_lazy("next attempt")),
        DateColumn("created_at", label=gettext_lazy("created at")),
    ]

    permission_policy = ModelPermissionPolicy(OutboxRow)

    def get_edit_url(self, instance):
        return None


@require_POST
def retry(request: HttpRequest, row_id: int) -> HttpResponse:
    get_object_or_404(OutboxRow, pk=row_id)
    if upkeep.retry(row_id, request.user):
        messages.success(request, _("The effect will be tried again."))
    else:
        messages.info(request, _("This effect has not failed."))
    return redirect("outbox")


@hooks.register("register_admin_urls")
def register_urls() -> list:
    return [
        path("hang-doi/", OutboxIndex.as_view(), name="outbox"),
        path("hang-doi/ket-qua/", OutboxIndex.as_view(results_only=True), name="outbox_results"),
        path("hang-doi/<int:row_id>/gui-lai/", retry, name="outbox_retry"),
    ]


class OutboxMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbox.view_outboxrow")


@hooks.register("register_settings_menu_item")
def register_menu() -> MenuItem:
    return OutboxMenuItem(
        gettext_lazy("Outbox"), reverse("outbox"), name="outbox", icon_name="mail", order=900
    )


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    actions.register_action("outbox.retry", gettext_lazy("Try again"), gettext_lazy("Tried again"))
