"""Surveys in the admin's menu."""

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from . import admin_views as views
from .actions.admin_urls import urlpatterns as action_urls
from .building import admin_urls as building
from .collecting import admin_urls as collecting
from .dashboard.admin_urls import urlpatterns as dashboard_urls
from .exchange import admin_urls as exchange
from .exports import admin_urls as exports
from .measuring import admin_urls as measuring
from .quality import admin_urls as quality
from .reporting.admin_urls import urlpatterns as reporting_urls
from .sampling import admin_urls as sampling
from .themes import admin_urls as themes


@hooks.register("register_admin_urls")
def register_urls() -> list:
    return [
        path("khao-sat/", views.survey_list, name="survey_list"),
        path("khao-sat/<int:survey_id>/", views.survey_detail, name="survey_detail"),
        path("khao-sat/<int:survey_id>/lap-bao-cao/", views.order_report, name="survey_report"),
        path("khao-sat/<int:survey_id>/phieu/", views.response_list, name="survey_responses"),
        path("khao-sat/phieu/<int:response_id>/loai/", views.reject, name="response_reject"),
        path("khao-sat/phieu/<int:response_id>/nhan/", views.restore, name="response_restore"),
        *building.URLS,
        *collecting.urlpatterns,
        *sampling.urlpatterns,
        *quality.urlpatterns,
        *exchange.URLS,
        *exports.URLS,
        *themes.URLS,
        *measuring.URLS,
        *action_urls,
        *dashboard_urls,
        *reporting_urls,
    ]


class SurveyMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("satisfaction.view_results")


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    return SurveyMenuItem(
        _("Surveys"), reverse("survey_list"), name="surveys", icon_name="clipboard-list", order=310
    )


_ACTIONS = [
    ("response.flag", _("Mark a response"), _("Response marked")),
    ("response.unflag", _("Take a mark off a response"), _("Mark taken off a response")),
    ("collector.create", _("Make a way into a survey"), _("Way into a survey made")),
    ("collectors.create", _("Make ways into a survey"), _("Ways into a survey made")),
    ("collector.end", _("End a way into a survey"), _("Way into a survey ended")),
    ("posters.order", _("Order posters"), _("Posters ordered")),
    ("invitations.add", _("Take in addresses"), _("Addresses taken in")),
    ("invitations.write", _("Write to the invited"), _("Letters to the invited")),
    ("invitations.bounced", _("Enter letters that came back"), _("Letters came back")),
    ("paper.enter", _("Enter a paper form"), _("Paper form entered")),
    ("paper.again", _("Enter a paper form again"), _("Paper form entered again")),
    ("paper.resolve", _("Settle a paper form"), _("Paper form settled")),
    ("paper.discard", _("Discard a paper form"), _("Paper form discarded")),
    ("plan.make", _("Make a sample plan"), _("Sample plan made")),
    ("plan.change", _("Change a sample plan"), _("Sample plan changed")),
    ("network.add", _("Add an agency network"), _("Agency network added")),
    ("network.remove", _("Remove an agency network"), _("Agency network removed")),
]


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    for name, label, message in _ACTIONS:
        actions.register_action(f"satisfaction.{name}", label, message)
    actions.register_action(
        "satisfaction.response.reject", _("Reject a response"), _("Response rejected")
    )
    for code, label, message in [
        ("assign", _("Assign an action"), _("Action assigned")),
        ("move", _("Move a deadline"), _("Deadline of the action moved")),
        ("report", _("Report on an action"), _("Agency reported on the action")),
        ("send_back", _("Let an action run on"), _("Action not done yet")),
        ("withdraw", _("Withdraw an action"), _("Action withdrawn")),
        ("measure", _("Measure an action again"), _("Action measured again")),
    ]:
        actions.register_action(f"satisfaction.action.{code}", label, message)
    actions.register_action(
        "satisfaction.report_plan.save", _("Plan a report"), _("Plan of the report saved")
    )
    actions.register_action(
        "satisfaction.response.restore", _("Count a response again"), _("Response counted again")
    )
    for code, label, message in (
        *building.ACTIONS,
        *exchange.ACTIONS,
        *exports.ACTIONS,
        *themes.ACTIONS,
    ):
        actions.register_action(code, label, message)
    for action in measuring.ACTIONS:
        actions.register_action(*action)
