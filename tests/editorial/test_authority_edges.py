"""Edges of who decides, who is told and what waits, each of which was once wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, WorkflowState

from editorial import activity, approval, chapters, handing_over, queue, screening, turning_down
from editorial.models import (
    Absence,
    Action,
    Collaborator,
    Contribution,
    Forward,
    Ground,
    Notice,
    Occasion,
    ReviewStep,
    SectionRule,
)
from editorial.periods import Period, Span
from editorial.workflow import TakenAlready
from news.models import ArticlePage
from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency, Membership
from site_pages.scheduling import publish_due
from site_pages.withdrawal import put_back, withdraw
from tests.accounts import staff

from .conftest import START, Board
from .test_workflow import draft, hand_in, open_step, pass_on, to_approval

pytestmark = [pytest.mark.django_db, pytest.mark.gated]


def waits_for(user) -> set[int]:
    return {item.page.pk for item in queue.to_approve(user)}


def test_what_somebody_else_approved_still_waits_for_who_only_asked_about_it(board: Board):
    """Two approvals are wanted; the member took a step on the item, but not that one."""
    SectionRule.objects.create(section=board.section.page_ptr, min_approvals=2)
    page = to_approval(board)
    made = screening.doubt(open_step(page), board.member, "Hỏi lại số liệu")
    screening.clear_doubt(made.pk, board.member, "Đúng")
    approval.approve(open_step(page), board.head)
    assert waits_for(board.member) == {page.pk}
    assert waits_for(board.head) == set()


def officer_of(agency: Agency, name: str, **period) -> User:
    made = staff(name)
    Membership.objects.create(user=made, agency=agency, **{"valid_from": START} | period)
    return made


def forwarded_to(board: Board, agency: Agency) -> Forward:
    page = hand_in(board)
    return screening.forward(
        open_step(page), board.screener, question="Số liệu đúng chưa?", to_agency=agency
    )


def told_of(asked: Forward) -> set[int]:
    rows = Notice.objects.filter(occasion=Occasion.FORWARDED, page=asked.page_id)
    return set(rows.values_list("user", flat=True))


def test_an_officer_who_came_from_another_agency_is_told_what_is_asked(board: Board):
    new, old = Agency.objects.get(code="SNV"), Agency.objects.exclude(code="SNV").first()
    person = officer_of(new, "can.bo")
    yesterday = clock.today() - timedelta(days=1)
    Membership.objects.create(user=person, agency=old, valid_from=START, valid_to=yesterday)
    gone = officer_of(new, "da.nghi", valid_to=yesterday)
    asked = forwarded_to(board, new)
    assert told_of(asked) == {person.pk}
    assert list(queue.forwarded(person)) == [asked]
    assert list(queue.forwarded(gone)) == []


def test_who_acts_for_a_successor_is_told_and_finds_it_on_the_desk(board: Board):
    new, old = Agency.objects.get(code="SNV"), Agency.objects.exclude(code="SNV").first()
    person = officer_of(old, "can.bo")
    old.valid_to, old.successor = clock.today() - timedelta(days=1), new
    old.save()
    asked = forwarded_to(board, new)
    assert screening.may_answer(asked, person)
    assert told_of(asked) == {person.pk}
    assert list(queue.forwarded(person)) == [asked]


def test_who_is_in_charge_and_stands_in_for_the_head_gives_the_head_s_approval(board: Board, at):
    SectionRule.objects.create(section=board.section.page_ptr, needs_head=True)
    Absence.objects.create(
        appointment=board.post(board.head),
        stand_in=board.post(board.member),
        valid_from=date(2026, 6, 1),
        valid_to=date(2026, 6, 5),
    )
    at("2026-06-02 10:00")
    page = to_approval(board)
    step = approval.approve(open_step(page), board.member)
    assert (step.right, step.holder) == ("stand-in", board.post(board.head))
    assert Page.objects.get(pk=page.pk).live


def test_where_no_head_is_wanted_the_nearest_right_is_used(board: Board, at):
    Absence.objects.create(
        appointment=board.post(board.head),
        stand_in=board.post(board.member),
        valid_from=date(2026, 6, 1),
        valid_to=date(2026, 6, 5),
    )
    at("2026-06-02 10:00")
    page = to_approval(board)
    step = approval.approve(open_step(page), board.member)
    assert (step.right, step.holder) == ("own", board.post(board.member))


def approved_for_later(board: Board) -> ArticlePage:
    page = draft(board)
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision(user=board.collaborator)
    to_approval(board, ArticlePage.objects.get(pk=page.pk))
    approval.approve(open_step(page), board.member)
    return ArticlePage.objects.get(pk=page.pk)


def let_its_date_come(page: ArticlePage) -> None:
    """Wagtail asks the machine's clock, so the date moves and not the clock."""
    revision = page.revisions.get(approved_go_live_at__isnull=False)
    past = timezone.now() - timedelta(hours=1)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save(update_fields=["content", "approved_go_live_at"])


def test_what_was_approved_for_later_waits_while_it_is_verified_again(board: Board):
    page = approved_for_later(board)
    assert not Page.objects.get(pk=page.pk).live
    changed = hand_in(board, ArticlePage.objects.get(pk=page.pk))
    screening.doubt(open_step(changed), board.screener, "Cơ quan đề nghị xác minh lại")
    let_its_date_come(page)
    assert publish_due() == 0
    assert not Page.objects.get(pk=page.pk).live


def test_a_page_under_verification_is_not_put_back(board: Board):
    page = to_approval(board)
    approval.approve(open_step(page), board.member)
    changed = hand_in(board, ArticlePage.objects.get(pk=page.pk))
    made = screening.doubt(open_step(changed), board.screener, "Xác minh lại")
    order = {"authority": "UBND Thành phố", "order_number": "7/QĐ", "reason": "Sai số liệu"}
    withdraw(page.pk, board.member, order_date=clock.today(), **order)
    with pytest.raises(ValidationError):
        put_back(page.pk, board.member)
    assert not Page.objects.get(pk=page.pk).live
    screening.clear_doubt(made.pk, board.screener, "Đúng")
    put_back(page.pk, board.member)
    assert Page.objects.get(pk=page.pk).live


def test_what_goes_out_at_its_date_does_not_end_the_review_of_the_next_version(board: Board):
    page = approved_for_later(board)
    changed = ArticlePage.objects.get(pk=page.pk)
    changed.title = "Bản sau"
    changed.save_revision(user=board.collaborator)
    hand_in(board, ArticlePage.objects.get(pk=page.pk))
    step = open_step(page)
    let_its_date_come(page)
    assert publish_due() == 1
    assert open_step(page) == step
    assert not ReviewStep.objects.filter(page=page.pk, action=Action.CANCELLED).exists()


def test_who_takes_back_what_was_approved_meanwhile_is_told_and_changes_nothing(board: Board):
    page = to_approval(board)
    opened = Page.objects.get(pk=page.pk).current_workflow_state
    approval.approve(open_step(page), board.member)
    with pytest.raises(TakenAlready, match=board.member.get_full_name() or "thanh.vien"):
        opened.cancel(user=board.collaborator)
    assert WorkflowState.objects.get(pk=opened.pk).status == WorkflowState.STATUS_APPROVED
    assert not ReviewStep.objects.filter(page=page.pk, action=Action.CANCELLED).exists()


def test_a_sender_with_an_old_page_open_is_told_who_decided(board: Board, client, monkeypatch):
    """As the edit page does it: the round was read before the other one's transaction ended."""
    page = to_approval(board)
    step = open_step(page)
    real = WorkflowState.cancel

    def after_the_other(state: WorkflowState, user=None) -> None:
        monkeypatch.setattr(WorkflowState, "cancel", real)
        approval.approve(step, board.member)
        real(state, user=user)

    monkeypatch.setattr(WorkflowState, "cancel", after_the_other)
    client.force_login(board.collaborator)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = {"title": page.title, "slug": page.slug, "author": "A", "source_kind": "own"}
    form |= {"body-count": 0, "corrections-TOTAL_FORMS": 0, "corrections-INITIAL_FORMS": 0}
    form |= {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
    answer = client.post(address, form | {"action-cancel-workflow": "1"})
    assert answer.status_code == 302
    said = " ".join(str(message) for message in get_messages(answer.wsgi_request))
    assert "thanh.vien" in said or board.member.get_full_name() in said
    assert Page.objects.get(pk=page.pk).live
    assert not ReviewStep.objects.filter(page=page.pk, action=Action.CANCELLED).exists()


def test_who_wrote_it_does_not_approve_it_after_handing_it_over(board: Board):
    page = draft(board, owner=board.member)
    handing_over.move(board.member, board.collaborator, board.screener)
    page = ArticlePage.objects.get(pk=page.pk)
    page.save_revision(user=board.collaborator)
    page = hand_in(board, ArticlePage.objects.get(pk=page.pk))
    pass_on(board, page)
    with pytest.raises(PermissionDenied):
        approval.approve(open_step(page), board.member)
    approval.approve(open_step(page), board.head)
    assert Page.objects.get(pk=page.pk).live


def test_who_rewrote_a_draft_does_not_approve_it_though_its_sender_saved_it_last(board: Board):
    page = draft(board)
    page.title = "Viết lại bởi người phụ trách"
    page.save_revision(user=board.member)
    page.save_revision(user=board.collaborator)
    page = hand_in(board, ArticlePage.objects.get(pk=page.pk))
    pass_on(board, page)
    with pytest.raises(PermissionDenied):
        approval.approve(open_step(page), board.member)
    approval.approve(open_step(page), board.head)


def test_what_one_changed_in_an_earlier_public_version_is_no_longer_one_s_own(board: Board):
    page = draft(board)
    page.save_revision(user=board.member)
    page.save_revision(user=board.collaborator)
    page = to_approval(board, ArticlePage.objects.get(pk=page.pk))
    approval.approve(open_step(page), board.head)
    changed = ArticlePage.objects.get(pk=page.pk)
    changed.save_revision(user=board.collaborator)
    to_approval(board, ArticlePage.objects.get(pk=page.pk))
    approval.approve(open_step(page), board.member)


def test_what_a_member_was_asked_passes_with_the_post(board: Board, at):
    page = hand_in(board)
    asked = screening.forward(
        open_step(page), board.screener, question="Số liệu đúng chưa?", to_user=board.other_member
    )
    assert screening.may_answer(asked, board.other_member)
    post = board.post(board.other_member)
    post.valid_to = clock.today()
    post.save()
    at(clock.now() + timedelta(days=2))
    person = User.objects.get(pk=board.other_member.pk)
    assert not screening.may_answer(asked, person)
    assert list(queue.forwarded(person)) == []
    assert not queue.may_see(person, page)


def test_the_sender_does_not_read_what_reviewers_ask_and_tell_each_other(board: Board, client):
    page = hand_in(board)
    agency = Agency.objects.get(code="SNV")
    person = officer_of(agency, "can.bo")
    step = open_step(page)
    asked = screening.forward(step, board.screener, question="HOI-RIENG", to_agency=agency)
    screening.answer(asked.pk, person, "DAP-RIENG")
    pass_on(board, page, note="GHI-RIENG")
    address = reverse("editorial_review", args=[open_step(page)])

    def seen_by(user: User) -> set[str]:
        client.force_login(user)
        text = client.get(address).content.decode()
        return {word for word in ("HOI-RIENG", "DAP-RIENG", "GHI-RIENG") if word in text}

    assert seen_by(board.collaborator) == set()
    assert seen_by(person) == {"HOI-RIENG", "DAP-RIENG"}
    assert seen_by(board.member) == {"HOI-RIENG", "DAP-RIENG", "GHI-RIENG"}


def test_who_stands_in_for_the_head_publishes_the_report_and_only_then(board: Board, at):
    Absence.objects.create(
        appointment=board.post(board.head),
        stand_in=board.post(board.member),
        valid_from=date(2026, 6, 1),
        valid_to=date(2026, 6, 5),
    )
    at("2026-06-02 10:00")
    assert activity.may_publish(board.member)
    assert not activity.may_publish(board.other_member)
    assert not activity.may_publish(board.screener)
    at("2026-06-06 10:00")
    assert not activity.may_publish(board.member)


def test_the_report_counts_what_the_public_sent_and_what_agencies_supplied(board: Board, client):
    Collaborator.objects.create(
        user=board.collaborator,
        kind="official",
        agency=Agency.objects.get(code="SNV"),
        paper="12/HĐ",
        valid_from=START,
    )
    page = hand_in(board)
    pass_on(board, page)
    approval.approve(open_step(page), board.member)
    made = Contribution.objects.create(
        code="ABCD-EFGH-JKLM",
        sender_kind="person",
        sender_name="Người gửi",
        phone="024 3825 3536",
        title="Tin gửi",
        text="Nội dung",
        declaration="x",
        declaration_version="2026-01",
        sent_at=clock.now(),
    )
    turning_down.turn_down(made.pk, [Ground.UNTRUE], "Không đúng", board.screener)
    today = clock.today()
    period = Period(today.year, Span.MONTH, today.month)
    suppliers = chapters.published(period).tables[1].rows
    assert (Agency.objects.get(code="SNV").name, [1]) in suppliers
    done, grounds = chapters.reviewed(period).tables
    assert ("Tin, bài tổ chức, cá nhân gửi trực tuyến", [1]) in done.rows
    assert grounds.rows == [(str(Ground.UNTRUE.label), [1])]
    client.force_login(board.head)
    rows = client.get(reverse("editorial_refusals")).context["rows"]
    assert next(total for label, _cells, total in rows if label == Ground.UNTRUE.label) == 1
