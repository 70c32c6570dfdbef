"""Sending, correcting and withdrawing an opinion: one transaction each, once however often."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.agencies.models import Agency
from portal.codes import new_code
from portal.text import clean

from .. import window
from ..models import (
    Decision,
    DecisionKind,
    OfficeQuestion,
    Opinion,
    OpinionAnswer,
    OpinionContact,
    OpinionDraft,
    OpinionRevision,
    OpinionState,
    RespondentKind,
)
from ..moderation import projection
from ..window import Held
from . import alike
from .drafting import DraftGone
from .subjects import Subject

Answers = Mapping[int, str]


@transaction.atomic
def send(draft_id: int) -> str:
    """The receipt's code; sent again, the first one's.

    DraftGone where there is no draft, NotOpen outside the window: then nothing is written.
    """
    draft = OpinionDraft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft is None:
        raise DraftGone
    if draft.receipt_code:
        return draft.receipt_code
    held = window.require_open(draft.consultation_id)
    subject = Subject(held.consultation, draft.text_version, draft.provision)
    typed = draft.typed
    opinion = _received(
        held,
        subject,
        token=draft.token,
        respondent_kind=typed["respondent_kind"],
        name=typed.get("name", ""),
        is_name_shown=bool(typed.get("is_name_shown")) and bool(typed.get("name")),
        text=typed.get("text", ""),
        suggested_text=typed.get("suggested_text", ""),
        answers={int(key): said for key, said in typed.get("answers", {}).items()},
        email=typed.get("email", ""),
    )
    draft.files.update(draft=None, opinion=opinion)
    # The receipt stays with the browser; what was written is kept in one place.
    draft.receipt_code, draft.typed, draft.updated_at = opinion.receipt_code, {}, held.now
    draft.save(update_fields=["receipt_code", "typed", "updated_at"])
    return opinion.receipt_code


@transaction.atomic
def send_for_agency(
    subject: Subject, agency: Agency, *, token, text: str, suggested_text: str = ""
) -> Opinion:
    """An agency's opinion; who may send it is asked by `inviting`. The second click: the first."""
    held = window.require_open(subject.consultation.pk)
    if known := Opinion.objects.filter(token=token, agency=agency).first():
        return known
    return _received(
        held,
        subject,
        token=token,
        respondent_kind=RespondentKind.AGENCY,
        name=agency.name,
        is_name_shown=True,
        agency=agency,
        text=clean(text),
        suggested_text=clean(suggested_text),
        answers={},
        email="",
    )


def _received(held: Held, subject: Subject, *, answers: Answers, email: str, **said) -> Opinion:
    _require_words(said["text"], said["suggested_text"], answers)
    if not held.consultation.takes(said["respondent_kind"]):
        raise ValidationError(_("This consultation does not ask those whom you send this for."))
    opinion = Opinion(
        consultation=held.consultation,
        text_version=subject.text,
        provision=subject.provision,
        provision_sha256=subject.sha256,
        quoted_text=subject.quoted(),
        state=OpinionState.WAITING,
        receipt_code=new_code(),
        received_at=held.now,
        has_answers=any(answers.values()),
        sender_key=alike.sender_key(email, "", said["name"], str(said["token"])),
        **said,
    )
    opinion.fingerprint = alike.fingerprint(
        "\n".join((opinion.text, opinion.suggested_text, *answers.values()))
    )
    opinion.like = alike.first_like(opinion)
    opinion.save()
    _write_answers(opinion, answers)
    OpinionContact.objects.create(opinion=opinion, email=email)
    if not opinion.like_id:
        alike.call_for_grouping(opinion)
    if not held.consultation.is_moderated:
        projection.publish_unread(opinion, held.now)
    return opinion


def _require_words(text: str, suggested_text: str, answers: Answers) -> None:
    if not (text or suggested_text or any(answers.values())):
        raise ValidationError({"text": _("Write your opinion, or suggest a wording.")})


def _write_answers(opinion: Opinion, answers: Answers) -> None:
    known = OfficeQuestion.objects.filter(consultation=opinion.consultation_id, pk__in=answers)
    OpinionAnswer.objects.bulk_create(
        OpinionAnswer(opinion=opinion, question=question, text=answers[question.pk])
        for question in known
        if answers[question.pk]
    )


def own(opinion_id: int, consultation_id: int) -> tuple[Held, Opinion]:
    """The opinion, locked behind its consultation; ValidationError once it was withdrawn."""
    held = window.hold(consultation_id)
    opinion = Opinion.objects.select_for_update(of=("self",)).get(
        pk=opinion_id, consultation=consultation_id
    )
    if opinion.state == OpinionState.WITHDRAWN:
        raise ValidationError(_("This opinion was withdrawn."))
    return held, opinion


@transaction.atomic
def correct(
    opinion: Opinion, *, text: str, suggested_text: str = "", answers: Answers | None = None
) -> Opinion:
    """Its author says it otherwise, until the closing; what it said before is kept.

    Where opinions are read first, it waits again: what was approved is not what it says now.
    """
    held, row = own(opinion.pk, opinion.consultation_id)
    if not held.window.is_open:
        raise window.NotOpen(held.window)
    said = {answer.question_id: answer.text for answer in row.answers.all()}
    answers = {key: clean(words) for key, words in (answers or {}).items() if clean(words)}
    before = (row.text, row.suggested_text, said)
    after = (clean(text), clean(suggested_text), answers)
    _require_words(*after)
    if before == after:
        return row
    OpinionRevision.objects.create(
        opinion=row,
        number=row.revisions.count() + 1,
        text=row.text,
        suggested_text=row.suggested_text,
        answers={str(key): words for key, words in said.items()},
        replaced_at=held.now,
    )
    was_withheld = row.state == OpinionState.WITHHELD
    projection.hide(row)
    _rewrite(row, *after)
    row.state, row.changed_at = OpinionState.WAITING, held.now
    row.save()
    Decision.objects.create(opinion=row, kind=DecisionKind.CORRECT, made_at=held.now)
    if not held.consultation.is_moderated and not was_withheld:
        projection.publish_unread(row, held.now)
    return row


def _rewrite(row: Opinion, text: str, suggested_text: str, answers: Answers) -> None:
    alike.leave(row)
    row.text, row.suggested_text = text, suggested_text
    row.answers.all().delete()
    _write_answers(row, answers)
    row.has_answers = bool(answers)
    row.fingerprint = alike.fingerprint("\n".join((text, suggested_text, *answers.values())))
    row.like = alike.first_like(row)
    if not row.like_id:
        alike.call_for_grouping(row)


@transaction.atomic
def withdraw(opinion: Opinion) -> Opinion:
    """At its author's wish, after the closing too: nobody reads it any more.

    Its words stay sealed for the audit; how to reach its author is erased at once.
    """
    held, row = own(opinion.pk, opinion.consultation_id)
    projection.hide(row)
    alike.leave(row)
    row.fingerprint = row.sender_key = ""
    row.state, row.changed_at = OpinionState.WITHDRAWN, held.now
    row.save(update_fields=["state", "changed_at", "like", "fingerprint", "sender_key"])
    OpinionContact.objects.filter(opinion=row).update(email="", phone="")
    Decision.objects.create(opinion=row, kind=DecisionKind.WITHDRAW, made_at=held.now)
    return row
