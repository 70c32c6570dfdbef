"""Answers to 20,000 opinions on 60 provisions: how long sorting, publishing and the table take.

    .venv/bin/python benchmarks/consultation_answers.py [opinions]

In a scratch database of its own (SQLite, or the PostgreSQL server of DATABASE_URL). One opinion in
ten is a letter of its own words; the others are campaigns, as consultations of many have them.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")

import django

django.setup()

from django.db import connection

from consultations.models import Consultation, Opinion, OpinionState, PublicOpinion, SynthesisRow
from consultations.synthesis import (
    answering,
    coverage,
    docx_table,
    files,
    publishing,
    report,
    sorting,
)
from portal import clock
from portal.codes import new_code
from portal.reporting import editions
from portal.reporting.models import Edition
from portal.reporting.pdf import to_pdf
from tests.consultations import answers as house
from tests.consultations import factories as make
from tests.editorial import corpus

MANY = 20_000
ARTICLES = 20
BATCH = 1000


def timed(name: str, act: Callable[[], object]) -> object:
    began, worked = time.perf_counter(), time.process_time()
    made = act()
    took, worked = time.perf_counter() - began, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: {took:.1f} s ({worked:.1f} s of the processor), {memory:.0f} MB at most")
    return made


def consultation() -> Consultation:
    """Twenty articles of two clauses: sixty provisions."""
    made = make.make_consultation()
    make.open_window(made)
    make.make_text(made, articles=ARTICLES)
    return made


def say(made: Consultation, count: int) -> None:
    rng = random.Random(1)
    text = made.texts.get()
    places = list(text.provisions.all())
    campaigns = [corpus.article(rng, 60)[1] for _n in range(10 * len(places))]
    for start in range(0, count, BATCH):
        rows = [
            _opinion(made, rng, places, campaigns, own=n % 10 == 0)
            for n in range(start, min(count, start + BATCH))
        ]
        Opinion.objects.bulk_create(rows)
        PublicOpinion.objects.bulk_create(_shown(row) for row in rows)


def _opinion(made, rng, places, campaigns, own: bool) -> Opinion:
    place = rng.choice(places)
    few = campaigns[place.position :: len(places)]
    words = corpus.article(rng, 60)[1] if own else rng.choice(few)
    return Opinion(
        consultation=made,
        text_version=place.text_version,
        provision=place,
        provision_sha256=place.sha256,
        respondent_kind=rng.choice(["person", "person", "person", "business"]),
        name="Người gửi",
        text=words,
        state=OpinionState.PUBLISHED,
        receipt_code=new_code(),
        token=uuid.uuid4(),
        received_at=clock.now(),
    )


def _shown(row: Opinion) -> PublicOpinion:
    return PublicOpinion(
        opinion=row,
        consultation_id=row.consultation_id,
        text_version_id=row.text_version_id,
        provision_id=row.provision_id,
        respondent_kind=row.respondent_kind,
        text=row.text,
        received_at=row.received_at,
        published_at=row.received_at,
        group=row.pk,
    )


def run(count: int) -> None:
    by, group = house.official(), make.organiser()
    with clock.stopped_at(make.local(make.NOON)):
        made = consultation()
        timed(f"{count} opinions written", lambda: say(made, count))
    with clock.stopped_at(house.AFTER):
        timed("sorted by text and provision", lambda: sorting.sort_rest(made.pk, by))
        keys = list(SynthesisRow.objects.filter(consultation=made).values_list("pk", flat=True))
        print(f"{len(keys)} rows")
        timed("answered", lambda: answering.answer_many(made.pk, keys, house.agreed(), by))
        timed("gate", lambda: coverage.remaining(made))
        publication = timed("published", lambda: publishing.publish(made.pk, group))
        figures = report.snapshot_of(publication)
        timed("DOCX", lambda: docx_table.to_docx(figures, files.sentences(figures)))
        timed("XLSX", lambda: files.to_xlsx(figures))
        draw(Edition.objects.get(kind=publishing.KIND, subject_id=made.pk), figures)


def draw(edition: Edition, figures: dict) -> None:
    """A tenth of the rows and all of them: what a row costs does not grow with their number."""
    edition.made_at = clock.now()
    cost = []
    for rows in (figures["rows"][::10], figures["rows"]):
        edition.snapshot, worked = {**figures, "rows": rows}, time.process_time()
        pdf = timed(
            f"PDF of {len(rows)} rows",
            lambda: to_pdf(editions.render(edition), now=edition.made_at),
        )
        cost.append((time.process_time() - worked) / len(rows) * 1000)
        print(f"{len(pdf) / 1024**2:.1f} MB, {cost[-1]:.1f} ms of the processor a row")
    print(f"ratio of a row among all to one among a tenth: {cost[1] / cost[0]:.2f}")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        run(count)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
