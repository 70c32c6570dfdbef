"""Drafts and pages in review of those who leave pass to a named successor (Art. 5.5.m)."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.models import Page, WorkflowState

from portal import clock
from portal.accounts.models import User
from portal.outbox.mail import send_letter
from site_pages.withdrawal import Withdrawal

from .models import Succession
from .papers import may_record, require
from .sections import may_write_in

LETTER = "editorial.handed-over"


def drafts_of(user: User) -> QuerySet[Page]:
    """Unpublished pages that a person owns; what an order took down is no draft."""
    withdrawn = Withdrawal.objects.filter(lifted_at=None).values("page")
    unpublished = Q(live=False) | Q(has_unpublished_changes=True)
    return Page.objects.filter(unpublished, owner=user).exclude(pk__in=withdrawn)


def in_review_of(user: User) -> QuerySet[WorkflowState]:
    running = [WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES]
    return WorkflowState.objects.filter(requested_by=user, status__in=running)


def waiting_pages(user: User) -> list[Page]:
    """Drafts and pages in review that somebody has to take over."""
    pages = {page.pk: page for page in drafts_of(user)}
    for state in in_review_of(user):
        page = state.content_object
        if isinstance(page, Page):
            pages.setdefault(page.pk, page)
    return [pages[pk] for pk in sorted(pages)]


@transaction.atomic
def hand_over(leaver: User, successor: User, by: User) -> int:
    """Move the drafts and pages in review of one person to another; tells how many."""
    require(may_record(by))
    return move(leaver, successor, by)


def refusal(count: int) -> str:
    return ngettext(
        "%(n)d draft waits with this person. Name a successor who takes it over.",
        "%(n)d drafts wait with this person. Name a successor who takes them over.",
        count,
    ) % {"n": count}


def move(leaver: User, successor: User, by: User | None) -> int:
    pages = waiting_pages(leaver)
    require_able(leaver, successor, pages)
    for page in pages:
        Page.objects.filter(pk=page.pk, owner=leaver).update(owner=successor)
        data = {"from": leaver.pk, "to": successor.pk}
        log(page, "editorial.hand_over", user=by, data=data)
    in_review_of(leaver).update(requested_by=successor)
    Page.objects.filter(locked_by=leaver).update(locked=False, locked_by=None, locked_at=None)
    if pages:
        send_letter(LETTER, f"{leaver.pk}-{clock.now().timestamp()}", successor.pk)
    return len(pages)


def require_able(leaver: User, successor: User, pages: Iterable[Page]) -> None:
    if successor == leaver:
        raise ValidationError({"successor": _("Name somebody else.")})
    if not successor.is_active:
        raise ValidationError({"successor": _("This person's account is closed.")})
    beyond = [page for page in pages if not _could_edit(successor, page)]
    if beyond:
        text = ngettext(
            "%(name)s may not edit %(n)d of these pages, e.g. “%(title)s”.",
            "%(name)s may not edit %(n)d of these pages, e.g. “%(title)s”.",
            len(beyond),
        )
        named = {"name": successor.get_full_name(), "n": len(beyond), "title": beyond[0].title}
        raise ValidationError({"successor": text % named})


def _could_edit(user: User, page: Page) -> bool:
    """Whether the person could edit the page as its owner, where he or she may write."""
    page = page.specific
    page.owner = user
    return page.permissions_for_user(user).can_edit() and may_write_in(user, page)


def carry_out(leaver: User) -> None:
    named = Succession.objects.filter(leaver=leaver, done_at=None).first()
    if named is None:
        return
    try:
        with transaction.atomic():
            move(leaver, named.successor, named.named_by)
    except ValidationError:
        # The drafts stay in the list of those that wait for a successor.
        return
    named.done_at = clock.now()
    named.save(update_fields=["done_at"])


def name(leaver: User, successor: User, pages: Iterable[Page], by: User) -> None:
    """Remember who takes over once the last day has passed."""
    require_able(leaver, successor, pages)
    Succession.objects.update_or_create(
        leaver=leaver,
        done_at=None,
        defaults={"successor": successor, "named_by": by, "named_at": clock.now()},
    )


def orphans() -> list[tuple[User, int]]:
    """Closed accounts with drafts that nobody took over, and how many."""
    people = User.objects.filter(closures__reopened_at=None, closures__isnull=False).distinct()
    counted = [(person, len(waiting_pages(person))) for person in people.order_by("pk")]
    return [(person, count) for person, count in counted if count]


def forget(user: User) -> None:
    """Whoever is appointed again keeps the drafts."""
    Succession.objects.filter(leaver=user, done_at=None).delete()
