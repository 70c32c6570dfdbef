"""The working group's way through the admin, from an idea to a published draft."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from consultations import drafting, tree, window
from consultations.models import (
    Consultation,
    ConsultationPage,
    DraftText,
    MappingKind,
    Provision,
    ReadingState,
    WindowAct,
)
from consultations.window import WindowState
from portal.agencies.models import Agency
from portal.outbox.draining import drain
from site_pages.work_queue import waiting_for
from tests.accounts import staff
from tests.consultations import factories as make
from tests.consultations.drafts import DRAFTS
from tests.consultations.test_drafting import CHANGED, upload
from tests.consultations.test_structure import AMENDING, DECISION

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(home, at):
    at("2026-11-02 09:00")
    return make.organiser()


@pytest.fixture
def office(by) -> Client:
    client = Client()
    client.force_login(by)
    return client


@pytest.fixture
def consultation(by) -> Consultation:
    return make.make_consultation()


@pytest.fixture
def text(consultation, by) -> DraftText:
    made = drafting.new_version(consultation.pk, by)
    drafting.paste(made.pk, by, DECISION)
    return made


def said(response) -> str:
    return response.content.decode()


def act(client: Client, name: str, pk: int, code: str, **data):
    typed = {f"{code}-{key}": value for key, value in data.items()}
    return client.post(reverse(name, args=[pk, code]), typed)


def terms(**changes) -> dict:
    return {
        "title": "Quy chế phối hợp <script>",
        "kind": "normative",
        "agency": Agency.objects.get(code="SNV").pk,
        "request_document": "120/SNV-CCHC",
        "respondents": ["person", "business"],
        "is_moderated": "on",
        **changes,
    }


def test_a_consultation_is_prepared_and_its_page_waits_for_approval(office):
    url = reverse("consultation_prepare")
    assert office.get(url).status_code == 200
    response = office.post(url, terms(questions="Một?\n\nHai?"))
    made = Consultation.objects.get()
    assert response.headers["Location"] == reverse("consultation", args=[made.pk])
    assert made.respondents == ["person", "business"]
    assert made.questions.count() == 2
    page = ConsultationPage.objects.get(consultation=made)
    detail = said(office.get(reverse("consultation", args=[made.pk])))
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in detail
    assert "Quy chế phối hợp &lt;script&gt;" in detail
    assert office.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code in (200, 302)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title": " \x00 "}, "bắt buộc"),
        ({"respondents": []}, "bắt buộc"),
        ({"kind": "topic"}, "cần có câu hỏi"),
        ({"agency": "0"}, "lựa chọn"),
        ({"questions": "x" * 501}, "500 ký tự"),
    ],
)
def test_what_is_missing_is_told_and_nothing_typed_is_lost(office, changes, told):
    given = terms(request_document="Số giữ lại 77", **changes)
    response = office.post(reverse("consultation_prepare"), given)
    assert response.status_code == 200
    assert "Số giữ lại 77" in said(response)
    assert told in said(response).lower() or told in said(response)
    assert not Consultation.objects.exists()


def test_the_window_is_set_and_its_record_shown(office, consultation):
    response = act(
        office, "consultation_act", consultation.pk, "mo", last_day="2026-11-30", opens_at=""
    )
    assert response.status_code == 302
    page = said(office.get(reverse("consultation", args=[consultation.pk])))
    assert "Đang nhận ý kiến" in page
    assert "until" not in page
    assert window.of(consultation).closes_at == make.CLOSES


def test_too_short_a_window_comes_back_with_the_law_and_what_was_typed(office, consultation):
    response = act(office, "consultation_act", consultation.pk, "mo", last_day="2026-11-10")
    page = said(response)
    assert "64/2025/QH15 yêu cầu tối thiểu 20 ngày" in page
    assert 'value="2026-11-10"' in page or "10/11/2026" in page
    assert not consultation.records.exists()
    response = act(
        office, "consultation_act", consultation.pk, "mo",
        last_day="2026-11-10", reason="Việc gấp", document_number="9/UBND",
    )  # fmt: skip
    assert consultation.records.get().reason == "Việc gấp"


def test_a_suspension_needs_its_reason_and_document(office, consultation):
    make.open_window(consultation)
    response = act(office, "consultation_act", consultation.pk, "tam-dung", reason="Chờ số liệu")
    assert response.status_code == 200
    assert "Chờ số liệu" in said(response)
    act(
        office, "consultation_act", consultation.pk, "tam-dung",
        reason="Chờ số liệu", document_number="10/SNV",
    )  # fmt: skip
    assert window.of(consultation).state is WindowState.SUSPENDED
    assert ModelLogEntry.objects.filter(action="consultations.window.suspend").exists()


def test_only_what_the_state_allows_is_offered(office, consultation):
    url = reverse("consultation", args=[consultation.pk])
    assert reverse("consultation_act", args=[consultation.pk, "mo"]) in said(office.get(url))
    make.open_window(consultation)
    page = said(office.get(url))
    for code, is_offered in (("mo", False), ("gia-han", True), ("tiep-tuc", False)):
        address = reverse("consultation_act", args=[consultation.pk, code])
        assert (f'"{address}"' in page) == is_offered, code


def test_a_draft_is_handed_in_and_read_by_the_queue(office, consultation):
    act(office, "consultation_act", consultation.pk, "ban-moi")
    text = consultation.texts.get()
    name = "quyet-dinh-kem-quy-che.docx"
    response = act(office, "draft_text_act", text.pk, "nop-tep", file=upload(DRAFTS[name](), name))
    assert response.status_code == 302
    url = reverse("draft_text", args=[text.pk])
    assert "Tệp đang được đọc" in said(office.get(url))
    drain()
    page = said(office.get(url))
    assert "Tiếp nhận hồ sơ" in page
    source = office.get(reverse("draft_text_source", args=[text.pk]))
    assert b"".join(source.streaming_content) == DRAFTS[name]()


def test_a_wrong_file_is_refused_at_its_field(office, text):
    response = act(
        office, "draft_text_act", text.pk, "nop-tep", file=upload(b"%PDF-1.4", "du-thao.pdf")
    )
    assert "Nộp dự thảo dưới dạng tệp .docx" in said(response)
    text.refresh_from_db()
    assert text.reading == ReadingState.READ


def test_a_provision_is_corrected_step_by_step_without_a_script(office, text):
    row = next(row for row in tree.rows_of(text) if row.label == "b)")
    page = said(office.get(reverse("provision", args=[row.pk])))
    for code in ("len", "xuong", "vao", "ra", "gop", "tach", "dat-duoi", "noi-dung"):
        assert reverse("provision_act", args=[row.pk, code]) in page
    act(
        office, "provision_act", row.pk, "noi-dung",
        kind="point", label="c)", heading="", text="Hồ sơ khẩn.",
    )  # fmt: skip
    row.refresh_from_db()
    assert row.label == "c)"
    act(office, "provision_act", row.pk, "ra")
    row.refresh_from_db()
    assert row.parent.label == "Điều 1."
    response = act(office, "provision_act", row.pk, "gop")
    assert response.headers["Location"] == reverse("draft_text", args=[text.pk])
    assert not Provision.objects.filter(pk=row.pk).exists()


def test_what_cannot_be_done_is_told(office, text):
    first = tree.rows_of(text)[0]
    act(office, "provision_act", first.pk, "len")
    page = said(office.get(reverse("provision", args=[first.pk])))
    assert "Mục này đã đứng đầu." in page
    response = act(office, "provision_act", first.pk, "tach", begins="không có chữ này")
    assert "Không thấy các chữ này" in said(response)


def test_a_version_is_published_and_then_only_read(office, text):
    act(office, "draft_text_act", text.pk, "cong-bo")
    text.refresh_from_db()
    assert text.is_public
    page = said(office.get(reverse("draft_text", args=[text.pk])))
    assert reverse("draft_text_act", args=[text.pk, "nop-tep"]) not in page
    row = text.provisions.first()
    page = said(office.get(reverse("provision", args=[row.pk])))
    assert "các mục giữ nguyên" in page


def test_the_next_version_is_mapped_by_confirming(office, text, by):
    drafting.publish(text.pk, by)
    second = drafting.new_version(text.consultation_id, by, "Tiếp thu")
    drafting.paste(second.pk, by, CHANGED)
    url = reverse("draft_text_mapping", args=[second.pk])
    page = said(office.get(url))
    assert "Quy chế – Điều 1 khoản 2 điểm b" in page
    removed = second.mappings.get(kind=MappingKind.REMOVED)
    wrong = {f"kind-{removed.pk}": "merged", f"new-{removed.pk}": "khong-co"}
    response = office.post(url, wrong)
    assert 'value="khong-co"' in said(response)
    assert office.post(url, {}).status_code == 302
    assert not second.mappings.filter(confirmed_at=None).exists()
    right = {f"kind-{removed.pk}": "merged", f"new-{removed.pk}": "quy-che-dieu-1-khoan-2-diem-a"}
    office.post(url, right)
    removed.refresh_from_db()
    assert removed.new.label == "a)"
    office.post(url, {"de-xuat": "1"})
    assert second.mappings.filter(confirmed_at=None).exists()


def test_a_document_is_added_and_taken_away(office, text):
    act(
        office, "draft_text_act", text.pk, "dinh-kem",
        kind="submission", title="Tờ trình <b>", file=upload(DRAFTS["ke-hoach-co-bang.docx"]()),
    )  # fmt: skip
    made = text.attachments.get()
    assert "Tờ trình &lt;b&gt;" in said(office.get(reverse("draft_text", args=[text.pk])))
    assert office.get(reverse("draft_attachment", args=[made.pk])).status_code == 200
    office.post(reverse("draft_attachment_detach", args=[made.pk]))
    assert not text.attachments.exists()


def test_who_only_follows_reads_and_changes_nothing(text, home):
    client = Client()
    client.force_login(staff("thanh.vien", "consultations.follow_consultations"))
    row = text.provisions.first()
    for name, pk in (
        ("consultation", text.consultation_id),
        ("draft_text", text.pk),
        ("draft_text_mapping", text.pk),
        ("provision", row.pk),
    ):
        page = said(client.get(reverse(name, args=[pk])))
        assert '<button type="submit" class="button' not in page.split("nice-padding")[1], name
    act(client, "consultation_act", text.consultation_id, "mo", last_day="2026-11-30")
    act(client, "provision_act", row.pk, "gop")
    act(client, "draft_text_act", text.pk, "dan", pasted=AMENDING)
    assert not text.consultation.records.exists()
    assert text.provisions.count() == 17


def test_the_list_says_each_state_in_as_many_queries_however_long(office, consultation):
    url = reverse("consultations")
    office.get(url)
    with CaptureQueriesContext(connection) as few:
        office.get(url)
    for number in range(5):
        other = make.make_consultation(f"dot-{number}", title=f"Đợt {number}")
        make.open_window(other)
    make.record(other, WindowAct.SUSPEND)
    with CaptureQueriesContext(connection) as many:
        page = said(office.get(url))
    assert len(many) == len(few)
    for told in ("Chưa đặt thời hạn", "Đang nhận ý kiến", "Tạm dừng"):
        assert told in page


def test_what_waits_stands_in_the_first_panel(by, text):
    make.open_window(text.consultation)
    found = {item.task: item for item in waiting_for(by)}
    assert "Xem lại các mục và công bố bản" in found
    assert found["Theo dõi đợt lấy ý kiến"].due == "Còn 28 ngày"
    assert not waiting_for(staff("nguoi.khac", "consultations.follow_consultations"))
