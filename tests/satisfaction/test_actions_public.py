"""What citizens read of the actions: on their own page, on the survey's and on the report's."""

from __future__ import annotations

from datetime import date

import pytest

from portal.agencies.models import Agency
from portal.outbox.draining import drain
from portal.reporting import editions
from satisfaction import reports
from satisfaction.actions import remedies
from satisfaction.actions.comparison import Later
from satisfaction.models import Action, PeriodKind
from satisfaction.pages import SurveyPage
from tests.accounts import staff
from tests.pages import assert_valid_html
from tests.satisfaction.factories import NOON, answers, local, make_page, make_survey, respond

pytestmark = pytest.mark.django_db
ALL = "/khao-sat/viec-cai-thien/"
DUE = date(2026, 12, 15)


@pytest.fixture
def edition(at):
    at(NOON)
    survey = make_survey(period_kind=PeriodKind.MONTH, closes_at=local("2027-03-01"))
    make_page(survey)
    for number in range(20):
        respond(survey, answers(4, "SNV") | ({"V31": "2"} if number % 2 else {}))
    made = reports.order_report(survey, staff("dat", "reporting.order_edition"))
    drain()
    return editions.publish(made.pk, staff("cong.bo", "reporting.publish_edition"))


@pytest.fixture
def planner():
    return staff("to", "satisfaction.plan_actions", "satisfaction.view_results")


def assign(edition, planner, task: str, *, is_public: bool, due_on: date = DUE) -> Action:
    agency = Agency.objects.get(code="SNV")
    return remedies.assign(
        edition.pk, "item:V31", agency.pk, task, due_on, planner, is_public=is_public
    )


def places(edition) -> tuple[str, ...]:
    return ALL, "/khao-sat/hai-long/", f"/bao-cao/{edition.code}/"


def read(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    assert_valid_html(answer)
    return answer.content.decode()


def test_a_public_action_is_read_in_all_its_places(client, edition, planner):
    assign(edition, planner, "Lập <b>đường dây</b> nóng “1022”", is_public=True)
    for address in places(edition):
        html = read(client, address)
        assert "Lập &lt;b&gt;đường dây&lt;/b&gt; nóng “1022”" in html
        assert "15/12/2026" in html
        assert "50,00%" in html
        assert Agency.objects.get(code="SNV").label in html
    assert f'href="{ALL}"' in read(client, "/khao-sat/")


def test_in_english_only_the_frame_is_english(client, edition, planner):
    assign(edition, planner, "Lập đường dây nóng", is_public=True)
    for address in (f"/en{ALL}", "/en/khao-sat/hai-long/"):
        html = read(client, address)
        assert "What is done about the results" in html
        assert '<dd lang="vi">Lập đường dây nóng</dd>' in html
        assert "15/12/2026" in html


def test_what_is_private_or_withdrawn_is_nowhere(client, edition, planner):
    assign(edition, planner, "Việc nội bộ", is_public=False)
    taken_back = assign(edition, planner, "Việc giao nhầm", is_public=True)
    remedies.withdraw(taken_back.pk, "Giao nhầm cơ quan", planner)
    for address in places(edition):
        html = read(client, address)
        for words in ("Việc nội bộ", "Việc giao nhầm", "Giao nhầm cơ quan"):
            assert words not in html
    assert ALL not in read(client, "/khao-sat/")
    assert "Chưa có việc nào" in read(client, ALL)


def test_what_agencies_write_and_who_acts_stays_inside(client, edition, planner):
    action = assign(edition, planner, "Lập đường dây nóng", is_public=True)
    officer = staff("can.bo")
    agency = Agency.objects.get(code="SNV")
    agency.memberships.create(user=officer, valid_from=date(2026, 1, 1))
    remedies.report(action.pk, "Đã họp nội bộ.", False, officer)
    for address in places(edition):
        html = read(client, address)
        assert "Đang thực hiện" in html
        assert "Đã họp nội bộ." not in html
        assert planner.get_full_name() not in html


def test_a_deadline_that_passed_is_said_and_a_page_kept_before_is_old(client, edition, planner, at):
    assign(edition, planner, "Lập đường dây nóng", is_public=True)
    at(local("2026-12-15 23:59"))
    before = client.get(ALL)
    assert "Quá hạn" not in before.content.decode()
    at(local("2026-12-16 00:01"))
    after = client.get(ALL, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Quá hạn" in after.content.decode()


def test_before_and_after_stand_beside_each_other(client, edition, planner, at):
    action = assign(edition, planner, "Lập đường dây nóng", is_public=True)
    at(local("2027-01-20 12:00"))
    for _ in range(15):
        respond(action.survey, answers(5, "SNV"))
    (later,) = Later.of(action)
    remedies.measure(action.pk, later.name, planner)
    html = read(client, ALL)
    for words in ("Tháng 1/2027", "50,00%", "100,00%", "Đã đo lại"):
        assert words in html


def test_a_survey_whose_page_is_not_public_shows_none(client, edition, planner):
    assign(edition, planner, "Lập đường dây nóng", is_public=True)
    for page in SurveyPage.objects.all():
        page.unpublish()
    assert "Lập đường dây nóng" not in read(client, ALL)


def test_many_actions_are_paged_and_ask_few_questions(
    client, edition, planner, django_assert_max_num_queries
):
    one = assign(edition, planner, "Việc", is_public=True)
    rows = [
        Action(
            **{
                name: getattr(one, name)
                for name in ("edition", "survey", "agency", "target", "target_label", "figure",
                             "due_on", "is_public", "made_by", "made_at")
            },
            task=f"Việc số {number}",
        )
        for number in range(40)
    ]  # fmt: skip
    Action.objects.bulk_create(rows)
    client.get(ALL)
    with django_assert_max_num_queries(15):
        html = read(client, ALL)
    assert html.count("<dt>Thời hạn") == 30
    assert "?trang=2" in html
    assert read(client, f"{ALL}?trang=2%00'").count("<dt>Thời hạn") == 30
