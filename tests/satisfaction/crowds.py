"""Many people at once: rows written as submission writes them, folded by `refold`."""

from __future__ import annotations

import csv
import io
import random
import uuid
from datetime import date
from pathlib import Path

import pandas as pd
from django.core.management import call_command

from portal.agencies.models import Agency
from portal.codes import new_code
from satisfaction import tallies
from satisfaction.models import Response, Survey
from satisfaction.paths import on_path, shown
from satisfaction.periods import period_of
from satisfaction.questionnaires import Kind, Questionnaire, read
from satisfaction.versions import current_version

CHANNELS = ["web", "web", "web", "qr", "kiosk", "paper"]
DAYS = [date(2026, 11, 5), date(2026, 11, 20), date(2026, 12, 3), date(2027, 1, 8)]


def crowd(survey: Survey, sizes: dict[str, int], seed: int = 1) -> None:
    """Varied people of each agency (code: how many); some flagged, some rejected."""
    version = current_version(survey)
    questionnaire, chance = read(version.definition), random.Random(seed)
    agencies = {agency.code: agency for agency in Agency.objects.filter(code__in=sizes)}
    rows = []
    for code, n in sizes.items():
        level = chance.uniform(3.4, 4.4)
        for _ in range(n):
            given = _answers(questionnaire, level + chance.gauss(0, 0.6), chance)
            answers = {k: v for k, v in on_path(questionnaire, given).items() if v is not None}
            path = shown(questionnaire, answers)
            y, x = tallies.moments_of(path, answers, path.index.items)
            is_rejected = chance.random() < 0.03
            day = chance.choice(DAYS)
            rows.append(
                Response(
                    survey=survey,
                    version=version,
                    agency=agencies[code],
                    channel=chance.choice(CHANNELS),
                    day=day,
                    period=period_of(survey.period_kind, day),
                    is_flagged=chance.random() < 0.1,
                    duration_s=300,
                    status="rejected" if is_rejected else "valid",
                    reason="test" if is_rejected else "",
                    answers=answers,
                    satisfied=y,
                    rated=x,
                    idempotency_key=uuid.UUID(int=chance.getrandbits(128)),
                    receipt_code=new_code(),
                )
            )
    Response.objects.bulk_create(rows, batch_size=500)
    tallies.refold(version)


def _answers(questionnaire: Questionnaire, mood: float, chance: random.Random) -> dict:
    answers = {}
    for question in questionnaire.counted.values():
        codes = [choice.code for choice in question.choices]
        if question.type is Kind.SCALE and question.code in questionnaire.index.items:
            levels = [c.code for c in question.choices if not c.is_no_answer]
            level = min(levels[-1], max(levels[0], round(mood + chance.gauss(0, 0.7))))
            answers[question.code] = codes[-1] if chance.random() < 0.08 else level
        elif question.type is Kind.MULTIPLE:
            alone = [c.code for c in question.choices if c.stands_alone]
            open_ = [code for code in codes if code not in alone]
            answers[question.code] = (
                [alone[0]]
                if alone and chance.random() < 0.2
                else sorted(chance.sample(open_, chance.randint(1, 2)))
            )
        elif question.type is Kind.RANKING:
            answers[question.code] = chance.sample(codes, chance.randint(1, len(codes)))
        elif question.type is Kind.NUMBER:
            answers[question.code] = str(chance.choice([0, 12.5, 59.9, 60, 75, 1440]))
        elif question.type is Kind.DATE:
            answers[question.code] = f"2026-{chance.randint(1, 11):02d}-07"
        else:
            answers[question.code] = chance.choice(codes)
        if not question.required and chance.random() < 0.07:
            answers[question.code] = None
    return answers


def exported(survey: Survey, tmp_path: Path) -> pd.DataFrame:
    """The rows as a second person gets them; only those that count."""
    path = tmp_path / "phieu.csv"
    call_command("export_responses", survey.code, output=str(path))
    text = path.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    frame = pd.DataFrame(rows)
    return frame[frame["status"] == "valid"].reset_index(drop=True)
