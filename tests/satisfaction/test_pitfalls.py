"""Ways in which survey systems fail, that no other test of this folder shows to be shut here."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import clock
from portal.agencies.models import Agency
from portal.outbox.draining import drain
from satisfaction import reports, results, submission
from satisfaction.models import Draft, Response, SamplePlan
from satisfaction.questionnaires import template
from satisfaction.reporting import plan
from satisfaction.reporting.plan import CHAPTERS, Chosen
from satisfaction.sampling import quotas
from satisfaction.versions import publish_version
from tests.accounts import staff
from tests.satisfaction.crowds import crowd
from tests.satisfaction.factories import NOON, answers, begin, labels, make_survey, respond

pytestmark = pytest.mark.django_db
SIZES = {"SNV": 30, "STC": 20}


@pytest.fixture
def survey(at):
    at(NOON)
    return make_survey()


@pytest.fixture
def group():
    return staff(
        "nhom", "satisfaction.view_results", "satisfaction.review_responses",
        "reporting.order_edition", "reporting.view_edition",
    )  # fmt: skip


# --- Aggregating in memory, and time-outs that look like "no data" ---------------------------


def test_a_report_reads_no_single_answer_and_asks_as_much_of_many_as_of_few(survey, group):
    plan.save_plan(survey.pk, Chosen(tuple(CHAPTERS)), 0, group)
    counts = []
    for seed in (1, 2, 3):
        crowd(survey, {"SNV": 160, "STC": 120}, seed)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            reports.snapshot(survey.pk, clock.now(), lambda _done: None)
        counts.append(len(asked))
        for query in asked.captured_queries:
            sql = query["sql"].upper()
            if "SATISFACTION_RESPONSE" in sql and sql.lstrip().startswith("SELECT"):
                assert "COUNT(" in sql or "SUM(" in sql, query["sql"][:300]
    assert counts[1] == counts[2]


@pytest.mark.parametrize("name", ["survey_dashboard", "survey_detail", "survey_measures"])
def test_a_database_that_gives_up_is_an_error_and_never_nought(
    survey, group, client, monkeypatch, name
):
    crowd(survey, SIZES)
    client.force_login(group)
    assert client.get(reverse(name, args=[survey.pk])).status_code == 200

    def gives_up(*_args, **_kwargs):
        raise OperationalError("canceling statement due to statement timeout")

    for reader in ("moments_by", "moments_by_scope", "moments_by_agency", "counts_by_question"):
        monkeypatch.setattr(results, reader, gives_up)
    client.raise_request_exception = False
    assert client.get(reverse(name, args=[survey.pk])).status_code == 500


def test_an_edition_whose_data_cannot_be_read_fails_and_says_nothing(survey, group, monkeypatch):
    crowd(survey, SIZES)
    edition = reports.order_report(survey, group)

    def gives_up(*_args, **_kwargs):
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr(results, "moments_by_scope", gives_up)
    drain()
    edition.refresh_from_db()
    assert (edition.state, edition.snapshot) == ("failed", None)
    assert edition.failure
    # Ordered again, once the database is well, it is made.
    monkeypatch.undo()
    again = reports.order_report(survey, group)
    drain()
    again.refresh_from_db()
    assert again.state == "ready"
    assert again.snapshot["index"]["n"] > 0


# --- A question that is added while people answer --------------------------------------------


def test_a_question_added_later_was_not_shown_to_those_before(survey, tmp_path):
    """They are in no denominator of it: neither skipped nor nought, and no share fails."""
    for _person in range(3):
        respond(survey)
    definition = template("sipas_service")
    extra = {
        "code": "THEM", "type": "single", "label": labels("Câu thêm"), "required": False,
        "choices": [{"code": 1, "label": labels("Có")}, {"code": 2, "label": labels("Không")}],
    }  # fmt: skip
    definition["sections"][-1]["questions"].insert(0, extra)
    publish_version(survey, definition, clock.now(), is_mapped=True)
    respond(survey, answers(THEM="1"))
    respond(survey, answers())
    counts = results.counts_by_question(survey)["THEM"]
    assert counts == {1: 1, -1: 1}
    path = tmp_path / "a.csv"
    call_command("export_responses", survey.code, output=str(path))
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
    told = sorted((row["version"], row["THEM"]) for row in rows)
    assert told == [("1", "-2"), ("1", "-2"), ("1", "-2"), ("2", "-1"), ("2", "1")]
    call_command("refold", "--check")


# --- Quotas whose errors are swallowed -------------------------------------------------------


def test_where_the_quota_cannot_be_asked_nobody_is_let_in(survey, monkeypatch):
    agency = Agency.objects.get(code="SNV")
    made = SamplePlan.objects.create(
        survey=survey, method="fixed", size=1, made_at=survey.opens_at, is_enforced=True
    )
    unit = made.units.create(agency=agency, population=1, target=1)
    _key, draft = begin(survey, answers())

    def fails(*_args):
        raise DatabaseError("connection lost")

    monkeypatch.setattr(quotas, "_take", fails)
    with (
        clock.stopped_at(clock.now() + timedelta(minutes=5)),
        pytest.raises(DatabaseError, match="connection lost"),
    ):
        submission.submit(draft.pk)
    assert not Response.objects.exists()
    # What was written is still there, to be sent again.
    assert Draft.objects.get(pk=draft.pk).answers["agency"] == "SNV"
    monkeypatch.undo()
    with clock.stopped_at(clock.now() + timedelta(minutes=6)):
        submission.submit(draft.pk)
    unit.refresh_from_db()
    assert (unit.taken, Response.objects.count()) == (1, 1)


# --- Results that are seen late --------------------------------------------------------------


def test_figures_of_the_admin_are_those_of_this_moment_and_stored_nowhere(survey, group, client):
    client.force_login(group)
    respond(survey)
    address = reverse("survey_detail", args=[survey.pk])
    first = client.get(address)
    respond(survey)
    second = client.get(address)
    assert first.content != second.content
    for response in (first, second):
        assert any(
            word in response["Cache-Control"] for word in ("no-store", "no-cache", "max-age=0")
        )
