"""The answers where people read and write them: admin screens, public page, data, private page."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest
from docx import Document
from openpyxl import load_workbook

from consultations.models import (
    ConsultationPage,
    ConsultationsPage,
    Exclusion,
    OpinionState,
    RowState,
    SynthesisRow,
)
from consultations.synthesis import answering, publishing, sorting
from portal import clock
from portal.outbox.draining import drain
from portal.reporting import editions
from portal.reporting.models import Edition, EditionState
from tests.accounts import staff
from tests.consultations import answers as house
from tests.consultations import factories as make
from tests.editorial.office import signed_in

pytestmark = pytest.mark.django_db
ROOT = "/quan-tri/lay-y-kien/tong-hop/"


@pytest.fixture
def consultation(at):
    at(make.NOON)
    made = house.consulted(code="quy-che")
    index = ConsultationsPage.objects.filter(locale__language_code="vi").get()
    index.add_child(
        instance=ConsultationPage(title=made.title[:200], slug="quy-che", consultation=made)
    )
    at(house.AFTER)
    return made


def page_of(consultation) -> ConsultationPage:
    return consultation.pages.get()


# --- An official sorts and answers -------------------------------------------------------


def test_a_row_that_was_emptied_waits_for_no_answer(consultation, clauses):
    by, client = house.official(), signed_in(house.official())
    agreeing = house.said(consultation, "Hoàn toàn nhất trí.")
    house.said(consultation, "Đề nghị rút ngắn.", clauses[0])
    sorting.sort_rest(consultation.pk, by)
    keys = house.accounts(consultation, agreeing)
    sorting.leave_out(consultation.pk, keys, Exclusion.AGREES, "Xin cảm ơn.", by)
    body = client.get(f"{ROOT}{consultation.pk}/dong/").content.decode()
    assert body.index("Đề nghị rút ngắn.") < body.index("Hoàn toàn nhất trí.")
    assert body.count("Trống, không đăng") == 1
    waiting = client.get(f"{ROOT}{consultation.pk}/dong/?state=open").content.decode()
    assert "Đề nghị rút ngắn." in waiting
    assert "Hoàn toàn nhất trí." not in waiting


def test_an_official_takes_in_sorts_and_answers(consultation, clauses):
    by, client = house.official(), signed_in(house.official())
    first = house.said(consultation, "Đề nghị rút ngắn. Cảm ơn <script>.", clauses[0])
    house.said(consultation, "Nhất trí.", clauses[1])
    assert consultation.title[:20] in client.get(ROOT).content.decode()
    client.post(f"{ROOT}{consultation.pk}/nhan-y-kien/")
    body = client.get(f"{ROOT}{consultation.pk}/y-kien/").content.decode()
    assert "&lt;script&gt;" in body
    account, other = consultation.accounts.order_by("pk")
    posted = {"phan-0": "A", "noi-A": str(clauses[0].pk), "phan-1": ""}
    assert client.post(f"{ROOT}y-kien/{account.pk}/", posted).status_code == 302
    posted = {"y-kien": other.pk, "viec": "bo-ra", "exclusion": "agrees", "note": ""}
    refused = client.post(f"{ROOT}{consultation.pk}/y-kien/xep/", posted)
    assert refused.status_code == 200
    assert not consultation.accounts.get(pk=other.pk).exclusion
    posted["note"] = "Xin cảm ơn."
    assert client.post(f"{ROOT}{consultation.pk}/y-kien/xep/", posted).status_code == 302
    row = SynthesisRow.objects.get()
    assert (row.summary, row.taken_from) == ("Đề nghị rút ngắn.", first)
    assert "Đề nghị rút ngắn." in client.get(f"{ROOT}{consultation.pk}/dong/").content.decode()
    assert client.get(f"{ROOT}tra-loi/{row.pk}/").status_code == 200
    posted = {"revision": row.revision, "summary": row.summary, "result": "partly", "xong": "1"}
    refused = client.post(f"{ROOT}tra-loi/{row.pk}/", {**posted, "reasons": "Vì luật."})
    assert refused.status_code == 200
    assert "Vì luật." in refused.content.decode()
    told = {"reasons": "Vì luật.", "changed_where": "khoản 1 Điều 1"}
    assert client.post(f"{ROOT}tra-loi/{row.pk}/", {**posted, **told}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.result, row.answered_by) == (RowState.AGREED, "partly", by)


def test_what_was_typed_survives_somebody_else_s_change(consultation):
    client = signed_in(house.official())
    house.said(consultation)
    sorting.sort_rest(consultation.pk, house.official())
    row = SynthesisRow.objects.get()
    answering.answer(row.pk, row.revision, "Khác", house.agreed(reasons="Của họ"), house.official())
    posted = {
        "revision": row.revision,
        "summary": "Của tôi",
        "result": "explained",
        "reasons": "Lý do tôi viết",
        "xong": "1",
    }
    body = client.post(f"{ROOT}tra-loi/{row.pk}/", posted).content.decode()
    assert "Lý do tôi viết" in body
    assert "Của họ" in body
    revision = re.search(r'name="revision" value="(\d+)"', body)[1]
    assert (
        client.post(f"{ROOT}tra-loi/{row.pk}/", {**posted, "revision": revision}).status_code == 302
    )
    row.refresh_from_db()
    assert row.reasons == "Lý do tôi viết"


def test_a_cluster_gets_one_answer(consultation, clauses):
    client = signed_in(house.official())
    for _n in range(4):
        house.said(consultation, "Thư chung của hội.", clauses[0])
    keys = house.accounts(consultation)
    posted = {"cum": keys[0], "viec": "xep", "row": "", "provision": clauses[0].pk}
    client.post(f"{ROOT}{consultation.pk}/y-kien/xep/", posted)
    row = SynthesisRow.objects.get()
    assert row.points.count() == 4
    posted = {"dong": row.pk, "viec": "tra-loi", "result": "explained", "reasons": "Vì thế."}
    client.post(f"{ROOT}{consultation.pk}/dong/xep/", posted)
    row.refresh_from_db()
    assert row.state == RowState.AGREED


def test_who_has_no_part_sees_nothing(consultation):
    house.said(consultation)
    (account,) = house.accounts(consultation)
    client = signed_in(staff("nguoi.ngoai"))
    for address in (
        "",
        f"{consultation.pk}/",
        f"{consultation.pk}/y-kien/",
        f"{consultation.pk}/dong/",
        f"{consultation.pk}/giay/",
        f"y-kien/{account}/",
    ):
        assert client.get(ROOT + address).status_code in (302, 403), address


@pytest.mark.parametrize("typed", ["", "x", "999999", "１２", "\x00", "-1"])
def test_odd_input_is_no_error_of_ours(consultation, typed):
    client = signed_in(house.official())
    house.said(consultation)
    (account,) = house.accounts(consultation)
    for viec in ("xep", "bo-ra", "xep-lai"):
        posted = {"y-kien": typed, "cum": typed, "viec": viec, "row": typed, "note": typed}
        assert client.post(f"{ROOT}{consultation.pk}/y-kien/xep/", posted).status_code < 500
    for viec in ("tra-loi", "giao", "gop"):
        posted = {"dong": typed, "viec": viec, "row": typed, "person": typed, "result": typed}
        assert client.post(f"{ROOT}{consultation.pk}/dong/xep/", posted).status_code < 500
    posted = {"phan-0": typed, "noi-A": typed}
    assert client.post(f"{ROOT}y-kien/{account}/", posted).status_code < 500
    assert (
        client.get(f"{ROOT}{consultation.pk}/dong/?provision={typed}&state={typed}").status_code
        < 500
    )


def test_the_list_of_twenty_and_of_two_asks_as_much(
    consultation, clauses, django_assert_max_num_queries
):
    client = signed_in(house.official())
    for n in range(25):
        house.said(consultation, f"Ý kiến {n}.", clauses[n % 6])
    sorting.sort_rest(consultation.pk, house.official())
    for address in ("y-kien/?xem=tat-ca", "dong/"):
        client.get(f"{ROOT}{consultation.pk}/{address}")
        with django_assert_max_num_queries(40):
            client.get(f"{ROOT}{consultation.pk}/{address}")


# --- Everybody reads ---------------------------------------------------------------------


def publish(consultation, clauses):
    """One accepted in part, one explained, one left out, one withheld, one withdrawn."""
    by = house.official()
    told = {
        "partly": house.said(consultation, "Rút xuống ba ngày.", clauses[0]),
        "explained": house.said(consultation, "Bỏ hẳn phí.", clauses[1]),
        "out": house.said(consultation, "Tôi nhất trí."),
        "withheld": house.said(
            consultation,
            "Lời kín của một người bị ẩn đi hẳn.",
            clauses[1],
            state=OpinionState.WITHHELD,
            name="Nguyễn Thị Ẩn",
        ),
        "withdrawn": house.said(consultation, "Lời đã rút của một người khác nữa.", clauses[2]),
    }
    sorting.sort_rest(consultation.pk, by)
    house.become(told["withdrawn"], OpinionState.WITHDRAWN)
    out = house.accounts(consultation, told["out"])
    sorting.leave_out(consultation.pk, out, Exclusion.AGREES, "Xin cảm ơn ông/bà.", by)
    row = SynthesisRow.objects.get(points__account__opinion=told["partly"])
    given = house.agreed("partly", reasons="Rút xuống năm ngày vì cần thẩm định.")
    answering.answer(row.pk, row.revision, row.summary, given, by)
    house.answer_all(consultation, by)
    publishing.publish(consultation.pk, make.organiser())
    drain()
    return told


def test_the_result_page_shows_draft_opinions_answers(client, consultation, clauses):
    page = page_of(consultation)
    assert client.get(f"{page.url}ket-qua/").status_code == 404
    publish(consultation, clauses)
    body = client.get(f"{page.url}ket-qua/").content.decode()
    for words in (
        "Rút xuống ba ngày.",
        "Rút xuống năm ngày vì cần thẩm định.",
        "khoản 1 Điều 1",
        "Bỏ hẳn phí.",
        house.agreed().reasons,
    ):
        assert words in body
    assert client.get(f"/en{page.url}ket-qua/").status_code in (200, 302, 404)
    narrowed = client.get(f"{page.url}ket-qua/?ket_qua=partly").content.decode()
    assert "Bỏ hẳn phí." not in narrowed
    assert "ba ngày" in narrowed
    found = client.get(f"{page.url}ket-qua/?tim=THAM+dinh").content.decode()
    assert "Bỏ hẳn phí." not in found
    for odd in ("ket_qua=x", "trang=x", "tim=%00", "trang=999"):
        assert client.get(f"{page.url}ket-qua/?{odd}").status_code == 200


def test_the_page_of_many_rows_asks_little(
    client, consultation, clauses, django_assert_max_num_queries
):
    for n in range(40):
        house.said(consultation, f"Ý kiến số {n}.", clauses[n % 6])
    house.published(consultation)
    address = f"{page_of(consultation).url}ket-qua/"
    client.get(address)
    with django_assert_max_num_queries(15):
        client.get(f"{address}?trang=1")


def everything_public(client, consultation) -> str:
    """All that anybody can read of the answers, as one text."""
    page = page_of(consultation)
    addresses = ["ket-qua/", "ket-qua/ban/1/", "ket-qua/csv/", "ket-qua/json/", ""]
    texts = [client.get(f"{page.url}{address}").content.decode() for address in addresses]
    for name in ("docx", "xlsx"):
        response = client.get(f"{page.url}ket-qua/{name}/")
        content = b"".join(response.streaming_content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            texts += [archive.read(part).decode(errors="replace") for part in archive.namelist()]
    texts += [str(edition.snapshot) for edition in Edition.objects.all()]
    return "\n".join(texts)


def test_nothing_withheld_or_withdrawn_is_anywhere(client, consultation, clauses, mailoutbox):
    publish(consultation, clauses)
    told = everything_public(client, consultation)
    assert "Rút xuống ba ngày." in told
    for words in ("Lời kín", "Nguyễn Thị Ẩn", "Lời đã rút", "Xin cảm ơn ông/bà", "Nguyễn Thị Ánh"):
        assert words not in told, words
    assert not any("Lời" in message.body for message in mailoutbox)


def test_words_withdrawn_after_publishing_are_quoted_no_more(client, consultation, clauses):
    told = publish(consultation, clauses)
    house.become(told["partly"], OpinionState.WITHDRAWN)
    page = page_of(consultation)
    for address in ("ket-qua/", "ket-qua/csv/", "ket-qua/json/", "ket-qua/?tim=ba+ngay"):
        assert "Rút xuống ba ngày." not in client.get(f"{page.url}{address}").content.decode()
    assert client.get(f"{page.url}ket-qua/docx/").status_code == 404
    assert "Rút xuống năm ngày" in client.get(f"{page.url}ket-qua/").content.decode()


def test_the_data_as_csv_and_json(client, consultation, clauses):
    house.said(consultation, "=HYPERLINK(1)", clauses[0])
    house.published(consultation)
    page = page_of(consultation)
    text = client.get(f"{page.url}ket-qua/csv/").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert row["noi_dung_gop_y"] == "'=HYPERLINK(1)"
    assert (row["ket_qua"], row["so_y_kien"], row["ca_nhan"]) == ("explained", "1", "1")
    told = json.loads(client.get(f"{page.url}ket-qua/json/").content)
    assert told["counts"]["received"] == 1
    assert told["rows"][0]["noi_dung_gop_y"] == "=HYPERLINK(1)"


def test_docx_and_xlsx_hold_the_whole_table(client, consultation, clauses):
    publish(consultation, clauses)
    page = page_of(consultation)
    content = io.BytesIO(b"".join(client.get(f"{page.url}ket-qua/docx/").streaming_content))
    paper = Document(content)
    cells = [cell.text for row in paper.tables[0].rows for cell in row.cells]
    assert "Rút xuống ba ngày." in cells
    assert any("Tiếp thu một phần. Rút xuống năm ngày" in cell for cell in cells)
    assert paper.sections[0].page_width > paper.sections[0].page_height
    content = io.BytesIO(b"".join(client.get(f"{page.url}ket-qua/xlsx/").streaming_content))
    sheet = load_workbook(content).worksheets[0]
    # The head, and a row for each text: also for the one that was withheld.
    assert sheet.max_row == 4
    assert "Tiếp thu một phần" in [cell.value for cell in sheet[2]]


def test_the_paper_is_a_frozen_edition(client, consultation, clauses):
    publish(consultation, clauses)
    edition = Edition.objects.get(kind=publishing.KIND)
    assert edition.state == EditionState.READY
    assert edition.snapshot["rows"][0]["summary"] == "Rút xuống ba ngày."
    leader = signed_in(staff("lanh.dao", "reporting.view_edition", "reporting.publish_edition"))
    assert leader.get(f"/quan-tri/bao-cao/{edition.pk}/tep.pdf").status_code == 200
    leader.post(f"/quan-tri/bao-cao/{edition.pk}/cong-bo/")
    body = client.get(f"{page_of(consultation).url}ket-qua/").content.decode()
    assert edition.code in body


def test_a_correction_says_what_changed(client, consultation, clauses):
    publish(consultation, clauses)
    publishing.begin_correction(consultation.pk, make.organiser())
    row = SynthesisRow.objects.filter(result="explained").first()
    given = house.agreed("accepted", reasons="Đã tiếp thu.")
    answering.answer(row.pk, row.revision, row.summary, given, house.official())
    page = page_of(consultation)
    assert "Đã tiếp thu." not in client.get(f"{page.url}ket-qua/").content.decode()
    house.answer_all(consultation, house.official())
    publishing.publish(consultation.pk, make.organiser(), change_note="Sửa kết quả một dòng.")
    body = client.get(f"{page.url}ket-qua/").content.decode()
    assert "Đã tiếp thu." in body
    assert "Sửa kết quả một dòng." in body
    assert "Đã tiếp thu." not in client.get(f"{page.url}ket-qua/ban/1/").content.decode()


def test_each_publication_links_its_own_paper(client, consultation, clauses, at):
    leader = staff("lanh.dao", "reporting.view_edition", "reporting.publish_edition")

    def issued() -> str:
        drain()
        edition = Edition.objects.filter(kind=publishing.KIND).latest("number")
        return editions.publish(edition.pk, leader).code

    publish(consultation, clauses)
    first = issued()
    at(house.AFTER + make.days(1))
    publishing.begin_correction(consultation.pk, make.organiser())
    publishing.publish(consultation.pk, make.organiser(), change_note="Sửa một dòng.")
    second = issued()
    base = f"{page_of(consultation).url}ket-qua/"
    old, new = (client.get(address).content.decode() for address in (f"{base}ban/1/", base))
    assert (first in old, second in old) == (True, False)
    assert (first in new, second in new) == (False, True)


def test_the_sender_reads_the_answer_with_the_code(client, consultation, clauses):
    told = publish(consultation, clauses)
    body = client.post("/gop-y/theo-doi/", {"ma": told["partly"].receipt_code}).content.decode()
    assert "Rút xuống năm ngày vì cần thẩm định." in body
    assert "khoản 1 Điều 1" in body
    body = client.post("/gop-y/theo-doi/", {"ma": told["out"].receipt_code}).content.decode()
    assert "Xin cảm ơn ông/bà." in body


def test_overdue_answers_are_public(client, consultation, at):
    address = "/lay-y-kien/qua-han-tra-loi/"
    consultation.answer_due_on = house.AFTER.date()
    consultation.save()
    assert consultation.agency.name not in client.get(address).content.decode()
    at(house.AFTER + make.days(3))
    body = client.get(address).content.decode()
    assert "Quy chế phối hợp" in body
    assert client.get(f"/en{address}").status_code == 200
    with clock.stopped_at(house.AFTER + make.days(3)):
        house.said(consultation)
        house.published(consultation)
    assert "Quy chế phối hợp" not in client.get(address).content.decode()
