"""Surveys in the report on the portal's work: few people are hidden, indices are published ones."""

from __future__ import annotations

import pytest

from editorial import activity
from editorial.periods import Period, Span
from portal.outbox.draining import drain
from portal.reporting import editions
from satisfaction import reports
from satisfaction.chapter import surveyed
from tests.accounts import staff
from tests.satisfaction.factories import NOON, local, make_survey, respond

pytestmark = pytest.mark.django_db
NOVEMBER = Period(2026, Span.MONTH, 11)


@pytest.fixture
def survey(at):
    at(NOON)
    return make_survey()


def tables(period: Period = NOVEMBER) -> dict[str, list]:
    return {table.caption: table.rows for table in surveyed(period).tables}


def test_the_chapter_stands_in_the_report():
    assert "surveyed" in activity._chapters


def test_counts_of_few_people_are_hidden_and_those_of_many_shown(survey):
    for _ in range(9):
        respond(survey)
    title = survey.title
    assert tables()["Khảo sát mở trong kỳ và phiếu nhận được"] == [(title, ["–", "–"])]
    respond(survey)
    respond(survey, seconds=5)
    assert tables()["Khảo sát mở trong kỳ và phiếu nhận được"] == [(title, [11, 10])]


def test_a_survey_outside_the_period_is_not_told_of(survey):
    respond(survey)
    chapter = surveyed(Period(2026, Span.MONTH, 10))
    assert chapter.tables == []
    assert "không có khảo sát nào" in chapter.finding
    inside = Period(2026, Span.YEAR)
    assert tables(inside)


def test_an_index_is_told_once_the_survey_is_over_and_its_edition_published(survey, at):
    for _ in range(12):
        respond(survey)
    survey.closes_at = local("2026-11-25 00:00")
    survey.save()
    at("2026-11-26 09:00")
    officer = staff("to.cong.tac", "reporting.order_edition", "satisfaction.view_results")
    edition = reports.order_report(survey, officer)
    drain()
    caption = "Chỉ số của khảo sát đã kết thúc và công bố"
    assert caption not in tables()
    editions.publish(edition.pk, staff("truong.ban", "reporting.publish_edition"))
    ((title, (n, index)),) = tables()[caption]
    assert (title, n) == (survey.title, 12)
    assert index.endswith("%")
    assert "1 báo cáo khảo sát được công bố" in surveyed(NOVEMBER).finding
