"""Cells: what was counted of whom, and how responses move between them."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Sum

from portal import clock
from portal.agencies.models import Agency
from satisfaction import results, review, tallies
from satisfaction.intervals import Moments
from satisfaction.measuring import refold_sql
from satisfaction.models import Cell, IndexMoment, Response, Tally
from satisfaction.results import Wanted
from satisfaction.versions import current_version
from tests.accounts import staff
from tests.satisfaction.crowds import crowd
from tests.satisfaction.factories import (
    NOON,
    answers,
    local,
    make_full_survey,
    make_survey,
)
from tests.satisfaction.factories import respond as send

MONTHLY = {"period_kind": "month"}


def respond(survey, data: dict[str, str] | None = None) -> Response:
    """A response that nobody flagged: one level for every item looks odd to the checks."""
    made = send(survey, data)
    flag(made, is_flagged=False)
    made.refresh_from_db()
    return made


def flag(response: Response, is_flagged: bool = True) -> None:
    """As the checks of quality do it: locked, changed and saved inside."""
    with transaction.atomic():
        locked = Response.objects.select_for_update(of=("self",)).select_related("version")
        found = locked.get(pk=response.pk)
        with tallies.recounted([found]):
            found.is_flagged = is_flagged
            found.save(update_fields=["is_flagged"])


@pytest.mark.django_db
class TestCells:
    @pytest.fixture
    def survey(self, at):
        at(NOON)
        return make_survey(**MONTHLY)

    def test_a_response_is_counted_in_the_cell_of_its_agency_period_and_channel(self, survey):
        respond(survey, answers(5, "SNV"))
        respond(survey, answers(4, "SNV"))
        respond(survey, answers(2, "STC"))
        cells = Cell.objects.filter(n__gt=0).values_list(
            "agency__code", "period", "channel", "is_flagged", "n"
        )
        assert set(cells) == {
            ("SNV", "2026-11", "web", False, 2),
            ("STC", "2026-11", "web", False, 1),
        }

    def test_a_flagged_response_moves_and_leaves_what_is_asked_without_it(self, survey):
        respond(survey, answers(5))
        odd = respond(survey, answers(1))
        flag(odd)
        clean = Wanted(with_flagged=False)
        assert results.counts_by_question(survey)["I15"] == {1: 1, 5: 1}
        assert {
            code: n for code, n in results.counts_by_question(survey, clean)["I15"].items() if n
        } == {5: 1}
        assert results.moments_by_scope(survey, clean)[""] == Moments(1, 19, 19, 361, 361, 361)
        assert results.moments_by_scope(survey)[""].sy == 19
        call_command("refold", "--check")
        flag(odd, is_flagged=False)
        assert results.counts_by_question(survey, clean)["I15"] == {1: 1, 5: 1}
        call_command("refold", "--check")

    def test_a_rejected_response_leaves_its_own_cell(self, survey):
        odd = respond(survey, answers(1))
        flag(odd)
        officer = staff("to.cong.tac", "satisfaction.review_responses")
        review.reject(odd.pk, "duplicate", officer)
        assert Cell.objects.aggregate(n=Sum("n"))["n"] == 0
        call_command("refold", "--check")
        review.restore(odd.pk, officer)
        assert Cell.objects.get(n=1).is_flagged
        call_command("refold", "--check")

    def test_what_is_asked_of_a_part_adds_up_to_the_whole(self, survey, at):
        chance = random.Random(3)
        for day in ("2026-11-20 12:00", "2026-11-21 12:00"):
            at(day)
            for agency in ("SNV", "STC", "00004"):
                for _ in range(3):
                    respond(survey, answers(chance.randint(1, 5), agency))
        for number, response in enumerate(Response.objects.order_by("pk")):
            flag(response, number % 4 == 0)
        whole = results.moments_by_scope(survey)[""]
        by_agency = results.moments_by_agency(survey)
        parts = [
            results.moments_by_scope(survey, Wanted(agency=agency.pk))[""] for agency in by_agency
        ]
        assert parts == list(by_agency.values())
        assert sum(parts, Moments()) == whole
        assert results.moments_by(survey, "period") == {"2026-11": whole}
        assert results.valid_by(survey, "channel") == {("web",): 18}
        assert results.received(survey, Wanted(with_flagged=False)).valid == 13
        assert sum(results.valid_by(survey, "agency", "is_flagged").values()) == 18

    def test_several_move_at_once_and_a_wrong_change_moves_nothing(self, survey):
        for level, agency in [(5, "STC"), (4, "SNV"), (1, "SNV")]:
            respond(survey, answers(level, agency))
        rows = list(Response.objects.select_related("version"))

        @transaction.atomic
        def fail() -> None:
            with tallies.recounted(rows):
                rows[0].is_flagged = True
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        rows[0].is_flagged = False
        call_command("refold", "--check")
        with transaction.atomic(), tallies.recounted(rows):
            for row in rows:
                row.is_flagged = True
                row.save(update_fields=["is_flagged"])
        assert results.valid_by(survey, "is_flagged") == {(True,): 3}
        call_command("refold", "--check")

    def test_folding_anew_repairs_cells_that_were_lost(self, survey):
        for level in (5, 3, 2):
            respond(survey, answers(level))
        Cell.objects.update(n=9)
        Tally.objects.filter(question="I16").delete()
        call_command("refold")
        call_command("refold", "--check")
        assert results.valid_by(survey, "channel") == {("web",): 3}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_answers_and_flags_at_once_lose_nothing_and_wait_in_no_circle():
    moment = local(NOON)
    with clock.stopped_at(moment):
        survey = make_survey(**MONTHLY)
        codes = list(Agency.objects.filter(kind="ward").values_list("code", flat=True)[:2])
        old = [respond(survey, answers(3, code)).pk for code in codes * 6]

    def one(number: int) -> None:
        chance = random.Random(number)
        try:
            with clock.stopped_at(moment):
                if number % 2:
                    respond(survey, answers(chance.randint(1, 5), chance.choice(codes)))
                else:
                    flag(Response.objects.get(pk=chance.choice(old)), chance.random() < 0.6)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(60)))
    assert tallies.differences(current_version(survey)) == []
    assert sum(results.valid_by(survey, "agency").values()) == 42


@pytest.mark.django_db(transaction=True)
def test_what_was_counted_by_agency_finds_its_cell_and_the_way_back():
    with clock.stopped_at(local(NOON)):
        survey = make_survey()
        for level, agency in [(5, "SNV"), (2, "SNV"), (4, "STC")]:
            flag(respond(survey, answers(level, agency)), level == 2)

    def go(name: str) -> None:
        executor = MigrationExecutor(connection)
        executor.migrate([("satisfaction", name)])

    try:
        go("0003_wider_survey")
        with connection.cursor() as cursor:
            cursor.execute("SELECT SUM(n) FROM satisfaction_tally WHERE question = 'I15'")
            assert cursor.fetchone() == (3,)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes("satisfaction"))
    # The old rows knew no flag: folding anew tells the flagged one apart again.
    assert Cell.objects.aggregate(n=Sum("n"))["n"] == 3
    assert not IndexMoment.objects.filter(cell=None).exists()
    call_command("refold")
    call_command("refold", "--check")
    assert results.valid_by(survey, "is_flagged") == {(False,): 2, (True,): 1}


@pytest.mark.postgres
@pytest.mark.django_db
class TestFoldingInTheDatabase:
    """PostgreSQL counts as Python does: every kind of question, conditions, no answers."""

    @pytest.fixture
    def version(self, at):
        at(NOON)
        survey = make_full_survey(period_kind="month")
        crowd(survey, {"SNV": 90, "STC": 70, "00004": 50}, seed=9)
        return current_version(survey)

    def test_both_ways_agree(self, version):
        assert tallies.differences(version) == refold_sql.differences(version) == []
        kept = sorted(Tally.objects.values_list("cell", "question", "code", "n"))
        Tally.objects.all().delete()
        IndexMoment.objects.all().delete()
        Cell.objects.update(n=0)
        refold_sql.refold(version)
        assert sorted(Tally.objects.values_list("cell", "question", "code", "n")) == kept
        assert tallies.differences(version) == []

    def test_a_long_form_is_counted_in_several_walks(self, version, monkeypatch):
        monkeypatch.setattr(refold_sql, "_WIDEST", 5)
        assert refold_sql.differences(version) == []

    def test_a_wrong_row_of_each_kind_is_named_and_repaired(self, version):
        Cell.objects.filter(pk=Cell.objects.earliest("pk").pk).update(n=999)
        Tally.objects.filter(question="why", code=1).update(n=77)
        IndexMoment.objects.filter(scope="").update(sxy=5)
        stray = Tally.objects.create(cell=Cell.objects.latest("pk"), question="gone", code=1, n=3)
        told = "\n".join(refold_sql.differences(version))
        for trace in ("stored 999", "why 1: stored [77]", "gone 1: stored [3]"):
            assert trace in told
        with pytest.raises(CommandError):
            call_command("refold", "--check")
        call_command("refold")
        call_command("refold", "--check")
        assert not Tally.objects.filter(pk=stray.pk).exists()
        assert tallies.differences(version) == []

    def test_what_is_right_is_not_written_again(self, version):
        before = set(Tally.objects.values_list("pk", flat=True))
        refold_sql.refold(version)
        assert set(Tally.objects.values_list("pk", flat=True)) == before

    def test_the_template_of_the_ministry_is_counted_too(self, at):
        at(NOON)
        survey = make_survey()
        crowd(survey, {"SNV": 80, "STC": 40}, seed=3)
        assert refold_sql.differences(current_version(survey)) == []
