"""Edges of who decides, who is told and what waits, each of which was once wrong."""

from __future__ import annotations

import pytest

from editorial import approval, queue, screening
from editorial.models import (
    SectionRule,
)
from portal.outbox.models import OutboxRow  # noqa: F401

from .conftest import Board
from .test_workflow import open_step, to_approval

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
