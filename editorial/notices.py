"""Telling the people whom a step concerns: by section and role, never all superusers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from portal.agencies.membership import who_may_act_for
from portal.outbox.mail import send_letter
from portal.outbox.registry import every_night

from .authority import deciders, screeners
from .models import (
    Forward,
    LetterMode,
    Notice,
    NoticePreference,
    Occasion,
    ReviewStep,
)
from .workflow import Item

DIGEST = "editorial.digest"
# Shorter than the outbox remembers which letters went out (portal.outbox.upkeep).
DIGEST_REACH = timedelta(days=30)


def letter(occasion: str) -> str:
    """The code of the letter for an occasion."""
    return f"editorial.{occasion}"


def tell(
    people: Iterable[User | None],
    occasion: Occasion,
    page: Page | None,
    key: str,
    task_state_id: int | None = None,
) -> list[Notice]:
    """One notice a person and key, and the letter that the person wants for the occasion."""
    told = []
    for person in {person.pk: person for person in people if person}.values():
        if not person.is_active:
            continue
        notice, is_new = Notice.objects.get_or_create(
            user=person,
            key=key[:60],
            defaults={
                "occasion": occasion,
                "page_id": page.pk if page else None,
                "task_state_id": task_state_id,
                "at": clock.now(),
            },
        )
        if is_new:
            told.append(notice)
            if mode_of(person, occasion) == LetterMode.AT_ONCE:
                send_letter(letter(occasion), str(notice.pk), person.pk, notice_id=notice.pk)
    return told


def mode_of(person: User, occasion: Occasion) -> str:
    chosen = NoticePreference.objects.filter(user=person, occasion=occasion).first()
    return chosen.mode if chosen else LetterMode.AT_ONCE


def tell_screeners(page: Page, step: ReviewStep) -> None:
    tell(screeners(), Occasion.TO_SCREEN, page, f"step-{step.pk}", step.task_state_id)


def tell_deciders(page: Page, occasion: Occasion, step: ReviewStep) -> None:
    """Those in charge of the page's section, and who acts for them today."""
    state = page.current_workflow_task_state
    tell(deciders(page), occasion, page, f"step-{step.pk}", state.pk if state else None)


def tell_sender(item: Item, occasion: Occasion, step: ReviewStep) -> None:
    sender = [item.round.requested_by or item.page.owner]
    tell(sender, occasion, item.page, f"step-{step.pk}", item.state.pk)


def tell_earlier_reviewers(item: Item, occasion: Occasion, step: ReviewStep) -> None:
    """Everyone who took a step on the item before, but not the one who takes this one."""
    before = ReviewStep.objects.filter(round=item.round).exclude(by=step.by_id)
    people = User.objects.filter(pk__in=before.values("by"))
    tell(people, occasion, item.page, f"step-{step.pk}", item.state.pk)


def tell_forwarded(asked: Forward, step: ReviewStep) -> None:
    """The person asked, or everyone who may act for the agency today."""
    people = [asked.to_user] if asked.to_user else who_may_act_for(asked.to_agency)
    tell(people, Occasion.FORWARDED, asked.page, f"step-{step.pk}", step.task_state_id)


@transaction.atomic
def read(user: User, notice_id: int) -> Notice:
    """Mark a notice of one's own as read."""
    notice = Notice.objects.select_for_update().get(pk=notice_id, user=user)
    if notice.read_at is None:
        notice.read_at = clock.now()
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def read_all(user: User) -> int:
    unread = Notice.objects.filter(user=user, read_at=None)
    return unread.update(read_at=clock.now())


@transaction.atomic
def prefer(user: User, occasion: str, mode: str) -> None:
    NoticePreference.objects.update_or_create(
        user=user, occasion=Occasion(occasion), defaults={"mode": LetterMode(mode)}
    )


@every_night
def send_digests() -> int:
    """One letter to each who wants digests and has unread notices since the last one.

    The letter is of the newest unread notice: nights without a worker lose none, and the
    same notices are not told of twice.
    """
    since = clock.now() - DIGEST_REACH
    wanting = NoticePreference.objects.filter(mode=LetterMode.DIGEST)
    sent = 0
    for user_id in wanting.values_list("user", flat=True).distinct():
        occasions = wanting.filter(user=user_id).values("occasion")
        newest = (
            Notice.objects.filter(user=user_id, occasion__in=occasions, read_at=None, at__gte=since)
            .order_by("-pk")
            .first()
        )
        if newest:
            with transaction.atomic():
                send_letter(DIGEST, str(newest.pk), user_id)
            sent += 1
    return sent
