"""The Board and the network of collaborators in the admin's menu and history."""

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from . import board_views as views
from . import collaborator_views as network
from .papers import may_look

ROOT = "bien-tap/ban-bien-tap"
NETWORK = "bien-tap/cong-tac-vien"


@hooks.register("register_admin_urls")
def register_urls() -> list:
    return [
        path(f"{ROOT}/", views.show, name=views.BOARD),
        path(f"{ROOT}/thanh-phan.csv", views.export, name="editorial_board_csv"),
        path(f"{ROOT}/quyet-dinh/", views.record_decision, name="editorial_decision"),
        path(f"{ROOT}/bo-nhiem/", views.appoint, name="editorial_appoint"),
        path(
            f"{ROOT}/bo-nhiem/<int:appointment_id>/ket-thuc/",
            views.end_appointment,
            name="editorial_appointment_end",
        ),
        path(f"{ROOT}/phan-cong/", views.assign, name="editorial_assign"),
        path(
            f"{ROOT}/phan-cong/<int:assignment_id>/ket-thuc/",
            views.end_assignment,
            name="editorial_assignment_end",
        ),
        path(f"{ROOT}/uy-quyen/", views.delegate, name="editorial_delegate"),
        path(
            f"{ROOT}/uy-quyen/<int:delegation_id>/thu-hoi/",
            views.revoke,
            name="editorial_delegation_revoke",
        ),
        path(f"{ROOT}/vang-mat/", views.absence, name="editorial_absence"),
        path(
            f"{ROOT}/vang-mat/<int:absence_id>/tro-lai/",
            views.come_back,
            name="editorial_absence_end",
        ),
        path(f"{ROOT}/ban-giao/<int:user_id>/", views.hand_over, name="editorial_hand_over"),
        path(f"{NETWORK}/", network.show, name=network.LIST),
        path(f"{NETWORK}/danh-sach.csv", network.export, name="editorial_collaborators_csv"),
        path(f"{NETWORK}/them/", network.start, name="editorial_collaborator_start"),
        path(
            f"{NETWORK}/<int:collaborator_id>/ket-thuc/",
            network.end,
            name="editorial_collaborator_end",
        ),
    ]


class BoardMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(request.user)


@hooks.register("register_admin_menu_item")
def register_board() -> MenuItem:
    return BoardMenuItem(
        _("Editorial Board"), reverse(views.BOARD), name="board", icon_name="group", order=320
    )


@hooks.register("register_admin_menu_item")
def register_network() -> MenuItem:
    return BoardMenuItem(
        _("Collaborators"), reverse(network.LIST), name="network", icon_name="user", order=321
    )


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    for code, label, message in [
        ("decision", _("Record a decision"), _("Decision recorded")),
        ("appoint", _("Appoint"), _("Appointed")),
        ("appointment_end", _("End an appointment"), _("Appointment ended")),
        ("assign", _("Put in charge of a section"), _("Put in charge of a section")),
        ("assignment_end", _("End an assignment"), _("Assignment ended")),
        ("delegate", _("Delegate"), _("Delegated")),
        ("delegation_revoke", _("Revoke a delegation"), _("Delegation revoked")),
        ("absence", _("Record an absence"), _("Absence recorded")),
        ("absence_end", _("End an absence"), _("Absence ended")),
        ("collaboration", _("Add a collaborator"), _("Collaborator added")),
        ("collaboration_end", _("End a contract"), _("Contract ended")),
        ("roles", _("Roles"), _("Roles changed with what is in force")),
        ("account_close", _("Close an account"), _("Account closed: nothing gives access")),
        ("account_open", _("Open an account again"), _("Account opened by a new appointment")),
        ("hand_over", _("Hand over drafts"), _("Handed over to a successor")),
    ]:
        actions.register_action(f"editorial.{code}", label, message)
