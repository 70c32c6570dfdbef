"""Papers of a meeting: documents for those invited, the notice and the minutes as issued."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from editorial import meetings
from editorial.models import MeetingPaper, Post
from portal.outbox.draining import drain
from portal.reporting import editions, queries
from portal.reporting.models import Edition, EditionState
from tests.accounts import staff
from tests.editorial.meetings.steps import act, details, page, text_of
from tests.editorial.office import appoint, signed_in

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 tai lieu"


def test_a_document_is_for_those_invited_only(notified, group, member):
    file = SimpleUploadedFile("tai lieu.pdf", PDF, "application/pdf")
    act(signed_in(group.user), notified.pk, "tai-lieu", title="Báo cáo", file=file)
    paper = MeetingPaper.objects.get()
    answer = page(member.user, "editorial_meeting_paper", paper.pk)
    assert b"".join(answer.streaming_content) == PDF
    assert "no-store" in answer.headers["Cache-Control"]
    assert "attachment" in answer.headers["Content-Disposition"]
    stranger = appoint("thanh.vien.2", Post.MEMBER)
    assert page(stranger.user, "editorial_meeting_paper", paper.pk).status_code != 200
    assert Client().get(f"/media/{paper.file.name}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.pdf", b"MZ not a pdf"), ("a.docx", PDF), ("a.html", b"<script>")],
)
def test_a_document_of_another_kind_is_refused(meeting, group, name, content):
    file = SimpleUploadedFile(name, content)
    answer = act(signed_in(group.user), meeting.pk, "tai-lieu", title="Giữ lại", file=file)
    assert answer.status_code == 200
    assert 'value="Giữ lại"' in answer.content.decode()
    assert not MeetingPaper.objects.exists()


def test_the_notice_is_drawn_by_the_queue_and_signed_for_the_head(notified):
    drain()
    edition = Edition.objects.get(kind=meetings.NOTICE)
    text = text_of(edition)
    assert "GIẤY MỜI" in text
    assert "TRƯỞNG BAN BIÊN TẬP" in text
    assert "KT." not in text
    assert "14 giờ 00, ngày 20 tháng 11 năm 2026" in text.replace("\xa0", " ")
    assert "Phòng 302" in text
    assert "1. Kiểm điểm quý III" in text
    assert "Kiểm tra bản phát hành này tại" not in text


def test_the_standing_deputy_signs_in_place_of_the_head(meeting, head, group):
    deputy = appoint("pho.ban", Post.STANDING_DEPUTY, office="Phó Giám đốc Sở Nội vụ")
    meetings.change(meeting.pk, group.user, **details(head, group, signer=deputy, notice_kind="TB"))
    meetings.notify(meeting.pk, group.user)
    drain()
    text = text_of(Edition.objects.get(kind=meetings.NOTICE))
    assert "THÔNG BÁO" in text
    assert "KT. TRƯỞNG BAN BIÊN TẬP" in text
    assert "PHÓ TRƯỞNG BAN THƯỜNG TRỰC" in text


def test_the_minutes_carry_two_signatures_and_the_conclusions(minuted):
    drain()
    text = text_of(Edition.objects.get(kind=meetings.MINUTES))
    assert "BIÊN BẢN" in text
    assert text.index("THƯ KÝ") < text.index("CHỦ TỌA")
    assert "Mở chuyên mục mới" in text
    assert "15/12/2026" in text
    assert "Vắng mặt: 1 người" in text
    assert "16 giờ 30" in text


def test_an_issued_internal_document_is_nowhere_public(minuted, group, member):
    drain()
    edition = Edition.objects.get(kind=meetings.MINUTES)
    editions.publish(edition.pk, group.user)
    edition.refresh_from_db()
    assert edition.state == EditionState.PUBLISHED
    assert queries.published_by_code(edition.code) is None
    assert edition not in queries.published()
    visitor = Client()
    for url in (
        reverse("verify_code", args=[edition.code]),
        f"/bao-cao/{edition.code}/",
        f"/bao-cao/{edition.code}.pdf",
        "/tim-kiem/?q=h%E1%BB%8Dp+qu%C3%BD",
    ):
        answer = visitor.get(url)
        assert "Đống Đa" not in answer.content.decode()
        assert answer.status_code in {200, 404}
    assert visitor.get(reverse("verify_code", args=[edition.code])).status_code == 404
    from site_pages.search.models import SearchEntry

    assert not SearchEntry.objects.filter(title__contains="Đống Đa").exists()


def test_the_paper_is_read_by_those_invited_and_not_by_readers_of_reports(minuted, member):
    drain()
    edition = Edition.objects.get(kind=meetings.MINUTES)
    assert page(member.user, "edition_file", edition.pk).status_code == 200
    reader = staff("lanh.dao", "reporting.view_edition")
    assert page(reader, "edition_file", edition.pk).status_code != 200
    assert page(reader, "edition_detail", edition.pk).status_code != 200
    assert "Đống Đa" not in page(reader, "edition_list").content.decode()
