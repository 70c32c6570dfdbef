"""What changes of a questionnaire that people answer already: corrections, breaks, comparisons."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from satisfaction import results, versions
from satisfaction.building import drafts, publishing
from satisfaction.building.changes import ChangeKind, changes, rewordings
from satisfaction.building.mapping import Match, compared
from satisfaction.models import (
    Correction,
    QuestionnaireDraft,
    Response,
    Survey,
    SurveyVersion,
    VersionMapping,
)
from satisfaction.versions import InvalidDefinition, current_version, pooled
from tests.satisfaction.building import add, draft, made, publish, publishable, saved, url
from tests.satisfaction.factories import make_survey, respond

pytestmark = pytest.mark.django_db
OPEN = "2026-12-05 09:00"
COUNTER = {
    "agency": "SNV", **{f"P{n}": "4" for n in range(1, 6)},
    "overall": "8", "harass": "1", "wait": "15",
}  # fmt: skip


@pytest.fixture
def survey(client, at):
    """Published, open, and answered once."""
    survey = publishable(client)
    at(OPEN)
    respond(survey, COUNTER)
    return survey


def question_url(survey: Survey, code: str) -> str:
    return url("build_question", survey, code)


class TestPublishing:
    def test_the_first_version_is_published_from_the_draft(self, client):
        survey = made(client, start_from="service_counter")
        html = client.get(url("build_publish", survey)).content.decode()
        assert "portal-late" not in html
        assert publish(client, survey).status_code == 302
        version = survey.versions.get()
        assert version.definition == draft(survey)
        assert not Correction.objects.exists()
        html = client.get(url("build_publish", survey)).content.decode()
        assert 'name="revision"' not in html  # nothing to publish

    def test_faults_stop_it_and_are_listed(self, client):
        survey = made(client)
        html = client.get(url("build_publish", survey)).content.decode()
        assert "build-errors" in html
        client.post(url("build_publish", survey), {"revision": "0"})
        assert not survey.versions.exists()

    def test_what_somebody_changed_meanwhile_is_not_published_unseen(self, client):
        survey = made(client, start_from="service_counter")
        saved(client, question_url(survey, "overall"), label_vi="Khác")
        client.post(url("build_publish", survey), {"revision": "0"})
        for odd in ("", "x", "99999999999999999999", "-1"):
            client.post(url("build_publish", survey), {"revision": odd})
        assert not survey.versions.exists()

    def test_before_the_opening_meaning_may_change_and_nothing_is_logged(self, client):
        survey = publishable(client)
        saved(client, question_url(survey, "harass"), new_choices="Không nhớ")
        assert publish(client, survey).status_code == 302
        assert survey.versions.count() == 2
        assert not Correction.objects.exists()
        assert not VersionMapping.objects.exists()

    def test_the_confirming_page_says_what_changes_in_words(self, client):
        survey = publishable(client)
        client.post(url("build_question_remove", survey, "wait"))
        add(client, survey, "R", "text", "Câu <b>mới</b>")
        saved(client, question_url(survey, "overall"), label_vi="Mấy điểm?")
        saved(client, question_url(survey, "harass"), new_choices="Không nhớ", required="")
        client.post(url("build_move", survey), {"move": "section:R:1"})
        html = client.get(url("build_publish", survey)).content.decode()
        for words in ("Câu &lt;b&gt;mới&lt;/b&gt;", "wait “", "Mấy điểm?", "Không nhớ"):
            assert words in html, words
        before, after = current_version(survey).definition, draft(survey)
        kinds = {change.kind for change in changes(before, after)}
        assert kinds == set(ChangeKind)


class TestCorrections:
    def test_mended_words_are_logged_and_the_answers_stay_together(self, client, survey, editor):
        saved(client, question_url(survey, "P1"), label_vi="Nơi làm thủ tục sạch đẹp")
        assert publish(client, survey).status_code == 302
        correction = Correction.objects.get()
        assert (correction.place, correction.made_by) == ("P.P1.label.vi", editor)
        assert correction.old == "Nơi làm thủ tục thuận tiện, sạch sẽ"
        assert correction.new == "Nơi làm thủ tục sạch đẹp"
        assert correction.version.number == 2
        respond(survey, COUNTER)
        assert results.counts_by_question(survey)["P1"] == {4: 2}
        assert results.moments_by_scope(survey)[""].n == 2
        html = client.get(url("survey_record", survey)).content.decode()
        assert "Nơi làm thủ tục sạch đẹp" in html
        # The place stands in words, not as a path of codes.
        assert "P.P1.label.vi" not in html
        assert (
            "Phần “Việc phục vụ” › P1 “Nơi làm thủ tục sạch đẹp” › câu hỏi (Tiếng Việt)"
        ) in html
        first, second = survey.versions.order_by("number")
        assert [row.version for row in compared(second)] == [first]
        assert compared(second)[0].is_same

    def test_english_that_is_added_later_is_a_correction(self, client, survey):
        saved(client, question_url(survey, "P1"), label_en="")
        publish(client, survey)
        saved(client, question_url(survey, "P1"), label_en="Clean", hint_vi="Tại quầy")
        publish(client, survey)
        rows = Correction.objects.filter(version__number=3).values_list("place", "old", "new")
        assert set(rows) == {("P.P1.label.en", "", "Clean"), ("P.P1.hint.vi", "", "Tại quầy")}

    def test_every_text_has_its_place(self):
        old = made_definition()
        new = made_definition()
        new["title"]["vi"] = "Khác"
        new["scales"]["s"]["choices"][0]["label"]["vi"] = "Kém lắm"
        new["sections"][0]["title"]["vi"] = "Phần khác"
        new["index"]["basis"] = "Cách tính"
        assert {row.place for row in rewordings(old, new)} == {
            "title.vi", "s.1.vi", "S1.title.vi", "index.basis",
        }  # fmt: skip


def made_definition() -> dict:
    words = {"vi": "Chữ"}
    return {
        "title": dict(words), "intro": dict(words), "basis": "x",
        "scales": {"s": {"choices": [{"code": 1, "label": dict(words)}]}},
        "sections": [{"code": "S1", "slug": "mot", "title": dict(words), "questions": [
            {"code": "Q1", "type": "scale", "scale": "s", "label": dict(words), "required": True},
        ]}],
        "index": {"items": ["Q1"], "satisfied": [1], "decimals": 2, "basis": "y", "version": "1"},
    }  # fmt: skip


class TestMeaning:
    def test_it_never_changes_silently(self, client, survey, editor):
        saved(client, question_url(survey, "harass"), new_choices="Không nhớ")
        revision = QuestionnaireDraft.objects.get(survey=survey).revision
        answer = client.post(url("build_publish", survey), {"revision": revision})
        assert answer.status_code == 422
        with pytest.raises(InvalidDefinition):
            publishing.publish(survey.pk, by=editor, revision=revision)
        with pytest.raises(InvalidDefinition):
            versions.publish_version(survey, draft(survey), survey.closes_at)
        assert survey.versions.count() == 1

    def test_a_mapping_with_a_note_lets_it_change_and_figures_begin_anew(self, client, survey):
        saved(client, question_url(survey, "harass"), new_choices="Không nhớ")
        html = client.get(url("build_publish", survey)).content.decode()
        assert 'name="to_harass"' in html
        assert 'name="to_overall"' not in html  # it stays as it is
        assert publish(client, survey, note="Thêm lựa chọn", is_break="").status_code == 302
        row = VersionMapping.objects.get()
        assert row.questions["harass"] == {"to": "harass", "choices": {"1": 1, "2": 2, "99": 99}}
        assert row.questions["P1"]["to"] == "P1"
        assert not row.is_break
        first, second = survey.versions.order_by("number")
        assert list(pooled(survey)) == [second]
        assert results.counts_by_question(survey) == {}
        assert Response.objects.filter(version=first).count() == 1
        respond(survey, COUNTER | {"harass": "3"})
        assert results.counts_by_question(survey)["harass"] == {3: 1}
        (earlier,) = compared(second)
        assert (earlier.version, earlier.is_break, earlier.note) == (first, False, "Thêm lựa chọn")
        assert earlier.questions["harass"] == Match("harass", {1: 1, 2: 2, 99: 99})
        assert not earlier.is_same
        assert "Thêm lựa chọn" in client.get(url("survey_record", survey)).content.decode()

    def test_another_index_always_breaks_the_series(self, client, survey):
        client.post(url("build_question_remove", survey, "P5"))
        publish(client, survey, note="Bỏ một nội dung", is_break="", to_P5="")
        row = VersionMapping.objects.get()
        assert row.is_break
        assert row.questions["P5"] == {"to": "", "choices": {}}

    def test_a_question_may_be_compared_with_another_choice_by_choice(self, client, survey):
        client.post(url("build_question_remove", survey, "harass"))
        code = add(client, survey, "R", "single", "Bị gây khó?", new_choices="Có\nKhông")
        address = url("build_publish", survey)
        answer = publish(client, survey, note="Hỏi lại", to_harass=code)
        assert answer.status_code == 422  # shown once with the choices of that question
        assert 'name="choice_harass_2"' in answer.content.decode()
        revision = QuestionnaireDraft.objects.get(survey=survey).revision
        typed = {
            "revision": revision, "note": "Hỏi lại", "is_break": "on", "to_harass": code,
            "shown_harass": code, "choice_harass_1": "2", "choice_harass_2": "1",
            "choice_harass_99": "",
        }  # fmt: skip
        assert client.post(address, typed).status_code == 302
        (earlier,) = compared(current_version(survey))
        assert earlier.questions[code] == Match("harass", {1: 2, 2: 1})
        assert earlier.is_break

    @pytest.mark.parametrize(
        "mapping",
        [
            {},
            {"harass": {"to": "overall"}},
            {"harass": {"to": "khong-co"}},
            {"harass": {"to": "P1", "choices": {}}},
        ],
    )
    def test_a_mapping_that_cannot_hold_is_refused(self, client, survey, editor, mapping):
        client.post(url("build_question_remove", survey, "harass"))
        revision = QuestionnaireDraft.objects.get(survey=survey).revision
        told = publishing.Mapping(mapping, True, "x")
        with pytest.raises(ValidationError):
            publishing.publish(survey.pk, by=editor, revision=revision, mapping=told)
        assert survey.versions.count() == 1

    def test_who_has_begun_goes_on_with_the_version_they_began(self, client, survey, at):
        from satisfaction import submission
        from tests.satisfaction.factories import begin

        _key, started = begin(survey, COUNTER)
        saved(client, question_url(survey, "harass"), new_choices="Không nhớ")
        publish(client, survey, note="Thêm", is_break="on")
        at("2026-12-05 10:00")
        submission.submit(started.pk)
        assert Response.objects.latest("pk").version.number == 1
        assert results.counts_by_question(survey) == {}


class TestComparison:
    @pytest.fixture
    def earlier(self, client):
        return make_survey()

    @pytest.fixture
    def later(self, client, earlier):
        survey = made(client, start_from=f"survey:{earlier.code}")
        publish(client, survey)
        return survey

    def test_a_copy_compares_by_itself(self, later, earlier):
        (row,) = compared(current_version(later))
        assert row.version.survey == earlier
        assert not row.is_break
        assert row.questions["I15"] == Match("I15", {n: n for n in (1, 2, 3, 4, 5, 9)})

    def test_where_the_index_is_another_it_is_a_break_without_being_told(self, client, later):
        client.post(url("build_question_remove", later, "I15"))
        publish(client, later)
        (row,) = compared(current_version(later))
        assert row.is_break
        assert "I15" not in row.questions

    def test_somebody_says_how_two_surveys_compare(self, client, later, earlier):
        client.post(url("build_question_remove", later, "age"))
        publish(client, later)
        address = url("survey_compare", later)
        saved(client, address, note="Tuổi không hỏi nữa", is_break="")
        (row,) = compared(current_version(later))
        assert (row.note, row.is_break) == ("Tuổi không hỏi nữa", False)
        assert "age" not in row.questions
        saved(client, address, note="Sửa lại", is_break="on")
        assert VersionMapping.objects.get().note == "Sửa lại"

    def test_it_goes_back_through_versions_and_surveys(self, client, later, earlier, at):
        at(OPEN)
        saved(client, question_url(later, "I15"), label_vi="Sửa chữ")
        publish(client, later)
        saved(client, question_url(later, "age"), new_choices="Không nhớ")
        publish(client, later, note="Thêm", is_break="on")
        found = compared(current_version(later))
        assert [(row.version.survey_id, row.version.number) for row in found] == [
            (later.pk, 2), (later.pk, 1), (earlier.pk, 1),
        ]  # fmt: skip
        assert [row.is_break for row in found] == [True, True, True]
        assert set(found[2].questions["age"].choices) == {1, 2, 3, 4, 5, 6, 99}

    def test_without_an_earlier_one_there_is_nothing_to_compare(self, client):
        survey = publishable(client)
        assert client.get(url("survey_compare", survey)).status_code == 404
        assert compared(current_version(survey)) == []


def test_a_version_never_changes_when_the_draft_goes_on(client, editor):
    survey = publishable(client)
    frozen = SurveyVersion.objects.get().definition
    drafts.change(
        survey.pk, lambda definition, _spent: definition["sections"].pop(), by=editor, what="x"
    )
    assert SurveyVersion.objects.get().definition == frozen
