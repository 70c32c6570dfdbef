"""What a million responses cost: figures of every agency, one dashboard, folding, a report.

    make bench                             1 000 000 responses × 33 items, PostgreSQL
    BENCH_RESPONSES=100000 make bench      a quick look

200 agencies × 24 months, five channels, three in a hundred flagged. Seconds differ from
machine to machine and from hour to hour: beside each stands what it must stay below, and
what a response costs is told as a ratio to a bare insert through the same web stack. A
database that holds the responses already is measured as it stands;
`python -m benchmarks.surveys posts` measures that ratio alone.
"""

from __future__ import annotations

import logging
import os
import resource
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from unittest import mock

import django

RESPONSES = int(os.environ.get("BENCH_RESPONSES", "1000000"))
AGENCIES, PERIODS, ROUNDS, POSTS = 200, 24, 5, 200
CODE = "do-kiem"
# Criteria with how many items each has: 33 together.
CRITERIA = {"A": 2, "B": 2, "C": 8, "D": 2, "E": 4, "F": 4, "G": 5, "H": 3, "K": 3}


@dataclass
class Measured:
    name: str
    seconds: float
    limit: float

    def __str__(self) -> str:
        is_kept = "kept" if self.seconds <= self.limit else "NOT KEPT"
        return f"{self.name:52}{self.seconds:10.3f}{self.limit:10.3f}  {is_kept}"


def _definition() -> dict:
    from satisfaction.questionnaires import template

    made = template("sipas_service")
    asking, *_criteria, people, words = made["sections"]
    example = made["sections"][1]["questions"][0]
    sections = [
        {
            "code": code,
            "slug": f"phan-{code.lower()}",
            "title": {"vi": f"Tiêu chí {code}"},
            "scored": True,
            "questions": [
                example | {"code": f"{code}{n}", "label": {"vi": f"Nội dung {code}{n}"}}
                for n in range(1, items + 1)
            ],
        }
        for code, items in CRITERIA.items()
    ]
    items = [question["code"] for section in sections for question in section["questions"]]
    made["sections"] = [asking, *sections, people, words]
    made["index"] |= {"items": items}
    return made


def _lay():
    """The survey, its page, and responses written by the database itself."""
    from django.core.management import call_command
    from django.db import connection

    from portal import clock
    from portal.agencies.models import Agency
    from satisfaction.models import Response, Survey
    from satisfaction.versions import publish_version
    from site_pages import tree

    call_command("migrate", verbosity=0)
    found = Survey.objects.filter(code=CODE).first()
    if found and Response.objects.filter(survey=found).count() >= RESPONSES:
        return found
    tree.lay()
    lacking = AGENCIES - Agency.objects.count()
    for n in range(max(0, lacking)):
        Agency.objects.create(code=f"B{n}", name=f"Cơ quan {n}", name_en=f"Agency {n}",
                              kind="ward", symbol=f"B{n}")  # fmt: skip
    now = clock.now()
    survey = Survey.objects.create(
        code=CODE,
        title="Đo kiểm",
        opens_at=now - timedelta(days=730),
        closes_at=now + timedelta(days=60),
        period_kind="month",
    )
    version = publish_version(survey, _definition(), survey.opens_at)
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_responses_sql(), {"survey": survey.pk, "version": version.pk,
                                          "n": RESPONSES})  # fmt: skip
        cursor.execute("VACUUM ANALYZE satisfaction_response")
    print(f"{RESPONSES} responses written in {time.perf_counter() - begun:.0f} s")
    return survey


def _responses_sql() -> str:
    codes = [f"{code}{n}" for code, items in CRITERIA.items() for n in range(1, items + 1)]
    level = (
        "CASE WHEN random() < 0.05 THEN 9 ELSE "
        "greatest(1, least(5, round(4.1 + m.mood + (random() + random() - 1) * 2)))::int END"
    )
    drawn = ", ".join(level for _ in codes)
    pairs = ", ".join(f"'{code}', l.v[{at}]" for at, code in enumerate(codes, 1))
    y = " + ".join(f"(l.v[{at}] IN (4, 5))::int" for at in range(1, len(codes) + 1))
    x = " + ".join(f"(l.v[{at}] <> 9)::int" for at in range(1, len(codes) + 1))
    return f"""
    INSERT INTO satisfaction_response (survey_id, version_id, agency_id, channel, day, period,
        is_flagged, flags, duration_s, status, reason, answers, satisfied, rated,
        idempotency_key, receipt_code)
    SELECT %(survey)s, %(version)s, a.ids[1 + g %% {AGENCIES}],
        (ARRAY['web','web','web','qr','kiosk','paper'])[1 + (random() * 5)::int],
        d.day, to_char(d.day, 'YYYY-MM'), random() < 0.03, '[]', 300, 'valid', '',
        jsonb_build_object({pairs}, 'age', 1 + (random() * 5)::int, 'sex', 1 + (random())::int),
        {y}, {x}, gen_random_uuid(), 'B' || lpad(g::text, 12, '0')
    FROM generate_series(1, %(n)s) g
    CROSS JOIN (SELECT array_agg(id) AS ids
                FROM (SELECT id FROM agencies_agency ORDER BY id LIMIT {AGENCIES}) s) a
    CROSS JOIN LATERAL (SELECT (date_trunc('month', now()) - make_interval(
        months => (g / {AGENCIES}) %% {PERIODS}))::date AS day) d
    CROSS JOIN LATERAL (SELECT g * 0 + random() + random() - 1 AS mood) m
    CROSS JOIN LATERAL (SELECT ARRAY[{drawn}] AS v) l
    """  # noqa: S608


def _timed(name: str, limit: float, call: Callable[[], object], rounds: int = ROUNDS) -> Measured:
    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begun)
    made = Measured(name, statistics.median(seconds), limit)
    print(made, flush=True)
    return made


def _fold(version) -> None:
    from django.db import connection

    from satisfaction.models import Cell, IndexMoment, Tally
    from satisfaction.refolding import differences, refold

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE satisfaction_tally, satisfaction_indexmoment")
    Cell.objects.filter(version=version).update(n=0)
    share = RESPONSES / 1_000_000
    _timed("folding everything anew, from nothing", 60 * share, lambda: refold(version), 1)
    with connection.cursor() as cursor:
        for table in ("cell", "tally", "indexmoment"):
            cursor.execute(f"VACUUM ANALYZE satisfaction_{table}")
    told: list[str] = []
    _timed("refold --check", 60 * share, lambda: told.extend(differences(version)), 1)
    if told:
        raise SystemExit("\n".join(told[:20]))
    _timed("folding everything anew, where all is right", 60 * share, lambda: refold(version), 1)
    print(
        f"{Cell.objects.count()} cells, {Tally.objects.count()} tallies, "
        f"{IndexMoment.objects.count()} moments"
    )


def _figures(survey, questionnaire) -> None:
    from satisfaction import results
    from satisfaction.measuring import definitions, figures, indices
    from satisfaction.measuring.trend import trend
    from satisfaction.results import Wanted

    definition = definitions.current(survey, questionnaire)
    clean = Wanted(with_flagged=False)
    _timed(
        "index and interval of every agency", 0.3,
        lambda: indices.by_agency(survey, questionnaire, definition),
    )  # fmt: skip
    _timed(
        "the same without flagged responses", 0.3,
        lambda: indices.by_agency(survey, questionnaire, definition, clean),
    )  # fmt: skip
    _timed("ranking of every agency", 1, lambda: figures.ranking(survey, questionnaire, definition))
    agency = next(iter(results.moments_by_agency(survey)))
    period = max(results.moments_by(survey, "period"))

    def dashboard(wanted: Wanted) -> None:
        results.estimates(results.moments_by_scope(survey, wanted))
        results.item_counts(survey, questionnaire, wanted)
        results.valid_by(survey, "channel", wanted=wanted)

    one = Wanted(agency=agency.pk, period=period)
    _timed("one agency's dashboard, one period", 0.02, lambda: dashboard(one))
    _timed("one agency's dashboard, all periods", 0.1, lambda: dashboard(Wanted(agency=agency.pk)))
    _timed("trend over all periods", 1, lambda: trend(survey), 2)
    _timed("one question against another", 5,
           lambda: figures.crosstab(survey, questionnaire, "age", "A1"), 1)  # fmt: skip
    _timed("Cronbach's alpha of 33 items", 15,
           lambda: figures.reliability(survey, questionnaire, definition.items), 1)  # fmt: skip
    _timed("hash of the data", 10, lambda: figures.data_sha256(survey), 1)


def _report(survey) -> None:
    """A report's figures and PDF in a process of its own, as the worker makes it."""
    begun = time.perf_counter()
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.surveys", "report", str(survey.pk)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    print(Measured("a report's edition, figures and PDF", time.perf_counter() - begun, 30))
    print(Measured("memory of the process that makes it, MB", float(made.stdout.split()[-1]), 400))


def _make_report(survey_id: int) -> None:
    from portal import clock
    from portal.reporting import editions
    from portal.reporting.models import Edition
    from portal.reporting.pdf import to_pdf
    from satisfaction.reports import KIND, snapshot

    now = clock.now()
    edition = Edition(
        kind=KIND, subject_id=survey_id, number=1, title="Đo kiểm", code="DOKIEM2026",
        snapshot=snapshot(survey_id, now, lambda _percent: None), made_at=now,
    )  # fmt: skip
    to_pdf(editions.render(edition), now=now)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _posts(survey, questionnaire) -> None:
    """Sending one's answers beside writing one row, in turn, at the same address of the page."""
    from django.db import transaction
    from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
    from django.test import Client, override_settings

    from portal import clock
    from satisfaction import answering, drafting
    from satisfaction.models import Draft, Response, SurveyPage, SurveysPage
    from satisfaction.versions import current_version

    parent = SurveysPage.objects.get(locale__language_code="vi")
    page = SurveyPage.objects.filter(survey=survey).first() or parent.add_child(
        instance=SurveyPage(title=survey.title, slug=survey.code, survey=survey)
    )
    page.save_revision().publish()
    answers = dict.fromkeys(questionnaire.index.items, 4) | {"agency": "SNV", "age": 3, "sex": 1}
    answers |= {q.code: None for q in questionnaire.questions() if q.code not in answers}
    version = current_version(survey)
    agency = Response.objects.filter(survey=survey).values_list("agency", flat=True)[0]

    def bare(_request: HttpRequest, _page: SurveyPage) -> HttpResponse:
        with transaction.atomic():
            Response.objects.create(
                survey=survey, version=version, agency_id=agency, day=clock.today(),
                duration_s=1, status="rejected", reason="test", answers=answers, satisfied=33,
                rated=33, idempotency_key=uuid.uuid4(), receipt_code=uuid.uuid4().hex[:20],
            )  # fmt: skip
        return HttpResponseRedirect("da-gui")

    seconds: dict[str, list[float]] = {"bare": [], "sent": []}
    views = {"bare": bare, "sent": answering.check_answers}
    with override_settings(ALLOWED_HOSTS=["*"]):
        for number in range(POSTS + 10):
            client = Client()
            with clock.stopped_at(clock.now() - timedelta(minutes=5)):
                key, draft = drafting.start(survey, uuid.uuid4())
            Draft.objects.filter(pk=draft.pk).update(answers=answers)
            client.cookies["phieu-vi"] = key
            for name, view in views.items():
                with mock.patch.object(answering, "check_answers", view):
                    at = time.perf_counter()
                    response = client.post(f"{page.url}kiem-tra/")
                    took = time.perf_counter() - at
                if response.status_code != 302 or "da-gui" not in response.url:
                    raise SystemExit(f"{name}: {response.status_code} {response.url}")
                if number >= 10:
                    seconds[name].append(took)
    bare_s, sent_s = (statistics.median(times) for times in seconds.values())
    print(f"a bare insert {bare_s * 1000:.1f} ms, an accepted response {sent_s * 1000:.1f} ms")
    print(Measured("an accepted response, in bare inserts", sent_s / bare_s, 3))


def main() -> None:
    django.setup()
    logging.disable(logging.WARNING)
    if sys.argv[1:2] == ["report"]:
        _make_report(int(sys.argv[2]))
        return
    from django.db import connection

    from satisfaction.questionnaires import read
    from satisfaction.versions import current_version
    from site_pages.publishing import by_installation

    if connection.vendor != "postgresql":
        raise SystemExit("measured on PostgreSQL")
    with by_installation():
        survey = _lay()
        version = current_version(survey)
        questionnaire = read(version.definition)
        print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(f"{'PostgreSQL':52}{'measured':>10}{'at most':>10}")
        if sys.argv[1:2] != ["posts"]:
            _fold(version)
            _figures(survey, questionnaire)
            _report(survey)
        _posts(survey, questionnaire)


if __name__ == "__main__":
    main()
