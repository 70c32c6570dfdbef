"""The database keeps what the public relied on, whoever writes to it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError

from consultations.models import (
    DraftText,
    Opinion,
    OpinionState,
    Provision,
    WindowAct,
    WindowRecord,
)
from tests.consultations import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation(at):
    at(make.NOON)
    made = make.make_consultation()
    make.open_window(made)
    make.make_text(made)
    return made


def refused(act) -> bool:
    """Whether the database refuses it; the test's own transaction lives on."""
    try:
        with transaction.atomic():
            act()
    except DatabaseError:
        return True
    return False


def test_a_record_of_the_window_is_neither_changed_nor_deleted(consultation):
    rows = WindowRecord.objects.filter(consultation=consultation)
    assert refused(lambda: rows.update(closes_at=make.CLOSES + make.days(1)))
    assert refused(lambda: rows.update(reason="khác"))
    assert refused(rows.delete)
    assert rows.get().closes_at == make.CLOSES


def test_a_change_of_the_window_needs_a_reason_and_a_document(consultation):
    for missing in ("reason", "document_number"):
        assert refused(
            lambda missing=missing: make.record(consultation, WindowAct.SUSPEND, **{missing: ""})
        )


def test_the_first_opinion_locks_its_version(consultation):
    text = consultation.texts.get()
    provision = text.provisions.first()
    assert text.locked_at is None
    first = make.opine(consultation, provision)
    make.opine(consultation)
    text.refresh_from_db()
    assert text.locked_at == first.received_at
    rows = Provision.objects.filter(text_version=text)
    assert refused(lambda: rows.filter(pk=provision.pk).update(text="khác"))
    assert refused(rows.filter(children=None, opinions=None).delete)
    assert refused(lambda: make._provision(text, 99, "article", "Điều 99."))
    versions = DraftText.objects.filter(pk=text.pk)
    for change in ({"locked_at": None}, {"sha256": "b" * 64}, {"number": 7}):
        assert refused(lambda change=change: versions.update(**change)), change
    assert not refused(lambda: versions.update(note="Giải thích"))


def test_before_the_first_opinion_the_text_may_be_mended(consultation):
    text = consultation.texts.get()
    assert not refused(lambda: text.provisions.update(text="sửa lỗi chính tả"))
    assert refused(lambda: DraftText.objects.filter(pk=text.pk).delete() and None)


def test_what_an_opinion_is_about_never_changes(consultation):
    provision = consultation.texts.get().provisions.first()
    opinion = make.opine(consultation, provision)
    rows = Opinion.objects.filter(pk=opinion.pk)
    for change in (
        {"provision": None},
        {"quoted_text": "khác"},
        {"provision_sha256": "f" * 64},
        {"receipt_code": "0000-0000-0000"},
        {"received_at": make.CLOSES},
    ):
        assert refused(lambda change=change: rows.update(**change)), change
    assert refused(rows.delete)
    assert not refused(lambda: rows.update(state=OpinionState.PUBLISHED, text="Sửa ý kiến"))


def test_nothing_above_an_opinion_can_be_deleted(consultation):
    provision = consultation.texts.get().provisions.filter(children=None).first()
    make.opine(consultation, provision)
    for row in (provision, provision.text_version, consultation):
        with pytest.raises((ProtectedError, DatabaseError)), transaction.atomic():
            row.delete()


def test_an_opinion_speaks_of_its_own_consultation_s_text(consultation):
    other = make.make_consultation("khac")
    stray = make.make_text(other).provisions.first()
    assert refused(lambda: make.opine(consultation, stray))
    assert not Opinion.objects.exists()
