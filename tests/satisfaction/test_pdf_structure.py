"""What a validator of PDF/UA-1 and PDF/A-3a would look for, in every PDF of a report.

No validator is at hand in this suite; these are the rules of ISO 14289-1 and ISO 19005-3 that a
report of ours could break, read from the file as it lies.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.db import transaction
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from portal import clock
from portal.agencies.models import Agency
from portal.outbox.draining import drain
from portal.reporting.models import EditionFile, FileKind
from satisfaction import reports
from satisfaction.models import Survey
from satisfaction.questionnaires import template
from satisfaction.reporting import plan
from satisfaction.reporting.plan import CHAPTERS, Chosen
from satisfaction.versions import publish_version
from tests.accounts import staff
from tests.satisfaction.crowds import crowd
from tests.satisfaction.factories import OPENS, local

pytestmark = pytest.mark.django_db
KINDS = ("reading", FileKind.SUMMARY, FileKind.ARCHIVE)
# Structure types of PDF 1.7 (ISO 32000-1, 14.8.4); others would need a role map.
STANDARD = {
    "/Document", "/Part", "/Sect", "/Div", "/NonStruct", "/P", "/H1", "/H2", "/H3", "/H4", "/L",
    "/LI", "/Lbl", "/LBody", "/Table", "/TR", "/TH", "/TD", "/THead", "/TBody", "/TFoot",
    "/Caption", "/Figure", "/Span", "/Link", "/Reference", "/Note",
}  # fmt: skip
_MARKED = re.compile(rb"/\w+\s*(?:<<.*?>>|/\w+)?\s*(?:BDC|BMC)|\bEMC\b|\b(?:Tj|TJ)\b", re.DOTALL)


@pytest.fixture(scope="module")
def files(django_db_setup, django_db_blocker) -> dict[str, bytes]:
    """A report with every chapter on many agencies; made once, the work is undone afterwards."""
    with (
        django_db_blocker.unblock(),
        clock.stopped_at(local("2027-01-20 12:00")),
        transaction.atomic(),
    ):
        made = _made()
        transaction.set_rollback(True)
    return made


def _made() -> dict[str, bytes]:
    survey = Survey.objects.create(
        code="sipas",
        title="Đo lường sự hài lòng của người dân đối với sự phục vụ của cơ quan hành chính",
        opens_at=OPENS,
        closes_at=local("2027-02-01 00:00"),
        period_kind="month",
    )
    publish_version(survey, template("sipas_2024"), survey.opens_at)
    codes = Agency.objects.values_list("code", flat=True)[:44]
    crowd(survey, {code: 12 + place % 5 for place, code in enumerate(codes)})
    officer = staff("nhom", "reporting.order_edition")
    plan.save_plan(survey.pk, Chosen(tuple(CHAPTERS), {}, has_nps=True), 0, officer)
    edition = reports.order_report(survey, officer)
    drain()
    edition.refresh_from_db()
    assert edition.state == "ready", edition.failure
    found = {"reading": edition.pdf.read()}
    for row in EditionFile.objects.filter(edition=edition, kind__in=KINDS):
        found[row.kind] = row.file.read()
    return found


@pytest.fixture(params=KINDS)
def reader(request, files) -> PdfReader:
    return PdfReader(io.BytesIO(files[request.param]))


def elements(reader: PdfReader) -> Iterator[DictionaryObject]:
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict) and "/S" in node:
            yield node
            if "/K" in node:
                waiting.append(node["/K"])


def fonts(reader: PdfReader) -> dict[str, DictionaryObject]:
    found = {}
    for page in reader.pages:
        for name, font in page["/Resources"].get("/Font", {}).items():
            found[name] = font.get_object()
    return found


def test_the_document_says_what_it_is(reader):
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"]["/Marked"]
    assert not root["/MarkInfo"].get("/Suspects", False)
    metadata = root["/Metadata"].get_object()
    xmp = metadata.get_data().decode()
    assert "dc:title" in xmp
    assert re.search(r"pdf(ua|a)id:part", xmp)
    assert reader.metadata.title
    assert reader.metadata.title in xmp
    assert not reader.is_encrypted
    assert "/JavaScript" not in root.get("/Names", {})
    assert "/OpenAction" not in root


def test_every_font_is_embedded_and_says_its_letters(reader):
    found = fonts(reader)
    assert found
    for font in found.values():
        assert "/ToUnicode" in font, font["/BaseFont"]
        inner = font["/DescendantFonts"][0].get_object()
        descriptor = inner["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]
        assert re.match(r"/[A-Z]{6}\+", font["/BaseFont"])


def test_every_page_is_tabbed_by_its_structure_and_all_text_is_tagged(reader):
    for number, page in enumerate(reader.pages, 1):
        if "/Annots" in page:
            assert page.get("/Tabs") == "/S", number
        depth = 0
        for found in _MARKED.finditer(page.get_contents().get_data()):
            text = found.group()
            if text.endswith((b"BDC", b"BMC")):
                depth += 1
            elif text == b"EMC":
                depth -= 1
            else:
                assert depth > 0, f"untagged text on page {number}"
        assert depth == 0


def test_headings_nest_and_types_are_standard(reader):
    kinds = [str(element["/S"]) for element in elements(reader)]
    assert set(kinds) <= STANDARD, set(kinds) - STANDARD
    levels = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_figures_have_words_and_tables_have_headers(reader):
    names = {str(element["/S"]) for element in elements(reader)}
    for element in elements(reader):
        if element["/S"] == "/Figure":
            assert str(element.get("/Alt", "")).strip()
            assert "/BBox" in element["/A"]
        if element["/S"] == "/TH":
            assert element["/A"]["/Scope"] in ("/Column", "/Row")
    assert {"/Table", "/TH"} <= names


def test_no_figure_runs_over_its_page(reader):
    """A chart that is taller than a sheet is cut off at its edge."""
    sheet = reader.pages[0].mediabox
    for element in elements(reader):
        if element["/S"] == "/Figure":
            _left, bottom, _right, top = (float(side) for side in element["/A"]["/BBox"])
            assert 0 < bottom < top < float(sheet.height), element["/Alt"]


def test_the_archive_has_its_colours_and_its_data(files):
    root = PdfReader(io.BytesIO(files[FileKind.ARCHIVE])).trailer["/Root"]
    (intent,) = (item.get_object() for item in root["/OutputIntents"])
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_object().get_data()[36:40] == b"acsp"
    for spec in (item.get_object() for item in root["/AF"]):
        assert spec["/AFRelationship"] == "/Data"
        assert spec["/UF"]
        assert spec["/Desc"]
        embedded = spec["/EF"]["/F"].get_object()
        assert "/Subtype" in embedded
        assert {"/ModDate", "/Size"} <= set(embedded["/Params"])


def test_the_summary_is_one_page_however_many_agencies(files):
    assert len(PdfReader(io.BytesIO(files[FileKind.SUMMARY])).pages) == 1
