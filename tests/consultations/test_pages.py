"""What readers see: list, consultation, versions, comparison, calendar, feed, home."""

from __future__ import annotations

import json

import pytest
from defusedxml import ElementTree
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from consultations import drafting, mapping, tree
from consultations.models import (
    Consultation,
    ConsultationPage,
    ConsultationsPage,
    DraftKind,
    OpinionState,
    WindowAct,
)
from consultations.moderation import projection
from portal.outbox.draining import drain
from site_pages import publishing
from site_pages.search.indexing import index_page
from site_pages.tree import publish_translation
from tests.consultations import factories as make
from tests.consultations import saying
from tests.consultations.test_drafting import CHANGED, upload
from tests.consultations.test_structure import DECISION
from tests.consultations.word import deleted, docx, hidden, inserted, p
from tests.pages import assert_lean, assert_valid_html

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture
def by(at):
    at(make.NOON)
    return make.organiser()


def lay_page(consultation: Consultation, home, **fields) -> ConsultationPage:
    parent = ConsultationsPage.objects.child_of(home).get()
    page = ConsultationPage(
        title=consultation.title, slug=consultation.code, consultation=consultation, **fields
    )
    return parent.add_child(instance=page)


@pytest.fixture
def page(home, by) -> ConsultationPage:
    consultation = make.make_consultation(title="Dự thảo Quy chế phối hợp <script>“Đ”")
    make.open_window(consultation)
    text = drafting.new_version(consultation.pk, by)
    drafting.paste(text.pk, by, DECISION)
    drafting.publish(text.pk, by)
    return lay_page(consultation, home)


@pytest.fixture
def revised(page, by) -> ConsultationPage:
    first = page.consultation.texts.get()
    spoken_of = next(row for row in tree.rows_of(first) if row.label == "b)")
    make.opine(page.consultation, spoken_of, state=OpinionState.PUBLISHED)
    page.live = False
    ConsultationPage.objects.filter(pk=page.pk).update(live=False)
    second = drafting.new_version(page.consultation_id, by, "Tiếp thu ý kiến <script>")
    drafting.paste(second.pk, by, CHANGED)
    mapping.confirm(
        second.pk, by, {row.pk: (row.kind, row.new_id) for row in second.mappings.all()}
    )
    drafting.publish(second.pk, by)
    ConsultationPage.objects.filter(pk=page.pk).update(live=True)
    index_page(page.pk)
    return ConsultationPage.objects.get(pk=page.pk)


def words(response) -> str:
    return response.content.decode()


def test_the_page_says_its_window_and_shows_every_provision(client, page):
    response = client.get(page.url)
    body = assert_valid_html(response)
    assert_lean(response)
    said = words(response)
    assert "đến hết 23:59 ngày 30/11/2026" in said
    assert "Còn 10 ngày" in said
    ids = {element.get("id") for element in body.iter()}
    for row in tree.rows_of(page.consultation.texts.get()):
        assert f"muc-{row.anchor}" in ids
    assert "<script>“Đ”" not in said


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("2026-11-01 23:59:59.999999", "Sẽ nhận ý kiến từ 00:00 ngày 02/11/2026"),
        ("2026-11-02 00:00", "Còn 28 ngày"),
        ("2026-11-30 23:59:59.999999", "Ngày cuối"),
        ("2026-12-01 00:00", "Đã nhận ý kiến từ 00:00 ngày 02/11/2026 đến hết 23:59"),
    ],
)
def test_it_opens_and_closes_by_itself(client, page, at, moment, sentence):
    at(moment)
    assert sentence in words(client.get(page.url))


def test_a_suspension_is_told_with_its_reason_and_document(client, page):
    make.record(page.consultation, WindowAct.SUSPEND, reason="Chờ số liệu <b>")
    said = words(client.get(page.url))
    assert "Tạm dừng" in said
    assert "Chờ số liệu &lt;b&gt;" in said
    assert "12/SNV-CCHC" in said


def test_the_permanent_address_of_a_provision_leads_to_its_place(client, page):
    row = tree.rows_of(page.consultation.texts.get())[10]
    response = client.get(f"{page.url}dieu-khoan/{row.uuid}/")
    assert response.headers["Location"] == f"{page.url}ban/1/#muc-{row.anchor}"
    assert client.get(f"{page.url}dieu-khoan/{page.consultation.pk}/").status_code == 404


def test_what_is_being_prepared_has_no_address(client, page, by):
    page.consultation.texts.get()
    second = drafting.new_version(page.consultation_id, by, "Đang soạn")
    drafting.paste(second.pk, by, CHANGED)
    made = drafting.attach(second.pk, by, "other", "Tệp", upload(docx(p("x"))))
    row = tree.rows_of(second)[0]
    for rest in (
        "ban/2/",
        "so-sanh/1/2/",
        f"dieu-khoan/{row.uuid}/",
        f"tep/{made.pk}/",
        "ban/99/",
        "so-sanh/2/1/",
    ):
        assert client.get(f"{page.url}{rest}").status_code == 404, rest
    assert "Đang soạn" not in words(client.get(page.url))


def test_the_number_of_queries_stays_with_sixty_provisions(
    client, home, by, django_assert_max_num_queries
):
    consultation = make.make_consultation()
    make.open_window(consultation)
    text = make.make_text(consultation, articles=20)
    page = lay_page(consultation, home)
    for row in tree.rows_of(text)[:5]:
        make.opine(consultation, row, state=OpinionState.PUBLISHED)
    client.get(page.url)
    with django_assert_max_num_queries(MOST_QUERIES):
        response = client.get(page.url)
    assert words(response).count('class="provision') == 60
    assert "5 ý kiến" in words(response)


def test_counters_add_up_and_nothing_unpublished_is_told(client, page):
    row = tree.rows_of(page.consultation.texts.get())[1]
    for number, state in enumerate(OpinionState.values * 2):
        make.opine(page.consultation, row, state=state, text=f"Bí mật số {number}")
    said = words(client.get(page.url))
    for told in ("6 ý kiến đã nhận", "2 đã đăng", "2 chờ xem xét", "2 không đăng"):
        assert told in said, told
    assert "Bí mật" not in said


def test_an_earlier_version_says_what_became_of_its_provisions(client, revised):
    said = words(client.get(f"{revised.url}ban/1/"))
    assert_valid_html(said)
    assert "Đây là bản 1; bản mới nhất là bản 2." in said
    assert "Không còn trong bản sau" in said
    newest = words(client.get(revised.url))
    assert "Hồ sơ khẩn" not in newest
    assert "Báo cáo hằng quý" in newest


def test_two_versions_compared_say_what_was_added_removed_and_changed(client, revised):
    response = client.get(f"{revised.url}so-sanh/1/2/")
    body = assert_valid_html(response)
    assert_lean(response)
    said = words(response)
    added = ["".join(part.itertext()) for part in body.iter("ins")]
    removed = ["".join(part.itertext()) for part in body.iter("del")]
    assert any("Báo cáo hằng quý" in part for part in added)
    assert any("Hồ sơ khẩn" in part for part in removed)
    assert any("rõ" in part for part in added)
    assert "[thêm:" in said
    assert "Điều 2" not in "".join("".join(h.itertext()) for h in body.iter("h2"))
    whole = words(client.get(f"{revised.url}so-sanh/1/2/?tat-ca=1"))
    assert "Căn cứ Luật Tổ chức" in whole
    assert len(whole) > len(said)


def test_a_change_over_several_versions_is_followed(client, revised, by):
    consultation = revised.consultation
    ConsultationPage.objects.filter(pk=revised.pk).update(live=False)
    third = drafting.new_version(consultation.pk, by, "Bản ba")
    drafting.paste(third.pk, by, CHANGED.replace("phối hợp rõ.", "phối hợp rõ ràng."))
    mapping.confirm(third.pk, by, {row.pk: (row.kind, row.new_id) for row in third.mappings.all()})
    drafting.publish(third.pk, by)
    ConsultationPage.objects.filter(pk=revised.pk).update(live=True)
    body = assert_valid_html(client.get(f"{revised.url}so-sanh/1/3/"))
    heads = ["".join(head.itertext()) for head in body.iter("h2")]
    assert sum("Đã sửa" in head for head in heads) == 1
    assert sum(head.strip().endswith("Bỏ") for head in heads) == 1


def test_the_calendar_carries_the_window(client, page):
    response = client.get(f"{page.url}lich/")
    assert response.headers["Content-Type"].startswith("text/calendar")
    lines = response.content.decode().replace("\r\n ", "").split("\r\n")
    assert "DTSTART:20261101T170000Z" in lines
    assert "DTEND:20261130T170000Z" in lines
    assert all(len(line.encode()) <= 75 for line in response.content.decode().split("\r\n"))
    assert f"SUMMARY:{page.title}" in lines


def test_machines_are_told_until_when_one_may_comment(client, page):
    body = assert_valid_html(client.get(page.url))
    told = next(
        json.loads(item.text)
        for item in body.iter("script")
        if item.get("type") == "application/ld+json"
    )
    assert told["potentialAction"]["endTime"] == "2026-11-30T17:00:00+00:00"
    assert told["about"]["legislationLegalForce"] == "NotInForce"


def test_it_prints_with_its_whole_text(client, page):
    said = words(client.get(f"{page.url}?in=1"))
    assert_valid_html(said)
    assert "Hồ sơ khẩn." in said


def handed_in(by, content: bytes):
    consultation = make.make_consultation()
    make.open_window(consultation)
    text = drafting.new_version(consultation.pk, by)
    drafting.hand_in(text.pk, by, upload(content, "Dự thảo.docx"))
    drain()
    return text


def test_documents_and_the_draft_itself_are_downloads(client, home, by):
    content = docx(p("Điều 1. Tên"), p("1. Một."))
    text = handed_in(by, content)
    drafting.attach(text.pk, by, "submission", "Tờ trình", upload(docx(p("Kính gửi"))))
    drafting.publish(text.pk, by)
    page = lay_page(text.consultation, home)
    said = words(client.get(page.url))
    assert "Tờ trình" in said
    for made in text.attachments.all():
        response = client.get(f"{page.url}tep/{made.pk}/")
        assert response.headers["Content-Disposition"].startswith("attachment")
        kept = b"".join(response.streaming_content)
        assert (kept == content) == (made.kind == "draft")


@pytest.mark.parametrize("mark", [inserted("sửa"), deleted("bỏ"), hidden("ẩn")])
def test_a_file_with_traces_of_work_is_not_opened_to_the_public(client, home, by, mark):
    text = handed_in(by, docx(p("Điều 1. Tên", more=mark), p("1. Một.")))
    with pytest.raises(ValidationError):
        drafting.attach(text.pk, by, "other", "Tệp", upload(docx(p("Tên", more=mark))))
    drafting.publish(text.pk, by)
    assert not text.attachments.exists()


def test_a_topic_shows_its_questions(client, home, by):
    consultation = make.make_consultation(kind=DraftKind.TOPIC)
    consultation.questions.create(number=1, text="Việc gì cần làm trước <i>?")
    make.open_window(consultation)
    page = lay_page(consultation, home)
    said = words(client.get(page.url))
    assert_valid_html(said)
    assert "Việc gì cần làm trước &lt;i&gt;?" in said


# --- The list ---------------------------------------------------------------------------


@pytest.fixture
def several(home, by) -> dict[str, ConsultationPage]:
    spans = {
        "dang-mo": (make.OPENS, make.CLOSES),
        "sap-dong": (make.OPENS, make.local("2026-11-23 00:00")),
        "sap-mo": (make.local("2026-11-25 00:00"), make.CLOSES),
        "da-dong": (make.OPENS, make.local("2026-11-15 00:00")),
        "da-tra-loi": (make.OPENS, make.local("2026-11-10 00:00")),
    }
    pages = {}
    for code, (opens, closes) in spans.items():
        answered = make.OPENS if code == "da-tra-loi" else None
        made = make.make_consultation(
            code, title=f"Việc {code}", answered_at=answered, reform_field="digital"
        )
        make.open_window(made, opens, closes)
        make.make_text(made)
        pages[code] = lay_page(made, home)
    return pages


def test_the_list_shows_first_what_closes_first(client, several, django_assert_max_num_queries):
    url = next(iter(several.values())).get_parent().url
    client.get(url)
    with django_assert_max_num_queries(MOST_QUERIES):
        response = client.get(url)
    said = words(response)
    assert_valid_html(response)
    assert_lean(response)
    places = [said.index(f"Việc {code}") for code in
              ("sap-dong", "dang-mo", "sap-mo", "da-dong", "da-tra-loi")]  # fmt: skip
    assert places == sorted(places)


@pytest.mark.parametrize("state", ["sap-dong", "dang-mo", "sap-mo", "da-dong", "da-tra-loi"])
def test_a_filter_leaves_its_state(client, several, state):
    url = several[state].get_parent().url
    said = words(client.get(url, {"trangthai": state}))
    assert [code for code in several if f">Việc {code}<" in said] == [state]


@pytest.mark.parametrize(
    "query", [{"trangthai": "khác\x00"}, {"coquan": "'"}, {"trang": "-1"}, {"linhvuc": "digital"}]
)
def test_a_value_that_is_no_choice_filters_nothing(client, several, query):
    said = words(client.get(several["dang-mo"].get_parent().url, query))
    assert all(f"Việc {code}" in said for code in several)


def test_a_filter_that_fits_nothing_says_so(client, several):
    said = words(client.get(several["dang-mo"].get_parent().url, {"linhvuc": "procedures"}))
    assert "Không có đợt lấy ý kiến nào" in said


def test_the_home_page_puts_open_ones_first(client, several, home):
    said = words(client.get(home.url))
    assert "Việc sap-dong" in said
    assert "Việc dang-mo" in said
    assert "Việc da-dong" not in said


def test_the_feed_has_every_consultation(client, several):
    response = client.get(reverse("feed", args=["lay-y-kien"]))
    titles = [
        item.findtext("title") for item in ElementTree.fromstring(response.content).iter("item")
    ]
    assert {f"Việc {code}" for code in several} == set(titles)


def test_it_is_read_in_english_with_the_draft_in_vietnamese(client, page, home):
    english = page.get_parent().get_translations().get()
    publish_translation(page, english.locale, {"title": "Draft regulation"})
    response = client.get(f"{english.url}{page.slug}/")
    assert_valid_html(response)
    said = words(response)
    assert "10 days left" in said
    assert '<div class="law" lang="vi">' in said


def test_the_search_finds_it_by_the_words_of_its_newest_version(client, revised):
    found = client.get("/tim-kiem/", {"q": "báo cáo hằng quý"})
    assert revised.url in words(found)


# --- Being prepared ---------------------------------------------------------------------


def test_a_page_goes_public_only_with_its_window_and_its_text(home, by):
    consultation = make.make_consultation()
    page = lay_page(consultation, home, live=False)
    assert page.publication_problems()
    make.open_window(consultation)
    assert page.publication_problems()
    make.make_text(consultation)
    assert not page.publication_problems()


def test_a_new_version_of_a_public_draft_is_published_by_who_decides(page, by, settings):
    second = drafting.new_version(page.consultation_id, by, "Bản hai")
    drafting.paste(second.pk, by, CHANGED)
    mapping.confirm(
        second.pk, by, {row.pk: (row.kind, row.new_id) for row in second.mappings.all()}
    )
    token = publishing._laying.set(False)
    try:
        with pytest.raises(PermissionDenied):
            drafting.publish(second.pk, by)
    finally:
        publishing._laying.reset(token)


def test_sixty_provisions_weigh_little_and_ask_little(at, client, django_assert_max_num_queries):
    at(make.NOON)
    consultation, page = saying.open_to_all()
    text = make.make_text(consultation, articles=20)
    places = list(text.provisions.order_by("position"))
    assert len(places) == 60
    text.provisions.update(text="Nội dung của quy định này. " * 20)
    for place in places:
        for n in range(3):
            said = make.opine(consultation, place, text=f"Ý kiến {n}: đề nghị nêu rõ. " * 40)
            projection.publish_unread(said, said.received_at)
    client.get(page.url)
    with django_assert_max_num_queries(15):
        content = client.get(page.url).content
    assert len(content) <= 200 * 1024
    assert content.count(b'class="said"') == 120


def test_a_suspended_consultation_is_not_listed_as_open(page, client):
    make.record(page.consultation, WindowAct.SUSPEND)
    body = client.get("/lay-y-kien/?trangthai=tam-dung").content.decode()
    assert f'href="{page.url}"' in body
    assert f'href="{page.url}"' not in client.get("/lay-y-kien/?trangthai=dang-mo").content.decode()
    assert f'href="{page.url}"' not in client.get("/").content.decode()
    make.record(page.consultation, WindowAct.RESUME)
    assert f'href="{page.url}"' in client.get("/lay-y-kien/?trangthai=dang-mo").content.decode()
