"""The register of documents."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.documents.models import Document
from wagtail.models import Locale, Page

from documents.check_hints import expired_since
from documents.issuers import canonical
from documents.models import (
    DocumentFile,
    DocumentRelation,
    DocumentsPage,
    Force,
    LegalDocumentPage,
)
from documents.numbers import (
    PARTY_SYMBOLS,
    TYPE_SYMBOLS,
    NumberKind,
    as_printed,
    is_document_number,
    parse,
    search_keys,
    tidy,
)
from site_pages import tree
from site_pages.search.models import SearchEntry
from tests.accounts import staff, user
from tests.pages import assert_lean, assert_valid_html


@pytest.mark.parametrize(
    "number",
    [
        "224/2026/NĐ-CP",
        "22/2023/TT-BTTTT",
        "64/2025/QH15",
        "1656/NQ-UBTVQH15",
        "12/2025/NQ-HĐND",
        "819/QĐ-UBND",
        "456/TTr-SNV",
        "76/NQ-CP",
        "12729/VPCP-KGVX",
        "1027/CTK-CSCL",
        "690-BC/TU",
        "18-NQ/TW",
        "1500/QĐ-TTg",
        "30c/NQ-CP",
        "36a/NQ-CP",
        "38/CP",
        "04/2024/UBTVQH15",
        "01/2006/TTLT/BNV-BTC",
        "403/2017/NQLT-CP-UBTVQH14-ĐCTUBTWMTTQVN",
        "41-QĐ/TW",
        "17-QĐi/TW",
        "05-KH/BCĐTW",
        "1279-CV/BTCTU",
        "01/VBHN-BNV",
        "123/SKH&CN-VP",
    ],
)
def test_numbers_of_every_kind_are_known_however_they_are_typed(number):
    assert is_document_number(number)
    assert tidy(unicodedata.normalize("NFD", number.replace("/", " / "))) == number


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("76/NQ\u2013CP", "76/NQ-CP"),
        ("76/NQ\u2011CP", "76/NQ-CP"),
        ("76\u200b/NQ\u00ad-CP", "76/NQ-CP"),
        ("76\uff0fNQ-CP", "76/NQ-CP"),
        ("Số: 76/NQ-CP", "76/NQ-CP"),
        ("10/\u00d0A-UBND", "10/ĐA-UBND"),
        ("456/TTR-SNV", "456/TTr-SNV"),
        ("10/CT-TTG", "10/CT-TTg"),
    ],
)
def test_a_pasted_number_is_kept_as_it_is_printed(typed, printed):
    assert as_printed(typed) == printed
    assert str(parse(typed)) == printed


@pytest.mark.parametrize(
    ("number", "types"),
    [
        ("41-QĐ/TW", ("quyet-dinh", "quy-dinh")),
        ("12-TT/TU", ()),
        ("38/CP", ()),
        ("12/PA-UBND", ()),
        ("01/VBHN-BNV", ()),
        ("1500/QĐ-TTg", ("quyet-dinh",)),
        ("4263/UBND-SNV", ("cong-van",)),
    ],
)
def test_a_symbol_tells_only_what_it_can(number, types):
    assert parse(number).doc_types == types


@pytest.mark.parametrize(
    "text",
    [
        "",
        "76",
        "NQ-CP",
        "76/",
        "76/nq",
        "<b>1/QĐ</b>",
        "76//NQ-CP",
        "76/NQ-",
        "٧٦/NQ-CP",
        "1/QĐ/BNV",
    ],
)
def test_anything_else_is_not_a_number(text):
    assert not is_document_number(text)


ORDINALS = st.from_regex(r"[1-9][0-9]{0,5}[a-c]?", fullmatch=True)
AGENCIES = st.sampled_from(["CP", "UBND", "HĐND", "SNV", "BTTTT", "VPCP-KGVX", "SNV-CCHC", "TTg"])
TYPES = st.sampled_from(sorted(TYPE_SYMBOLS))


def _noisy(number: str) -> str:
    return unicodedata.normalize("NFD", number.replace("/", " / ").replace("-", " - "))


@given(ORDINALS, st.none() | st.integers(1945, 2100), TYPES, AGENCIES)
def test_a_number_taken_apart_is_the_same_number_put_together(ordinal, year, symbol, agency):
    written = f"{ordinal}/{f'{year}/' if year else ''}{symbol}-{agency}"
    number = parse(_noisy(written))
    assert str(number) == written
    assert (number.ordinal, number.year, number.type_symbol) == (ordinal, year, symbol)
    assert number.issuer_symbol == agency
    assert number.doc_type == TYPE_SYMBOLS[symbol]
    assert number.kind is (NumberKind.NORMATIVE if year else NumberKind.INDIVIDUAL)


@given(
    ORDINALS,
    st.sampled_from(sorted(PARTY_SYMBOLS)),
    st.sampled_from(["TW", "TU", "BCĐTW", "VPTU", "ĐU"]),
)
def test_party_numbers_have_a_grammar_of_their_own(ordinal, symbol, issuer):
    written = f"{ordinal}-{symbol}/{issuer}"
    number = parse(_noisy(written))
    assert str(number) == written
    assert (number.kind, number.issuer_symbol) == (NumberKind.PARTY, issuer)
    assert number.doc_types == PARTY_SYMBOLS[symbol]


@given(ORDINALS, st.sampled_from(["VPCP-KGVX", "CTK-CSCL", "SNV-CCHC", "UBND-NC"]))
def test_an_official_letter_has_its_agency_first(ordinal, symbol):
    number = parse(f"{ordinal}/{symbol}")
    assert (number.kind, number.doc_type) == (NumberKind.LETTER, "cong-van")
    assert str(number) == f"{ordinal}/{symbol}"


@given(st.text(max_size=40) | st.text("0123456789/-&QĐNTtrgCPU ", max_size=20))
def test_any_text_is_a_number_or_is_not_and_nothing_breaks(text):
    number = parse(text)
    if number is None:
        assert as_printed(text) == tidy(text)
        assert search_keys(text) == ""
        return
    assert parse(str(number)) == number
    assert str(number).upper() == tidy(text).upper()
    assert search_keys(text)


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


@pytest.fixture
def register(db) -> DocumentsPage:
    tree.lay()
    return DocumentsPage.objects.get(locale__language_code="vi")


def add(register, n: int = 1, **fields) -> LegalDocumentPage:
    values = {
        "title": f"Văn bản <i>số</i> {n}",
        "slug": f"van-ban-{n}",
        "number": f"{n}/2026/QĐ-UBND",
        "doc_type": "quyet-dinh",
        "issuer": "UBND thành phố Hà Nội",
        "level": "city",
        "issued_on": date(2026, 1, 1) + timedelta(n % 300),
        "locale": register.locale,
    }
    return register.add_child(instance=LegalDocumentPage(**{**values, **fields}))


def test_the_same_document_is_not_registered_twice(register):
    add(register)
    with pytest.raises(ValidationError) as refused:
        add(register, slug="khac")
    assert "number" in refused.value.message_dict


def test_a_leading_zero_makes_no_other_document(register):
    add(register, number="05/QĐ-UBND")
    with pytest.raises(ValidationError):
        add(register, slug="khac", number="5/QĐ-UBND")
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalDocumentPage.objects.filter(pk=add(register, 7).pk).update(
            number="5/QĐ-UBND", issued_on=date(2026, 1, 2)
        )


def test_the_year_of_a_law_is_its_year_of_issue(register):
    law = {"number": "64/2025/QH15", "doc_type": "luat", "issuer": "Quốc hội"}
    with pytest.raises(ValidationError):
        add(register, **law)
    assert add(register, **law, issued_on=date(2025, 2, 19)).number == "64/2025/QH15"


def test_drafts_wait_for_their_number_but_not_for_their_day(client, register):
    client.force_login(user("bientap", is_superuser=True))
    form = {
        "title": "Dự thảo <b>kế hoạch</b>",
        "issuer": "Sở Nội vụ",
        **{f"{name}-{part}_FORMS": 0 for name in FORMSETS for part in ("TOTAL", "INITIAL")},
    }
    address = f"/quan-tri/pages/add/documents/legaldocumentpage/{register.pk}/"
    assert client.post(address, form).status_code == 200
    assert not LegalDocumentPage.objects.exists()
    for n in range(2):
        made = client.post(address, form | {"issued_on": "2026-06-01", "slug": f"nhap-{n}"})
        assert made.status_code == 302
    assert LegalDocumentPage.objects.filter(number="", live=False).count() == 2


def test_a_draft_of_a_registered_document_is_told_so(client, register):
    known = add(register, 1)
    client.force_login(user("bientap", is_superuser=True))
    form = {
        "title": "Lần nữa",
        "slug": "lan-nua",
        "number": " 01/2026/QĐ\u2013UBND",
        "doc_type": known.doc_type,
        "issuer": "UBND TP Hà Nội",
        "level": known.level,
        "issued_on": known.issued_on.isoformat(),
        **{f"{name}-{part}_FORMS": 0 for name in FORMSETS for part in ("TOTAL", "INITIAL")},
    }
    address = f"/quan-tri/pages/add/documents/legaldocumentpage/{register.pk}/"
    for action in ({}, {"action-publish": "1"}):
        page = client.post(address, form | action)
        assert page.status_code == 200
        assert "đã có trong danh mục" in page.content.decode()
    assert LegalDocumentPage.objects.count() == 1


FORMSETS = ("files", "relations", "comments")


def test_dates_run_forward(register):
    with pytest.raises(ValidationError):
        add(register, effective_on=date(2025, 1, 1))
    with pytest.raises(ValidationError):
        add(register, effective_on=date(2026, 5, 1), expires_on=date(2026, 4, 1))


def test_the_address_says_the_filter(client, register):
    add(register, 1)
    add(
        register,
        2,
        level="central",
        doc_type="nghi-dinh",
        number="2/2026/NĐ-CP",
        issuer="Chính phủ",
    )
    add(register, 3, issued_on=date(2020, 3, 1), number="3/QĐ-UBND")
    for query, numbers in [
        ({}, {"1/2026/QĐ-UBND", "2/2026/NĐ-CP", "3/QĐ-UBND"}),
        ({"cap": "central"}, {"2/2026/NĐ-CP"}),
        ({"loai": "quyet-dinh", "nam": "2026"}, {"1/2026/QĐ-UBND"}),
        ({"tu": "3 / QĐ"}, {"3/QĐ-UBND"}),
        ({"tu": "3/Q\x00Đ"}, {"3/QĐ-UBND"}),
        ({"tu": "2 / 2026 / NĐ\u2013CP"}, {"2/2026/NĐ-CP"}),
        ({"tu": "nd2"}, {"2/2026/NĐ-CP"}),
        ({"tu": "x" * 10_000}, set()),
        ({"hieuluc": "in-force", "coquan": "Chính phủ", "trang": "9" * 40}, {"2/2026/NĐ-CP"}),
        ({"nam": "abc", "cap": "'"}, {"1/2026/QĐ-UBND", "2/2026/NĐ-CP", "3/QĐ-UBND"}),
    ]:
        response = client.get("/van-ban/", query)
        assert {page.number for page in response.context["page_obj"]} == numbers
        assert_valid_html(response)


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


def test_files_are_fetched_only_where_a_public_page_carries_them(client, register, settings):
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}
    shown = add(register, 1)
    document = Document(title="Toàn văn")
    document.file.save("toan-van.pdf", ContentFile(b"%PDF-1.7 x"))
    document.save()
    assert client.get(document.url).status_code == 404
    shown.files.add(DocumentFile(document=document))
    shown.save()
    assert client.get(document.url).status_code == 200
    assert "PDF" in client.get(shown.url).content.decode()
    shown.view_restrictions.create(restriction_type="login")
    assert client.get(document.url).status_code == 404
    shown.view_restrictions.all().delete()
    shown.unpublish()
    assert client.get(document.url).status_code == 404
    client.force_login(staff("bientap"))
    assert client.get(document.url).status_code == 200


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


def test_the_symbol_and_the_type_agree(register):
    with pytest.raises(ValidationError) as refused:
        add(register, doc_type="nghi-quyet")
    assert "doc_type" in refused.value.message_dict
    with pytest.raises(ValidationError) as refused:
        add(register, issued_on=date(2025, 12, 31))
    assert "number" in refused.value.message_dict


def test_an_issuer_has_one_spelling(register):
    first = add(register, 1)
    second = add(register, 2, issuer=unicodedata.normalize("NFD", "UBND  TP Hà Nội "))
    assert second.issuer == first.issuer
    assert canonical("Bộ Nội vụ", [first.issuer]) == "Bộ Nội vụ"


def test_the_clock_of_72_hours_runs_from_the_end_of_the_day_of_issue(register, at):
    at("2026-06-04 23:59")
    document = LegalDocumentPage(issued_on=date(2026, 6, 1))
    assert (document.timeliness.state, document.timeliness.hours) == ("running", 0)
    at("2026-06-05 00:01")
    assert document.timeliness.state == "overdue"
    document.first_published_at = at("2026-06-04 08:00")
    assert document.timeliness.state == "on-time"
    assert LegalDocumentPage(issued_on=date(2020, 1, 1)).timeliness is None


@pytest.mark.parametrize("count", [10, 60])
def test_the_register_costs_the_same_however_long(
    client, register, count, django_assert_max_num_queries
):
    for n in range(1, count + 1):
        add(register, n)
    client.get("/van-ban/")
    with django_assert_max_num_queries(15):
        response = client.get("/van-ban/")
    assert_lean(response)


def test_a_document_shows_relations_both_ways(client, register):
    old = add(register, 1, number="1/QĐ-UBND", issued_on=date(2020, 1, 1))
    new = add(register, 2)
    DocumentRelation.objects.create(source=new, kind="replaces", target=old)
    page = client.get(old.url)
    assert "Được thay thế bởi" in page.content.decode()
    assert "Hết hiệu lực" in page.content.decode()
    assert "Thay thế" in client.get(new.url).content.decode()
    assert_valid_html(page)


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


@pytest.mark.parametrize(
    "words",
    [
        "76/NQ-CP",
        "76 NQ CP",
        "nq76",
        "NQ-76",
        "76nqcp",
        "nq76cp",
        "nghị quyết 76",
        "Số 76/NQ\u2013CP",
    ],
)
def test_a_document_is_found_first_by_its_number_however_typed(client, register, words):
    kept = {"issuer": "Chính phủ", "level": "central", "doc_type": "nghi-quyet"}
    sought = add(register, 1, number="76/NQ-CP", issued_on=date(2021, 7, 15), **kept)
    add(register, 2, title="Kế hoạch thực hiện Nghị quyết số 76/NQ-CP của Chính phủ")
    add(register, 3, number="176/NQ-CP", **kept)
    rows = client.get("/tim-kiem/", {"q": words}).context["page_obj"].object_list
    assert rows[0].page_id == sought.pk


@pytest.mark.parametrize("words", ["nq5", "NQ05", "5/NQ-CP", "05 nq cp"])
def test_a_leading_zero_may_be_typed_or_not(client, register, words):
    sought = add(register, 1, number="05/NQ-CP", doc_type="nghi-quyet")
    rows = client.get("/tim-kiem/", {"q": words}).context["page_obj"].object_list
    assert [row.page_id for row in rows] == [sought.pk]


def test_open_data_says_nothing_of_what_is_not_public(client, register):
    public = add(register, 1)
    draft = add(register, 2, number="2/QĐ-MẬT".replace("Ậ", "A"), issued_on=date(2020, 1, 1))
    draft.unpublish()
    shown = add(register, 3, number="3/QĐ-UBND", issued_on=date(2020, 1, 1))
    for target in (draft, shown):
        DocumentRelation.objects.create(source=public, kind="guides", target=target)
    sent = b"".join(client.get("/du-lieu-mo/van-ban.csv")).decode()
    assert "guides 3/QĐ-UBND" in sent
    assert draft.number not in sent


def test_no_cell_of_open_data_becomes_a_formula(client, register):
    for n, title in enumerate(["=1+1", "@SUM(A1)", "x;=cmd|'/c calc'!A1", "\uff1d1+1"], start=1):
        add(register, n, title=title)
    response = client.get("/du-lieu-mo/van-ban.csv")
    assert 'rel="license"' in response.headers["Link"]
    rows = csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig")))
    for row in rows:
        assert not row["title"].startswith(("=", "@", "\uff1d"))
        assert ";=" not in row["title"]


def test_the_schema_names_every_code(client, register):
    add(register, 1)
    row = client.get("/du-lieu-mo/van-ban.json").json()["rows"][0]
    told = client.get("/du-lieu-mo/van-ban/luoc-do.json").json()
    fields = {field["name"]: field for field in told["schema"]["fields"]}
    assert list(row) == list(fields)
    for name in ("type", "level", "state"):
        assert row[name] in {item["value"] for item in fields[name]["categories"]}
    assert told["licenses"][0]["path"].endswith("/du-lieu-mo/")


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
