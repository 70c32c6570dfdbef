"""From when to when a document is in force, and what ends it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Locale, Page

from documents.check_hints import expired_since
from documents.models import DocumentRelation, Force, LegalDocumentPage
from site_pages.search.models import SearchEntry
from tests.documents.factories import add


@pytest.mark.django_db
@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 2000), st.integers(1, 2000))
def test_the_state_follows_from_the_dates_to_the_day(start, wait, life):
    effective = start + timedelta(wait)
    end = effective + timedelta(life)
    document = LegalDocumentPage(issued_on=start, effective_on=effective, expires_on=end)
    assert document.force_on(effective - timedelta(1)) is Force.NOT_YET
    assert document.force_on(effective) is Force.IN_FORCE
    assert document.force_on(end - timedelta(1)) is Force.IN_FORCE
    assert document.force_on(end) is Force.EXPIRED


def test_a_document_that_replaces_another_ends_it_that_day_and_not_before(register):
    old = add(register, 1, number="1/QĐ-UBND", issued_on=date(2020, 1, 1))
    new = add(register, 2, issued_on=date(2026, 3, 1), effective_on=date(2026, 4, 15))
    DocumentRelation.objects.create(source=new, kind="replaces", target=old)
    for day, state in [
        (date(2026, 3, 1), Force.IN_FORCE),
        (date(2026, 4, 14), Force.IN_FORCE),
        (date(2026, 4, 15), Force.EXPIRED),
        (date(2030, 1, 1), Force.EXPIRED),
    ]:
        assert old.force_on(day) is state
        assert old in LegalDocumentPage.objects.in_state(state, day)
    new.unpublish()
    assert old.force_on(date(2026, 4, 15)) is Force.IN_FORCE


def replace(old, new, kind="replaces"):
    return DocumentRelation.objects.create(source=new, kind=kind, target=old)


def test_a_document_that_never_came_into_force_ends_nothing(register, at):
    at("2027-06-01 09:00")
    old = add(register, 1, number="1/QĐ-UBND", issued_on=date(2020, 1, 1))
    new = add(register, 2, issued_on=date(2026, 3, 1), effective_on=date(2027, 1, 1))
    replace(old, new)
    assert old.force is Force.EXPIRED
    repeal = add(register, 3, issued_on=date(2026, 6, 1))
    replace(new, repeal, "repeals")
    assert old.force is Force.IN_FORCE
    assert new.force is Force.EXPIRED
    assert SearchEntry.objects.get(page=old).ends_on == date(9999, 12, 31)
    repeal.unpublish()
    assert old.force is Force.EXPIRED
    assert SearchEntry.objects.get(page=old).ends_on == date(2027, 1, 1)


def test_a_private_document_ends_nothing(register):
    old = add(register, 1, number="1/QĐ-UBND", issued_on=date(2020, 1, 1))
    new = add(register, 2)
    replace(old, new)
    new.view_restrictions.create(restriction_type="login")
    assert old.force is Force.IN_FORCE


def test_two_documents_do_not_end_each_other(register):
    first, second = add(register, 1), add(register, 2, issued_on=date(2026, 1, 2))
    replace(first, second)
    first.relations.add(DocumentRelation(kind="repeals", target=second))
    with pytest.raises(ValidationError):
        first.save()


def test_a_translation_stands_beside_its_original_and_shares_its_state(client, register, at):
    at("2026-11-20 09:00")
    old = add(register, 1, number="1/QĐ-UBND", issued_on=date(2020, 1, 1))
    new = add(register, 2)
    relation = replace(old, new)
    english = old.copy_for_translation(Locale.objects.get(language_code="en"))
    english.title = "Decision on reform"
    english.save_revision().publish()
    english = LegalDocumentPage.objects.get(pk=english.pk)
    assert english.number == old.number
    assert english.force is Force.EXPIRED
    assert "Expired" in client.get(english.url).content.decode()
    assert SearchEntry.objects.get(page=english).ends_on == new.issued_on
    relation.delete()
    assert SearchEntry.objects.get(page=english).ends_on == date(9999, 12, 31)
    assert LegalDocumentPage.objects.get(pk=english.pk).force is Force.IN_FORCE


@pytest.mark.parametrize("day", [date(2026, 2, n) for n in range(1, 29, 3)])
def test_lists_and_documents_agree_on_the_state(register, day):
    older = add(register, 1, number="1/QĐ-UBND", issued_on=date(2020, 1, 1))
    amended = add(register, 2, number="2/QĐ-UBND", issued_on=date(2021, 1, 1))
    add(register, 3, issued_on=date(2026, 1, 2), effective_on=date(2026, 2, 10))
    add(register, 4, issued_on=date(2026, 1, 2), expires_on=date(2026, 2, 20))
    new = add(register, 5, issued_on=date(2026, 1, 2), effective_on=date(2026, 2, 13))
    for kind, target in [("repeals", older), ("amends", amended), ("guides", older)]:
        DocumentRelation.objects.create(source=new, kind=kind, target=target)
    for state in Force:
        listed = set(LegalDocumentPage.objects.in_state(state, day))
        told = {page for page in LegalDocumentPage.objects.all() if page.force_on(day) is state}
        assert listed == told
        rows = LegalDocumentPage.objects.with_force()
        assert {page for page in rows if page.force_on(day) is state} == told


def test_a_newer_document_is_not_ended_by_an_older_one(register):
    old = add(register, 1, number="1/QĐ-UBND", issued_on=date(2020, 1, 1))
    new = add(register, 2)
    old.relations.add(DocumentRelation(kind="replaces", target=new))
    with pytest.raises(ValidationError):
        old.save()


def test_a_translation_tells_the_same_life_once(client, register):
    old = add(register, 1, number="1/QĐ-UBND", issued_on=date(2020, 1, 1))
    new = add(register, 2, issued_on=date(2026, 3, 1), effective_on=date(2026, 4, 15))
    replace(old, new)
    english = Locale.objects.get(language_code="en")
    for page, title in ((old, "The old one"), (new, "The new one")):
        copy = page.copy_for_translation(english)
        copy.title = title
        copy.save_revision().publish()
    text = client.get(old.url).content.decode()
    assert text.count("Được thay thế bởi") == 1
    assert "The new one" not in text
    assert "15/04/2026" in text
    english_text = client.get(f"/en{old.url}").content.decode()
    assert "replaced by" in english_text
    assert "The new one" in english_text
    assert new.title not in english_text


def test_a_document_that_expired_since_it_was_published_is_a_hint_to_look(register, at):
    published = timezone.make_aware(datetime.fromisoformat("2026-06-01 09:00"))
    document = add(register, 1)
    older = add(register, 2)
    for row, day in ((document, date(2026, 7, 1)), (older, date(2026, 5, 1))):
        LegalDocumentPage.objects.filter(pk=row.pk).update(
            expires_on=day, last_published_at=published, effective_on=date(2026, 1, 2)
        )
    pages = list(Page.objects.filter(pk__in=[document.pk, older.pk]))
    at("2026-06-30 23:59")
    assert expired_since(pages) == {}
    at("2026-07-01 00:00")
    (words,) = expired_since(pages)[document.pk]
    assert "01/07/2026" in words
    assert older.pk not in expired_since(pages)
