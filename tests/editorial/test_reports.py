"""The report on the portal's work, and what was refused for which ground."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from editorial import activity, approval, refusal
from editorial.models import Ground
from editorial.periods import Period, Span
from portal.outbox.draining import drain
from portal.reporting import editions
from portal.reporting.models import EditionState
from tests.accounts import staff

from .test_workflow import draft, open_step, to_approval

pytestmark = [pytest.mark.django_db, pytest.mark.gated]
PERIODS = st.one_of(
    st.builds(Period, st.integers(2000, 2100), st.just(Span.MONTH), st.integers(1, 12)),
    st.builds(Period, st.integers(2000, 2100), st.just(Span.QUARTER), st.integers(1, 4)),
    st.builds(Period, st.integers(2000, 2100), st.just(Span.YEAR)),
)


@given(PERIODS)
def test_a_period_is_its_number_and_runs_from_a_first_to_a_last_of_a_month(period):
    assert Period.of(period.number) == period
    assert period.first.day == 1
    assert (period.ends.date() - period.first).days == (period.last - period.first).days + 1
    assert (period.last - period.first).days + 1 in range(28, 367)


def test_the_words_of_a_period():
    assert Period(2026, Span.MONTH, 5).words == "tháng 05 năm 2026"
    assert Period(2026, Span.QUARTER, 4).words == "quý IV năm 2026"
    assert Period(2026, Span.YEAR).last == date(2026, 12, 31)


def make(board, period: Period):
    edition = activity.order(period, board.screener)
    drain()
    edition.refresh_from_db()
    assert edition.state == EditionState.READY, edition.failure
    return edition


def test_the_report_counts_what_the_month_did(board, at):
    at("2026-06-10 09:00")
    page = to_approval(board)
    approval.approve(open_step(page), board.member)
    other = to_approval(board, draft(board, title="Tin thứ hai", slug="tin-thu-hai"))
    refusal.refuse(open_step(other), board.member, [Ground.UNTRUE, Ground.SECRET], "Không khớp")
    at("2026-07-02 09:00")
    edition = make(board, Period(2026, Span.MONTH, 6))
    chapters = {chapter["title"]: chapter for chapter in edition.snapshot["chapters"]}
    done = dict(map(tuple, chapters["Xử lý, biên tập, duyệt thông tin"]["tables"][0]["rows"]))
    assert done["Lượt gửi đến"] == [2]
    assert done["Phê duyệt"] == [1]
    assert done["Từ chối đăng tải"] == [1]
    grounds = chapters["Xử lý, biên tập, duyệt thông tin"]["tables"][1]["rows"]
    assert [row[1] for row in grounds] == [[1], [1]]
    html = editions.render(edition)
    assert "TRƯỞNG BAN" in html
    assert "tháng 06 năm 2026" in html


def test_the_working_group_orders_and_the_head_publishes(board, at, client):
    at("2026-07-02 09:00")
    with pytest.raises(PermissionDenied):
        activity.order(Period(2026, Span.MONTH, 6), board.member)
    edition = make(board, Period(2026, Span.MONTH, 6))
    with pytest.raises(PermissionDenied):
        editions.publish(edition.pk, board.screener)
    editions.publish(edition.pk, board.head)
    assert client.get(f"/bao-cao/{edition.code}/").status_code == 200
    client.force_login(staff("nguoi.la"))
    assert client.get(reverse("editorial_activity")).status_code == 302


def test_a_month_that_has_not_begun_or_does_not_exist_is_told_at_the_form(board, at, client):
    at("2026-07-02 09:00")
    client.force_login(board.screener)
    for data in ({"span": 1, "index": 8, "year": 2026}, {"span": 2, "index": 5, "year": 2026}):
        answer = client.post(reverse("editorial_activity_order"), data)
        assert answer.status_code == 200
        assert f'value="{data["index"]}"' in answer.content.decode()


def test_refusals_are_counted_by_ground_month_and_section(board, at, client):
    at("2026-06-10 09:00")
    page = to_approval(board)
    refusal.refuse(open_step(page), board.member, [Ground.UNTRUE], "Không khớp")
    client.force_login(board.head)
    address = reverse("editorial_refusals")
    rows = client.get(address, {"nam": 2026}).context["rows"]
    assert next(cells for label, cells, _n in rows if label == Ground.UNTRUE.label)[5] == 1
    other = client.get(address, {"nam": 2026, "muc": board.other_section.pk})
    assert sum(total for _label, _cells, total in other.context["rows"]) == 0
