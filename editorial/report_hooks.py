"""Reports of the Board in the admin's menu, and the rules of approval of sections."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSet

from . import report_views as views
from .menu import OfficeMenuItem
from .models import SectionRule


@hooks.register("register_admin_urls")
def register_urls() -> list:
    return [
        path("bao-cao/hoat-dong/", views.activity_list, name="editorial_activity"),
        path("bao-cao/hoat-dong/lap/", views.order_activity, name="editorial_activity_order"),
        path("bao-cao/tu-choi/", views.refusals, name="editorial_refusals"),
    ]


class BoardMenuItem(OfficeMenuItem):
    """Shown to administration too."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.is_superuser or super().is_shown(request)


@hooks.register("register_reports_menu_item")
def register_activity() -> MenuItem:
    return BoardMenuItem(
        _("The portal's work"),
        reverse("editorial_activity"),
        name="portal-work",
        icon_name="doc-full-inverse",
        order=900,
    )


@hooks.register("register_reports_menu_item")
def register_refusals() -> MenuItem:
    return BoardMenuItem(
        _("Refusals by ground"),
        reverse("editorial_refusals"),
        name="refusals",
        icon_name="cross",
        order=910,
    )


class SectionRuleViewSet(ModelViewSet):
    """Which sections want several approvals, or the Head's."""

    model = SectionRule
    name = "section_rules"
    url_prefix = "quy-tac-phe-duyet"
    icon = "tasks"
    menu_label = _("Approval rules")
    add_to_settings_menu = True
    list_display = ["section", "min_approvals", "needs_head"]
    panels = ["section", "min_approvals", "needs_head"]


@hooks.register("register_admin_viewset")
def register_section_rules() -> SectionRuleViewSet:
    return SectionRuleViewSet()
