"""Phê duyệt: the member in charge decides; what is approved is public at once (Art. 8.3, 8.4)."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision, TaskState, WorkflowState

from portal import clock
from portal.accounts.models import User

from . import notices
from .authority import Authority, authorities, section_keys
from .models import (
    Action,
    ApprovalTask,
    Post,
    Publication,
    ReviewStep,
    SectionRule,
)
from .notices import Occasion
from .workflow import Item, record, require_authority, require_no_doubt, take


def rule_of(page: Page) -> SectionRule:
    """What the nearest section above asks; one approval where no section asks for more."""
    rules = {
        rule.section.translation_key: rule
        for rule in SectionRule.objects.filter(
            section__translation_key__in=section_keys(page)
        ).select_related("section")
    }
    for place in page.get_ancestors(inclusive=True).order_by("-depth"):
        if place.translation_key in rules:
            return rules[place.translation_key]
    return SectionRule(min_approvals=1, needs_head=False)


def is_own(item: Item, user: User) -> bool:
    """Whoever wrote, handed in or changed what is not public yet does not approve it.

    By the record and not by today's owner alone: drafts pass to others, and whoever sends an
    item in saves it anew under their own name.
    """
    if user.pk in {item.page.owner_id, item.round.requested_by_id, item.revision.user_id}:
        return True
    steps = ReviewStep.objects.filter(round=item.round, action=Action.SUBMITTED, by=user)
    since = Revision.objects.for_instance(item.page).filter(pk__gt=item.page.live_revision_id or 0)
    return steps.exists() or since.filter(user=user).exists()


def right_to_approve(item: Item, user: User) -> Authority | None:
    """The nearest right; the Head's, in whose right one may act too, where it is still wanted.

    A deputy in charge of the section who stands in for the Head would else approve as a
    deputy, once, and the item would wait until the Head is back.
    """
    rights = authorities(user, item.page)
    if rule_of(item.page).needs_head and not _has_head(approvals(item)):
        rights = sorted(rights, key=lambda right: right.holder.post != Post.HEAD)
    return next(iter(rights), None)


@transaction.atomic
def approve(task_state_id: int, user: User, note: str = "") -> ReviewStep:
    """One approval; the one that completes the section's rule publishes in this transaction."""
    item = take(task_state_id, ApprovalTask)
    right = right_to_approve(item, user) or require_authority(user, item.page)
    if is_own(item, user):
        raise PermissionDenied(_("Nobody approves their own item; another member decides."))
    require_no_doubt(item.page.pk)
    try:
        with transaction.atomic():
            step = record(item, Action.APPROVED, user, right, note=note.strip())
    except IntegrityError as error:
        raise ValidationError(_("You have approved this item already.")) from error
    if is_enough(item):
        item.state.approve(user=user, comment=note.strip())
        notices.tell_sender(item, Occasion.APPROVED, step)
    return step


def approvals(item: Item) -> list[ReviewStep]:
    steps = ReviewStep.objects.filter(task_state=item.state, action=Action.APPROVED)
    return list(steps.select_related("by", "holder__user"))


def is_enough(item: Item) -> bool:
    rule, given = rule_of(item.page), approvals(item)
    return len({step.by_id for step in given}) >= rule.min_approvals and (
        not rule.needs_head or _has_head(given)
    )


def _has_head(given: Iterable[ReviewStep]) -> bool:
    return any(step.holder and step.holder.post == Post.HEAD for step in given)


def publish(round: WorkflowState, user: User | None) -> None:
    """The workflow's end: the approved revision goes out now, or at the date set in it.

    Reached by any other way than `approve` it publishes nothing: no approval is on record.
    """
    revision = round.current_task_state.revision
    page = round.content_object.specific
    if revision.pk != page.latest_revision_id:
        raise ValidationError(_("The text changed after it was handed in; it is approved anew."))
    Publication.objects.create(page_id=page.pk, revision_id=revision.pk, approved_at=clock.now())
    revision.publish(user=user, skip_permission_checks=True)


def is_approved(revision: Revision) -> bool:
    """For the gate: the step of approval was completed for this very revision."""
    return TaskState.objects.filter(
        revision_id=revision.pk,
        status=TaskState.STATUS_APPROVED,
        task__in=ApprovalTask.objects.values("task_ptr"),
    ).exists()


def require_no_open_doubt(revision: Revision) -> None:
    """For the gate: what was approved for a later time, or is put back, waits as well (Art. 3.9).

    The page may be in review again, and doubted there, when the time comes.
    """
    require_no_doubt(int(revision.object_id))


def note_public(page: Page, revision: Revision | None) -> None:
    """The moment at which readers could see an approved revision."""
    if revision is not None:
        Publication.objects.filter(revision_id=revision.pk, public_at=None).update(
            public_at=clock.now()
        )
