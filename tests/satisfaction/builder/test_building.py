"""A person who has never seen JSON builds a questionnaire in the admin."""

from __future__ import annotations

import unicodedata

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from satisfaction import waiting
from satisfaction.checks import problems
from satisfaction.models import QuestionnaireDraft, Survey, SurveyPage
from satisfaction.questionnaires import read
from tests.accounts import staff
from tests.pages import parse
from tests.satisfaction.building import (
    FACTS,
    SETTINGS,
    add,
    codes,
    draft,
    errors_of,
    made,
    question,
    save,
    saved,
    shown,
    url,
)
from tests.satisfaction.factories import make_survey

pytestmark = pytest.mark.django_db


class TestSurvey:
    def test_a_survey_is_made_with_its_draft_and_an_unpublished_page(self, client, editor):
        survey = made(client, title_en="What people think")
        assert survey.code == "khao-sat-scriptalert1script-nguoi-dan-dong-da"
        assert (survey.period_kind, survey.grace_minutes) == ("month", 30)
        assert survey.opens_at.isoformat() == "2026-12-01T01:00:00+00:00"
        assert draft(survey)["title"] == {"vi": FACTS["title"], "en": "What people think"}
        vietnamese, english = SurveyPage.objects.filter(survey=survey).order_by("locale_id")
        assert not vietnamese.live
        assert not english.live
        assert {vietnamese.draft_title, english.draft_title} == {
            FACTS["title"],
            "What people think",
        }
        assert ModelLogEntry.objects.filter(action="satisfaction.survey.create").count() == 1
        assert not survey.versions.exists()

    def test_the_second_click_makes_no_second_survey(self, client):
        data = shown(client, reverse("survey_new")) | FACTS | SETTINGS
        assert client.post(reverse("survey_new"), data).status_code == 302
        assert client.post(reverse("survey_new"), data).status_code == 302
        assert Survey.objects.count() == 1

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"title": " "}, "Tiêu đề"),
            ({"opens_at": "2026-11-20 11:59"}, "opens_at"),
            ({"closes_at": "2026-12-01 08:00"}, "closes_at"),
            ({"code": "hai-long"}, "code"),
            ({"code": "có dấu"}, "code"),
            ({"start_from": "survey:khong-co"}, "start_from"),
            ({"start_from": "../../x"}, "start_from"),
            ({"audience": "anybody"}, "audience"),
            ({"grace_minutes": "99999"}, "grace_minutes"),
            ({"opens_at": "hôm nay"}, "opens_at"),
            ({"title": "x" * 301}, "title"),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_typed_is_lost(self, client, typed, told):
        make_survey()
        answer = client.post(reverse("survey_new"), FACTS | SETTINGS | {"title_en": "Kept"} | typed)
        assert answer.status_code == 422
        assert 'value="Kept"' in answer.content.decode()
        assert Survey.objects.count() == 1

    def test_two_titles_alike_get_two_codes(self, client):
        assert made(client).code + "-2" == made(client).code

    def test_settings_change_until_the_opening_and_who_answers_never(self, client, at):
        survey = made(client, audience="invited")
        address = url("survey_set_up", survey)
        saved(client, address, period_kind="quarter", audience="anyone")
        survey.refresh_from_db()
        assert (survey.period_kind, survey.audience) == ("quarter", "invited")
        at("2026-12-01 08:00")
        assert client.post(address, SETTINGS).status_code == 422
        survey.refresh_from_db()
        assert survey.period_kind == "quarter"

    def test_no_survey_measures_itself_again(self, client, editor):
        first, second = made(client), made(client)
        Survey.objects.filter(pk=second.pk).update(follows=first)
        answer = save(client, url("survey_set_up", first), follows=str(second.pk))
        assert answer.status_code == 422
        first.refresh_from_db()
        assert first.follows is None

    def test_an_open_survey_is_extended_or_cut_with_a_reason(self, client, at):
        survey = made(client)
        address = url("survey_window", survey)
        typed = {"closes_at": "2027-01-15 17:00", "reason": "Nhiều nơi chưa trả lời <b>"}
        assert client.post(address, typed).status_code == 422  # it has not opened
        at("2026-12-10 09:00")
        assert client.post(address, typed | {"reason": " "}).status_code == 422
        assert client.post(address, typed | {"closes_at": "2026-12-10 09:00"}).status_code == 422
        assert client.post(address, typed).status_code == 302
        survey.refresh_from_db()
        assert survey.closes_at.isoformat() == "2027-01-15T10:00:00+00:00"
        change = survey.window_changes.get()
        assert change.is_extension
        assert change.made_by.username == "to.cong.tac"
        assert (
            "Nhiều nơi chưa trả lời &lt;b&gt;"
            in client.get(url("survey_record", survey)).content.decode()
        )
        assert ModelLogEntry.objects.filter(action="satisfaction.survey.window").count() == 1
        page = SurveyPage.objects.get(survey=survey, locale__language_code="vi")
        page.live = True
        page.save(update_fields=["live"])
        assert "Nhiều nơi chưa trả lời &lt;b&gt;" in client.get(page.url).content.decode()
        at("2027-01-15 17:00")
        assert client.post(address, typed | {"closes_at": "2027-02-01 09:00"}).status_code == 422

    def test_an_earlier_survey_is_copied_with_its_codes_and_followed(self, client):
        earlier = make_survey()
        survey = made(client, start_from="survey:hai-long")
        assert survey.follows == earlier
        copy, source = draft(survey), earlier.versions.get().definition
        assert copy["sections"] == source["sections"]
        assert copy["title"] == {"vi": FACTS["title"]}

    @pytest.mark.parametrize(
        "name",
        ["sipas_2024", "sipas_service", "service_counter", "civil_servants", "website_users"],
    )
    def test_every_template_begins_a_survey_without_faults(self, client, name):
        survey = made(client, start_from=name)
        assert problems(draft(survey)) == []
        html = client.get(url("build", survey)).content.decode()
        assert "build-errors" not in html
        assert "portal-late" not in html

    def test_the_sipas_template_has_nine_criteria_and_no_overlap_of_ages(self, client):
        questionnaire = read(draft(made(client, start_from="sipas_2024")))
        scored = [section for section in questionnaire.sections if section.is_scored]
        assert len(scored) == 9
        assert len(questionnaire.index.items) == 33
        assert all(any(c.is_na for c in q.choices) for s in scored for q in s.questions)
        expected = {f"X{section.code}" for section in scored}
        assert expected <= {question.code for question in questionnaire.questions()}
        ages = next(q for q in questionnaire.questions() if q.code == "age")
        assert [c.labels["vi"] for c in ages.choices][:3] == ["Dưới 18", "18–24", "25–34"]


class TestBuilder:
    @pytest.fixture
    def survey(self, client):
        return made(client)

    @pytest.mark.parametrize(
        ("kind", "typed", "holds"),
        [
            ("scale", {"scale": "hai-long-5"}, {"scale": "hai-long-5"}),
            (
                "single",
                {"new_choices": "Có | Yes\nKhông"},
                {"choices": [
                    {"code": 1, "label": {"vi": "Có", "en": "Yes"}},
                    {"code": 2, "label": {"vi": "Không"}},
                ]},
            ),
            ("multiple", {"new_choices": "A\nB\nC", "min": "1", "max": "2"}, {"min": 1, "max": 2}),
            ("ranking", {"new_choices": "A\nB", "shuffle": "on"}, {"shuffle": True}),
            (
                "rating",
                {"low_vi": "Tệ", "high_vi": "Tốt", "with_na": "on"},
                {"ends": {"low": {"vi": "Tệ"}, "high": {"vi": "Tốt"}}},
            ),
            (
                "number",
                {"min": "0", "max": "1.5", "decimals": "1", "unit_vi": "giờ"},
                {"min": 0, "max": 1.5, "decimals": 1, "unit": {"vi": "giờ"}},
            ),
            ("date", {"min": "2026-01-01"}, {"min": "2026-01-01"}),
            ("short", {"max_length": "80"}, {"max_length": 80}),
            ("text", {}, {"max_length": 2000}),
        ],
    )  # fmt: skip
    def test_each_kind_of_question_is_added_by_its_form(self, client, survey, kind, typed, holds):
        label = unicodedata.normalize("NFD", "Ông/bà thấy thế nào <script>?")
        code = add(client, survey, "S1", kind, label, **typed)
        assert code == "Q1"
        made_question = question(survey, code)
        assert made_question["label"] == {"vi": "Ông/bà thấy thế nào <script>?"}
        assert made_question.items() >= holds.items()
        assert [fault for fault in problems(draft(survey)) if "Q1" in fault] == []
        html = client.get(url("build", survey)).content.decode()
        assert "Ông/bà thấy thế nào &lt;script&gt;?" in html
        # Saved again untouched, it is the same.
        saved(client, url("build_question", survey, code))
        assert question(survey, code) == made_question

    def test_a_grid_is_added_with_its_rows_and_grows(self, client, survey):
        saved(
            client,
            url("build_grid_new", survey, "S1"),
            label_vi="Hài lòng đến mức nào?",
            scale="dong-y-5",
            rows="Chỗ ngồi | Seats\nThái độ",
        )
        assert codes(survey) == ["agency", "Q1", "Q2"]
        assert draft(survey)["sections"][0]["grids"] == {
            "G1": {"label": {"vi": "Hài lòng đến mức nào?"}}
        }
        add(client, survey, "S1", "text", "Góp ý")
        saved(client, url("build_grid", survey, "S1", "G1"), rows="Đúng hẹn")
        assert codes(survey) == ["agency", "Q1", "Q2", "Q4", "Q3"]
        assert question(survey, "Q4")["grid"] == "G1"
        assert "dong-y-5" in draft(survey)["scales"]

    def test_choices_keep_their_codes_and_removed_ones_are_never_given_again(self, client, survey):
        code = add(client, survey, "S1", "multiple", "Vì sao?", new_choices="A\nB\nC")
        address = url("build_question", survey, code)
        saved(client, address, vi_2="B sửa", order_3="1", order_1="9", remove_2="on")
        saved(client, address, new_choices="Không biết", new_flag="na")
        saved(client, address, new_choices="D\nE")
        assert [(c["code"], c["label"]["vi"]) for c in question(survey, code)["choices"]] == [
            (3, "C"), (1, "A"), (99, "Không biết"), (4, "D"), (5, "E"),
        ]  # fmt: skip
        saved(client, address, remove_5="on", flag_4="other")
        saved(client, address, new_choices="F")
        choices = question(survey, code)["choices"]
        assert [c["code"] for c in choices] == [3, 1, 99, 4, 6]
        assert choices[3]["other"] is True

    def test_a_question_s_code_is_never_given_again(self, client, survey):
        first = add(client, survey, "S1", "text", "Một")
        client.post(url("build_question_remove", survey, first))
        assert add(client, survey, "S1", "text", "Hai") == "Q2"
        assert codes(survey) == ["agency", "Q2"]

    def test_ready_made_questions_come_in_one_click(self, client, survey):
        client.post(url("build_ready", survey, "S1"), {"ready": "age"})
        client.post(url("build_ready", survey, "S1"), {"ready": "*"})
        assert codes(survey) == [
            "agency", "age", "sex", "education", "occupation", "area", "ethnicity",
        ]  # fmt: skip
        client.post(url("build_ready", survey, "S1"), {"ready": "age"})
        assert codes(survey).count("age") == 1

    def test_questions_and_sections_go_up_and_down(self, client, survey):
        saved(client, url("build_section_new", survey), title_vi="Đánh giá")
        for label in ("Một", "Hai"):
            add(client, survey, "S2", "text", label)

        def move(what):
            assert client.post(url("build_move", survey), {"move": what}).status_code == 302
            return [
                (part["code"], [row["code"] for row in part["questions"]])
                for part in draft(survey)["sections"]
            ]

        assert move("question:Q2:-1") == [("S1", ["agency"]), ("S2", ["Q2", "Q1"])]
        assert move("question:Q2:-1") == [("S1", ["agency", "Q2"]), ("S2", ["Q1"])]
        assert move("question:Q2:1") == [("S1", ["agency"]), ("S2", ["Q2", "Q1"])]
        assert move("section:S2:-1")[0][0] == "S2"
        assert move("section:S2:-1")[0][0] == "S2"  # at the top already
        assert client.post(url("build_move", survey), {"move": "question:Q2:9"}).status_code == 404
        assert client.post(url("build_move", survey), {"move": "x"}).status_code == 404

    def test_a_grid_moves_as_one_and_its_rows_within_it(self, client, survey):
        saved(
            client, url("build_grid_new", survey, "S1"),
            label_vi="Bảng", scale="hai-long-5", rows="Một\nHai",
        )  # fmt: skip
        last = add(client, survey, "S1", "text", "Cuối")
        move = url("build_move", survey)
        client.post(move, {"move": "question:Q1:-1"})
        assert codes(survey) == ["agency", "Q1", "Q2", last]
        client.post(move, {"move": "question:Q1:1"})
        client.post(move, {"move": "grid:S1/G1:1"})
        assert codes(survey) == ["agency", last, "Q2", "Q1"]
        saved(client, url("build_section_new", survey), title_vi="Sau")
        client.post(move, {"move": "grid:S1/G1:1"})
        assert "grids" not in draft(survey)["sections"][0]
        assert list(draft(survey)["sections"][1]["grids"]) == ["G1"]

    def test_faults_are_listed_in_words_with_links_to_their_place(self, client, survey):
        saved(client, url("build_section_new", survey), title_vi="Phần “Trống”")
        html = client.get(url("build", survey)).content.decode()
        assert f'href="{url("build_section", survey, "S2")}">Phần “Trống”</a>' in html
        assert f'href="{url("build_index", survey)}"' in html
        code = add(client, survey, "S2", "multiple", "Chọn?", new_choices="A\nB", min="3")
        html = client.get(url("build", survey)).content.decode()
        assert f'href="{url("build_question", survey, code)}">Phần “Trống” › Chọn?</a>' in html

    def test_an_index_is_chosen_by_ticking(self, client, survey):
        first = add(client, survey, "S1", "scale", "Một", scale="hai-long-5")
        second = add(client, survey, "S1", "scale", "Hai", scale="hai-long-5")
        saved(client, url("build_index", survey), items=[second, first], satisfied=["5", "4"])
        assert draft(survey)["index"]["items"] == [first, second]
        assert problems(draft(survey)) == []
        client.post(url("build_question_remove", survey, first))
        assert draft(survey)["index"]["items"] == [second]

    def test_a_scale_of_one_s_own(self, client, survey):
        saved(client, url("build_scale_new", survey), levels="Kém | Poor\nTốt", with_na="on")
        assert [c["code"] for c in draft(survey)["scales"]["T1"]["choices"]] == [1, 2, 99]
        saved(client, url("build_scale", survey, "T1"), vi_2="Rất tốt")
        assert draft(survey)["scales"]["T1"]["choices"][1]["label"]["vi"] == "Rất tốt"
        add(client, survey, "S1", "scale", "Một", scale="T1")
        client.post(url("build_scale_remove", survey, "T1"))
        client.post(url("build_scale_remove", survey, "hai-long-5"))
        assert list(draft(survey)["scales"]) == ["T1"]

    def test_words_of_the_whole_and_one_agency_for_all(self, client, survey):
        saved(
            client, url("build_about", survey),
            title_vi="Mới", title_en="New", intro_vi="Xin mời", basis="KH 12", agency="SNV",
        )  # fmt: skip
        assert draft(survey)["agency"] == "SNV"
        html = client.get(url("build", survey)).content.decode()
        assert "build-errors" in html  # it is asked for too
        client.post(url("build_question_remove", survey, "agency"))
        assert add(client, survey, "S1", "agency", "Cơ quan nào?") == "agency"
        address = url("build_question_new", survey, "S1") + "?loai=agency"
        assert save(client, address, label_vi="Lần nữa?").status_code == 422

    @pytest.mark.parametrize(
        ("kind", "typed"),
        [
            ("single", {}),
            ("single", {"new_choices": "| only English"}),
            ("number", {"min": "5", "max": "1"}),
            ("number", {"min": "1e99"}),
            ("number", {"decimals": "7"}),
            ("text", {"max_length": "0"}),
            ("text", {"hint_en": "Only English"}),
            ("scale", {"scale": "khong-co"}),
            ("rating", {"low_vi": ""}),
            ("date", {"min": "hôm qua"}),
        ],
    )
    def test_what_a_question_lacks_is_told_and_what_was_typed_stays(
        self, client, survey, kind, typed
    ):
        address = url("build_question_new", survey, "S1") + f"?loai={kind}"
        answer = save(client, address, label_vi="Câu <b>giữ lại</b>", **typed)
        assert answer.status_code == 422
        assert "Câu &lt;b&gt;giữ lại&lt;/b&gt;" in answer.content.decode()
        assert errors_of(answer)
        assert codes(survey) == ["agency"]

    def test_odd_input_is_no_failure(self, client, survey):
        address = url("build_question_new", survey, "S1")
        for kind in ("", "khong-co", "agency\x00"):
            assert client.get(address, {"loai": kind}).status_code == 200
        add(client, survey, "S1", "text", "Có\x00 NUL")
        assert question(survey, "Q1")["label"]["vi"] == "Có NUL"
        for name, args in [
            ("build_section", ["S9"]),
            ("build_question", ["Q9"]),
            ("build_question_remove", ["Q9"]),
            ("build_section_remove", ["S9"]),
            ("build_question_new", ["S9"]),
            ("build_grid", ["S1", "G9"]),
            ("build_scale", ["T9"]),
            ("build_condition", ["cau", "Q9"]),
        ]:
            assert client.get(url(name, survey, *args)).status_code == 404, name

    def test_english_that_is_missing_is_named(self, client, survey):
        add(client, survey, "S1", "text", "Chỉ tiếng Việt")
        html = client.get(url("build", survey)).content.decode()
        assert "build-note" in html
        assert "Q1" in html[html.index("build-note") :][:300]

    def test_sixty_questions_are_listed_in_few_queries(
        self, client, survey, django_assert_max_num_queries
    ):
        rows = "\n".join(f"Nội dung {n} | Item {n}" for n in range(60))
        saved(
            client, url("build_grid_new", survey, "S1"),
            label_vi="Sáu mươi", scale="hai-long-5", rows=rows,
        )  # fmt: skip
        assert len(codes(survey)) == 61
        client.get(url("build", survey))
        with django_assert_max_num_queries(25):
            html = client.get(url("build", survey)).content.decode()
        assert "Nội dung 59" in html
        with django_assert_max_num_queries(25):
            client.get(url("build_question", survey, "Q60"))


def test_a_survey_made_without_the_builder_is_taken_up_from_its_version(client, editor):
    survey = make_survey()
    assert client.get(url("build", survey)).status_code == 200
    assert not QuestionnaireDraft.objects.exists()
    saved(client, url("build_question", survey, "comment"), label_vi="Góp ý?")
    assert question(survey, "comment")["label"]["vi"] == "Góp ý?"
    assert survey.versions.count() == 1


def test_pages_of_the_builder_have_each_id_once(client, editor):
    survey = made(client, start_from="sipas_2024")
    for name, args in [
        ("build", []), ("build_question", ["T2"]), ("build_condition", ["phan", "I"]),
        ("build_publish", []), ("build_index", []), ("survey_record", []), ("build_scales", []),
    ]:  # fmt: skip
        page = parse(client.get(url(name, survey, *args)))
        ids = [element.get("id") for element in page.iter() if element.get("id")]
        assert len(ids) == len(set(ids)), name


def test_what_opens_without_a_questionnaire_is_on_the_builders_desk(client, editor, at):
    survey = made(client)
    (work,) = waiting.unpublished_questionnaires(editor)
    assert work.url == url("build", survey)
    assert not work.is_late
    at("2026-12-01 08:00")
    assert [work.is_late for work in waiting.unpublished_questionnaires(editor)] == [True]
    assert not list(waiting.unpublished_questionnaires(staff("khac", "satisfaction.view_results")))
    at("2026-12-31 17:00")
    assert not list(waiting.unpublished_questionnaires(editor))
