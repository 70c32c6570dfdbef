"""The gate, the publication of all answers at once, who is told, and the public deadline."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from consultations import window
from consultations.models import (
    Exclusion,
    Opinion,
    OpinionContact,
    OpinionState,
    PublishedPlace,
    PublishedRow,
    SynthesisRow,
    SynthesisState,
    WindowAct,
)
from consultations.synthesis import (
    answering,
    coverage,
    letters,
    publishing,
    reminding,
    sorting,
)
from consultations.synthesis.answering import Answer
from consultations.synthesis.became import Standing, became_of
from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow
from tests.consultations import answers as house
from tests.consultations import factories as make

pytestmark = pytest.mark.django_db


# --- The gate and the publication -------------------------------------------------------


def test_each_thing_that_is_missing_shuts_the_gate(consultation, clauses, at):
    by, group = house.official(), make.organiser()
    waiting = house.said(consultation, "Chờ duyệt.", state=OpinionState.WAITING)
    house.said(consultation, "Đã đăng.", clauses[0])
    found = coverage.remaining(consultation)
    assert (found.waiting, found.unseen, found.is_window_over) == (1, 2, True)
    sorting.sort_rest(consultation.pk, by)
    house.answer_all(consultation, by)
    with pytest.raises(ValidationError):
        publishing.publish(consultation.pk, group)
    house.become(waiting, OpinionState.PUBLISHED)
    at(make.CLOSES - make.days(1))
    assert not coverage.remaining(consultation).is_window_over
    with pytest.raises(ValidationError):
        publishing.publish(consultation.pk, group)
    at(house.AFTER)
    one = SynthesisRow.objects.first()
    answering.answer(one.pk, one.revision, one.summary, Answer("explained", "Vì"), by)
    assert coverage.remaining(consultation).unanswered == [one.number]
    with pytest.raises(ValidationError):
        publishing.publish(consultation.pk, group)
    assert not PublishedRow.objects.exists()
    assert not OutboxRow.objects.filter(kind__startswith="consultations.answers").exists()
    house.answer_all(consultation, by)
    made = publishing.publish(consultation.pk, group)
    consultation.refresh_from_db()
    assert consultation.answered_at == made.published_at == house.AFTER
    assert publishing.publish(consultation.pk, group) == made


def test_withheld_words_never_reach_the_table(consultation, clauses):
    by, group = house.official(), make.organiser()
    secret = "Ông Nguyễn Văn Kín ở số 12 phố Huế đã nhận tiền của tôi năm ngoái."
    hidden = house.said(consultation, secret, clauses[0], state=OpinionState.WITHHELD)
    house.said(consultation, "Đề nghị công khai phí.", clauses[0])
    sorting.sort_rest(consultation.pk, by)
    assert SynthesisRow.objects.get(points__account__opinion=hidden).summary == ""
    row = SynthesisRow.objects.get(points__account__opinion=hidden)
    house.answer_all(consultation, by)
    row.refresh_from_db()
    leaked = "Có người nói nguyen van kin o so 12 pho hue nhận tiền"
    answering.answer(row.pk, row.revision, leaked, house.agreed(), by)
    assert coverage.remaining(consultation).telling == [row.number]
    with pytest.raises(ValidationError):
        publishing.publish(consultation.pk, group)
    row.refresh_from_db()
    answering.answer(row.pk, row.revision, "Phản ánh về thu phí.", house.agreed(), by)
    publishing.publish(consultation.pk, group)


def test_a_withdrawn_opinion_is_neither_counted_nor_quoted(consultation, clauses):
    gone = house.said(consultation, "Lời đã rút của một người dân nào đó.", clauses[0])
    house.said(consultation, "Đề nghị công khai phí.", clauses[1])
    sorting.sort_rest(consultation.pk, house.official())
    house.become(gone, OpinionState.WITHDRAWN)
    made = house.published(consultation)
    assert made.rows.count() == 1
    assert (made.counts["received"], made.counts["withdrawn"]) == (1, 1)
    assert became_of(Opinion.objects.get(pk=gone.pk)).standing is Standing.WITHDRAWN


def test_published_answers_never_change(consultation):
    house.said(consultation)
    made = house.published(consultation)
    for change in (
        lambda: PublishedRow.objects.update(reasons="khác"),
        lambda: PublishedPlace.objects.all().delete(),
        lambda: type(made).objects.filter(pk=made.pk).update(counts={}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    type(made).objects.filter(pk=made.pk).update(docx="x.docx")


def test_after_publishing_the_rows_are_shut_until_a_correction(consultation):
    by, group = house.official(), make.organiser()
    opinion = house.said(consultation)
    house.published(consultation)
    row = SynthesisRow.objects.get()
    with pytest.raises(ValidationError):
        answering.answer(row.pk, row.revision, row.summary, house.agreed(), by)
    with pytest.raises(PermissionDenied):
        publishing.begin_correction(consultation.pk, by)
    publishing.begin_correction(consultation.pk, group)
    again = house.agreed("accepted", reasons="Đã tiếp thu.")
    answering.answer(row.pk, row.revision, row.summary, again, by)
    assert became_of(opinion).rows[0].result == "explained"
    drain()
    with pytest.raises(ValidationError):
        publishing.publish(consultation.pk, group)
    second = publishing.publish(consultation.pk, group, change_note="Sửa kết quả dòng 1.")
    assert (second.number, second.change_note) == (2, "Sửa kết quả dòng 1.")
    assert became_of(opinion).rows[0].result == "accepted"
    assert consultation.synthesis.state == SynthesisState.PUBLISHED
    assert PublishedRow.objects.get(publication__number=1).result == "explained"


# --- What became of it -----------------------------------------------------------------


def test_a_participant_reads_the_answer_only_once_all_are_public(consultation, clauses):
    by = house.official()
    opinion = house.said(consultation, "Đề nghị rút ngắn.", clauses[0])
    assert became_of(opinion).standing is Standing.RECEIVED
    sorting.sort_rest(consultation.pk, by)
    house.answer_all(consultation, by)
    before = became_of(Opinion.objects.get(pk=opinion.pk))
    assert (before.standing, before.points, before.rows) == (Standing.SORTED, 1, [])
    house.published(consultation)
    after = became_of(Opinion.objects.get(pk=opinion.pk))
    assert after.standing is Standing.ANSWERED
    assert after.rows[0].reasons == house.agreed().reasons


def test_who_is_left_out_reads_why(consultation):
    opinion = house.said(consultation, "Nhất trí.")
    sorting.leave_out(
        consultation.pk,
        house.accounts(consultation),
        Exclusion.AGREES,
        "Xin cảm ơn.",
        house.official(),
    )
    house.published(consultation)
    found = became_of(opinion)
    assert (found.standing, found.note) == (Standing.LEFT_OUT, "Xin cảm ơn.")


def test_each_participant_with_an_address_is_written_to_once(consultation, mailoutbox):
    for n in range(3):
        opinion = house.said(consultation, f"Lời riêng số {n}")
        if n:
            OpinionContact.objects.create(opinion=opinion, email=f"dan{n}@hanoi.example")
    made = house.published(consultation)
    assert OutboxRow.objects.filter(kind=letters.ALL).count() == 1
    drain()
    drain()
    told = [message for message in mailoutbox if "dan" in message.to[0]]
    assert sorted(message.to[0] for message in told) == [
        "dan1@hanoi.example",
        "dan2@hanoi.example",
    ]
    for message in told:
        assert "Lời riêng" not in message.body + message.subject
        assert consultation.title not in message.body
    letters.call_for_each(OutboxRow.objects.get(kind=letters.ALL))
    assert OutboxRow.objects.filter(kind=letters.ONE).count() == 2
    assert made.number == 1


# --- The deadline ----------------------------------------------------------------------


def test_the_deadline_is_set_moved_for_a_reason_and_reminded_of(consultation, at, mailoutbox):
    group, by = make.organiser(), house.official()
    day = house.AFTER.date().replace(day=20)
    reminding.set_due(consultation.pk, day, group)
    with pytest.raises(ValidationError):
        reminding.set_due(consultation.pk, day.replace(day=25), group)
    reminding.set_due(consultation.pk, day.replace(day=21), group, "Nhiều ý kiến.")
    with pytest.raises(ValidationError):
        reminding.set_due(consultation.pk, make.OPENS.date(), group, "Sớm")
    for moment, sent in (
        ("2026-12-10 01:00", 0),
        ("2026-12-16 01:00", 1),
        ("2026-12-17 01:00", 1),
        ("2026-12-21 01:00", 2),
        ("2026-12-28 01:00", 3),
    ):
        at(moment)
        reminding.remind_all()
        reminding.remind_all()
        letters_called = OutboxRow.objects.filter(key__startswith=reminding.LETTER)
        assert letters_called.filter(payload__user_id=by.pk).count() == sent, moment
    assert list(reminding.late()) == [consultation]
    drain()
    assert any("sắp đến hạn" in message.body for message in mailoutbox)


def test_publishing_holds_the_window_that_is_closed(consultation):
    """An extension after the closing opens the window again: nothing is published then."""
    house.said(consultation)
    make.record(consultation, WindowAct.EXTEND, closes_at=house.AFTER + make.days(3))
    assert window.of(consultation).is_open
    with pytest.raises(ValidationError):
        house.published(consultation)
