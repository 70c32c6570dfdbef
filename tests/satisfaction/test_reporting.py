"""The report of any questionnaire: every kind, chosen chapters, its files and open data."""

from __future__ import annotations

import csv
import hashlib
import importlib
import io
import json
import random
import re
import statistics
import zipfile
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Model
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from portal import clock
from portal.outbox.draining import drain
from portal.reporting import editions
from portal.reporting.models import Edition, EditionFile, FileKind
from satisfaction import reports
from satisfaction.models import (
    ReportPlan,
    Response,
)
from satisfaction.reporting import plan, values
from satisfaction.reporting.plan import Chosen
from tests.accounts import staff, user
from tests.pages import assert_lean, assert_valid_html
from tests.satisfaction.factories import (
    NOON,
    full_form,
    make_full_survey,
    make_page,
    make_survey,
    respond,
)
from tests.satisfaction.reported import answered_once

pytestmark = pytest.mark.django_db
EVERY_CHAPTER = ("received", "index", "items", "questions", "agencies", "channels", "flagged")


_answered: list[list[Model]] = []


@pytest.fixture
def survey(at):
    """90 varied responses to a question of each kind, a third of them on the short path.

    Answered through the verbs once; later tests are given the same rows.
    """
    at(NOON)
    return answered_once(answer_all, _answered)


def answer_all() -> None:
    chance = random.Random(5)
    made = make_full_survey()
    for number in range(90):
        ranks = chance.sample([1, 2, 3], 3)
        form = full_form(
            come="1" if number % 3 else "2",
            g1=str(chance.choice([1, 2, 3, 3, 9])),
            g2=str(chance.choice([2, 3])),
            wait=str(chance.choice([5, 10, 15, 20, 30, 45])),
            why=chance.choice([["1"], ["2"], ["1", "2"], ["99"], ["8"]]),
            score=str(chance.choice([3, 7, 8, 9, 10])),
            **{f"order.{choice}": str(rank) for choice, rank in zip((1, 2, 3), ranks, strict=True)},
        )
        respond(made, form)


@pytest.fixture
def officer():
    return staff("to.cong.tac", "reporting.order_edition", "satisfaction.view_results")


@pytest.fixture
def director():
    return staff("giam.doc", "reporting.publish_edition", "reporting.view_edition")


def make(survey, officer) -> Edition:
    edition = reports.order_report(survey, officer)
    drain()
    edition.refresh_from_db()
    assert edition.state == "ready", edition.failure
    return edition


def figures(survey) -> dict:
    return reports.snapshot(survey.pk, clock.now(), lambda _percent: None)


def question(told: dict, code: str) -> dict:
    return next(row for row in told["questions"] if row["code"] == code)


def given_answers(code: str) -> list:
    every = Response.objects.filter(status="valid").values_list("answers", flat=True)
    return [answers[code] for answers in every if answers.get(code) is not None]


def test_a_multiple_choice_is_a_share_of_those_who_answered(survey):
    asked = question(figures(survey), "why")
    chosen = given_answers("why")
    answered = [codes for codes in chosen if codes != [99]]
    assert asked["base"] == {
        "answered": len(answered),
        "na": 0,
        "silent": len(chosen) - len(answered),
        "not_asked": 30,
    }
    of_one = sum(1 in codes for codes in answered)
    row = next(row for row in asked["rows"] if row["code"] == 1)
    assert row["n"] == (of_one if of_one >= 10 and len(answered) - of_one >= 10 else None)


def test_a_ranking_tells_first_places_and_the_mean_rank(survey):
    asked, ranked = question(figures(survey), "order"), given_answers("order")
    assert asked["base"]["answered"] == len(ranked) == 90
    for row in asked["rows"]:
        assert row["first"] == sum(codes[0] == row["code"] for codes in ranked)
        mean = Fraction(sum(codes.index(row["code"]) + 1 for codes in ranked), len(ranked))
        assert Decimal(row["mean"]) == round(Decimal(mean.numerator) / mean.denominator, 10)


def test_numbers_have_a_mean_quarters_and_bands_that_hold_ten_people(survey):
    asked = question(figures(survey), "wait")
    amounts = [float(text) for text in given_answers("wait")]
    assert float(asked["mean"]) == pytest.approx(statistics.fmean(amounts))
    quarters = statistics.quantiles(amounts, n=4, method="inclusive")
    assert [float(text) for text in asked["quarters"]] == pytest.approx(quarters)
    assert sum(band["n"] for band in asked["bands"]) == len(amounts) == 60
    assert all(band["n"] >= 10 for band in asked["bands"])


def test_days_are_counted_by_month(survey):
    assert question(figures(survey), "day")["months"] == [{"label": "11/2026", "n": 60}]


def test_a_rating_has_its_distribution_and_mean_and_nps_only_where_asked(survey, officer):
    scores = given_answers("score")
    told = question(figures(survey), "score")
    assert float(told["mean"]) == pytest.approx(statistics.fmean(scores))
    assert sum(told["levels"]) == 90
    assert "nps" not in told
    plan.save_plan(survey.pk, Chosen(EVERY_CHAPTER, {}, has_nps=True), 0, officer)
    told = question(figures(survey), "score")
    score = sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)
    assert float(told["nps"]) == pytest.approx(score / 90)


def test_written_words_are_counted_and_never_printed(survey):
    told = figures(survey)
    assert question(told, "words")["base"]["answered"] == 90
    assert "Cảm ơn" not in json.dumps(told, ensure_ascii=False)
    # Only a few were asked this one.
    assert question(told, "late")["base"]["answered"] is None


def test_items_of_any_scale_keep_its_words_and_tell_the_unasked_apart(survey):
    told = figures(survey)
    item = told["items"][0]
    assert item["scale"] == ["Kém", "Khá", "Tốt"]
    levels = Counter(given_answers("g1"))
    assert sum(item["levels"]) == levels[1] + levels[2] + levels[3]
    assert item["not_applicable"] == levels[9]
    assert told["words"]["satisfied"] == ["Tốt"]
    text = json.dumps(reports.context(told)["finding"], ensure_ascii=False)
    assert "Chỉ số chung của khảo sát" in text
    assert "hài lòng" not in text


def test_sipas_keeps_its_own_words(at):
    at(NOON)
    survey = make_survey()
    for _ in range(12):
        respond(survey)
    finding = reports.context(figures(survey))["finding"]
    assert "Chỉ số hài lòng của người dân đối với sự phục vụ" in finding


def test_the_editor_chooses_chapters_order_and_comments(survey, officer):
    comments = {"questions": "Cần <b>xem</b> lại.\nDòng hai.", "unknown": "x"}
    plan.save_plan(survey.pk, Chosen(("questions", "index", "nowhere"), comments), 0, officer)
    edition = make(survey, officer)
    assert edition.snapshot["plan"]["chapters"] == ["questions", "index"]
    assert "channels" not in edition.snapshot
    told = reports.context(edition.snapshot)
    assert [chapter.code for chapter in told["chapters"]] == ["questions", "index", "method"]
    html = editions.render(edition)
    assert "Nhận xét của Tổ công tác:" in html
    assert "Cần &lt;b&gt;xem&lt;/b&gt; lại." in html
    assert "Số phiếu tiếp nhận" not in html
    plan.save_plan(survey.pk, Chosen(("agencies",)), 1, officer)
    edition.refresh_from_db()
    assert edition.snapshot["plan"]["chapters"] == ["questions", "index"]


def test_every_chapter_that_can_be_chosen_is_drawn(survey, officer):
    plan.save_plan(survey.pk, Chosen(tuple(plan.CHAPTERS)), 0, officer)
    edition = make(survey, officer)
    chapters = [chapter.code for chapter in reports.context(edition.snapshot)["chapters"]]
    assert chapters == [*plan.CHAPTERS, "method"]


def test_the_annex_names_methods_and_the_json_their_functions(survey, officer):
    """A reader checks by names, versions and hashes; a program finds the functions."""
    plan.save_plan(survey.pk, Chosen(tuple(plan.CHAPTERS)), 0, officer)
    edition = make(survey, officer)
    told = reports.context(edition.snapshot)
    blocks = [block for chapter in told["chapters"] for block in chapter.blocks]
    numbered = {f"Bảng {b.number}" for b in blocks if b.kind == "table"} | {
        f"Hình {b.number}" for b in blocks if b.kind == "figure"
    }
    named = set()
    for name, version, places in told["methods"]:
        assert version.isdigit()
        assert not re.search(r"[a-z]_[a-z]|\w\.\w", name), name
        for part in places.split("; "):
            kind, numbers = part.split(" ", 1)
            named |= {f"{kind} {number}" for number in numbers.split(", ")}
    assert named == numbered
    html = editions.render(edition)
    assert "results.moments" not in html
    assert "counts_by_question" not in html
    digest = edition.snapshot["definition"]["sha256"]
    assert digest[:8] in html
    data = EditionFile.objects.get(edition=edition, kind=FileKind.JSON)
    package = json.loads(data.file.read())
    assert {row["place"] for row in package["traced"]} == numbered
    for row in package["traced"]:
        for method in row["methods"]:
            module, name = method["function"].rsplit(".", 1)
            assert callable(getattr(importlib.import_module(module), name))
    assert package["index_definition_sha256"] == digest
    method_text = EditionFile.objects.get(edition=edition, kind=FileKind.METHOD).file.read()
    assert b"counts_by_question" not in method_text


def test_only_who_orders_reports_plans_them_and_never_over_anothers_change(survey, officer):
    with pytest.raises(PermissionDenied):
        plan.save_plan(survey.pk, Chosen(), 0, user("khac"))
    plan.save_plan(survey.pk, Chosen(), 0, officer)
    with pytest.raises(ValidationError):
        plan.save_plan(survey.pk, Chosen(("index",)), 0, officer)
    with pytest.raises(ValidationError):
        plan.save_plan(survey.pk, Chosen(()), 1, officer)
    assert ReportPlan.objects.get().revision == 1


class TestPlanPage:
    def url(self, survey) -> str:
        return f"/quan-tri/khao-sat/{survey.pk}/bao-cao/"

    def data(self, **changed) -> dict:
        return {
            "revision": "0", "show-index": "on", "place-index": "2", "show-agencies": "on",
            "place-agencies": "1", "comment-agencies": "Một số nơi ít phiếu.", **changed,
        }  # fmt: skip

    def test_chapters_are_put_in_order(self, client, survey, officer):
        client.force_login(officer)
        assert client.get(self.url(survey)).status_code == 200
        assert client.post(self.url(survey), self.data()).status_code == 302
        assert ReportPlan.objects.get().chosen == {
            "chapters": ["agencies", "index"],
            "comments": {"agencies": "Một số nơi ít phiếu."},
            "has_nps": False,
        }

    def test_a_conflict_keeps_what_was_typed(self, client, survey, officer):
        plan.save_plan(survey.pk, Chosen(), 0, officer)
        client.force_login(officer)
        page = client.post(self.url(survey), self.data()).content.decode()
        assert "Một số nơi ít phiếu." in page
        assert 'name="revision" value="1"' in page
        assert ReportPlan.objects.get().chosen["comments"] == {}

    def test_others_are_kept_out(self, client, survey):
        client.force_login(staff("khac", "satisfaction.view_results"))
        assert client.get(self.url(survey)).status_code in (302, 403)


class TestFiles:
    def file(self, edition, kind) -> bytes:
        row = EditionFile.objects.get(edition=edition, kind=kind)
        with row.file.open("rb") as held:
            content = held.read()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (row.sha256, row.size)
        return content

    def test_the_archive_is_pdf_a_3_with_the_data_inside(self, survey, officer):
        edition = make(survey, officer)
        reader = PdfReader(io.BytesIO(self.file(edition, FileKind.ARCHIVE)))
        root = reader.trailer["/Root"]
        metadata = root["/Metadata"].get_data().decode()
        assert 'pdfaid:part="3"' in metadata or "<pdfaid:part>3" in metadata
        assert 'pdfaid:conformance="A"' in metadata or "<pdfaid:conformance>A" in metadata
        assert root["/MarkInfo"]["/Marked"]
        assert "/OutputIntents" in root
        kinds = {spec.get_object()["/AFRelationship"] for spec in root["/AF"]}
        assert kinds == {"/Data"}
        inside = {name: parts[0] for name, parts in reader.attachments.items()}
        assert set(inside) == {
            "so-lieu.csv", "mo-ta-cot.json", "phuong-phap.txt", "anh-chup-so-lieu.json"
        }  # fmt: skip
        assert inside["so-lieu.csv"] == self.file(edition, FileKind.CSV)
        snapshot = inside["anh-chup-so-lieu.json"]
        assert hashlib.sha256(snapshot).hexdigest() == edition.snapshot_sha256

    def test_the_summary_is_one_page(self, survey, officer):
        edition = make(survey, officer)
        reader = PdfReader(io.BytesIO(self.file(edition, FileKind.SUMMARY)))
        assert len(reader.pages) == 1
        assert "pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data().decode()
        text = reader.pages[0].extract_text()
        assert edition.code in text

    def test_the_docx_is_read_back_with_headings_and_repeated_headers(self, survey, officer):
        edition = make(survey, officer)
        paper = Document(io.BytesIO(self.file(edition, FileKind.DOCX)))
        told = reports.context(edition.snapshot)
        headings = [p.text for p in paper.paragraphs if p.style.name == "Heading 1"]
        assert headings[:2] == ["I. SỐ PHIẾU TIẾP NHẬN", "II. CHỈ SỐ CHUNG VÀ THEO TIÊU CHÍ"]
        texts = {cell.text for table in paper.tables for row in table.rows for cell in row.cells}
        assert told["index"]["value"] in texts
        assert any("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text for text in texts)
        captions = [p.text for p in paper.paragraphs if re.match(r"Bảng \d", p.text)]
        assert [text.split(".")[0] for text in captions] == [
            f"Bảng {number}" for number in range(1, len(captions) + 1)
        ]
        assert paper.styles["Normal"].font.name == "Times New Roman"
        assert paper.core_properties.language == "vi-VN"
        xml = paper.element.xml
        assert xml.count("w:tblHeader") == sum(
            table.style.name == "Table Grid" for table in paper.tables
        )
        section = paper.sections[0]
        assert (section.left_margin.mm, section.page_width.mm) == pytest.approx((30, 210), abs=0.1)

    def test_the_same_snapshot_gives_the_same_bytes_of_every_file(self, survey, officer):
        edition = make(survey, officer)
        first = {row.kind: row.sha256 for row in edition.files.all()}
        assert set(first) == set(FileKind)
        Edition.objects.filter(pk=edition.pk).update(state="making")
        drain()
        row = editions.OutboxRow.objects.get(kind=editions.EFFECT)
        editions.make(row)
        assert {row.kind: row.sha256 for row in edition.files.all()} == first
        archive = zipfile.ZipFile(io.BytesIO(self.file(edition, FileKind.DOCX)))
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    def test_files_are_frozen_with_their_edition(self, survey, officer, director):
        edition = make(survey, officer)
        editions.publish(edition.pk, director)
        for act in (
            lambda: EditionFile.objects.filter(edition=edition).update(size=1),
            lambda: edition.files.first().delete(),
            lambda: EditionFile(edition=edition, kind="csv", sha256="", size=0).save(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()

    def test_in_the_admin_whoever_reads_the_edition_reads_its_files(self, client, survey, officer):
        edition = make(survey, officer)
        url = f"/quan-tri/bao-cao/{edition.pk}/tep/docx/"
        client.force_login(staff("khac"))
        assert client.get(url).status_code in (302, 403)
        client.force_login(officer)
        assert "tep/docx/" in client.get(f"/quan-tri/bao-cao/{edition.pk}/").content.decode()
        response = client.get(url)
        assert response["Content-Disposition"].startswith("attachment")
        assert client.get(url, headers={"if-none-match": response["ETag"]}).status_code == 304


class TestOpenData:
    @pytest.fixture
    def edition(self, survey, officer, director):
        make_page(survey)
        edition = make(survey, officer)
        editions.publish(edition.pk, director)
        return edition

    def get(self, client, edition, name) -> bytes:
        response = client.get(f"/du-lieu-mo/bao-cao/{edition.code}/{name}")
        assert response.status_code == 200
        assert "immutable" in response["Cache-Control"]
        assert not response.cookies
        return b"".join(response.streaming_content)

    def test_csv_json_and_dictionary_say_the_same(self, client, edition):
        text = self.get(client, edition, "so-lieu.csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        told = json.loads(self.get(client, edition, "so-lieu.json"))
        schema = json.loads(self.get(client, edition, "mo-ta-cot.json"))
        assert [field["name"] for field in schema["schema"]["fields"]] == list(rows[0])
        assert told["count"] == len(rows) == len(told["rows"])
        assert "Nguồn: Trang thông tin" in told["licence"]
        index = next(row for row in rows if (row["bang"], row["chi_tieu"]) == ("chi_so", "chi_so"))
        figure = edition.snapshot["index"]
        assert float(index["gia_tri"]) == pytest.approx(figure["sy"] / figure["sx"], abs=1e-6)
        counted = [row for row in rows if row["chi_tieu"] in {"so_nguoi", "so_tra_loi"}]
        people = [row for row in counted if row["bang"] != "noi_dung" and row["gia_tri"]]
        assert people
        assert all(int(row["gia_tri"]) >= 10 or row["gia_tri"] == "0" for row in people)
        assert {row["bi_che"] for row in rows if not row["gia_tri"]} <= {"true"}

    def test_the_page_offers_files_and_describes_them_for_machines(self, client, edition):
        page = client.get(f"/bao-cao/{edition.code}/")
        assert_valid_html(page)
        text = page.content.decode()
        for address in ("tep/luu-tru.pdf", "tep/tom-tat.pdf", "so-lieu.csv", "phuong-phap.txt"):
            assert address in text
        assert "bao-cao.docx" not in text
        assert '"@type": "Dataset"' in text
        index = client.get("/du-lieu-mo/")
        assert_valid_html(index)
        assert_lean(index)
        assert f"/du-lieu-mo/bao-cao/{edition.code}/so-lieu.json" in index.content.decode()
        english = client.get(f"/en/bao-cao/{edition.code}/")
        assert english.status_code in (200, 404)

    @pytest.mark.parametrize("name", ["bao-cao.docx", "khac.csv", "..", "so-lieu.csv%00"])
    def test_the_draft_for_editing_and_unknown_names_are_not_public(self, client, edition, name):
        for start in (f"/du-lieu-mo/bao-cao/{edition.code}/", f"/bao-cao/{edition.code}/tep/"):
            assert client.get(start + name).status_code == 404

    def test_before_publication_nothing_is_there(self, client, survey, officer):
        edition = make(survey, officer)
        for path in (f"/du-lieu-mo/bao-cao/{edition.code}/so-lieu.csv",):
            assert client.get(path).status_code == 404


def test_every_table_and_figure_names_its_query_and_the_data_have_a_fingerprint(survey, officer):
    edition = make(survey, officer)
    told = reports.context(edition.snapshot)
    places = [place for place, _source in told["sources"]]
    assert places
    assert len(places) == len(set(places))
    assert all(source for _place, source in told["sources"])
    before = edition.snapshot["data_sha256"]
    assert figures(survey)["data_sha256"] == before
    respond(survey, full_form())
    assert figures(survey)["data_sha256"] != before


def test_an_edition_of_before_is_drawn_as_it_was():
    """Snapshots made by the first method have neither plan nor words nor scales."""
    figure = {"n": 20, "sy": 70, "sx": 95, "low": "0.6", "high": "0.8"}
    old = {
        "survey": {
            "code": "x", "title": "X", "is_demo": False, "opens_on": "2026-11-01",
            "last_day": "2026-11-30", "as_of": "2026-11-20T12:00+07:00", "until": "2026-11-20",
            "version": 1, "version_sha256": "0" * 64,
        },
        "received": {"total": 20, "valid": 20, "rejected": []},
        "index": figure,
        "criteria": [{"code": "I", "title": "Tiếp cận", **figure}],
        "items": [{"code": "I1", "label": "Biển hiệu", "levels": [0, 0, 0, 10, 10],
                   "spans": None, "not_applicable": 0}],
        "agencies": {"count": 1, "shown": [], "hidden": 1, "hidden_n": 20},
        "people": [{"label": "Giới tính", "rows": [{"label": "Nam", "n": 20}], "total": 20}],
        "method": {"index_version": "a/1", "index_basis": "B", "survey_basis": "C", "items": 1,
                   "k": 10, "min_sample": 30, "min_seconds": 20},
    }  # fmt: skip
    told = reports.context(old)
    assert "Chỉ số hài lòng của người dân" in told["finding"]
    tables = [b for c in told["chapters"] for b in c.blocks if b.kind == "table"]
    assert ["Nam", "20", "100,00%"] in next(t.rows for t in tables if t.caption == "Giới tính")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.integers(-500, 500), min_size=1, max_size=60), st.integers(0, 100))
def test_quantiles_are_those_of_the_sorted_list(amounts, percent):
    counts = sorted(Counter(map(Decimal, amounts)).items())
    numbers = values.Numbers(tuple(counts))
    ordered = sorted(amounts)
    place = Fraction((len(ordered) - 1) * percent, 100)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    wanted = ordered[low] + (ordered[high] - ordered[low]) * (place - low)
    assert numbers.quantile(Fraction(percent, 100)) == wanted
    edges = values.band_edges(numbers)
    assert edges == sorted(set(edges))
    assert all(min(ordered) < edge <= max(ordered) for edge in edges)
    bounds = zip([None, *edges], [*edges, None], strict=True)
    assert sum(numbers.between(a, b) for a, b in bounds) == len(ordered)
