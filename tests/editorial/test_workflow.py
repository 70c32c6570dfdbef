"""From the sender to the public: screening, approval, refusal, and no other way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from wagtail.models import Page, TaskState

from editorial import approval, refusal, screening
from editorial.models import (
    Absence,
    Action,
    Delegation,
    Doubt,
    Ground,
    Notice,
    Occasion,
    Post,
    Publication,
    ReviewStep,
    SectionRule,
)
from news.models import ArticlePage
from portal import clock
from portal.outbox.models import OutboxRow
from tests.accounts import staff, user

from .conftest import START, Board

pytestmark = [pytest.mark.django_db, pytest.mark.gated]


def draft(board: Board, owner=None, **fields) -> ArticlePage:
    owner = owner or board.collaborator
    fields = {"title": "Phường Ba Đình <b>mở</b> sổ “một cửa”", "author": "Nguyễn Văn An", **fields}
    page = ArticlePage(owner=owner, live=False, **fields)
    board.section.add_child(instance=page)
    page.save_revision(user=owner)
    return ArticlePage.objects.get(pk=page.pk)


def hand_in(board: Board, page: ArticlePage | None = None, by=None) -> ArticlePage:
    page = page or draft(board)
    state = page.current_workflow_state
    if state:
        state.resume(user=by or board.collaborator)
    else:
        page.get_workflow().start(page, by or board.collaborator)
    return ArticlePage.objects.get(pk=page.pk)


def open_step(page: Page) -> int:
    return Page.objects.get(pk=page.pk).current_workflow_task_state.pk


def pass_on(board: Board, page: Page, by=None, **facts):
    facts = {"origin": "collaborator", "purpose": "Tin hoạt động", "holds_no_secret": True} | facts
    return screening.pass_on(open_step(page), by or board.screener, **facts)


def to_approval(board: Board, page: ArticlePage | None = None) -> ArticlePage:
    page = hand_in(board, page)
    pass_on(board, page)
    return page


def is_public(client, page: Page) -> bool:
    return client.get(Page.objects.get(pk=page.pk).url).status_code == 200


def test_an_item_is_public_at_once_when_the_member_in_charge_approves(board, client):
    page = to_approval(board)
    assert not is_public(client, page)
    approval.approve(open_step(page), board.member)
    assert is_public(client, page)
    made = Publication.objects.get(page=page.pk)
    assert made.public_at is not None
    assert made.public_at - made.approved_at < timedelta(minutes=1)
    actions = list(ReviewStep.objects.values_list("action", "by__username"))
    assert actions == [
        ("submitted", "cong.tac.vien"),
        ("screened", "to.cong.tac"),
        ("approved", "thanh.vien"),
    ]


def test_only_those_in_charge_of_the_section_approve(board):
    page = to_approval(board)
    for person in (board.other_member, board.screener, board.collaborator, staff("nguoi.la")):
        with pytest.raises(PermissionDenied):
            approval.approve(open_step(page), person)
    with pytest.raises(PermissionDenied):
        approval.approve(open_step(page), user("quan.tri", is_superuser=True))
    approval.approve(open_step(page), board.head)
    assert Page.objects.get(pk=page.pk).live


@pytest.mark.parametrize("how", ["owner", "sender", "last editor"])
def test_nobody_approves_their_own_item(board, how):
    page = draft(board, owner=board.member if how == "owner" else board.collaborator)
    if how == "last editor":
        page.title = "Tên khác"
        page.save_revision(user=board.member)
    page = hand_in(board, page, by=board.member if how == "sender" else board.collaborator)
    pass_on(board, page)
    with pytest.raises(PermissionDenied):
        approval.approve(open_step(page), board.member)
    assert not Page.objects.get(pk=page.pk).live
    approval.approve(open_step(page), board.head)
    assert Page.objects.get(pk=page.pk).live


def test_two_approvals_are_two_people(board):
    SectionRule.objects.create(section=board.section.page_ptr, min_approvals=2)
    page = to_approval(board)
    approval.approve(open_step(page), board.member)
    assert not Page.objects.get(pk=page.pk).live
    with pytest.raises(ValidationError):
        approval.approve(open_step(page), board.member)
    assert ReviewStep.objects.filter(action=Action.APPROVED).count() == 1
    approval.approve(open_step(page), board.head)
    assert Page.objects.get(pk=page.pk).live


def test_a_section_may_ask_for_the_head(board):
    SectionRule.objects.create(section=board.section.page_ptr, needs_head=True)
    page = to_approval(board)
    approval.approve(open_step(page), board.member)
    assert not Page.objects.get(pk=page.pk).live
    approval.approve(open_step(page), board.head)
    assert Page.objects.get(pk=page.pk).live


def test_a_stand_in_decides_while_the_member_is_away_and_not_a_day_longer(board, at):
    Absence.objects.create(
        appointment=board.post(board.member),
        stand_in=board.post(board.other_member),
        valid_from=date(2026, 6, 1),
        valid_to=date(2026, 6, 5),
    )
    page = to_approval(board)
    for day in ("2026-05-31 12:00", "2026-06-06 00:00"):
        at(day)
        with pytest.raises(PermissionDenied):
            approval.approve(open_step(page), board.other_member)
    at("2026-06-05 23:59")
    step = approval.approve(open_step(page), board.other_member)
    assert (step.right, step.holder.user) == ("stand-in", board.member)


def test_a_delegation_is_shown_on_what_it_signs_and_keeps_within_its_sections(board, at):
    made = Delegation.objects.create(
        giver=board.post(board.head),
        taker=board.post(board.other_member),
        paper="05/GUQ-BBT ngày 02/3/2026",
        valid_from=date(2026, 3, 2),
        valid_to=date(2026, 12, 31),
    )
    made.sections.add(board.other_section.page_ptr)
    at("2026-06-05 10:00")
    page = to_approval(board)
    with pytest.raises(PermissionDenied):
        approval.approve(open_step(page), board.other_member)
    made.sections.set([board.section.page_ptr])
    step = approval.approve(open_step(page), board.other_member)
    assert (step.right, step.paper) == ("delegated", "05/GUQ-BBT ngày 02/3/2026")
    assert step.holder.post == Post.HEAD


def test_screening_wants_origin_purpose_and_the_signed_check_for_secrets(board):
    page = hand_in(board)
    for lacking in ({"origin": ""}, {"purpose": " "}, {"holds_no_secret": False}):
        with pytest.raises(ValidationError):
            pass_on(board, page, **lacking)
    assert not ReviewStep.objects.filter(action=Action.SCREENED).exists()
    for person in (board.member, board.collaborator, user("quan.tri", is_superuser=True)):
        with pytest.raises(PermissionDenied):
            pass_on(board, page, by=person)
    step = pass_on(board, page)
    assert step.holds_no_secret
    assert step.by == board.screener


def test_screening_may_put_a_draft_into_another_section(board):
    page = hand_in(board)
    pass_on(board, page, section=board.other_section)
    assert Page.objects.get(pk=page.pk).get_parent().specific == board.other_section
    told = Notice.objects.filter(occasion=Occasion.TO_APPROVE)
    assert set(told.values_list("user", flat=True)) == {board.other_member.pk, board.head.pk}


def test_what_the_working_group_mends_is_what_is_approved(board, client):
    page = hand_in(board)
    page.title = "Tên đã biên tập"
    page.save_revision(user=board.screener)
    pass_on(board, page)
    approval.approve(open_step(page), board.member)
    assert Page.objects.get(pk=page.pk).title == "Tên đã biên tập"


def test_a_refusal_wants_a_ground_and_a_note_and_tells_sender_and_reviewers(board):
    page = to_approval(board)
    for grounds, note in (([], "Sai"), (["made-up"], "Sai"), ([Ground.UNTRUE], "  ")):
        with pytest.raises(ValidationError):
            refusal.refuse(open_step(page), board.member, grounds, note)
    step = refusal.refuse(
        open_step(page), board.member, [Ground.UNTRUE, Ground.DUPLICATE], "Số liệu chưa khớp"
    )
    assert set(step.grounds.values_list("ground", flat=True)) == {"untrue", "duplicate"}
    told = Notice.objects.filter(occasion=Occasion.REFUSED)
    assert set(told.values_list("user", flat=True)) == {board.collaborator.pk, board.screener.pk}
    letters = OutboxRow.objects.filter(kind="mail", key__startswith="editorial.refused")
    assert letters.count() == 2
    assert "Số liệu" not in str(list(letters.values()))


def test_a_corrected_item_is_screened_again_before_it_is_approved(board):
    page = to_approval(board)
    refusal.refuse(open_step(page), board.member, [Ground.POOR_QUALITY], "Viết lại mở đầu")
    page = ArticlePage.objects.get(pk=page.pk)
    page.abstract_text = "Đã viết lại."
    page.save_revision(user=board.collaborator)
    hand_in(board, ArticlePage.objects.get(pk=page.pk))
    assert Page.objects.get(pk=page.pk).current_workflow_task.name == "Sàng lọc"
    pass_on(board, page)
    approval.approve(open_step(page), board.member)
    assert Page.objects.get(pk=page.pk).live


def test_an_item_under_verification_is_not_published_until_it_is_cleared(board):
    page = to_approval(board)
    screening.doubt(open_step(page), board.screener, "Hỏi lại Sở Tài chính về con số")
    with pytest.raises(ValidationError):
        approval.approve(open_step(page), board.member)
    made = Doubt.objects.get()
    screening.clear_doubt(made.pk, board.screener, "Sở Tài chính đã xác nhận")
    with pytest.raises(ValidationError):
        screening.clear_doubt(made.pk, board.screener, "lần nữa")
    approval.approve(open_step(page), board.member)
    assert Page.objects.get(pk=page.pk).live


def test_the_second_of_two_approvers_is_told_who_was_first(board, client):
    page = to_approval(board)
    step = open_step(page)
    approval.approve(step, board.member)
    client.force_login(board.head)
    answer = client.post(reverse("editorial_approve", args=[step]), {"note": ""})
    assert answer.status_code == 302
    said = " ".join(str(message) for message in get_messages(answer.wsgi_request))
    assert "thanh.vien" in said or board.member.get_full_name() in said
    assert ReviewStep.objects.filter(action=Action.APPROVED).count() == 1


def test_approval_of_an_item_that_was_taken_back_changes_nothing(board, client):
    page = to_approval(board)
    step = open_step(page)
    Page.objects.get(pk=page.pk).current_workflow_state.cancel(user=board.collaborator)
    client.force_login(board.member)
    answer = client.post(reverse("editorial_approve", args=[step]), {"note": ""}, follow=True)
    assert answer.status_code == 200
    assert "rút lại" in answer.content.decode()
    assert not Page.objects.get(pk=page.pk).live


def test_an_approver_whose_term_ended_with_an_open_tab_is_refused(board, client):
    page = to_approval(board)
    step = open_step(page)
    row = board.post(board.member)
    row.valid_to = clock.today() - timedelta(days=1)
    row.save()
    client.force_login(board.member)
    answer = client.post(reverse("editorial_approve", args=[step]), {"note": ""}, follow=True)
    assert not Page.objects.get(pk=page.pk).live
    assert answer.redirect_chain or answer.status_code == 403


def test_an_approved_text_edited_again_needs_approval_again(board, client):
    page = to_approval(board)
    approval.approve(open_step(page), board.member)
    page = ArticlePage.objects.get(pk=page.pk)
    page.title = "Tên đổi sau khi duyệt"
    revision = page.save_revision(user=board.screener)
    with pytest.raises(PermissionDenied):
        revision.publish(user=user("quan.tri", is_superuser=True))
    assert "đổi sau khi duyệt" not in client.get(page.url).content.decode()
    to_approval(board, ArticlePage.objects.get(pk=page.pk))
    approval.approve(open_step(page), board.member)
    assert "đổi sau khi duyệt" in client.get(page.url).content.decode()


def publishing_urls(page: Page) -> list[tuple[str, dict]]:
    return [
        (reverse("wagtailadmin_pages:edit", args=[page.pk]), {"action-publish": "1"}),
        (
            reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
            + f"?id={page.pk}",
            {},
        ),
    ]


@pytest.mark.parametrize("who", ["superuser", "publisher"])
def test_no_button_goes_round_the_workflow(board, client, who):
    page = draft(board)
    person = (
        user("quan.tri", is_superuser=True)
        if who == "superuser"
        else staff("nguoi.dang", "wagtailcore.publish_page", "wagtailcore.change_page")
    )
    client.force_login(person)
    form = {"title": page.title, "slug": page.slug, "author": "A", "source_kind": "own"}
    form |= {"body-count": 0, "corrections-TOTAL_FORMS": 0, "corrections-INITIAL_FORMS": 0}
    form |= {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
    for url, data in publishing_urls(page):
        client.post(url, form | data)
        assert not Page.objects.get(pk=page.pk).live, url


def test_a_workflow_of_ones_own_publishes_nothing(board):
    from django.contrib.auth.models import Group
    from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

    boss = user("quan.tri", is_superuser=True)
    page = draft(board)
    task = GroupApprovalTask.objects.create(name="Riêng")
    task.groups.add(Group.objects.create(name="riêng"))
    workflow = Workflow.objects.create(name="Riêng")
    WorkflowTask.objects.create(workflow=workflow, task=task.task_ptr)
    workflow.start(page, boss)
    state = TaskState.objects.get()
    with pytest.raises(PermissionDenied):
        state.approve(user=boss)
    assert not Page.objects.get(pk=page.pk).live


def test_what_lies_before_an_approver_does_not_move(board):
    page = to_approval(board)
    page = ArticlePage.objects.get(pk=page.pk)
    for person in (board.member, board.screener, user("quan.tri", is_superuser=True)):
        assert page.permissions_for_user(person).page_locked()


def test_the_house_sends_no_letters_but_through_the_outbox(board):
    page = to_approval(board)
    refusal.refuse(open_step(page), board.member, [Ground.POOR_QUALITY], "Viết lại")
    assert mail.outbox == []


def test_steps_in_charge_begin_with_the_day_of_the_paper(board, at):
    page = to_approval(board)
    at(f"{START - timedelta(days=1)} 12:00")
    with pytest.raises(PermissionDenied):
        approval.approve(open_step(page), board.member)
