"""Answering rows: accepted, accepted in part, or explained, always with reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.text import clean

from ..models import (
    CHANGING,
    AnswerTemplate,
    Provision,
    Result,
    RowState,
    SynthesisRow,
)
from ..window import Held
from . import rights
from .words import still_tells

LONGEST = 5000
SHORT = 300


@dataclass(frozen=True)
class Answer:
    """What is said to a row; `is_ready` says that the drafting agency stands by it."""

    result: str
    reasons: str
    changed_where: str = ""
    final_provision_id: int | None = None
    is_ready: bool = False

    def cleaned(self) -> Answer:
        result = self.result if self.result in Result.values else ""
        return Answer(
            result,
            clean(self.reasons)[:LONGEST],
            clean(self.changed_where)[:SHORT] if result in CHANGING else "",
            self.final_provision_id if result in CHANGING else None,
            self.is_ready,
        )

    def problems(self) -> dict[str, object]:
        """What a ready answer lacks, by its field."""
        found: dict[str, object] = {}
        if not self.result:
            found["result"] = _("Choose what is done with the opinions.")
        if not self.reasons:
            found["reasons"] = _("Write the reasons: every answer has them.")
        if self.result in CHANGING and not self.changed_where:
            found["changed_where"] = _("Say where the text is changed.")
        return found


@transaction.atomic
def answer(row_id: int, revision: int, summary: str, given: Answer, by: User) -> SynthesisRow:
    """Save an answer. `revision` is the one that the official saw: newer work is not lost."""
    row = SynthesisRow.objects.only("consultation_id").get(pk=row_id)
    held, _synthesis = rights.opened(row.consultation_id)
    row = SynthesisRow.objects.select_related("consultation__agency", "agency").get(pk=row_id)
    rights.require(rights.may_answer(by, row))
    if given.is_ready:
        rights.require(rights.drafts(by, row.consultation))
    if row.revision != revision:
        raise ValidationError(
            _("Somebody else changed this row meanwhile. Compare with what stands now, then save.")
        )
    given, summary = given.cleaned(), clean(summary)[:LONGEST]
    problems = given.problems() if given.is_ready else {}
    if given.is_ready and not summary:
        problems["summary"] = _("Write what the opinions say: it is public.")
    if problems:
        raise ValidationError(problems)
    _check_final(row.consultation_id, given)
    if summary != row.summary and row.taken_from and not still_tells(summary, row.taken_from):
        row.taken_from = None
    row.summary = summary
    _write(row, given, held, by)
    return row


def _check_final(consultation_id: int, given: Answer) -> None:
    if given.final_provision_id is None:
        return
    known = Provision.objects.filter(
        pk=given.final_provision_id, text_version__consultation=consultation_id
    )
    if not known.exists():
        raise ValidationError({"final_provision": _("This provision belongs to another text.")})


def _write(row: SynthesisRow, given: Answer, held: Held, by: User) -> None:
    row.result, row.reasons = given.result, given.reasons
    row.changed_where, row.final_provision_id = given.changed_where, given.final_provision_id
    row.state = _state_after(given)
    row.revision = F("revision") + 1
    row.answered_by, row.answered_at = by, held.now
    row.save(
        update_fields=[
            "summary",
            "taken_from",
            "result",
            "reasons",
            "changed_where",
            "final_provision",
            "state",
            "revision",
            "answered_by",
            "answered_at",
        ]
    )
    row.refresh_from_db(fields=["revision"])
    data = {"result": row.result, "state": row.state}
    log(row, "consultations.synthesis.answer", user=by, data=data)


def _state_after(given: Answer) -> RowState:
    if given.is_ready:
        return RowState.AGREED
    return RowState.DRAFTED if given.result or given.reasons else RowState.OPEN


@transaction.atomic
def answer_many(consultation_id: int, row_ids: Iterable[int], given: Answer, by: User) -> int:
    """One answer to many rows; each keeps what it says of its opinions."""
    held, _synthesis = rights.opened(consultation_id)
    rights.require(rights.drafts(by, held.consultation))
    given = given.cleaned()
    problems = given.problems()
    if problems:
        raise ValidationError(problems)
    _check_final(consultation_id, given)
    rows = _chosen(consultation_id, row_ids)
    silent = [row.number for row in rows if not row.summary]
    if silent and given.is_ready:
        raise ValidationError(
            _("Write first what the opinions say in these rows: %(rows)s."),
            params={"rows": ", ".join(map(str, silent))},
        )
    for row in rows:
        _write(row, given, held, by)
    return len(rows)


def _chosen(consultation_id: int, row_ids: Iterable[int]) -> list[SynthesisRow]:
    rows = SynthesisRow.objects.filter(consultation=consultation_id, pk__in=set(row_ids))
    found = list(rows.order_by("number"))
    if not found:
        raise ValidationError(_("Choose at least one row."))
    return found


@transaction.atomic
def assign(
    consultation_id: int,
    row_ids: Iterable[int],
    by: User,
    agency: Agency | None = None,
    person: User | None = None,
) -> int:
    """Give rows to a unit, to an official of it, or back to the drafting agency."""
    held, synthesis = rights.opened(consultation_id)
    rights.require(rights.may_sort(by, held.consultation))
    if person and not rights.acts_for(person, agency or held.consultation.agency):
        raise ValidationError({"person": _("This person does not act for the unit today.")})
    rows = _chosen(consultation_id, row_ids)
    found = SynthesisRow.objects.filter(pk__in=[row.pk for row in rows])
    found.update(agency=agency, person=person)
    told = {"rows": [row.number for row in rows], "agency": agency.code if agency else ""}
    log(synthesis, "consultations.synthesis.assign", user=by, data=told)
    return len(rows)


def templates_for(user: User, row: SynthesisRow) -> QuerySet[AnswerTemplate]:
    """Templates of the agencies that answer this row."""
    agencies = {row.consultation.agency_id, row.agency_id} - {None}
    return AnswerTemplate.objects.filter(
        Q(agency__in=agencies) & Q(agency__in=rights.agencies_of(user))
    )


@transaction.atomic
def keep_template(agency: Agency, name: str, result: str, reasons: str, by: User) -> AnswerTemplate:
    """Keep words to answer with again; a template of the same name is written anew."""
    rights.require(rights.acts_for(by, agency))
    name, reasons = clean(name)[:100], clean(reasons)[:LONGEST]
    if not name or not reasons or result not in Result.values:
        raise ValidationError(_("A template has a name, a result and words."))
    made, _created = AnswerTemplate.objects.update_or_create(
        agency=agency, name=name, defaults={"result": result, "reasons": reasons}
    )
    log(made, "consultations.synthesis.template", user=by)
    return made
