"""20,000 opinions on 60 provisions: the moderators' list, and grouping of nearly the same texts.

    .venv/bin/python benchmarks/opinions.py [opinions [of them grouped]]

In a scratch database of its own (SQLite, or the PostgreSQL server of DATABASE_URL). One opinion in
ten is a letter of its own; the others are campaigns, half of whose senders change some words.
Absolute times depend on the machine; what an opinion costs among many beside what it costs among
few does not, and should stay near 1.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
import uuid
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")

import django

django.setup()

from django.db import connection
from django.test import Client
from django.urls import reverse

from consultations.commenting import alike
from consultations.models import Consultation, Opinion, OpinionState
from portal import clock
from portal.codes import new_code
from tests.accounts import staff
from tests.consultations import factories as make
from tests.editorial import corpus

MANY = 20_000
ARTICLES, CAMPAIGNS, WORDS = 20, 300, 60
BATCH = 1000
# What the slowest list may take, in milliseconds.
ALLOWED = 300
LISTS = ["", "?state=&only=first", "?state=published&p=90", "?state=&only=report", "?state=&p=400"]


def consultation() -> Consultation:
    made = make.make_consultation()
    make.open_window(made)
    make.make_text(made, articles=ARTICLES)
    return made


def say(made: Consultation, count: int) -> list[int]:
    rng = random.Random(1)
    places = list(made.texts.get().provisions.all())
    campaigns = [corpus.article(rng, WORDS)[1] for _n in range(CAMPAIGNS)]
    keys: list[int] = []
    for start in range(0, count, BATCH):
        rows = [_opinion(made, rng, places, campaigns, n) for n in range(start, start + BATCH)]
        keys += [row.pk for row in Opinion.objects.bulk_create(rows[: count - start])]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return keys


def _opinion(made, rng, places, campaigns, n: int) -> Opinion:
    place = rng.choice(places)
    words = corpus.article(rng, WORDS)[1] if n % 10 == 0 else rng.choice(campaigns)
    if n % 2:
        words = corpus.reworded(rng, words, 0.04)
    return Opinion(
        consultation=made,
        text_version=place.text_version,
        provision=place,
        provision_sha256=place.sha256,
        respondent_kind="person",
        name="Người gửi",
        text=words,
        fingerprint=alike.fingerprint(words),
        sender_key=f"{rng.randrange(9000)}",
        state=OpinionState.PUBLISHED if n % 3 else OpinionState.WAITING,
        receipt_code=new_code(),
        token=uuid.uuid4(),
        received_at=make.OPENS + timedelta(seconds=n),
    )


def group_all(keys: list[int]) -> None:
    took = []
    began = time.perf_counter()
    for key in keys:
        start = time.perf_counter()
        alike.group(key)
        took.append(time.perf_counter() - start)
    whole = time.perf_counter() - began
    tenth = max(1, len(took) // 10)
    few, many = statistics.mean(took[:tenth]), statistics.mean(took[-tenth:])
    groups = Opinion.objects.filter(like=None).count()
    print(
        f"{connection.vendor}: {len(keys)} opinions grouped in {whole:.0f} s into {groups}; "
        f"{few * 1000:.1f} ms each at first, {many * 1000:.1f} ms at last, ratio {many / few:.2f}"
    )


def time_lists() -> None:
    reader = Client()
    reader.force_login(staff("kiem.duyet", "consultations.moderate_opinions"))
    address = reverse("opinion_list")
    slowest = 0.0
    for query in LISTS:
        took, worked = [], []
        for _n in range(7):
            began, work = time.perf_counter(), time.process_time()
            status = reader.get(address + query).status_code
            took.append(time.perf_counter() - began)
            worked.append(time.process_time() - work)
            if status != 200:
                raise SystemExit(f"{query}: {status}")
        middle = statistics.median(took[1:]) * 1000
        slowest = max(slowest, middle)
        own = statistics.median(worked[1:]) * 1000
        print(f"moderation list {query or '(what waits)'}: {middle:.0f} ms, {own:.0f} in Python")
    print(f"slowest {slowest:.0f} ms of {ALLOWED} ms allowed")


def run(count: int, grouped: int) -> None:
    with clock.stopped_at(make.local(make.NOON)):
        keys = say(consultation(), count)
        time_lists()
        group_all(keys[:grouped])


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    grouped = int(sys.argv[2]) if len(sys.argv) > 2 else count
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        run(count, grouped)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
