"""Sàng lọc: pass on, send back, forward, have verified (Art. 5.5.c, 8.2)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.move_page import MovePageAction
from wagtail.log_actions import log
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from portal.agencies.membership import may_act_for
from portal.agencies.models import Agency
from site_pages.models import CategoryPage

from . import clocks, notices
from .authority import appointments, authority, may_screen
from .models import Action, Doubt, Forward, Origin, ReviewStep, ScreeningTask
from .notices import Occasion
from .workflow import (
    back_to_screening,
    find,
    is_open,
    record,
    require_no_doubt,
    require_screener,
    require_text,
    take,
)


@transaction.atomic
def pass_on(
    task_state_id: int,
    user: User,
    *,
    origin: str,
    purpose: str,
    holds_no_secret: bool,
    section: Page | None = None,
    note: str = "",
) -> ReviewStep:
    """Classified, its origin and purpose made clear, free of secrets: to the member in charge."""
    item = take(task_state_id, ScreeningTask)
    require_screener(user)
    require_no_doubt(item.page.pk)
    if clocks.lacks_reason(item.page):
        message = _("This item came late (Art. 8.1.a). Enter the reason first, then pass it on.")
        raise ValidationError(message)
    if origin not in Origin.values:
        raise ValidationError({"origin": _("Choose where the item comes from.")})
    if not holds_no_secret:
        message = _("Tick this after checking against the list of state secrets (Art. 3.3).")
        raise ValidationError({"holds_no_secret": message})
    purpose = require_text(purpose, "purpose")
    if section is not None:
        _classify(item.page, section, user)
    item = find(task_state_id)
    step = record(
        item,
        Action.SCREENED,
        user,
        origin=origin,
        purpose=purpose,
        holds_no_secret=True,
        note=note.strip(),
    )
    # What was mended while screening is what was screened.
    item.state.revision = item.revision
    item.state.save(update_fields=["revision"])
    item.state.approve(user=user, comment=note.strip())
    notices.tell_deciders(item.page, Occasion.TO_APPROVE, step)
    return step


def _classify(page: Page, section: Page, user: User) -> None:
    """Put a draft that was never public into another section."""
    if section.pk == page.get_parent().pk:
        return
    if page.first_published_at:
        message = _("A published page stays in its section; move it in the page tree.")
        raise ValidationError({"section": message})
    if not page.can_move_to(section):
        raise ValidationError({"section": _("This kind of item does not stand in that section.")})
    # Screening classifies whoever owns the draft; Wagtail would ask for more than that.
    MovePageAction(page, section, pos="last-child", user=user).execute(skip_permission_checks=True)


def sections_for(page: Page) -> list[Page]:
    """Where an item of this kind may stand, in its language."""
    places = CategoryPage.objects.filter(locale=page.locale_id).order_by("path")
    return [place for place in places if page.can_move_to(place)]


@transaction.atomic
def send_back(task_state_id: int, user: User, note: str) -> ReviewStep:
    """Back to the sender for changes; not a refusal, so no ground of Article 3.9."""
    item = take(task_state_id, ScreeningTask)
    require_screener(user)
    note = require_text(note)
    step = record(item, Action.RETURNED, user, note=note)
    item.state.reject(user=user, comment=note)
    back_to_screening(item)
    notices.tell_sender(item, Occasion.RETURNED, step)
    return step


@transaction.atomic
def forward(
    task_state_id: int,
    user: User,
    *,
    question: str,
    to_user: User | None = None,
    to_agency: Agency | None = None,
    due_on: date | None = None,
) -> Forward:
    """Ask a member or an agency for their word; the item stays where it is."""
    item = take(task_state_id, ScreeningTask)
    require_screener(user)
    if (to_user is None) == (to_agency is None):
        raise ValidationError({"to": _("Choose one person or one agency.")})
    if due_on and due_on < clock.today():
        raise ValidationError({"due_on": _("The day lies in the past.")})
    made = Forward.objects.create(
        page_id=item.page.pk,
        to_user=to_user,
        to_agency=to_agency,
        question=require_text(question, "question"),
        due_on=due_on,
        asked_by=user,
        asked_at=clock.now(),
    )
    step = record(item, Action.FORWARDED, user, note=made.question)
    notices.tell_forwarded(made, step)
    return made


@transaction.atomic
def answer(forward_id: int, user: User, text: str) -> Forward:
    """The word of the person or the agency that was asked; once."""
    asked = Forward.objects.select_for_update().get(pk=forward_id)
    if not may_answer(asked, user):
        raise PermissionDenied
    if asked.answered_at:
        raise ValidationError(_("This was answered already."))
    asked.answer, asked.answered_by, asked.answered_at = (
        require_text(text, "answer"),
        user,
        clock.now(),
    )
    asked.save(update_fields=["answer", "answered_by", "answered_at"])
    log(asked.page.specific, "editorial.answer", user=user)
    notices.tell([asked.asked_by], Occasion.ANSWERED, asked.page, f"answer-{asked.pk}")
    return asked


def may_answer(asked: Forward, user: User) -> bool:
    if asked.to_user_id:
        # Asked as one of the Board or the working group: with the post the question passes.
        return asked.to_user_id == user.pk and bool(appointments(user))
    return may_act_for(user, asked.to_agency)


@transaction.atomic
def doubt(task_state_id: int, user: User, reason: str) -> Doubt:
    """Ask for verification: until it is cleared nobody can publish the item."""
    item = find(task_state_id)
    item = take(task_state_id, type(item.task))
    _require_reviewer(user, item.page)
    if Doubt.objects.filter(page_id=item.page.pk, cleared_at=None).exists():
        raise ValidationError(_("Verification is being asked for already."))
    made = Doubt.objects.create(
        page_id=item.page.pk,
        reason=require_text(reason, "reason"),
        asked_by=user,
        asked_at=clock.now(),
    )
    step = record(item, Action.DOUBTED, user, note=made.reason)
    notices.tell_sender(item, Occasion.DOUBTED, step)
    return made


@transaction.atomic
def clear_doubt(doubt_id: int, user: User, result: str) -> Doubt:
    made = Doubt.objects.select_for_update().get(pk=doubt_id)
    page = made.page.specific
    _require_reviewer(user, page)
    if made.cleared_at:
        raise ValidationError(_("This request was cleared already."))
    made.result, made.cleared_by, made.cleared_at = (
        require_text(result, "result"),
        user,
        clock.now(),
    )
    made.save(update_fields=["result", "cleared_by", "cleared_at"])
    state = page.current_workflow_task_state
    if state and is_open(find(state.pk)):
        record(find(state.pk), Action.VERIFIED, user, note=made.result)
    return made


def _require_reviewer(user: User, page: Page) -> None:
    if not (may_screen(user) or authority(user, page)):
        raise PermissionDenied
