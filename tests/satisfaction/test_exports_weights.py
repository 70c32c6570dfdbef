"""The weights' column of an export, and SPSS files of scales that SPSS has no room for."""

from __future__ import annotations

import csv
import io
import json
import unicodedata

import pyreadstat
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal.outbox.draining import drain
from satisfaction.exports import files, ordering, writers
from satisfaction.measuring import weighting
from satisfaction.models import DataExport, Weighting, WeightingState
from satisfaction.questionnaires import read
from tests.accounts import staff

from .crowds import crowd
from .factories import NOON, every_kind, full_form, make_full_survey, make_survey, respond
from .measures import TARGETS, make_weighting
from .test_exports import FORMATS, content, frame, made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(at):
    at(NOON)


@pytest.fixture
def analyst():
    return staff("phan.tich", "satisfaction.export_responses", "satisfaction.define_measures")


@pytest.fixture
def weighed(analyst):
    survey = make_survey()
    crowd(survey, {"SNV": 60, "STP": 40})
    row = make_weighting(survey, analyst)
    drain()
    row.refresh_from_db()
    assert row.state == WeightingState.MADE
    return row


def with_weights(row: Weighting, user, file_format: str) -> DataExport:
    export = ordering.order(row.survey_id, file_format, "none", user, row)
    drain()
    export.refresh_from_db()
    return export


def weights_of(export: DataExport) -> list[tuple[str, str, str, float | None]]:
    """(state, age, sex, weight) of each row, as the format shows it."""
    if export.format == "jsonl":
        records = map(json.loads, content(export).decode().splitlines())
        rows = [
            (r["status"], r["answers"].get("age", -1), r["answers"].get("sex", -1), r["weight"])
            for r in records
        ]
    else:
        rows = frame(export)[["status", "age", "sex", "weight"]].itertuples(index=False)
    return [
        (state, str(int(age)), str(int(sex)), None if is_empty(w) else float(w))
        for state, age, sex, w in rows
    ]


def is_empty(value: object) -> bool:
    return value in ("", None) or value != value


@pytest.mark.parametrize("file_format", FORMATS)
def test_each_response_that_counts_has_the_weight_of_its_group(file_format, weighed, analyst):
    expected = {tuple(group.profile): group.weight for group in weighed.groups.all()}
    rows = weights_of(with_weights(weighed, analyst, file_format))
    assert len(rows) == 100
    assert {state for state, *_rest in rows} == {"valid", "rejected"}
    for state, age, sex, weight in rows:
        if state == "rejected":
            assert weight is None
        else:
            # Who said nothing, or what has no share in the population, is one group.
            of = [int(code) if code in TARGETS[name] else None for name, code in
                  (("age", age), ("sex", sex))]  # fmt: skip
            assert weight == pytest.approx(expected[tuple(of)])


def test_a_second_person_gets_the_weighted_index_from_the_file(weighed, analyst):
    """Σ w·y / Σ w·x over the exported rows is the figure that the report prints."""
    rows = frame(with_weights(weighed, analyst, "csv"))
    rows = rows[rows["status"] == "valid"]
    questionnaire = read(weighed.survey.versions.get().definition)
    answers = rows[list(questionnaire.index.items)].astype(int)
    rated = answers.isin([1, 2, 3, 4, 5])
    satisfied = answers.isin(list(questionnaire.index.satisfied))
    w = rows["weight"].astype(float)
    share = (w * satisfied.sum(axis=1)).sum() / (w * rated.sum(axis=1)).sum()
    assert share == pytest.approx(float(weighting.by_scope(weighed)[""].value), abs=1e-9)
    assert w.sum() == pytest.approx(len(rows))
    assert len(rows) * (w**2).sum() / w.sum() ** 2 == pytest.approx(
        float(weighed.report["deff"]), abs=1e-5
    )


def test_the_dictionary_names_the_weighting_and_its_computation(weighed, analyst):
    export = with_weights(weighed, analyst, "csv")
    text = files.path_of(export, files.DICTIONARY).read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    told = {line["value"]: line["label_vi"] for line in lines if line["kind"] == "file"}
    assert told["weighting"] == "1"
    assert told["weighting_questions"] == "age sex"
    assert told["weighting_source"] == "Niên giám <2025>"
    assert told["weighting_deff"] == weighed.report["deff"]
    assert len(told["weighting_sha256"]) == 64
    assert [line["label_vi"] for line in lines if line["column"] == "weight"]
    # Computed again over other people, it has another proof.
    other = Weighting.objects.get(pk=weighed.pk)
    other.groups.update(weight=1.0)
    assert weighting.Lookup(other).sha256() != told["weighting_sha256"]


def test_without_a_choice_there_is_no_column(weighed, analyst):
    assert "weight" not in frame(made(weighed.survey, analyst, "csv"))


def test_people_of_a_group_that_did_not_exist_have_no_weight(weighed, analyst):
    weighed.groups.all().delete()
    assert {w for *_row, w in weights_of(with_weights(weighed, analyst, "csv"))} == {None}


def test_weights_of_another_survey_or_not_yet_computed_are_refused(weighed, analyst):
    other = make_survey("khac")
    with pytest.raises(ValueError, match="no computed weights"):
        ordering.order(other.pk, "csv", "none", analyst, weighed)
    late = make_weighting(weighed.survey, analyst)
    with pytest.raises(ValueError, match="no computed weights"):
        ordering.order(weighed.survey_id, "csv", "none", analyst, late)
    with pytest.raises(CommandError):
        call_command("export_responses", weighed.survey.code, weighting=2)
    assert not DataExport.objects.exists()


def test_the_admin_offers_the_weights_that_are_computed(weighed, analyst, client):
    client.force_login(analyst)
    address = reverse("survey_exports", args=[weighed.survey_id])
    assert "Niên giám &lt;2025&gt;" in client.get(address).content.decode()
    client.post(address, {"format": "csv", "texts": "none", "weighting": weighed.pk})
    assert DataExport.objects.get().weighting == weighed
    other = make_survey("khac")
    address = reverse("survey_exports", args=[other.pk])
    assert 'name="weighting"' not in client.get(address).content.decode()
    client.post(address, {"format": "csv", "texts": "none", "weighting": weighed.pk})
    assert DataExport.objects.get(survey=other).weighting is None


# --- SPSS ---------------------------------------------------------------------------------


def with_three_codes(labels: dict[int, str]) -> dict:
    """Codes 0, 8 and 9 are no answer; 1 to 3 and 8½… answers lie between them."""
    definition = every_kind()
    choices = definition["scales"]["ba-muc"]["choices"]
    choices[:] = [choice for choice in choices if not choice.get("na")]
    flags = {0: "na", 8: "declined", 9: "declined"}
    choices += [
        {"code": code, "label": {"vi": text, "en": text}, flags[code]: True}
        for code, text in labels.items()
    ]
    return definition


def test_three_codes_that_are_no_answer_keep_their_labels_and_their_meaning(analyst):
    long = unicodedata.normalize("NFD", "Ưỡn ngực mà không trả lời được ")
    survey = make_full_survey(
        definition=with_three_codes({0: "Không áp dụng", 8: "Từ chối", 9: long * 5})
    )
    for g1, g2 in (("0", "8"), ("9", "1"), ("3", "2"), ("1", "0")):
        respond(survey, full_form(g1=g1, g2=g2))
    respond(survey, full_form(come="2"))
    export = made(survey, analyst, "sav")
    path = files.path_of(export)
    every, meta = pyreadstat.read_sav(path, user_missing=True)
    assert sorted(every["g1"]) == [-1009, -1000, -2, 1, 3]
    assert sorted(every["g2"]) == [-1008, -1000, -2, 1, 2]
    labels = meta.variable_value_labels["g1"]
    assert labels[-1000.0] == "Không áp dụng"
    assert labels[-1008.0] == "Từ chối"
    assert labels[-2.0] == "Không được hỏi"
    cut = labels[-1009.0]
    assert len(cut.encode()) <= writers.SPSS_VALUE_LABEL
    assert cut.endswith("…")
    assert unicodedata.is_normalized("NFC", cut)
    assert unicodedata.normalize("NFC", long * 5).startswith(cut[:-1])
    # Whoever does not ask for them sees answers only.
    clean, _meta = pyreadstat.read_sav(path)
    assert sorted(clean["g1"].dropna()) == [1, 3]
    assert sorted(clean["g2"].dropna()) == [1, 2]
    # The other formats keep the questionnaire's codes; the dictionary joins both.
    text = files.path_of(export, files.DICTIONARY).read_text(encoding="utf-8-sig")
    lines = csv.DictReader(io.StringIO(text), delimiter=";")
    joined = {
        line["value"]: line["value_in_sav"]
        for line in lines
        if line["column"] == "g1" and line["kind"] == "value"
    }
    assert joined["9"] == "-1009"
    assert joined["3"] == "3"
    assert 9 in set(frame(made(survey, analyst, "csv"))["g1"])


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_cut_never_leaves_a_letter_without_its_marks(form):
    text = unicodedata.normalize(form, "Phường Ngọc Hà – Đống Đa ưỡễ" * 20)
    for most in range(20, 140):
        kept = writers.cut(text, most)
        assert len(kept.encode()) <= most
        assert unicodedata.normalize("NFC", text).startswith(kept[:-1])
    # A letter whose mark is no letter of its own goes with its mark.
    odd = "x̣̄" * 60
    for most in range(20, 140):
        body = writers.cut(odd, most)[:-1]
        assert {len(part) for part in body.split("x")[1:]} <= {2}
