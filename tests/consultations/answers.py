"""A consultation that is over, with opinions, an official of the drafting agency, answers."""

from __future__ import annotations

from datetime import timedelta

from consultations.models import (
    Consultation,
    Opinion,
    OpinionState,
    PaperOpinion,
    Provision,
    RespondentKind,
    RowState,
    SynthesisRow,
)
from consultations.moderation import projection
from consultations.synthesis import answering, publishing, sorting, taking_in
from consultations.synthesis.answering import Answer
from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency, Membership
from tests.accounts import staff
from tests.consultations import factories as make

AFTER = make.CLOSES + timedelta(days=1)
DUE = "2026-12-20"


def official(name: str = "can.bo.soan.thao", agency: str = "SNV") -> User:
    """Acts for an agency since the beginning of the year."""
    found = User.objects.filter(username=name).first()
    if found:
        return found
    made = staff(name)
    Membership.objects.create(
        user=made,
        agency=Agency.objects.get(code=agency),
        valid_from=make.OPENS.date().replace(month=1, day=1),
    )
    return made


def consulted(code: str = "quy-che", **fields) -> Consultation:
    """Open at noon, with a text of three articles."""
    made = make.make_consultation(code, **fields)
    make.open_window(made)
    make.make_text(made)
    return made


def said(
    consultation: Consultation,
    words: str = "Đề nghị rút ngắn thời hạn xuống ba ngày làm việc.",
    provision: Provision | None = None,
    **fields,
) -> Opinion:
    fields = {"state": OpinionState.PUBLISHED, **fields}
    with clock.stopped_at(make.local(make.NOON)):
        made = make.opine(consultation, provision, text=words, **fields)
        if made.state == OpinionState.PUBLISHED:
            projection.show(made, made.received_at)
    return made


def lettered(consultation: Consultation, words: str, **fields) -> PaperOpinion:
    """As the office entered it: the letter of an agency, where nothing else is said."""
    given = {"respondent_kind": RespondentKind.AGENCY, "source_name": "12/VB", **fields}
    return PaperOpinion.objects.create(
        consultation=consultation,
        source="letter",
        dated_on=make.OPENS.date(),
        text=words,
        entered_by=make.organiser(),
        entered_at=make.OPENS,
        **given,
    )


def become(opinion: Opinion, state: str) -> None:
    """As moderation or its author would have it."""
    Opinion.objects.filter(pk=opinion.pk).update(state=state)
    opinion.refresh_from_db()
    projection.hide(opinion)
    if state == OpinionState.PUBLISHED:
        projection.show(opinion, clock.now())


def accounts(consultation: Consultation, *opinions: Opinion) -> list[int]:
    taking_in.take_in(consultation.pk)
    rows = (
        consultation.accounts.filter(opinion__in=opinions)
        if opinions
        else (consultation.accounts.all())
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def agreed(result: str = "explained", **fields) -> Answer:
    given = {"reasons": "Thời hạn này theo luật nên không rút ngắn được.", **fields}
    if result != "explained":
        given.setdefault("changed_where", "khoản 1 Điều 1")
    return Answer(result, is_ready=True, **given)


def answer_all(consultation: Consultation, by: User, given: Answer | None = None) -> None:
    """One answer for every row that has none."""
    rows = SynthesisRow.objects.filter(consultation=consultation).exclude(state=RowState.AGREED)
    for row in rows:
        summary = row.summary or "Ý kiến của cơ quan, tổ chức."
        answering.answer(row.pk, row.revision, summary, given or agreed(), by)


def published(consultation: Consultation, **fields):
    """Everything sorted, answered and published; the moment is after the closing."""
    by, group = official(), make.organiser()
    with clock.stopped_at(AFTER):
        sorting.sort_rest(consultation.pk, by)
        answer_all(consultation, by)
        return publishing.publish(consultation.pk, group, **fields)
