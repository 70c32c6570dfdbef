"""A citizen answers the survey, by URL, without JavaScript."""

from __future__ import annotations

import unicodedata
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from portal import clock
from portal.protection.models import PlainQuestion
from satisfaction import drafting
from satisfaction.models import Draft, Response, Survey, TextAnswer
from satisfaction.questionnaires import read
from satisfaction.window import SurveyClosed
from tests.pages import assert_valid_html
from tests.satisfaction.factories import (
    CLOSES,
    NOON,
    OPENS,
    answers,
    local,
    make_page,
    make_survey,
)

pytestmark = pytest.mark.django_db
SLUGS = [
    "co-quan",
    "tiep-can",
    "thu-tuc",
    "cong-chuc",
    "ket-qua",
    "phan-anh",
    "ve-ong-ba",
    "y-kien",
]


@pytest.fixture
def page(at):
    at(NOON)
    return make_page(make_survey())


def token_in(client, url: str) -> str:
    html = client.get(url).content.decode()
    return html.split('name="form_token" value="')[1].split('"')[0]


def start(client, page, seconds: int = 30, **data):
    """The first section, answered by a person who takes their time."""
    url = f"{page.url}tra-loi/co-quan/"
    token = token_in(client, url)
    with clock.stopped_at(clock.now() + timedelta(seconds=seconds)):
        return client.post(url, {"agency": "SNV", "form_token": token, **data})


def answer_everything(client, page, data=None):
    start(client, page)
    for slug in SLUGS[1:]:
        response = client.post(f"{page.url}tra-loi/{slug}/", data or answers())
        assert response.status_code == 302, slug
    return response


def send(client, page, seconds: int = 300):
    with clock.stopped_at(clock.now() + timedelta(seconds=seconds)):
        return client.post(f"{page.url}kiem-tra/")


def test_the_whole_way_ends_in_one_response_and_a_receipt(client, page):
    last = answer_everything(client, page, answers(comment="Đống Đa <b>tốt</b>"))
    assert last.url.endswith("/kiem-tra/")
    sent = send(client, page)
    assert sent.url.endswith("/da-gui/")
    response = Response.objects.get()
    assert (response.status, response.agency.code, response.rated) == ("valid", "SNV", 19)
    assert response.day.isoformat() == "2026-11-20"
    assert TextAnswer.objects.get().text == "Đống Đa <b>tốt</b>"
    assert "comment" not in response.answers
    html = client.get(sent.url).content.decode()
    assert response.receipt_code in html
    assert Draft.objects.get().answers == {}


def test_sent_twice_it_counts_once(client, page):
    answer_everything(client, page)
    first, second = send(client, page), send(client, page)
    assert first.url == second.url
    assert Response.objects.count() == 1


def test_an_intro_sets_no_cookie_and_a_form_sets_its_own_path(client, page):
    assert not client.get(page.url).cookies
    cookie = start(client, page).cookies["phieu-vi"]
    assert cookie["path"] == page.url
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_pages_with_answers_are_never_stored(client, page):
    answer_everything(client, page)
    for path in ("tra-loi/tiep-can/", "kiem-tra/"):
        assert "no-store" in client.get(page.url + path)["Cache-Control"]


@pytest.mark.parametrize("slug", SLUGS[1:6])
def test_a_missing_level_is_told_at_the_field_and_nothing_is_lost(client, page, slug):
    start(client, page)
    partial = answers()
    section_items = {
        "tiep-can": "I15",
        "thu-tuc": "II19",
        "cong-chuc": "III23",
        "ket-qua": "IV28",
        "phan-anh": "V31",
    }
    missing = section_items[slug]
    del partial[missing]
    response = client.post(f"{page.url}tra-loi/{slug}/", partial)
    html = response.content.decode()
    assert response.status_code == 422
    assert "<title>Lỗi:" in html
    assert f'href="#id_{missing}"' in html
    assert html.count('value="4" checked') == html.count("<fieldset") - 1
    assert_valid_html(response)


def test_too_long_a_text_comes_back_whole_with_the_count(client, page):
    start(client, page)
    response = client.post(f"{page.url}tra-loi/y-kien/", {"comment": "ế" * 2100})
    html = response.content.decode()
    assert response.status_code == 422
    assert "dài hơn 100 ký tự" in html
    assert "ế" * 2100 in html


def test_markup_in_a_text_is_shown_as_text(client, page):
    answer_everything(client, page, answers(comment="<script>alert(1)</script>"))
    html = client.get(f"{page.url}kiem-tra/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_text_is_composed_and_cleaned(client, page):
    typed = unicodedata.normalize("NFD", "Tiếng Việt\x00")
    answer_everything(client, page, answers(comment=typed))
    send(client, page)
    assert TextAnswer.objects.get().text == "Tiếng Việt"


@pytest.mark.parametrize("agency", ["", "QHKT", "99999", "<script>", "0" * 500])
def test_an_agency_that_is_not_on_the_list_is_refused(client, page, agency):
    response = start(client, page, agency=agency)
    assert response.status_code == 422
    assert not Draft.objects.exists()
    assert "Chọn" in response.content.decode()


@pytest.mark.parametrize("value", ["0", "6", "99", "-1", "4.0", "x", "٤", "9" * 400, "9" * 5000])
def test_a_level_that_does_not_exist_is_refused(client, page, value):
    start(client, page)
    response = client.post(f"{page.url}tra-loi/tiep-can/", answers() | {"I15": value})
    assert response.status_code == 422
    assert "I15" not in Draft.objects.get().answers


def test_what_the_form_does_not_ask_is_ignored(client, page):
    start(client, page)
    client.post(
        f"{page.url}tra-loi/tiep-can/",
        answers() | {"status": "valid", "weight": "100", "II19": "5", "agency": "STC"},
    )
    draft = Draft.objects.get()
    assert set(draft.answers) == {"agency", "I15", "I16", "I17", "I18"}
    assert draft.answers["agency"] == "SNV"


def test_an_answer_may_be_changed_from_the_check_page(client, page):
    answer_everything(client, page)
    form = client.get(f"{page.url}tra-loi/tiep-can/?sua=1").content.decode()
    assert 'value="4" checked' in form
    changed = client.post(f"{page.url}tra-loi/tiep-can/", answers(2) | {"sua": "1"})
    assert changed.url.endswith("/kiem-tra/")
    send(client, page)
    assert Response.objects.get().satisfied == 15


def test_an_unfinished_answer_is_led_back_to_what_is_missing(client, page):
    start(client, page)
    response = send(client, page)
    assert "/tra-loi/tiep-can/" in response.url
    html = client.get(response.url).content.decode()
    assert "Có lỗi cần sửa" in html
    assert not Response.objects.exists()


def test_without_a_draft_the_later_pages_lead_to_the_beginning(client, page):
    assert client.get(f"{page.url}tra-loi/thu-tuc/").url.endswith("/tra-loi/co-quan/")
    assert client.get(f"{page.url}kiem-tra/").url == page.url
    assert client.get(f"{page.url}da-gui/").url == page.url


def test_a_draft_expires_after_seven_days(client, page, at):
    start(client, page)
    at("2026-11-27 12:00:31")
    assert client.get(f"{page.url}kiem-tra/").url == page.url


def test_a_foreign_key_opens_nothing(client, page):
    start(client, page)
    client.cookies["phieu-vi"] = "x" * 32
    assert client.get(f"{page.url}kiem-tra/").url == page.url


def test_deleting_the_draft_deletes_it(client, page):
    start(client, page)
    assert client.get(f"{page.url}xoa/").status_code == 200
    assert Draft.objects.exists()
    client.post(f"{page.url}xoa/")
    assert not Draft.objects.exists()


class TestWindow:
    @pytest.mark.parametrize(
        ("moment", "is_open"),
        [
            (OPENS - timedelta(microseconds=1), False),
            (OPENS, True),
            (CLOSES - timedelta(microseconds=1), True),
            (CLOSES, False),
        ],
    )
    def test_the_window_is_half_open(self, client, page, at, moment, is_open):
        at(moment)
        response = client.get(f"{page.url}tra-loi/co-quan/")
        assert response.status_code == (200 if is_open else 403)
        assert ("Bắt đầu" in client.get(page.url).content.decode()) is is_open

    def test_sent_after_closing_it_is_returned_and_not_counted(self, client, page, at):
        at(CLOSES - timedelta(minutes=10))
        answer_everything(client, page, answers(comment="Xin giữ lại lời này"))
        at(CLOSES)
        response = client.post(f"{page.url}kiem-tra/")
        html = response.content.decode()
        assert response.status_code == 403
        assert "Xin giữ lại lời này" in html
        assert "Phiếu của ông/bà chưa được gửi" in html
        assert not Response.objects.exists()

    def test_a_section_sent_after_closing_comes_back_too(self, client, page, at):
        at(CLOSES - timedelta(minutes=10))
        start(client, page)
        at(CLOSES)
        html = client.post(f"{page.url}tra-loi/tiep-can/", answers()).content.decode()
        assert html.count("Hài lòng") == 4

    def test_the_last_minute_is_told_as_people_read_it(self, client, page):
        assert "23:59 ngày 30/11/2026" in client.get(page.url).content.decode()


class TestGuard:
    def test_a_form_sent_at_once_is_asked_a_question_and_keeps_what_was_chosen(self, client, page):
        response = start(client, page, seconds=0)
        html = response.content.decode()
        assert response.status_code == 422
        assert "Kiểm tra nhanh" in html
        assert 'value="SNV" selected' in html
        assert_valid_html(response)

    def test_a_filled_honeypot_is_asked_too(self, client, page):
        assert start(client, page, website="http://x").status_code == 422
        assert not Draft.objects.exists()

    def test_the_answered_question_lets_the_person_through(self, client, page):
        html = start(client, page, seconds=0).content.decode()
        key = html.split('name="question_key" value="')[1].split('"')[0]
        answer = PlainQuestion.objects.get(key=key).answer
        token = html.split('name="form_token" value="')[1].split('"')[0]
        response = client.post(
            f"{page.url}tra-loi/co-quan/",
            {
                "agency": "SNV",
                "form_token": token,
                "captcha_key": "",
                "question_key": key,
                "question_text": f" {answer} ",
            },
        )
        assert response.status_code == 302
        assert Draft.objects.count() == 1

    def test_another_picture_keeps_what_was_chosen_and_voids_the_old_one(self, client, page):
        html = start(client, page, seconds=0).content.decode()
        assert "Đổi hình và câu hỏi khác" in html
        # Enter presses the first button of a form: that must be the one that sends.
        assert html.index("Tiếp tục</button>") < html.index('name="hinh-moi"')
        key = html.split('name="question_key" value="')[1].split('"')[0]
        response = start(client, page, question_key=key, **{"hinh-moi": "1"})
        html = response.content.decode()
        assert 'value="SNV" selected' in html
        assert "Có lỗi cần sửa" not in html
        assert not PlainQuestion.objects.filter(key=key).exists()
        assert PlainQuestion.objects.count() == 1
        assert_valid_html(response)


def test_the_english_way_is_english_with_english_agencies(client, page):
    url = "/en/khao-sat/hai-long/tra-loi/co-quan/"
    html = client.get(url).content.decode()
    assert "Department of Home Affairs" in html
    assert "The agency you rate" in html
    assert "Part 1 of 8" in html


def test_a_qr_code_names_the_agency(client, page):
    html = client.get(f"{page.url}?co-quan=00004").content.decode()
    assert "tra-loi/co-quan/?co-quan=00004" in html
    form = client.get(f"{page.url}tra-loi/co-quan/?co-quan=00004").content.decode()
    assert 'value="00004" selected' in form


def test_every_page_is_valid_and_bounded(client, page, django_assert_max_num_queries):
    answer_everything(client, page)
    client.get("/")  # content types and site roots are read once a process
    for path in ["", *(f"tra-loi/{slug}/" for slug in SLUGS), "kiem-tra/", "xoa/"]:
        with django_assert_max_num_queries(15):
            response = client.get(page.url + path)
        assert response.status_code == 200
        assert_valid_html(response)
    send(client, page)
    assert_valid_html(client.get(f"{page.url}da-gui/"))
    assert_valid_html(client.get("/khao-sat/"))


def test_a_survey_without_questions_is_not_open(client, at):
    at(NOON)
    page = make_page(
        Survey.objects.create(code="rong", title="Rỗng", opens_at=OPENS, closes_at=CLOSES)
    )
    assert "Bắt đầu" not in client.get(page.url).content.decode()
    assert client.get(f"{page.url}tra-loi/co-quan/").url == page.url


class TestOneTokenAnAnswer:
    def first_form(self, client, page) -> dict[str, str]:
        token = token_in(client, f"{page.url}tra-loi/co-quan/")
        return {"agency": "SNV", "form_token": token}

    def later(self, client, url: str, data: dict[str, str], seconds: int = 30):
        with clock.stopped_at(clock.now() + timedelta(seconds=seconds)):
            return client.post(url, data)

    def test_two_clicks_on_the_first_form_begin_one_answer_with_one_key(self, client, page):
        url, form = f"{page.url}tra-loi/co-quan/", self.first_form(client, page)
        first = self.later(client, url, form)
        client.cookies.clear()
        second = self.later(client, url, form | {"agency": "STC"}, 31)
        assert first.url == second.url
        assert first.cookies["phieu-vi"].value == second.cookies["phieu-vi"].value
        assert Draft.objects.get().answers["agency"] == "STC"

    def test_one_form_counts_once_however_often_it_is_played_again(self, client, page):
        url, form = f"{page.url}tra-loi/co-quan/", self.first_form(client, page)
        self.later(client, url, form)
        for slug in SLUGS[1:]:
            client.post(f"{page.url}tra-loi/{slug}/", answers())
        receipt = send(client, page)
        client.cookies.clear()
        self.later(client, url, form, 40)
        again = client.get(f"{page.url}kiem-tra/")
        assert again.url == receipt.url
        client.post(f"{page.url}xoa/")
        client.cookies.clear()
        assert self.later(client, url, form, 50).status_code == 422
        assert Response.objects.count() == 1
        assert not Draft.objects.exists()

    def test_an_answer_deleted_in_another_window_begins_anew_with_what_is_typed(self, client, page):
        url, form = f"{page.url}tra-loi/co-quan/", self.first_form(client, page)
        self.later(client, url, form)
        Draft.objects.all().delete()
        client.cookies.clear()
        response = self.later(client, url, form, 31)
        html = response.content.decode()
        assert response.status_code == 422
        assert 'value="SNV" selected' in html
        form["form_token"] = html.split('name="form_token" value="')[1].split('"')[0]
        assert self.later(client, url, form, 60).status_code == 302

    def test_a_draft_deleted_while_a_section_or_the_whole_is_sent_is_no_error(
        self, client, page, monkeypatch
    ):
        answer_everything(client, page, answers(comment="Xin giữ lại"))
        draft = Draft.objects.get()

        def gone(key, survey_id):
            Draft.objects.all().delete()
            return draft

        monkeypatch.setattr("satisfaction.drafting.resume", gone)
        response = client.post(f"{page.url}tra-loi/y-kien/", {"comment": "Xin giữ lại"})
        assert response.status_code == 422
        assert "Xin giữ lại" in response.content.decode()
        assert client.post(f"{page.url}kiem-tra/").url == page.url
        assert not Response.objects.exists()

    def test_after_the_receipt_another_agency_may_be_rated(self, client, page):
        answer_everything(client, page)
        receipt = send(client, page).url
        assert "Trả lời phiếu khác" in client.get(receipt).content.decode()
        assert client.get(f"{page.url}tra-loi/co-quan/").url == receipt
        begun = client.post(receipt)
        assert begun.url.endswith("/tra-loi/co-quan/")
        start(client, page, agency="STC")
        for slug in SLUGS[1:]:
            client.post(f"{page.url}tra-loi/{slug}/", answers())
        send(client, page)
        assert {row.agency.code for row in Response.objects.all()} == {"SNV", "STC"}

    def test_a_sent_draft_keeps_the_day_only(self, client, page):
        answer_everything(client, page)
        send(client, page)
        draft = Draft.objects.get()
        assert draft.updated_at.isoformat() == "2026-11-19T17:00:00+00:00"
        assert draft.started_at == draft.updated_at


@pytest.mark.parametrize("query", ["%00", "SNV%00", "%F0%9F%98%80", "0" * 500])
def test_an_odd_agency_in_the_address_names_none(client, page, query):
    for path in ("", "tra-loi/co-quan/"):
        assert client.get(f"{page.url}{path}?co-quan={query}").status_code == 200


def test_odd_bytes_in_the_challenge_are_wrong_answers(client, page):
    odd = dict.fromkeys(("captcha_key", "question_key", "captcha_text", "website"), "\x00")
    assert start(client, page, seconds=0, **odd).status_code == 422
    assert start(client, page, seconds=0, **odd, **{"hinh-moi": "1"}).status_code == 422


def test_a_section_is_not_saved_past_the_closing_moment(client, page, at):
    at(CLOSES - timedelta(minutes=10))
    start(client, page)
    draft = Draft.objects.get()
    at(CLOSES)
    questionnaire = read(draft.version.definition)
    with pytest.raises(SurveyClosed):
        drafting.save_section(draft.pk, questionnaire.sections[1], {"I15": 4})
    draft.refresh_from_db()
    assert "I15" not in draft.answers


def test_too_long_a_text_sent_after_closing_comes_back_whole(client, page, at):
    at(CLOSES - timedelta(minutes=10))
    start(client, page)
    at(CLOSES)
    html = client.post(f"{page.url}tra-loi/y-kien/", {"comment": "ế" * 2100}).content.decode()
    assert "ế" * 2100 in html


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_begin_one_draft():
    moment = local(NOON)
    survey = make_survey()
    token = uuid.uuid4()

    def click(_number: int) -> str:
        try:
            with clock.stopped_at(moment):
                return drafting.start(survey, token)[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(click, range(6)))) == 1
    assert Draft.objects.count() == 1
