"""A survey with varied answers, and its report as tests read it."""

from __future__ import annotations

import csv
import io
import math
import random
from collections.abc import Callable
from copy import copy
from decimal import ROUND_HALF_UP, Decimal

from django.core.management import call_command
from django.db.models import Model
from pypdf import PdfReader

from portal.outbox.draining import drain
from portal.reporting.models import Edition
from satisfaction import reports
from satisfaction.models import (
    Cell,
    IndexMoment,
    Response,
    Survey,
    SurveyVersion,
    Tally,
    TextAnswer,
)
from tests.satisfaction.factories import answers, make_survey, respond

AGENCIES = {"SNV": 60, "00004": 45, "STC": 34, "00070": 14, "10489": 6, "10465": 4}


KEPT = [Survey, SurveyVersion, Response, TextAnswer, Cell, Tally, IndexMoment]
_answered: list[list[Model]] = []


def people_of_six_agencies() -> Survey:
    """163 varied responses of six agencies; two of them below the threshold.

    Answered through the verbs once; later tests are given the same rows.
    """
    return answered_once(answer_all, _answered)


def answered_once(answer_all: Callable[[], object], kept: list[list[Model]]) -> Survey:
    """Answered through the verbs the first time; later tests are given the rows `kept`."""
    if not kept:
        answer_all()
        kept.extend(list(kind.objects.all()) for kind in KEPT)
    else:
        for kind, rows in zip(KEPT, kept, strict=True):
            kind.objects.bulk_create(map(copy, rows))
    return Survey.objects.get()


def answer_all() -> None:
    made = make_survey()
    chance = random.Random(7)
    for agency, n in AGENCIES.items():
        for _ in range(n):
            data = {
                code: str(chance.choices([1, 2, 3, 4, 5, 9], [2, 6, 18, 40, 26, 8])[0])
                for code in answers()
            }
            about = {"age": str(chance.randint(1, 6)), "sex": str(chance.choice([1, 2, 99]))}
            respond(made, data | {"agency": agency} | about)
    respond(made, seconds=5)
    respond(made, answers(9))


def make(survey, officer) -> Edition:
    edition = reports.order_report(survey, officer)
    drain()
    edition.refresh_from_db()
    return edition


def half_up(share: float | Decimal) -> str:
    value = (Decimal(share) * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{value}%".replace(".", ",")


def exported(survey, tmp_path) -> list[dict]:
    path = tmp_path / "phieu.csv"
    call_command("export_responses", survey.code, output=str(path))
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def ratio(rows: list[dict], items: list[str]) -> tuple[str, str, int]:
    """Index and interval from exported rows, in plain Python."""
    pairs = []
    for row in rows:
        rated = [int(row[item]) for item in items if row[item] in {"1", "2", "3", "4", "5"}]
        if rated:
            pairs.append((sum(level >= 4 for level in rated), len(rated)))
    n, sy, sx = len(pairs), sum(y for y, _ in pairs), sum(x for _, x in pairs)
    r = sy / sx
    se = math.sqrt(n / (n - 1) * sum((y - r * x) ** 2 for y, x in pairs)) / sx
    size, z = r * (1 - r) / se**2, 1.959963984540054
    centre, spread = (
        r + z * z / (2 * size),
        z * math.sqrt(r * (1 - r) / size + z * z / (4 * size**2)),
    )
    low, high = ((centre + sign * spread) / (1 + z * z / size) for sign in (-1, 1))
    return half_up(Decimal(sy) / Decimal(sx)), f"{half_up(low)} – {half_up(high)}", n


def pdf_text(edition) -> str:
    with edition.pdf.open("rb") as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())
