"""Actions after a survey: assigned, reported on, reminded of, measured again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.log_actions import registry

from portal import clock
from portal.agencies.models import Agency, Membership
from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow
from portal.reporting import editions
from satisfaction import reports
from satisfaction.actions import remedies
from satisfaction.actions.comparison import Later
from satisfaction.actions.reminding import remind_all
from satisfaction.actions.targets import targets
from satisfaction.models import Action, ActionReport, ActionState, PeriodKind
from tests.accounts import staff
from tests.satisfaction.factories import NOON, answers, local, make_survey, respond

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 15)


@pytest.fixture
def edition(at):
    at(NOON)
    survey = make_survey(period_kind=PeriodKind.MONTH, closes_at=local("2027-03-01"))
    for number in range(30):
        few = {"V31": "2"} if number % 2 else {}
        respond(survey, answers(4, "SNV" if number < 20 else "STC") | few)
    orderer = staff("dat", "reporting.order_edition")
    publisher = staff("cong.bo", "reporting.publish_edition")
    made = reports.order_report(survey, orderer)
    drain()
    made = editions.publish(made.pk, publisher)
    mail.outbox.clear()
    return made


@pytest.fixture
def group():
    return staff("to", "satisfaction.plan_actions", "satisfaction.view_results")


@pytest.fixture
def officer():
    who = staff("can.bo")
    Membership.objects.create(
        user=who, agency=Agency.objects.get(code="SNV"), valid_from=date(2026, 1, 1)
    )
    return who


def assign(edition, group, **changed) -> Action:
    agency = Agency.objects.get(code="SNV")
    given = {"target": "item:V31", "task": "Lập <b>đường dây</b> nóng", "due_on": DUE, **changed}
    return remedies.assign(
        edition.pk, given["target"], agency.pk, given["task"], given["due_on"], group,
        is_public=given.get("is_public", False),
    )  # fmt: skip


def letters() -> list[str]:
    mail.outbox.clear()
    drain()
    return sorted(message.to[0] for message in mail.outbox)


def test_the_lowest_figures_of_the_edition_come_first(edition):
    items = [target for target in targets(edition) if target.kind == "item"]
    assert items[0].code == "item:V31"
    assert items[0].figure == "50,00%"


def test_an_action_keeps_the_printed_figure_and_tells_the_agency(edition, group, officer):
    action = assign(edition, group)
    assert (action.figure, action.state) == ("50,00%", ActionState.ASSIGNED)
    assert letters() == [officer.email]
    assert "đường dây" not in mail.outbox[0].body
    entry = registry.get_logs_for_instance(action).first()
    assert (entry.action, entry.user) == ("satisfaction.action.assign", group)


def test_only_planners_assign_and_only_on_published_figures(edition, group, officer):
    with pytest.raises(PermissionDenied):
        assign(edition, officer)
    for changed in (
        {"target": "item:khong-co"},
        {"task": " \u0000 "},
        {"due_on": clock.today()},
        {"due_on": date(2026, 12, 13)},
        {"task": "x" * 5000},
    ):
        with pytest.raises(ValidationError):
            assign(edition, group, **changed)
    assert not Action.objects.exists()
    assert not OutboxRow.objects.filter(kind="mail", key__startswith=remedies.ASSIGNED).exists()


def test_the_usual_deadline_is_in_working_days(edition):
    # 30 working days after Friday 20 November 2026; 24 November and 1 January are holidays.
    assert remedies.usual_deadline() > date(2026, 12, 31)


def test_the_agency_reports_and_the_one_who_assigned_learns(edition, group, officer):
    action = assign(edition, group)
    letters()
    first = remedies.report(action.pk, "Đã lắp biển.", False, officer)
    assert remedies.report(action.pk, "Đã lắp biển.", False, officer) == first
    action.refresh_from_db()
    assert action.state == ActionState.REPORTED
    assert letters() == [group.email]
    remedies.report(action.pk, "Xong.", True, officer)
    action.refresh_from_db()
    assert action.state == ActionState.DONE
    with pytest.raises(ValidationError):
        remedies.report(action.pk, "Nữa", False, officer)
    remedies.send_back(action.pk, "Chưa thấy biển.", group)
    remedies.report(action.pk, "Nay đã xong.", True, officer)
    assert ActionReport.objects.filter(action=action).count() == 3
    stranger = staff("khac")
    for act in (
        lambda: remedies.report(action.pk, "x", True, group),
        lambda: remedies.report(action.pk, "x", True, stranger),
        lambda: remedies.withdraw(action.pk, "x", officer),
        lambda: remedies.move_deadline(action.pk, DUE, "x", officer),
        lambda: remedies.measure(action.pk, "x", officer),
        lambda: remedies.send_back(action.pk, "x", officer),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_reminders_go_once_before_and_once_after_the_deadline(edition, group, officer, at):
    action = assign(edition, group)
    letters()
    assert remind_all() == 0
    at(local("2026-12-11 01:00"))
    remind_all()
    remind_all()
    assert letters() == [officer.email]
    at(local("2026-12-16 01:00"))
    remind_all()
    remind_all()
    assert letters() == sorted([officer.email, group.email])
    remedies.move_deadline(action.pk, date(2026, 12, 30), "Chờ vật tư", group)
    assert letters() == [officer.email]
    assert remind_all() == 0
    remedies.withdraw(action.pk, "Giao nhầm", group)
    at(local("2027-01-15 01:00"))
    assert remind_all() == 0


def test_a_later_period_shows_whether_it_helped(edition, group, at):
    action = assign(edition, group)
    assert Later.of(action) == []
    at(local("2027-01-20 12:00"))
    for _ in range(15):
        respond(action.survey, answers(5, "SNV"))
    (later,) = Later.of(action)
    assert later.label == "Tháng 1/2027"
    with pytest.raises(ValidationError):
        remedies.measure(action.pk, "1:1999-01", group)
    remedies.measure(action.pk, later.name, group)
    action.refresh_from_db()
    outcome = action.outcome
    assert (outcome["about"], outcome["before"]["n"], outcome["after"]["n"]) == ("all", 30, 15)
    assert float(outcome["change"]["by"]) == pytest.approx(0.5)
    assert float(outcome["change"]["p"]) < 0.01
    with pytest.raises(ValidationError):
        remedies.measure(action.pk, later.name, group)


def test_a_survey_that_follows_is_a_later_measurement(edition, group, at):
    action = assign(edition, group, target="criterion:V")
    again = make_survey("lan-hai", follows=action.survey)
    for _ in range(9):
        respond(again, answers(5, "SNV"))
    with pytest.raises(ValidationError):
        remedies.measure(action.pk, f"{again.pk}:", group)
    for _ in range(3):
        respond(again, answers(5, "STC"))
    remedies.measure(action.pk, f"{again.pk}:", group)
    action.refresh_from_db()
    # A criterion of one agency is in no report: among all.
    assert (action.outcome["about"], action.outcome["after"]["n"]) == ("all", 12)


class TestPages:
    BOARD = "/quan-tri/khao-sat/viec-cai-thien/"

    def test_the_group_assigns_through_the_form(self, client, edition, group):
        client.force_login(group)
        url = f"/quan-tri/khao-sat/{edition.subject_id}/viec-cai-thien/"
        assert "50,00%" in client.get(url).content.decode()
        data = {"target": "item:V31", "agency": Agency.objects.get(code="SNV").pk,
                "task": "Lắp biển", "due_on": "13/12/2026"}  # fmt: skip
        refused = client.post(url, data).content.decode()
        assert "Lắp biển" in refused
        assert not Action.objects.exists()
        response = client.post(url, data | {"due_on": "15/12/2026"})
        action = Action.objects.get()
        assert response.url.endswith(f"{action.pk}/")

    def test_without_a_published_report_there_is_nothing_to_rest_on(self, client, at, group):
        at(NOON)
        survey = make_survey()
        client.force_login(group)
        url = f"/quan-tri/khao-sat/{survey.pk}/viec-cai-thien/"
        assert client.get(url).status_code == 302

    def test_the_board_shows_late_ones_first_and_filters(self, client, edition, group, at):
        assign(edition, group, due_on=DUE)
        assign(edition, group, target="criterion:I", due_on=date(2026, 12, 1))
        at(local("2026-12-05 09:00"))
        client.force_login(group)
        page = client.get(self.BOARD).content.decode()
        assert page.index("01/12/2026") < page.index("15/12/2026")
        late = client.get(f"{self.BOARD}?trang-thai=late").content.decode()
        assert "01/12/2026" in late
        assert "15/12/2026" not in late
        assert client.get(f"{self.BOARD}?co-quan=STC%00&trang-thai=x").status_code == 200

    def test_an_officer_reports_and_sees_no_other_agency(self, client, edition, group, officer):
        own = assign(edition, group)
        other = Action.objects.get(pk=own.pk)
        other.pk, other.agency = None, Agency.objects.get(code="STC")
        other.save()
        client.force_login(officer)
        assert client.get(f"{self.BOARD}{other.pk}/").status_code in (302, 403)
        page = client.get(f"{self.BOARD}{own.pk}/").content.decode()
        assert "Lập &lt;b&gt;đường dây&lt;/b&gt; nóng" in page
        empty = client.post(f"{self.BOARD}{own.pk}/bao-cao/", {"text": " "})
        assert empty.status_code == 200
        client.post(f"{self.BOARD}{own.pk}/bao-cao/", {"text": "Đã xong.", "is_done": "on"})
        own.refresh_from_db()
        assert own.state == ActionState.DONE
        assert client.post(f"{self.BOARD}{own.pk}/rut/", {"why": "x"}).status_code in (302, 403)
        client.force_login(group)
        page = client.get(f"{self.BOARD}{own.pk}/").content.decode()
        assert "Đã xong." in page
        client.post(f"{self.BOARD}{own.pk}/lam-tiep/", {"why": "Chưa đủ"})
        client.post(f"{self.BOARD}{own.pk}/thoi-han/", {"due_on": "22/12/2026", "why": "Thêm"})
        own.refresh_from_db()
        assert (own.state, own.due_on) == (ActionState.REPORTED, DUE + timedelta(days=7))
        client.post(f"{self.BOARD}{own.pk}/rut/", {"why": "Giao nhầm"})
        own.refresh_from_db()
        assert own.closing_note == "Giao nhầm"
