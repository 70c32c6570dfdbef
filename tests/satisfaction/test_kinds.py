"""A survey with every kind of question, answered by URL."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

import pytest
from django.core.management import call_command

from portal import clock
from portal.reporting.kinds import Unmakeable
from satisfaction import reports, results, review
from satisfaction.models import (
    Draft,
    RejectionReason,
    Response,
    Tally,
    TextAnswer,
)
from satisfaction.questionnaires import read, template
from satisfaction.reading import typed_again
from satisfaction.tallies import ANSWERED, NOT_SHOWN, SKIPPED
from satisfaction.versions import current_version
from tests.accounts import staff
from tests.pages import assert_valid_html
from tests.satisfaction.factories import (
    CLOSES,
    NOON,
    every_kind,
    full_form,
    make_full_survey,
    make_page,
    respond,
)

pytestmark = pytest.mark.django_db
WRITTEN = {"wait", "day.day", "day.month", "day.year", "why.other", "late", "words"}
SLUGS = ["bat-dau", "lan-den", "ly-do", "loi-cuoi"]


@pytest.fixture
def page(at):
    at(NOON)
    return make_page(make_full_survey())


def post(client, page, slug: str, data: dict):
    return client.post(f"{page.url}tra-loi/{slug}/", data)


def start(client, page, **others):
    url = f"{page.url}tra-loi/bat-dau/"
    token = client.get(url).content.decode().split('name="form_token" value="')[1].split('"')[0]
    with clock.stopped_at(clock.now() + timedelta(seconds=30)):
        return client.post(url, {**full_form(**others), "form_token": token})


def fill(client, page, **others):
    """Every section that the answers lead to."""
    response = start(client, page, **others)
    while "/tra-loi/" in response.url:
        response = client.post(response.url, full_form(**others))
        assert response.status_code == 302, response.content.decode()
    return response


def send(client, page) -> Response:
    with clock.stopped_at(clock.now() + timedelta(seconds=300)):
        client.post(f"{page.url}kiem-tra/")
    return Response.objects.get()


def saved() -> dict:
    return Draft.objects.get().answers


def tallies(question: str) -> dict[int, int]:
    return dict(Tally.objects.filter(question=question, n__gt=0).values_list("code", "n"))


def test_every_kind_is_kept_by_its_code_and_texts_apart(client, page, capsys):
    assert fill(client, page).url.endswith("/kiem-tra/")
    response = send(client, page)
    assert response.status == "valid"
    assert response.answers == {
        "come": 1,
        "g1": 3,
        "g2": 2,
        "day": "2026-11-07",
        "wait": "1234.5",
        "why": [1, 7],
        "order": [3, 1],
        "score": 8,
    }
    assert dict(TextAnswer.objects.values_list("question", "text")) == {
        "why.other": "Trả lại <b>tờ khai</b>",
        "late": "Đợi lâu",
        "words": "Cảm ơn\ncán bộ",
    }
    assert (response.satisfied, response.rated) == (1, 2)
    assert tallies("why") == {1: 1, 7: 1, ANSWERED: 1}
    assert tallies("order") == {3: 1}
    assert tallies("wait") == tallies("day") == {ANSWERED: 1}
    assert tallies("score") == {8: 1}
    call_command("refold", "--check")
    call_command("export_responses", "moi-loai")
    # Come, two items, the day, minutes, five reasons, three ranks, the score.
    row = ";1;3;2;2026-11-07;1;1234.5;1;1;0;0;0;0;1;2;0;1;8\r\n"
    assert row in capsys.readouterr().out


def test_the_check_page_says_every_answer_in_words(client, page):
    fill(client, page)
    response = client.get(f"{page.url}kiem-tra/")
    html = " ".join(response.content.decode().split())
    for words in [
        "<dd>1.234,5 phút</dd>",
        "<dd>07/11/2026</dd>",
        "<ul><li>Nộp hồ sơ</li><li>Khác &lt;b&gt;ghi rõ&lt;/b&gt;: Trả lại &lt;b&gt;tờ khai",
        "<ol><li>Gần</li><li>Nhanh</li></ol>",
        "Cảm ơn<br>cán bộ",
        "<dd>8</dd>",
    ]:
        assert words in html, words
    assert_valid_html(response)


def test_what_is_skipped_and_what_is_not_shown_are_counted_apart(client, page):
    fill(client, page, come="2", score="4", words="")
    response = send(client, page)
    # Nothing to rate was asked: that is no empty answer.
    assert (response.status, response.rated) == ("valid", 0)
    assert response.answers == {"come": 2, "order": [3, 1], "score": 4}
    assert not TextAnswer.objects.exists()
    for hidden in ("g1", "g2", "day", "wait", "why"):
        assert tallies(hidden) == {NOT_SHOWN: 1}
    call_command("refold", "--check")


def test_an_open_question_that_was_shown_is_skipped(client, page):
    others = {"wait": "", "order.1": "", "order.3": "", "why": "99"}
    fill(client, page, **others)
    send(client, page)
    assert tallies("wait") == tallies("order") == {SKIPPED: 1}
    # Who would not say is in no denominator.
    assert tallies("why") == {99: 1}


def test_answers_put_off_the_path_are_dropped_and_lead_to_nothing(client, page):
    fill(client, page)
    response = post(client, page, "bat-dau", full_form(come="2", sua="1"))
    assert response.url.endswith("/kiem-tra/")
    assert set(saved()) == {"agency", "come", "order", "score", "words"}
    assert client.get(f"{page.url}tra-loi/lan-den/").url.endswith("/kiem-tra/")
    assert post(client, page, "lan-den", full_form()).url.endswith("/kiem-tra/")
    assert "g1" not in saved()
    html = client.get(f"{page.url}kiem-tra/").content.decode()
    assert "Lần đến" not in html


def test_what_a_changed_answer_opens_is_asked_before_sending(client, page):
    fill(client, page, come="2")
    response = post(client, page, "bat-dau", full_form(sua="1"))
    assert "/tra-loi/lan-den/?sua=1" in response.url
    response = client.post(response.url, full_form(sua="1"))
    assert "/tra-loi/ly-do/?sua=1" in response.url
    response = client.post(response.url, full_form(sua="1"))
    # The last section has a new question, though none must be answered.
    assert "/tra-loi/loi-cuoi/?sua=1" in response.url
    assert client.post(response.url, full_form(sua="1")).url.endswith("/kiem-tra/")


def test_steps_are_counted_along_the_path(client, page):
    start(client, page)
    assert "Phần 2 trên 4" in client.get(f"{page.url}tra-loi/lan-den/").content.decode()
    post(client, page, "bat-dau", full_form(come="2"))
    html = client.get(f"{page.url}tra-loi/ly-do/").content.decode()
    assert "Phần 2 trên 3" in html
    assert f'class="back" href="{page.url}tra-loi/bat-dau/"' in html


def test_a_post_of_hidden_questions_stores_none(client, page):
    start(client, page, come="2")
    post(client, page, "ly-do", full_form())
    assert "why" not in saved()
    assert "why.other" not in saved()


@pytest.mark.parametrize(
    ("slug", "faulty", "field", "words"),
    [
        ("lan-den", {"g1": ["1", "2"]}, "g1", "chỉ chọn hoặc ghi một"),
        ("lan-den", {"g1": "4"}, "g1", "Chọn một mức"),
        ("lan-den", {"g2": ""}, "g2", "Chọn một mức"),
        ("lan-den", {"wait": "1,234.5"}, "wait", "1.234,5"),
        ("lan-den", {"wait": "1.5"}, "wait", "1.234,5"),
        ("lan-den", {"wait": "mười"}, "wait", "1.234,5"),
        ("lan-den", {"wait": "٣"}, "wait", "1.234,5"),
        ("lan-den", {"wait": "9" * 5000}, "wait", "1.234,5"),
        ("lan-den", {"wait": "1,25"}, "wait", "1 chữ số"),
        ("lan-den", {"wait": "-1"}, "wait", "nhỏ hơn 0"),
        ("lan-den", {"wait": "1440,1"}, "wait", "lớn hơn 1.440"),
        ("lan-den", {"day.day": "31"}, "day.day", "không có ngày đó"),
        ("lan-den", {"day.day": ""}, "day.day", "ghi ngày, ví dụ"),
        ("lan-den", {"day.month": "13"}, "day.month", "từ 1 đến 12"),
        ("lan-den", {"day.year": "26"}, "day.year", "bốn chữ số"),
        ("lan-den", {"day.year": "2025"}, "day.day", "trước ngày 01/01/2026"),
        ("lan-den", {"day.month": "12"}, "day.day", "sau ngày 30/11/2026"),
        ("ly-do", {"why": ["1", "6"]}, "why", "Chỉ chọn trong các câu trả lời"),
        ("ly-do", {"why": ["1", "8"]}, "why", "không chọn cùng"),
        ("ly-do", {"why": ["99", "7"]}, "why", "không chọn cùng"),
        ("ly-do", {"why": ["1", "2", "3"]}, "why", "nhiều nhất 2"),
        ("ly-do", {"why": []}, "why", "ít nhất một"),
        ("ly-do", {"why.other": "  "}, "why.other", "Ghi rõ"),
        ("ly-do", {"why.other": "ế" * 201}, "why.other", "dài hơn 1 ký tự"),
        ("ly-do", {"order.2": "2"}, "order.2", "Thứ hạng 2"),
        ("ly-do", {"order.3": ""}, "order.1", "Thứ hạng 1"),
        ("ly-do", {"order.1": "4"}, "order.1", "từ danh sách"),
        ("ly-do", {"score": "11"}, "score", "Chọn một mức"),
        ("loi-cuoi", {"late": "ế" * 81}, "late", "dài hơn 1 ký tự"),
        ("loi-cuoi", {"words": "ế" * 100_000}, "words", "dài hơn 99500 ký tự"),
    ],
)
def test_a_fault_is_told_at_its_field_and_nothing_is_lost(client, page, slug, faulty, field, words):
    start(client, page)
    for before in SLUGS[1 : SLUGS.index(slug)]:
        post(client, page, before, full_form())
    held = saved()
    response = post(client, page, slug, full_form(**faulty))
    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert f'href="#id_{field}"' in html
    assert f'id="id_{field}"' in html
    for name, typed in faulty.items():
        if name in WRITTEN and typed.strip():
            assert typed in html
    assert saved() == held
    assert_valid_html(response)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0", "0"), ("-0", "0"), ("1234,5", "1234.5"), ("1.234", "1234"), ("007", "7"), (" 5 ", "5")],
)
def test_numbers_are_typed_as_people_write_them(client, page, typed, kept):
    start(client, page)
    assert post(client, page, "lan-den", full_form(wait=typed)).status_code == 302
    assert saved()["wait"] == kept


def test_other_words_are_dropped_when_their_choice_is_not_made(client, page):
    start(client, page)
    post(client, page, "lan-den", full_form())
    post(client, page, "ly-do", full_form(why="2"))
    assert saved()["why"] == [2]
    assert "why.other" not in saved()


def test_text_in_pieces_is_composed(client, page):
    typed = unicodedata.normalize("NFD", "Tiếng\x00 Việt")
    fill(client, page, **{"why.other": typed, "late": typed})
    send(client, page)
    texts = dict(TextAnswer.objects.values_list("question", "text"))
    assert texts["why.other"] == texts["late"] == "Tiếng Việt"


def test_what_was_saved_is_typed_again(client, page):
    fill(client, page)
    questionnaire = read(current_version(page.survey).definition)
    form = full_form()
    for section in questionnaire.sections:
        for name, values in typed_again(section, saved()).items():
            expected = form[name] if isinstance(form[name], list) else [form[name]]
            assert [" ".join(value.split()) for value in values] == [
                " ".join(value.split()) for value in expected
            ]


def test_a_conditional_page_sent_without_a_draft_gives_back_what_was_typed(client, page):
    start(client, page)
    Draft.objects.all().delete()
    response = post(client, page, "lan-den", full_form(wait="xyz"))
    html = " ".join(response.content.decode().split())
    assert response.status_code == 422
    assert "Tốt" in html
    assert "xyz" in html
    assert f'href="{page.url}tra-loi/bat-dau/"' in html
    assert_valid_html(response)
    assert not Draft.objects.exists()
    assert client.get(f"{page.url}tra-loi/lan-den/").url.endswith("/tra-loi/bat-dau/")


def test_answers_off_the_path_are_dropped_when_the_whole_is_sent(client, page):
    fill(client, page)
    draft = Draft.objects.get()
    draft.answers |= {"come": 2}
    draft.save()
    response = send(client, page)
    assert set(response.answers) == {"come", "order", "score"}
    assert set(TextAnswer.objects.values_list("question", flat=True)) == {"words"}


def test_a_response_that_was_asked_nothing_to_rate_can_be_taken_back(client, page):
    fill(client, page, come="2")
    response, reviewer = send(client, page), staff("to.cong.tac", "satisfaction.review_responses")
    assert review.reject(response.pk, RejectionReason.TEST, reviewer)
    assert tallies("come") == {}
    assert review.restore(response.pk, reviewer)
    assert tallies("come") == {2: 1}


class TestReport:
    """What a report says where not everybody was asked everything."""

    @pytest.fixture
    def survey(self, at):
        at(NOON)
        definition = template("website_users")
        often = {"op": "is", "question": "often", "codes": [1]}
        definition["sections"][1]["show_if"] = often
        definition["sections"][3]["questions"][1]["show_if"] = often
        return make_full_survey(definition=definition)

    def answer(self, survey, often: int, purpose: str = "4", **others) -> None:
        items = {f"A{n}": "4" for n in range(1, 6)} | {f"B{n}": "5" for n in range(1, 4)}
        respond(
            survey, {"often": str(often), "purpose": purpose, "recommend": "9", **items, **others}
        )

    def figures(self, survey) -> dict:
        return reports.snapshot(survey.pk, clock.now(), lambda _percent: None)

    def table(self, figures: dict, label: str) -> dict:
        return next(
            table for table in reports.context(figures)["people"] if label in table["label"]
        )

    def test_who_was_not_asked_is_no_skip_and_in_no_share(self, survey):
        for number in range(36):
            self.answer(survey, 1, recommend=str(8 + number % 3))
        for _ in range(40):
            self.answer(survey, 3, purpose="2")
        b1 = next(
            item
            for item in results.item_counts(survey, read(current_version(survey).definition))
            if item.question.code == "B1"
        )
        assert (b1.rated, b1.skipped, b1.not_shown) == (36, 0, 40)
        table = self.table(self.figures(survey), "giới thiệu")
        assert table["total"] == "36"
        # Of those who were asked.
        assert "33,33%" in {row["share"] for row in table["rows"]}
        call_command("refold", "--check")

    def test_a_few_who_were_not_asked_are_not_given_away_by_the_total(self, survey):
        for _ in range(24):
            self.answer(survey, 1)
        for _ in range(3):
            self.answer(survey, 3)
        table = self.table(self.figures(survey), "giới thiệu")
        assert table["total"] == "*"
        assert {row["share"] for row in table["rows"]} == {"*"}

    def test_too_few_who_rated_make_no_report(self, survey):
        for _ in range(12):
            self.answer(survey, 3, purpose="2")
        with pytest.raises(Unmakeable, match="có đánh giá"):
            self.figures(survey)


def test_choices_and_questions_stand_in_one_order_a_person(client, page):
    def order(client) -> tuple[list[str], list[str]]:
        html = client.get(f"{page.url}tra-loi/ly-do/").content.decode()
        names = re.findall(r'(?:type="\w+"|<select) id="id_[\w.-]+" name="(\w+)', html)
        return re.findall(r'name="why" value="(\d+)"', html), list(dict.fromkeys(names))

    start(client, page)
    first = order(client)
    assert order(client) == first
    assert first[0][3:] == ["99", "8", "7"]
    seen = set()
    for _ in range(8):
        client.cookies.clear()
        start(client, page)
        codes, names = order(client)
        assert sorted(codes) == sorted(first[0])
        seen.add((*codes, *names))
    assert len(seen) > 1


def test_sent_after_closing_every_kind_comes_back_in_words(client, page, at):
    at(CLOSES - timedelta(minutes=10))
    start(client, page)
    at(CLOSES)
    html = post(client, page, "lan-den", full_form(wait="xyz", **{"day.day": "31"})).content
    text = " ".join(html.decode().split())
    assert "31/11/2026" in text
    assert "xyz" in text
    assert "Tốt" in text


def test_pages_are_valid_and_their_queries_bounded(client, page, django_assert_max_num_queries):
    fill(client, page)
    client.get("/")
    for path in [*(f"tra-loi/{slug}/" for slug in SLUGS), "kiem-tra/"]:
        with django_assert_max_num_queries(15):
            response = client.get(page.url + path)
        assert response.status_code == 200
        assert_valid_html(response)


def test_a_survey_of_one_agency_asks_for_none(client, at):
    at(NOON)
    definition = every_kind()
    del definition["sections"][0]["questions"][0]
    definition["agency"] = "STC"
    page = make_page(make_full_survey(definition=definition))
    fill(client, page)
    assert send(client, page).agency.code == "STC"
