"""Laying down how a survey is measured: verbs, rights, and their pages in the admin."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow
from portal.rules.models import RuleValue
from satisfaction import results
from satisfaction.measuring import definitions, indices
from satisfaction.measuring.definitions import parts
from satisfaction.models import IndexDefinition, Weighting, WeightMoment
from satisfaction.questionnaires import read
from satisfaction.versions import current_version
from tests.accounts import staff
from tests.satisfaction.crowds import crowd
from tests.satisfaction.factories import NOON, make_survey
from tests.satisfaction.measures import TARGETS, make_definition, make_weighting

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(at):
    at(NOON)
    return make_survey()


@pytest.fixture
def officer():
    return staff("to.cong.tac", "satisfaction.define_measures", "satisfaction.view_results")


class TestDefinitions:
    def test_until_one_is_laid_down_the_questionnaire_says_it(self, survey):
        questionnaire = read(current_version(survey).definition)
        made = definitions.current(survey)
        assert (made.number, made.pooling, made.items) == (
            0, "answers", questionnaire.index.items
        )  # fmt: skip
        assert made.as_data()["sha256"] == definitions.current(survey).as_data()["sha256"]

    def test_a_new_one_is_numbered_and_the_old_one_stays(self, survey, officer):
        first = make_definition(survey, officer)
        second = make_definition(survey, officer, pooling="factors")
        assert (first.number, second.number) == (1, 2)
        assert definitions.current(survey).pooling == "factors"
        assert IndexDefinition.objects.get(number=1).pooling == "items"
        actions = ModelLogEntry.objects.filter(action="satisfaction.index.define")
        assert actions.count() == 2
        assert definitions.of_row(first).as_data() != definitions.of_row(second).as_data()

    def test_what_a_report_used_cannot_be_taken_back(self, survey, officer):
        row = make_definition(survey, officer)
        definitions.use(survey, definitions.current(survey))
        assert not definitions.withdraw(row.pk, officer)
        newer = make_definition(survey, officer)
        assert definitions.withdraw(newer.pk, officer)
        assert definitions.current(survey).number == row.number

    @pytest.mark.parametrize(
        ("fault", "place"),
        [
            ({"items": []}, "items"),
            ({"items": ["age"]}, "items"),
            ({"items": ["nowhere"]}, "items"),
            ({"satisfied": []}, "satisfied"),
            ({"satisfied": [9]}, "satisfied"),
            ({"pooling": "guess"}, "pooling"),
            ({"pooling": "weights"}, "weights"),
            ({"pooling": "weights", "weights": {"I": "nửa", "II": "1"}}, "weights"),
            ({"pooling": "weights", "weights": {"I": "0", "II": "0"}}, "weights"),
            ({"decimals": 9}, "decimals"),
            ({"basis": "  "}, "basis"),
        ],
    )
    def test_what_makes_no_index_is_refused_at_its_place(self, survey, officer, fault, place):
        with pytest.raises(ValidationError) as refused:
            make_definition(survey, officer, **fault)
        assert place in refused.value.error_dict
        assert not IndexDefinition.objects.exists()

    def test_weights_are_scaled_to_one(self, survey, officer):
        row = make_definition(survey, officer, pooling="weights", weights={"I": "3", "II": "1"})
        made = parts(definitions.of_row(row), read(current_version(survey).definition))
        assert {code: share for code, (share, _items) in made.items()} == {
            "I": Decimal("0.75"),
            "II": Decimal("0.25"),
        }

    def test_without_the_right_nothing_is_laid_down(self, survey):
        reader = staff("nguoi.doc", "satisfaction.view_results")
        for verb in (make_definition, make_weighting):
            with pytest.raises(PermissionDenied):
                verb(survey, reader)
        assert not IndexDefinition.objects.exists()
        assert not OutboxRow.objects.filter(kind="satisfaction.weighting").exists()


class TestWeightings:
    @pytest.mark.parametrize(
        "fault",
        [
            {"questions": []},
            {"questions": ["I15", "sex"]},
            {"targets": {"age": {"1": Decimal(100)}}},
            {"targets": {"age": {"1": Decimal(100)}, "sex": {"1": Decimal(60)}}},
            {
                "targets": {
                    "age": {"1": Decimal(150), "2": Decimal(-50)},
                    "sex": {"1": Decimal(100)},
                }
            },
            {"source": " "},
            {"limits": (Decimal("1.5"), Decimal(3))},
            {"method": "poststrat"},
        ],
    )
    def test_what_cannot_be_computed_is_refused(self, survey, officer, fault):
        with pytest.raises(ValidationError):
            make_weighting(survey, officer, **fault)
        assert not Weighting.objects.exists()

    def test_a_group_without_anybody_is_named_and_nothing_is_kept(self, survey, officer):
        crowd(survey, {"SNV": 6}, seed=3)
        row = make_weighting(survey, officer)
        drain()
        row.refresh_from_db()
        assert row.state == "failed"
        assert "Không có phiếu nào của nhóm" in row.failure
        assert not WeightMoment.objects.exists()

    def test_post_stratification_and_limits(self, survey, officer):
        crowd(survey, {"SNV": 120, "STC": 120}, seed=4)
        joint = {f"{sex}|{age}": Decimal(100) / 12 for sex in (1, 2) for age in range(1, 7)}
        row = make_weighting(
            survey,
            officer,
            method="poststrat",
            questions=["sex", "age"],
            targets={"": joint},
            limits=(Decimal("0.5"), Decimal(2)),
        )
        drain()
        row.refresh_from_db()
        assert row.state == "made", row.failure
        weights = [group.weight for group in row.groups.all()]
        assert 0.5 <= min(weights) <= max(weights) <= 2.0001
        assert sum(group.n for group in row.groups.all()) == row.report["n"]

    def test_an_effect_that_comes_twice_is_computed_once(self, survey, officer):
        crowd(survey, {"SNV": 150}, seed=4)
        row = make_weighting(survey, officer)
        drain()
        before = row.groups.count()
        OutboxRow.objects.filter(kind="satisfaction.weighting").update(state="waiting")
        drain()
        assert row.groups.count() == before > 0


class TestPages:
    @pytest.fixture
    def signed_in(self, client, officer):
        client.force_login(officer)
        return client

    def test_a_definition_goes_through_its_form(self, signed_in, survey):
        address = reverse("survey_define", args=[survey.pk])
        html = signed_in.get(address).content.decode()
        assert "I15" in html
        data = {
            "items": ["I15", "I16"], "satisfied": ["4", "5"], "not_applicable": "left_out",
            "pooling": "weights", "decimals": "2", "basis": "Quyết định <i>số 1</i>",
        }  # fmt: skip
        refused = signed_in.post(address, data)
        assert refused.status_code == 422
        assert "số 1&lt;/i&gt;" in refused.content.decode()
        assert not IndexDefinition.objects.exists()
        signed_in.post(address, data | {"weight_I": "1"})
        assert IndexDefinition.objects.get().weights == {"I": "1"}
        page = signed_in.get(reverse("survey_measures", args=[survey.pk])).content.decode()
        assert "Quyết định &lt;i&gt;số 1&lt;/i&gt;" in page
        row = IndexDefinition.objects.get()
        signed_in.post(reverse("survey_define_withdraw", args=[survey.pk, row.pk]))
        assert not IndexDefinition.objects.exists()

    def test_weights_go_from_the_choice_to_the_figures(
        self, signed_in, survey, django_assert_max_num_queries
    ):
        crowd(survey, {"SNV": 120, "STC": 90}, seed=4)
        address = reverse("survey_weigh", args=[survey.pk])
        assert signed_in.get(address).status_code == 200
        chosen = f"{address}?questions=sex&questions=age&method=raking"
        form = signed_in.get(chosen).context["form"]
        data = {
            name: str(TARGETS[group].get(code, 0)) for name, (group, code) in form.places.items()
        }
        refused = signed_in.post(chosen, data)
        assert refused.status_code == 422
        done = signed_in.post(chosen, data | {"source": "Niên giám 2025"})
        drain()
        with django_assert_max_num_queries(45):
            page = signed_in.get(done["Location"])
        html = page.content.decode()
        assert "Niên giám 2025" in html
        assert len(page.context["groups"]) >= 12
        assert {row["title"] for row in page.context["agencies"]} == {"Sở Nội vụ", "Sở Tài chính"}
        measures = signed_in.get(reverse("survey_measures", args=[survey.pk]))
        assert len(measures.context["figures"]) == 3

    def test_with_and_without_weights_are_by_one_definition(self, client, survey, officer):
        crowd(survey, {"SNV": 120, "STC": 90}, seed=4)
        client.force_login(officer)
        first = make_weighting(survey, officer)
        drain()
        measures = reverse("survey_measures", args=[survey.pk])
        assert len(client.get(measures).context["figures"]) == 3
        make_definition(survey, officer, pooling="answers")
        # The old weights stand on their own page, beside the index of their own definition.
        page = client.get(measures)
        assert len(page.context["figures"]) == 2
        assert page.context["apart"] == first
        beside = client.get(reverse("survey_weighting", args=[survey.pk, first.pk]))
        whole = next(row for row in beside.context["criteria"] if row["title"] == _("Whole index"))
        assert whole["plain"].value == results.estimates(results.moments_by_scope(survey))[""].value
        second = make_weighting(survey, officer)
        drain()
        questionnaire = read(current_version(survey).definition)
        asked = indices.by_scope(survey, questionnaire, definitions.current(survey))
        beside = client.get(reverse("survey_weighting", args=[survey.pk, second.pk]))
        plain = {row["title"]: row["plain"] for row in beside.context["criteria"]}
        assert plain[_("Whole index")].value == asked[""].value
        assert plain[_("Whole index")].value != whole["plain"].value
        assert len(client.get(measures).context["figures"]) == 3
        assert "hai-long/1" in beside.content.decode()

    def test_a_taken_back_number_is_no_second_definition(self, client, survey, officer):
        crowd(survey, {"SNV": 120}, seed=4)
        row = make_definition(survey, officer, pooling="answers")
        make_weighting(survey, officer)
        drain()
        definitions.withdraw(row.pk, officer)
        again = make_definition(survey, officer, pooling="answers", items=["I15", "II20"])
        assert again.number == row.number
        client.force_login(officer)
        page = client.get(reverse("survey_measures", args=[survey.pk]))
        assert page.context["apart"] is not None

    def test_a_whole_of_the_few_is_not_shown_beside_its_weights(self, client, survey, officer):
        crowd(survey, {"SNV": 150}, seed=4)
        row = make_weighting(survey, officer)
        drain()
        client.force_login(officer)
        address = reverse("survey_weighting", args=[survey.pk, row.pk])
        n = results.moments_by_scope(survey)[""].n
        shown = client.get(address).context
        assert all(line["plain"] for line in [*shown["criteria"], *shown["agencies"]])
        RuleValue.objects.filter(key="survey.suppression_k").update(amount=n + 1)
        hidden = client.get(address).context
        for line in [*hidden["criteria"], *hidden["agencies"]]:
            assert line["plain"] is None, line
            assert line["weighted"] is None, line

    def test_too_many_combinations_are_refused_at_the_choice(self, signed_in, survey):
        address = reverse("survey_weigh", args=[survey.pk])
        page = signed_in.get(
            f"{address}?questions=sex&questions=age&questions=occupation&method=poststrat"
        )
        assert "questions" in page.context["form"].errors or len(page.context["form"].fields) > 10

    def test_a_reader_sees_and_changes_nothing(self, client, survey):
        client.force_login(staff("nguoi.doc", "satisfaction.view_results"))
        html = client.get(reverse("survey_measures", args=[survey.pk])).content.decode()
        assert reverse("survey_define", args=[survey.pk]) not in html
        assert client.get(reverse("survey_define", args=[survey.pk])).status_code == 302
        assert client.get(reverse("survey_weigh", args=[survey.pk])).status_code == 302
