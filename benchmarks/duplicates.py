"""Near-duplicates among 500 and among 50,000 published items: how long one check takes.

    .venv/bin/python benchmarks/duplicates.py [items]

In a scratch database of its own (SQLite, or the PostgreSQL server of DATABASE_URL). Absolute times
depend on the machine; the ratio of the two does not, and should stay near 1.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")

import django

django.setup()

from django.db import connection, transaction
from wagtail.models import Locale, Page

from editorial import duplicates
from editorial.models import TextMark
from tests.editorial import corpus

FEW, MANY = 500, 50_000
BATCH = 500
ASKED = 30
WORDS = 150


def pages(first: int, count: int) -> Iterator[Page]:
    """Rows of the tree below the root, written at once."""
    root = Page.get_first_root_node()
    locale = Locale.get_default()
    for n in range(first, first + count):
        yield Page(
            title=f"Tin {n}",
            slug=f"tin-{n}",
            path=Page._get_path(root.path, 2, n + 100),
            depth=2,
            url_path=f"/tin-{n}/",
            content_type_id=root.content_type_id,
            locale=locale,
            live=True,
        )


def fill(rng: random.Random, first: int, count: int) -> list[tuple[str, str]]:
    """Publish so many unrelated articles; the texts of the last few."""
    kept: list[tuple[str, str]] = []
    for start in range(first, first + count, BATCH):
        made = Page.objects.bulk_create(pages(start, min(BATCH, first + count - start)))
        texts = [corpus.article(rng, WORDS) for _page in made]
        with transaction.atomic():
            duplicates.store(
                (page.pk, duplicates.Text.of(*text)) for page, text in zip(made, texts, strict=True)
            )
        kept = texts
    return kept


def measure(rng: random.Random, texts: list[tuple[str, str]]) -> float:
    """Median seconds of a check; planted copies are found, unrelated texts are not."""
    took = []
    for title, text in rng.sample(texts, ASKED):
        copy = corpus.reworded(rng, text, 0.2)
        began = time.perf_counter()
        found = duplicates.similar(copy, title=title)
        took.append(time.perf_counter() - began)
        if len(found) != 1 or not found[0].share_of_body:
            raise SystemExit(f"a planted copy was not found alone: {found}")
        title, text = corpus.article(rng, WORDS)
        if duplicates.similar(text, title=title):
            raise SystemExit("an unrelated text was found")
    return statistics.median(took)


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    rng = random.Random(1)
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        few = measure(rng, fill(rng, 0, FEW))
        began = time.perf_counter()
        texts = fill(rng, FEW, many - FEW)
        took = time.perf_counter() - began
        all_of_them = measure(rng, texts)
    finally:
        marks = TextMark.objects.count()
        connection.creation.destroy_test_db(name, verbosity=0)
    print(f"{connection.vendor}: {many} items, {marks} marks, written in {took:.0f} s")
    print(f"{FEW} items: {few * 1000:.0f} ms a check; {many} items: {all_of_them * 1000:.0f} ms")
    print(f"ratio {all_of_them / few:.2f}")


if __name__ == "__main__":
    main()
