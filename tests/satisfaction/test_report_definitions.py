"""A report says one index throughout: that of the definition it was made by, which stays."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from django.db import DatabaseError, transaction

from portal import clock
from portal.outbox.draining import drain
from satisfaction import reports
from satisfaction.measuring import definitions
from satisfaction.models import IndexDefinition
from satisfaction.reporting import plan
from satisfaction.reporting.drawing import context
from satisfaction.reporting.plan import CHAPTERS, Chosen
from tests.accounts import staff
from tests.satisfaction.crowds import crowd, exported
from tests.satisfaction.factories import NOON, make_survey
from tests.satisfaction.measures import ITEMS, make_definition, make_weighting

pytestmark = pytest.mark.django_db
SIZES = {"SNV": 70, "STC": 60, "00004": 55, "00070": 45, "10465": 12}


@pytest.fixture
def officer():
    return staff(
        "to.cong.tac",
        "reporting.order_edition",
        "satisfaction.define_measures",
        "satisfaction.view_results",
    )


@pytest.fixture
def survey(at, officer):
    at(NOON)
    survey = make_survey(period_kind="month")
    crowd(survey, SIZES)
    plan.save_plan(survey.pk, Chosen(tuple(CHAPTERS)), 0, officer)
    return survey


def figures_of(survey) -> dict:
    return reports.snapshot(survey.pk, clock.now(), lambda _done: None)


def frame_of(survey, tmp_path) -> pd.DataFrame:
    frame = exported(survey, tmp_path)
    frame[ITEMS] = frame[ITEMS].apply(pd.to_numeric, errors="coerce")
    return frame


def item_mean(frame: pd.DataFrame) -> float:
    """The mean of the items' shares, as the definition of `make_definition` says."""
    return float(
        np.mean([frame[i].isin([4, 5]).sum() / frame[i].isin(range(1, 6)).sum() for i in ITEMS])
    )


def share(row: dict) -> float:
    return float(Fraction(row["sy"], row["sx"]))


def test_every_chapter_follows_the_definition(survey, officer, tmp_path):
    make_definition(survey, officer)
    figures, frame = figures_of(survey), frame_of(survey, tmp_path)
    assert share(figures["index"]) == pytest.approx(item_mean(frame), abs=1e-12)
    for chapter, column in (("channels", "channel"), ("periods", "period")):
        shown = [row for row in figures[chapter] if row["sx"]]
        assert shown
        for row in shown:
            part = frame[frame[column] == row["code"]]
            assert share(row) == pytest.approx(item_mean(part), abs=1e-12), row["code"]
    for row in figures["agencies"]["shown"]:
        part = frame[frame["agency"] == row["code"]]
        assert share(row) == pytest.approx(item_mean(part), abs=1e-12), row["code"]
    for row in figures["ranking"]["ranked"]:
        part = frame[frame["agency"] == row["code"]]
        assert share(row) == pytest.approx(item_mean(part), abs=1e-12), row["code"]
    clean = frame[frame["flagged"] == "0"]
    assert share(figures["flagged"]["every"]) == pytest.approx(item_mean(frame), abs=1e-12)
    assert share(figures["flagged"]["clean"]) == pytest.approx(item_mean(clean), abs=1e-12)
    # A criterion pools the answers to those of its items that the definition names.
    criterion = next(row for row in figures["criteria"] if row["code"] == "I")
    inside = ["I15", "I16"]
    y, x = (frame[inside].isin(levels).to_numpy().sum() for levels in ([4, 5], range(1, 6)))
    assert share(criterion) == pytest.approx(y / x, abs=1e-12)
    assert {item["code"] for item in figures["items"]} == set(ITEMS)
    assert not next(row for row in figures["criteria"] if row["code"] == "III")["sx"]
    assert figures["method"]["index_version"] == "hai-long/1"


def test_another_satisfied_level_is_another_index_and_other_words(survey, officer, tmp_path):
    make_definition(survey, officer, satisfied=[3, 4, 5], pooling="answers")
    figures, frame = figures_of(survey), frame_of(survey, tmp_path)
    y, x = (frame[ITEMS].isin(levels).to_numpy().sum() for levels in ([3, 4, 5], range(1, 6)))
    assert share(figures["index"]) == pytest.approx(y / x, abs=1e-12)
    assert len(figures["words"]["satisfied"]) == 3
    assert all(item["satisfied"] == [2, 3, 4] for item in figures["items"])


def test_an_edition_pins_its_definition_and_no_later_one_moves_it(survey, officer):
    first = make_definition(survey, officer)
    edition = reports.order_report(survey, officer)
    drain()
    edition.refresh_from_db()
    assert edition.state == "ready"
    frozen = json.dumps(edition.snapshot, sort_keys=True)
    first.refresh_from_db()
    assert first.used_at
    told = edition.snapshot["definition"]
    assert told["version"] == edition.snapshot["method"]["index_version"] == "hai-long/1"
    assert told["sha256"] == definitions.of_row(first).as_data()["sha256"]
    # It can neither be taken back nor edited, whoever tries.
    assert not definitions.withdraw(first.pk, officer)
    for change in (
        {"pooling": "answers"}, {"items": ["I15"]}, {"satisfied": [5]}, {"basis": "khác"},
        {"decimals": 1}, {"used_at": None},
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            IndexDefinition.objects.filter(pk=first.pk).update(**change)
    # Another definition makes another edition; the first stays as it is.
    make_definition(survey, officer, pooling="answers", satisfied=[5])
    edition.refresh_from_db()
    assert json.dumps(edition.snapshot, sort_keys=True) == frozen
    later = figures_of(survey)
    assert later["method"]["index_version"] == "hai-long/2"
    assert share(later["index"]) != share(edition.snapshot["index"])


def test_weights_say_whom_they_match_and_what_they_cost(survey, officer):
    row = make_weighting(survey, officer)
    drain()
    row.refresh_from_db()
    figures = figures_of(survey)
    told = figures["weighted"]
    groups = list(row.groups.all())
    n = sum(group.n for group in groups)
    w, w2 = (sum(group.n * group.weight**power for group in groups) for power in (1, 2))
    assert told["n"] == n
    assert float(told["deff"]) == pytest.approx(n * w2 / w**2, abs=1e-5)
    assert float(told["effective_n"]) == pytest.approx(w**2 / w2, abs=0.01)
    chapter = next(part for part in context(figures)["chapters"] if part.code == "weighted")
    note = chapter.blocks[0].note
    for words in ("Tuổi", "Giới tính", "deff", "cỡ mẫu hiệu dụng", "sipas-dich-vu/1"):
        assert words in note, note
    # An edition of before, which knew the effect alone, is drawn as it was.
    for name in ("n", "effective_n", "definition", "margins"):
        del told[name]
    chapter = next(part for part in context(figures)["chapters"] if part.code == "weighted")
    assert "Hệ số thiết kế Kish: " in chapter.blocks[0].note


def test_ranges_say_how_many_comparisons_they_allow_for(survey, officer):
    figures = figures_of(survey)
    assert figures["ranking"]["comparisons"] == len(figures["ranking"]["ranked"]) - 1 == 3
    chapter = next(part for part in context(figures)["chapters"] if part.code == "ranking")
    assert "so với 3 cơ quan khác" in chapter.blocks[0].note
    assert "Bonferroni" in chapter.blocks[0].note
    del figures["ranking"]["comparisons"]
    chapter = next(part for part in context(figures)["chapters"] if part.code == "ranking")
    assert "từng cặp được so ở mức 95%" in chapter.blocks[0].note
