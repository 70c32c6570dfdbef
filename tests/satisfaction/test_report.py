"""The report: ordered, made by the queue, independent figures, published, verified."""

from __future__ import annotations

import hashlib
import io
import json
import re
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from portal import clock
from portal.outbox.draining import LAST_ATTEMPT, drain
from portal.outbox.models import OutboxRow
from portal.reporting import editions, queries
from portal.reporting.models import Edition
from portal.reporting.pdf import to_pdf
from satisfaction import reports, review
from satisfaction.models import (
    RejectionReason,
    Response,
)
from tests.accounts import staff, user
from tests.pages import assert_valid_html
from tests.satisfaction.factories import NOON, answers, make_page, make_survey, respond
from tests.satisfaction.reported import (
    exported,
    half_up,
    make,
    pdf_text,
    people_of_six_agencies,
    ratio,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(at):
    at(NOON)
    return people_of_six_agencies()


@pytest.fixture
def officer():
    return staff("to.cong.tac", "reporting.order_edition", "satisfaction.view_results")


@pytest.fixture
def director():
    return staff("giam.doc", "reporting.publish_edition", "reporting.view_edition")


def test_every_printed_figure_follows_from_the_exported_rows(survey, officer, tmp_path):
    edition = make(survey, officer)
    printed = reports.context(edition.snapshot)
    every = exported(survey, tmp_path)
    rows = [row for row in every if row["status"] == "valid"]
    items = [code for code in rows[0] if re.fullmatch(r"[IV]+\d+", code)]
    assert len(items) == 19

    assert printed["received"]["total"]["n"] == str(len(every)) == "165"
    assert printed["received"]["valid"]["n"] == str(len(rows)) == "163"
    assert printed["received"]["valid"]["share"] == half_up(Decimal(163) / Decimal(165))

    value, interval, n = ratio(rows, items)
    assert printed["index"] == {"n": str(n), "value": value, "interval": interval}
    for criterion, prefix in zip(printed["criteria"], ["I", "II", "III", "IV", "V"], strict=True):
        own = [item for item in items if re.fullmatch(rf"{prefix}\d+", item)]
        value, interval, n = ratio(rows, own)
        assert (criterion["value"], criterion["interval"]) == (value, interval)
        assert criterion["n"] == str(n)
    for agency in printed["agencies"]:
        code = next(
            row["code"]
            for row in edition.snapshot["agencies"]["shown"]
            if row["name"] == agency["name"]
        )
        value, interval, n = ratio([row for row in rows if row["agency"] == code], items)
        assert (agency["value"], agency["interval"], agency["n"]) == (value, interval, str(n))
    for item, printed_item in zip(items, printed["items"], strict=True):
        levels = [sum(row[item] == str(level) for row in rows) for level in range(1, 6)]
        assert printed_item["rated"] == str(sum(levels))
        assert_levels(printed_item["shares"], levels)
        assert printed_item["na"] == str(sum(row[item] == "9" for row in rows))
    text = pdf_text(edition)
    for figure in (printed["index"]["value"], printed["agencies"][0]["interval"]):
        assert figure in text


def assert_levels(cells: list[str], levels: list[int]) -> None:
    """Each printed share is that of its own level or, with an asterisk, of it and the starred
    ones beside it; no share stands for fewer than ten answers."""
    base, left = sum(levels), list(range(5))
    for level, cell in enumerate(cells):
        if cell not in {"*"} and not cell.endswith("*"):
            assert cell == half_up(Decimal(levels[level]) / base)
            assert levels[level] >= 10
            left.remove(level)
    shares = [cell for cell in cells if cell.endswith("%*")]
    runs = [
        range(low, high)
        for low in range(5)
        for high in range(low + 2, 6)
        if all("*" in cells[level] for level in range(low, high))
    ]
    for share in shares:
        fits = [
            run
            for run in runs
            if half_up(Decimal(sum(levels[level] for level in run)) / base) + "*" == share
            and sum(levels[level] for level in run) >= 10
        ]
        assert fits, (share, levels)
        left = [level for level in left if level not in fits[0]]
    assert not left


def test_small_agencies_are_not_told_apart(survey, officer):
    edition = make(survey, officer)
    shown = {row["code"] for row in edition.snapshot["agencies"]["shown"]}
    assert shown == {"SNV", "00004", "STC", "00070"}
    assert edition.snapshot["agencies"]["hidden_n"] == 10
    text = json.dumps(edition.snapshot, ensure_ascii=False) + pdf_text(edition)
    assert "Hương Sơn" not in text
    assert "Hồng Sơn" not in text


def test_the_pdf_is_a_tagged_decree_30_report(survey, officer):
    edition = make(survey, officer)
    with edition.pdf.open("rb") as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == edition.pdf_sha256
    reader = PdfReader(io.BytesIO(content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    text = pdf_text(edition)
    for words in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "/BC-SNV",
        "Kính gửi: Ủy ban nhân dân thành phố Hà Nội",
        "GIÁM ĐỐC",
        "Nơi nhận:",
        edition.code,
    ]:
        assert words in text
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all("Tinos" in font for font in fonts)


def test_ordering_twice_makes_one_edition(survey, officer):
    first, second = reports.order_report(survey, officer), reports.order_report(survey, officer)
    assert first == second
    drain()
    drain()
    assert Edition.objects.get().state == "ready"


def test_without_permission_nothing_is_ordered_or_published(survey, officer, director):
    with pytest.raises(PermissionDenied):
        reports.order_report(survey, director)
    edition = make(survey, officer)
    with pytest.raises(PermissionDenied):
        editions.publish(edition.pk, officer)
    edition.refresh_from_db()
    assert edition.state == "ready"


def test_permission_is_asked_before_anything_is_told(at, officer, director):
    at(NOON)
    survey = make_survey()
    with pytest.raises(PermissionDenied):
        reports.order_report(survey, director)
    with pytest.raises(ValidationError):
        reports.order_report(survey, officer)


def test_the_rights_come_before_the_state_of_an_edition(survey, officer):
    edition = make(survey, officer)
    stranger = user("nguoi.ngoai")
    day = edition.made_at.date()
    for act in (
        lambda: editions.retry(edition.pk, stranger),
        lambda: editions.give_number(edition.pk, "05/BC-SNV", day, stranger),
        lambda: editions.publish(edition.pk, stranger),
        lambda: editions.correct(edition.pk, "Sửa", stranger),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_an_edition_that_falls_below_the_threshold_says_why_and_shows_nothing(at, officer):
    at(NOON)
    survey = make_survey()
    made = [respond(survey) for _ in range(10)]
    edition = reports.order_report(survey, officer)
    reviewer = user("ra.soat", "satisfaction.review_responses")
    review.reject(made[0].pk, RejectionReason.TEST, reviewer)
    drain()
    edition.refresh_from_db()
    assert (edition.state, edition.snapshot) == ("failed", None)
    assert "10 phiếu hợp lệ" in edition.failure


def test_a_criterion_and_levels_below_the_threshold_are_not_printed(at, officer):
    at(NOON)
    survey = make_survey()
    feedback = dict.fromkeys(("V31", "V32", "V33"), "9")
    for number in range(30):
        few = {} if number < 9 else feedback
        respond(survey, answers(5 if number else 1) | few)
    edition = make(survey, officer)
    criterion = next(row for row in edition.snapshot["criteria"] if row["code"] == "V")
    assert (criterion["n"], criterion["sx"], criterion["low"]) == (0, 0, None)
    items = {item["code"]: item for item in edition.snapshot["items"]}
    assert items["V31"]["levels"] is None
    assert items["II19"] == items["II19"] | {"levels": [30], "spans": [5]}
    # The index less the other four criteria would tell what the few said of the fifth: one more
    # is hidden with it, and its items, which add up to it.
    assert items["I15"]["levels"] is None
    assert [row["n"] for row in edition.snapshot["criteria"]] == [0, 30, 30, 30, 0]
    printed = reports.context(edition.snapshot)
    assert printed["criteria"][4] == {
        "title": criterion["title"],
        "n": "–",
        "value": "–",
        "interval": "–",
    }
    assert printed["items"][4]["shares"] == ["*", "*", "100,00%*", "*", "*"]
    assert "dưới ngưỡng công bố" in printed["criteria_chart"].svg


def test_an_edition_whose_workers_all_died_can_be_made_again(survey, officer):
    edition = reports.order_report(survey, officer)
    Edition.objects.filter(pk=edition.pk).update(state="making")
    OutboxRow.objects.filter(kind=editions.EFFECT).update(
        state="running", attempts=LAST_ATTEMPT, next_at=clock.now()
    )
    drain()
    edition.refresh_from_db()
    assert edition.state == "failed"
    assert "Lập lại" in edition.failure
    editions.retry(edition.pk, officer)
    drain()
    edition.refresh_from_db()
    assert edition.state == "ready"


def test_of_two_workers_at_one_edition_the_first_figures_and_one_file_stay(
    survey, officer, monkeypatch
):
    edition = reports.order_report(survey, officer)
    row = OutboxRow.objects.get(kind=editions.EFFECT)
    draw = editions.to_pdf

    def slow(html, *, now):
        """While this worker draws, another makes the edition and it is numbered."""
        monkeypatch.setattr(editions, "to_pdf", draw)
        reviewer = user("ra.soat", "satisfaction.review_responses")
        review.reject(
            Response.objects.filter(status="valid").first().pk, RejectionReason.TEST, reviewer
        )
        editions.make(row)
        Edition.objects.filter(pk=edition.pk).update(state="making", document_number="05/BC-SNV")
        return draw(html, now=now)

    monkeypatch.setattr(editions, "to_pdf", slow)
    editions.make(row)
    edition.refresh_from_db()
    assert edition.state == "making"
    assert edition.snapshot["received"]["valid"] == 163
    editions.make(row)
    edition.refresh_from_db()
    assert edition.state == "ready"
    assert "05/BC-SNV" in pdf_text(edition)
    digest = hashlib.sha256(editions.canonical(edition.snapshot)).hexdigest()
    assert digest == edition.snapshot_sha256


def test_too_few_responses_are_refused(at, officer):
    at(NOON)
    survey = make_survey()
    for _ in range(9):
        respond(survey)
    with pytest.raises(ValidationError):
        reports.order_report(survey, officer)


def test_a_published_edition_stands_verified_and_never_moves(client, survey, officer, director):
    make_page(survey)
    edition = make(survey, officer)
    assert client.get(f"/bao-cao/{edition.code}/").status_code == 404
    assert client.get(f"/bao-cao/{edition.code}/bao-cao.pdf").status_code == 404
    editions.publish(edition.pk, director)
    editions.publish(edition.pk, director)
    for url in ["/bao-cao/", f"/bao-cao/{edition.code}/", f"/xac-thuc/{edition.code}/"]:
        response = client.get(url)
        assert response.status_code == 200
        assert_valid_html(response)
        assert edition.code in response.content.decode() or url == "/bao-cao/"
    page = client.get(f"/xac-thuc/{edition.code.lower().replace('-', '')}/").content.decode()
    assert edition.pdf_sha256[:8] in page
    pdf = client.get(f"/bao-cao/{edition.code}/bao-cao.pdf")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-1.7")
    assert not pdf.cookies
    for change in [{"title": "Khác"}, {"snapshot": {}}, {"state": "ready"}]:
        with pytest.raises(DatabaseError), transaction.atomic():
            Edition.objects.filter(pk=edition.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).delete()


def test_a_file_is_compared_and_not_kept(client, survey, officer, director):
    make_page(survey)
    edition = make(survey, officer)
    editions.publish(edition.pk, director)
    url = f"/xac-thuc/{edition.code}/"
    with edition.pdf.open("rb") as file:
        content = file.read()
    same = io.BytesIO(content)
    same.name = "báo cáo.pdf"
    assert "Tệp khớp" in client.post(url, {"tep": same}).content.decode()
    other = io.BytesIO(content + b" ")
    other.name = "bao-cao.pdf"
    assert "Tệp không khớp" in client.post(url, {"tep": other}).content.decode()
    assert "Chọn tệp PDF" in client.post(url, {}).content.decode()


@pytest.mark.parametrize("code", ["7K3D-09QW-ZXM4", "abc", "'\"<script>", "x" * 300])
def test_an_unknown_code_gets_a_clear_answer(client, survey, code):
    make_page(survey)
    assert client.get(f"/xac-thuc/{code}/").status_code == 404
    typed = client.get("/xac-thuc/", {"ma": code})
    assert typed.status_code in (302, 422)


def test_a_number_is_entered_without_touching_the_figures(survey, officer, director):
    edition = make(survey, officer)
    before = edition.snapshot_sha256
    with pytest.raises(ValidationError):
        editions.give_number(edition.pk, "5/BC-SNV", edition.made_at.date(), director)
    editions.give_number(edition.pk, "05/BC-SNV", edition.made_at.date(), director)
    drain()
    edition.refresh_from_db()
    assert (edition.state, edition.snapshot_sha256) == ("ready", before)
    text = pdf_text(edition)
    assert "Số: 05/BC-SNV" in text
    assert "ngày 20 tháng 11 năm 2026" in text


def test_a_correction_is_a_new_edition_that_says_what_changed(client, survey, officer, director):
    make_page(survey)
    first = make(survey, officer)
    editions.publish(first.pk, director)
    reviewer = user("ra.soat", "satisfaction.review_responses")
    rejected = Response.objects.filter(status="valid").first()
    assert review.reject(rejected.pk, RejectionReason.TEST, reviewer)
    assert not review.reject(rejected.pk, RejectionReason.TEST, reviewer)
    with pytest.raises(ValidationError):
        editions.correct(first.pk, "  ", officer)
    second = editions.correct(first.pk, "Bỏ một phiếu thử.", officer)
    drain()
    second.refresh_from_db()
    assert (second.number, second.corrects, second.snapshot["received"]["valid"]) == (2, first, 162)
    editions.publish(second.pk, director)
    assert queries.correction_of(first) == second
    assert "Bỏ một phiếu thử." in client.get(f"/xac-thuc/{first.code}/").content.decode()
    first.refresh_from_db()
    assert first.snapshot["received"]["valid"] == 163


def test_the_same_snapshot_gives_the_same_bytes(survey, officer):
    edition = make(survey, officer)
    html = editions.render(edition)
    assert to_pdf(html, now=edition.made_at) == to_pdf(html, now=edition.made_at)


def test_a_report_that_cannot_be_made_says_so_and_is_made_again(survey, officer, monkeypatch):
    monkeypatch.setattr("portal.reporting.editions.render", lambda edition: 1 / 0)
    edition = make(survey, officer)
    assert edition.state == "failed"
    assert "ZeroDivision" not in edition.failure
    monkeypatch.undo()
    editions.retry(edition.pk, officer)
    drain()
    edition.refresh_from_db()
    assert edition.state == "ready"


class TestAdmin:
    def test_the_button_orders_and_shows_progress_and_the_file(self, client, survey, officer):
        client.force_login(officer)
        url = f"/quan-tri/khao-sat/{survey.pk}/"
        assert "Lập báo cáo" in client.get(url).content.decode()
        for _ in range(2):
            response = client.post(f"{url}lap-bao-cao/")
        edition = Edition.objects.get()
        page = client.get(response.url).content.decode()
        assert "<progress" in page
        drain()
        page = client.get(response.url).content.decode()
        assert "Mở tệp PDF" in page
        assert "Công bố báo cáo" not in page
        file = client.get(f"/quan-tri/bao-cao/{edition.pk}/tep.pdf")
        assert file["Content-Type"] == "application/pdf"

    def test_the_director_publishes(self, client, survey, officer, director):
        edition = make(survey, officer)
        client.force_login(director)
        client.post(f"/quan-tri/bao-cao/{edition.pk}/cong-bo/")
        edition.refresh_from_db()
        assert (edition.state, edition.published_by) == ("published", director)

    @pytest.mark.parametrize(
        "path", ["khao-sat/", "khao-sat/{s}/", "khao-sat/{s}/phieu/", "bao-cao/", "bao-cao/{e}/"]
    )
    def test_who_has_no_permission_sees_nothing(self, client, survey, officer, path):
        edition = make(survey, officer)
        client.force_login(staff("nguoi.khac"))
        url = "/quan-tri/" + path.format(s=survey.pk, e=edition.pk)
        assert client.get(url).status_code in (302, 403)
        client.logout()
        assert "login" in client.get(url).url

    def test_lists_have_a_query_bound(self, client, survey, django_assert_max_num_queries):
        client.force_login(user("root", is_superuser=True))
        for path in ("khao-sat/", f"khao-sat/{survey.pk}/phieu/", "bao-cao/"):
            client.get(f"/quan-tri/{path}")
            with django_assert_max_num_queries(15):
                assert client.get(f"/quan-tri/{path}").status_code == 200
