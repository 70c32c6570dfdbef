"""Checking what is public: who, when, what was found, and what came of it (Art. 5.4.đ)."""

from __future__ import annotations

import html
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Page

from editorial import approval, chapters, checking
from editorial.models import (
    Absence,
    CheckOutcome,
    Delegation,
    Notice,
    Occasion,
    Post,
    Publication,
    PublicationCheck,
)
from editorial.periods import Period, Span
from news.models import ArticlePage
from portal import clock
from portal.rules.models import RuleValue
from site_pages import withdrawal
from site_pages.models import StandardPage
from site_pages.publishing import by_installation
from site_pages.rating import Level, RatingCount
from site_pages.work_queue import waiting_for
from tests.accounts import staff

from .test_workflow import draft, open_step, to_approval

pytestmark = [pytest.mark.django_db, pytest.mark.gated]
WRONG = "Sai số liệu <b>ở đoạn 2</b>"


@pytest.fixture
def item(board, at) -> Page:
    """Public since the first of June."""
    at("2026-06-01 09:00")
    page = to_approval(board)
    approval.approve(open_step(page), board.member)
    return dated(fresh(page))


def dated(page: Page) -> Page:
    """Wagtail asks its own clock when it publishes; this is what the stopped one says."""
    Page.objects.filter(pk=page.pk).update(last_published_at=clock.now())
    page.refresh_from_db()
    return page


def fresh(page: Page) -> Page:
    return ArticlePage.objects.get(pk=page.pk)


def check(page: Page, by, outcome=CheckOutcome.CORRECT, note: str = "") -> PublicationCheck:
    return checking.record(page.pk, fresh(page).live_revision_id, outcome, note, by)


def due_numbers(user) -> list[int]:
    return list(checking.due(user).values_list("pk", flat=True))


def living(board, title: str = "Trang giới thiệu") -> StandardPage:
    page = StandardPage(title=title, owner=board.collaborator)
    with by_installation():
        board.home.add_child(instance=page)
        page.save_revision().publish()
    return dated(StandardPage.objects.get(pk=page.pk))


def test_an_item_is_due_seven_days_after_it_is_public_for_who_is_in_charge(board, item, at):
    at("2026-06-08 08:59")
    assert item.pk not in due_numbers(board.member)
    at("2026-06-08 09:00")
    for person in (board.member, board.head, board.screener):
        assert item.pk in due_numbers(person)
    for person in (board.other_member, board.collaborator):
        assert item.pk not in due_numbers(person)
    work = [row.what for row in waiting_for(board.member)]
    assert item.title in work
    # The working group follows; it does not check.
    assert item.title not in [row.what for row in waiting_for(board.screener)]


def test_the_days_are_a_dated_rule(board, item, at):
    RuleValue.objects.filter(key="check.first_days").update(amount=3)
    at("2026-06-04 09:00")
    assert item.pk in due_numbers(board.member)


def test_news_is_checked_once_a_version_and_a_living_page_again(board, item, at):
    page = living(board)
    for row in (item, page):
        checking.record(row.pk, row.live_revision_id, "correct", "", board.head)
    at("2026-08-30 08:59")
    assert {item.pk, page.pk}.isdisjoint(due_numbers(board.head))
    at("2026-08-30 09:00")
    assert page.pk in due_numbers(board.head)
    assert item.pk not in due_numbers(board.head)


def test_a_check_keeps_who_when_and_the_version_that_was_seen(board, item):
    made = check(item, board.member)
    assert made.at == clock.now()
    assert made.revision_id == item.live_revision_id
    assert len(made.sha256) == 64
    assert (made.by, made.holder.user, made.right) == (board.member, board.member, "own")
    assert made.settled_at == made.at


@pytest.mark.parametrize("who", ["other_member", "screener", "collaborator"])
def test_only_who_decides_on_the_section_checks(board, item, who):
    with pytest.raises(PermissionDenied):
        check(item, getattr(board, who))
    assert not PublicationCheck.objects.exists()


def test_a_stand_in_and_a_delegate_check_in_the_right_of_another(board, item):
    period = {"valid_from": date(2026, 5, 1), "valid_to": date(2026, 12, 31)}
    stand_in = board.post(board.other_member)
    away = Absence.objects.create(appointment=board.post(board.member), stand_in=stand_in, **period)
    made = check(item, board.other_member)
    assert (made.holder.user, made.right) == (board.member, "stand-in")
    away.delete()
    deputy = board.appoint(staff("pho.ban"), Post.DEPUTY)
    given = Delegation.objects.create(
        giver=board.post(board.head), taker=deputy, paper="07/UQ", **period
    )
    given.sections.add(board.section.page_ptr)
    assert item.pk in list(checking.items(deputy.user).values_list("pk", flat=True))
    assert check(item, deputy.user).paper == "07/UQ"
    given.sections.set([board.other_section.page_ptr])
    assert item.pk not in list(checking.items(deputy.user).values_list("pk", flat=True))
    with pytest.raises(PermissionDenied):
        check(item, deputy.user)


def test_what_changed_meanwhile_is_looked_at_again(board, item):
    with pytest.raises(ValidationError):
        checking.record(item.pk, item.live_revision_id + 1, "correct", "", board.member)


@pytest.mark.parametrize("outcome", [CheckOutcome.TO_CORRECT, CheckOutcome.TO_WITHDRAW])
def test_a_fault_is_told_with_what_is_wrong(board, item, outcome):
    with pytest.raises(ValidationError):
        check(item, board.member, outcome, "  ")
    check(item, board.member, outcome, WRONG)
    told = set(Notice.objects.filter(occasion=Occasion.TO_CORRECT).values_list("user", flat=True))
    assert {board.collaborator.pk, board.screener.pk} <= told
    assert board.member.pk not in told
    assert (board.head.pk in told) == (outcome == CheckOutcome.TO_WITHDRAW)


def test_a_correction_is_open_until_a_corrected_version_is_public(board, item, at):
    made = check(item, board.member, CheckOutcome.TO_CORRECT, WRONG)
    for person in (board.collaborator, board.screener, board.member):
        assert list(checking.open_tasks(person)) == [made]
    assert not checking.open_tasks(board.other_member).exists()
    page = fresh(item)
    page.title = "Tên đã sửa"
    page.save_revision(user=board.collaborator)
    made.refresh_from_db()
    assert made.settled_at is None
    at("2026-06-03 10:00")
    to_approval(board, fresh(item))
    approval.approve(open_step(item), board.member)
    made.refresh_from_db()
    assert made.settled_at == clock.now()
    dated(fresh(item))
    at("2026-06-10 10:00")
    assert item.pk in due_numbers(board.member)


def test_a_new_check_takes_the_place_of_an_open_one(board, item):
    first = check(item, board.member, CheckOutcome.TO_CORRECT, WRONG)
    second = check(item, board.head, CheckOutcome.TO_CORRECT, "Còn sai")
    first.refresh_from_db()
    assert first.settled_at
    assert list(checking.open_tasks(board.screener)) == [second]


def test_what_was_taken_down_is_settled_and_checked_no_more(board, item, at):
    made = check(item, board.member, CheckOutcome.TO_WITHDRAW, WRONG)
    withdrawal.withdraw(
        item.pk,
        board.head,
        authority="Trưởng Ban Biên tập",
        order_number="01/QĐ-BBT",
        order_date=date(2026, 6, 1),
        reason="Sai nội dung",
    )
    made.refresh_from_db()
    assert made.settled_at
    at("2026-07-01 09:00")
    assert item.pk not in due_numbers(board.member)


def test_the_pages_show_it_and_take_it(board, item, at, client):
    at("2026-06-09 09:00")
    client.force_login(board.member)
    assert item.title in said(client, reverse("editorial_checks"))
    address = reverse("editorial_check", args=[item.pk])
    assert "Chưa có ai kiểm tra" in said(client, address)
    typed = {"revision_id": item.live_revision_id, "outcome": "to-correct", "note": ""}
    assert client.post(address, typed).status_code == 200
    assert client.post(address, typed | {"note": WRONG}).status_code == 302
    text = client.get(reverse("editorial_checks") + "?xem=can-xu-ly").content.decode()
    assert "&lt;b&gt;ở đoạn 2" in text
    client.force_login(board.collaborator)
    assert client.get(reverse("editorial_checks")).status_code == 302
    assert "&lt;b&gt;ở đoạn 2" in client.get(address).content.decode()
    client.force_login(staff("nguoi.la"))
    assert client.get(address).status_code == 302


def said(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_progress_shows_what_is_approved_and_not_public_first(board, item, at, client):
    at("2026-06-02 09:00")
    later = draft(board, title="Tin hẹn giờ", slug="tin-hen-gio")
    later.go_live_at = timezone.now() + timedelta(days=2)
    later.save_revision(user=board.collaborator)
    to_approval(board, fresh(later))
    approval.approve(open_step(later), board.member)
    rows = list(checking.progress(board.member))
    assert [row.page_id for row in rows] == [later.pk, item.pk]
    assert rows[0].public_at is None
    assert rows[1].waited < timedelta(minutes=1)
    assert not checking.progress(board.other_member).exists()
    client.force_login(board.screener)
    assert "Tin hẹn giờ" in client.get(reverse("editorial_progress")).content.decode()
    assert Publication.objects.count() == 2


def test_readers_who_were_not_satisfied_are_a_hint_until_the_item_changes(board, item, at):
    count = RatingCount.objects.create(
        page=item, day=date(2026, 6, 2), level=Level.DISSATISFIED, n=4
    )
    (found,) = checking.listed([fresh(item)])
    assert "4" in found.hints[0]
    count.day = date(2026, 5, 30)
    count.save()
    assert checking.listed([fresh(item)])[0].hints == []


def test_as_many_queries_for_many_items_as_for_few(board, item, at, client):
    at("2026-06-20 09:00")
    client.force_login(board.head)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("editorial_checks"))
        return len(queries)

    asked()
    few = asked()
    for number in range(5):
        living(board, f"Trang {number}")
    Page.objects.filter(title__startswith="Trang ").update(
        last_published_at=clock.now() - timedelta(days=30)
    )
    assert asked() <= few


def test_the_report_counts_checks_and_what_was_settled(board, item):
    check(item, board.member, CheckOutcome.TO_CORRECT, WRONG)
    check(item, board.member)
    chapter = chapters.checked(Period(2026, Span.MONTH, 6))
    assert "2 lượt" in chapter.finding
    assert [row[1] for row in chapter.tables[0].rows] == [[1], [1], [0]]
    assert chapters.checked(Period(2026, Span.MONTH, 7)).tables == []


def test_links_that_lead_nowhere_and_files_that_are_gone_are_hints(board, item):
    unseen = draft(board, title="Chưa đăng", slug="chua-dang")
    file = ContentFile(b"%PDF-1.7", name="bieu-mau.pdf")
    document = Document.objects.create(title="Biểu mẫu", file=file)
    page = living(board)
    page.body = (
        f'<p><a linktype="page" id="{unseen.pk}">xem</a> <a linktype="page" id="{item.pk}">tin</a>'
        f' <a linktype="document" id="{document.pk}">tệp</a></p>'
    )
    with by_installation():
        page.save_revision().publish()
    assert [len(found.hints) for found in checking.listed([page, item])] == [1, 0]
    document.file.storage.delete(document.file.name)
    (found,) = checking.listed([page])
    assert len(found.hints) == 2
