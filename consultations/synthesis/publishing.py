"""All answers at once: checked, copied, public in one transaction, and told to who took part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.outbox.sending import send
from portal.reporting import editions
from portal.reporting.models import Edition, EditionState
from portal.text import clean

from ..models import (
    Account,
    AgencyInvitation,
    Consultation,
    Opinion,
    OpinionState,
    PaperOpinion,
    Publication,
    PublishedPlace,
    PublishedRow,
    Synthesis,
    SynthesisState,
    TextState,
)
from ..window import Held
from . import letters, rights
from .coverage import remaining
from .table import Line, lines, totals
from .taken_back import taken_back
from .taking_in import BATCH

KIND = "consultations.synthesis"
FILES = "consultations.answers-files"
LONGEST_NOTE = 2000


@transaction.atomic
def publish(
    consultation_id: int, by: User, change_note: str = "", document_number: str = ""
) -> Publication:
    """Publish every answer, or nothing. A second click finds what the first one published."""
    held, synthesis = rights.held(consultation_id)
    rights.require(rights.oversees(by))
    if not synthesis.is_open:
        return latest(held.consultation)
    is_correction = synthesis.state == SynthesisState.CORRECTING
    change_note = clean(change_note)[:LONGEST_NOTE] if is_correction else ""
    if is_correction and not change_note:
        raise ValidationError({"change_note": _("Say what changed and why.")})
    _check(held)
    made = _copied(held, synthesis, by, change_note, clean(document_number)[:120])
    _close(held, synthesis, made)
    _order_paper(made, by)
    send(FILES, f"{made.pk}", publication_id=made.pk)
    letters.call_for_all(made)
    log(synthesis, "consultations.synthesis.publish", user=by, data={"number": made.number})
    return made


def latest(consultation: Consultation) -> Publication | None:
    return consultation.publications.order_by("-number").first()


def _check(held: Held) -> None:
    """The gate, with every opinion held as it is until the answers are out."""
    opinions = Opinion.objects.filter(consultation=held.consultation)
    list(opinions.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    problems = remaining(held.consultation, held.now).problems()
    if _paper_unfinished(held.consultation.pk):
        problems.append(_("The table of the last publication is still being made."))
    if problems:
        raise ValidationError(problems)


def _copied(
    held: Held, synthesis: Synthesis, by: User, change_note: str, document_number: str
) -> Publication:
    table = lines(held.consultation.pk)
    last = latest(held.consultation)
    made = Publication.objects.create(
        consultation=held.consultation,
        number=(last.number if last else 0) + 1,
        change_note=change_note,
        document_number=document_number,
        final_text=synthesis.final_text,
        counts=totals(held.consultation.pk, table) | _agreeing(held.consultation),
        sha256=_sha256(table),
        published_by=by,
        published_at=held.now,
    )
    rows = [_published(made, at, line) for at, line in enumerate(table, 1)]
    PublishedRow.objects.bulk_create(rows, batch_size=BATCH)
    PublishedPlace.objects.bulk_create(_places(made, rows, table), batch_size=BATCH)
    return made


def _agreeing(consultation: Consultation) -> dict[str, int]:
    """Agencies that were asked and agree without comment: they gave no opinion to be answered.

    One that agreed and then wrote a letter too speaks in the table; nothing is told of it twice.
    Where none was asked there is nothing to tell.
    """
    asked = AgencyInvitation.objects.filter(consultation=consultation)
    if not asked.exists():
        return {}
    wrote = PaperOpinion.objects.filter(consultation=consultation, agency__isnull=False)
    agreeing = asked.filter(agrees=True).exclude(agency__in=wrote.values("agency"))
    return {"agree": agreeing.count()}


def _published(publication: Publication, position: int, line: Line) -> PublishedRow:
    row = line.row
    return PublishedRow(
        publication=publication,
        position=position,
        row_number=row.number,
        provision_id=line.place.provision_id,
        place=line.place.name,
        summary=row.summary,
        taken_from_id=row.taken_from_id,
        result=row.result,
        reasons=row.reasons,
        changed_where=row.changed_where,
        final_provision_id=row.final_provision_id,
        opinions=line.opinions,
        people=line.people,
        texts=line.texts,
        kinds=line.kinds,
        names=line.names,
    )


def _places(
    publication: Publication, rows: list[PublishedRow], table: list[Line]
) -> Iterable[PublishedPlace]:
    for row, line in zip(rows, table, strict=True):
        for speaker in line.speakers:
            yield PublishedPlace(
                publication=publication,
                opinion_id=speaker.opinion_id,
                paper_id=speaker.paper_id,
                row=row,
            )
    left_out = Account.objects.filter(consultation=publication.consultation_id)
    left_out = left_out.exclude(exclusion="").exclude(opinion__state=OpinionState.WITHDRAWN)
    for account in left_out.order_by("pk").iterator():
        yield PublishedPlace(
            publication=publication,
            opinion_id=account.opinion_id,
            paper_id=account.paper_id,
            exclusion=account.exclusion,
            exclusion_note=account.exclusion_note,
        )


def _sha256(table: list[Line]) -> str:
    told = [
        [
            line.place.name,
            line.row.summary,
            line.row.result,
            line.row.reasons,
            line.row.changed_where,
            line.kinds,
            line.people,
        ]
        for line in table
    ]
    return hashlib.sha256(editions.canonical({"rows": told})).hexdigest()


def _close(held: Held, synthesis: Synthesis, made: Publication) -> None:
    synthesis.state = SynthesisState.PUBLISHED
    synthesis.save(update_fields=["state"])
    consultation = held.consultation
    if consultation.answered_at is None:
        consultation.answered_at = made.published_at
        consultation.save(update_fields=["answered_at"])


def _papers(consultation_id: int) -> list[Edition]:
    rows = Edition.objects.filter(kind=KIND, subject_id=consultation_id)
    return list(rows.defer("snapshot").order_by("-number"))


def _paper_unfinished(consultation_id: int) -> bool:
    return any(row.state in editions.UNFINISHED for row in _papers(consultation_id))


def against(edition: Edition) -> str:
    """Why a paper stays in the house: a newer table, or words that are public no longer."""
    answers = Publication.objects.filter(consultation=edition.subject_id)
    known = Edition.objects.filter(pk=edition.pk)
    number = known.values_list("snapshot__publication__number", flat=True).first()
    is_public = edition.state == EditionState.PUBLISHED
    if not is_public and answers.filter(number__gt=number or 0).exists():
        return _("The answers were corrected since: publish the paper of the newest edition.")
    shown = answers.filter(number=number).first()
    if shown and taken_back(shown):
        return _(
            "It quotes an opinion that is public no longer, or names who sent it. "
            "Begin a correction: its paper takes the place of this one."
        )
    return ""


def _order_paper(made: Publication, by: User) -> None:
    """The frozen paper; it corrects the last one that is public."""
    papers = _papers(made.consultation_id)
    last = next((row for row in papers if row.state == EditionState.PUBLISHED), None)
    if made.change_note and last:
        editions.correct(last.pk, made.change_note, by)
        return
    title = f"Tổng hợp, tiếp thu, giải trình ý kiến: {made.consultation.title}"
    editions.order(KIND, made.consultation_id, title[:300], by)


@transaction.atomic
def begin_correction(consultation_id: int, by: User) -> Synthesis:
    """Open the rows again; the public keeps reading what is published until the next one."""
    _held, synthesis = rights.held(consultation_id)
    rights.require(rights.oversees(by))
    if synthesis.state == SynthesisState.PREPARING:
        raise ValidationError(_("Nothing is published yet: there is nothing to correct."))
    if synthesis.state == SynthesisState.PUBLISHED:
        synthesis.state = SynthesisState.CORRECTING
        synthesis.save(update_fields=["state"])
        log(synthesis, "consultations.synthesis.correct", user=by)
    return synthesis


@transaction.atomic
def set_final_text(consultation_id: int, text_id: int | None, by: User) -> Synthesis:
    """Say which version took the opinions in; only a public one is shown beside the answers."""
    held, synthesis = rights.opened(consultation_id)
    rights.require(rights.may_sort(by, held.consultation))
    text = None
    if text_id is not None:
        text = held.consultation.texts.filter(pk=text_id, state=TextState.PUBLISHED).first()
        if text is None:
            raise ValidationError({"final_text": _("Choose a published version.")})
    synthesis.final_text = text
    synthesis.save(update_fields=["final_text"])
    log(synthesis, "consultations.synthesis.final_text", user=by)
    return synthesis
