"""Two people at one item in the same moment, on two connections of PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from wagtail.models import Page, TaskState

from editorial import appointing, approval, refusal
from editorial.models import Action, Ground, Publication, ReviewStep, SectionRule
from portal import clock
from portal.outbox.models import OutboxRow

from .conftest import Board
from .test_workflow import open_step, to_approval

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.gated,
]


def at_once(*attempts: Callable[[], object]) -> list[object]:
    """Each attempt on a connection of its own, all let go together; what each came to."""
    start = threading.Barrier(len(attempts))
    found: list[object] = [None] * len(attempts)

    def run(place: int, attempt: Callable[[], object]) -> None:
        start.wait(10)
        try:
            found[place] = attempt()
        except (ValidationError, PermissionDenied) as refused:
            found[place] = refused
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(place, attempt))
        for place, attempt in enumerate(attempts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def refusals(found: list[object]) -> list[Exception]:
    return [item for item in found if isinstance(item, Exception)]


def decided(page: Page) -> list[ReviewStep]:
    ends = [Action.APPROVED, Action.REFUSED, Action.CANCELLED]
    return list(ReviewStep.objects.filter(page=page.pk, action__in=ends))


@pytest.mark.parametrize("turn", range(3))
def test_of_two_approvers_one_approves_and_the_other_is_told_who(board: Board, turn):
    page = to_approval(board)
    step = open_step(page)
    found = at_once(
        lambda: approval.approve(step, board.member),
        lambda: approval.approve(step, board.head),
    )
    (told,) = refusals(found)
    (made,) = decided(page)
    assert isinstance(told, ValidationError)
    assert (made.by.get_full_name() or made.by.username) in " ".join(told.messages)
    assert Page.objects.get(pk=page.pk).live
    assert Publication.objects.filter(page=page.pk).count() == 1
    assert TaskState.objects.get(pk=step).status == TaskState.STATUS_APPROVED
    letters = OutboxRow.objects.filter(key__startswith="editorial.approved:")
    assert letters.count() == 1


def test_one_person_s_two_clicks_are_one_of_two_approvals(board: Board):
    SectionRule.objects.create(section=board.section.page_ptr, min_approvals=2)
    page = to_approval(board)
    step = open_step(page)
    found = at_once(*[lambda: approval.approve(step, board.member)] * 2)
    assert len(refusals(found)) == len(decided(page)) == 1
    assert not Page.objects.get(pk=page.pk).live


def test_approval_and_refusal_at_once_end_in_one_of_them(board: Board):
    page = to_approval(board)
    step = open_step(page)
    found = at_once(
        lambda: approval.approve(step, board.member),
        lambda: refusal.refuse(step, board.head, [Ground.UNTRUE], "Không khớp số liệu"),
    )
    assert len(refusals(found)) == 1
    (made,) = decided(page)
    assert Page.objects.get(pk=page.pk).live == (made.action == Action.APPROVED)


def test_approval_of_what_its_sender_takes_back_in_the_same_moment(board: Board):
    page = to_approval(board)
    step = open_step(page)

    def take_back() -> None:
        Page.objects.get(pk=page.pk).current_workflow_state.cancel(user=board.collaborator)

    found = at_once(lambda: approval.approve(step, board.member), take_back)
    state = TaskState.objects.get(pk=step)
    is_public = Page.objects.get(pk=page.pk).live
    assert is_public == (state.status == TaskState.STATUS_APPROVED)
    assert is_public == (not isinstance(found[0], Exception))
    assert Publication.objects.filter(page=page.pk).exists() == is_public


def test_whose_post_ends_in_the_same_moment_approves_before_it_or_not_at_all(board: Board):
    page = to_approval(board)
    step = open_step(page)
    post = board.post(board.member)

    found = at_once(
        lambda: approval.approve(step, board.member),
        lambda: appointing.end(post.pk, clock.today() - timedelta(days=1), by=board.screener),
    )
    assert Page.objects.get(pk=page.pk).live == (not isinstance(found[0], Exception))
    assert len(decided(page)) == int(Page.objects.get(pk=page.pk).live)
    with pytest.raises((ValidationError, PermissionDenied)):
        approval.approve(step, board.member)
