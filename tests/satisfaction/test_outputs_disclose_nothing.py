"""Whatever leaves the house tells nothing of the few: every output of one survey is searched.

k is 200 here, so that what must stay hidden are odd numbers of three digits, which stand
nowhere by chance.
"""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
import uuid
import zipfile
from datetime import date
from fractions import Fraction

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from portal import clock
from portal.agencies.models import Agency
from portal.codes import new_code
from portal.outbox.draining import drain
from portal.reporting import editions
from portal.reporting.models import EditionFile, FileKind
from portal.rules.models import RuleValue
from satisfaction import reports, tallies
from satisfaction.models import Response, Survey
from satisfaction.periods import period_of
from satisfaction.questionnaires import Kind, Question, read
from satisfaction.reporting import plan
from satisfaction.reporting.plan import CHAPTERS, Chosen
from satisfaction.versions import current_version
from site_pages import tree
from tests.accounts import staff
from tests.satisfaction.factories import local, make_survey
from tests.satisfaction.measures import make_weighting

# Before the tests that commit: those leave tables empty.
pytestmark = pytest.mark.django_db

K, PEOPLE = 200, 2248
# What is small, and the neighbour that would give it away.
SECRETS = {
    "agency": {137, 971},
    "channel": {151, 953},
    "period": {167, 907},
    "flagged": {139},
    "criterion": {149},
    "level": {127},
    "sex": {131},
}
AGENCIES = {"00004": 137, "STC": 971, "SNV": 1140}
CHANNELS = {"paper": 151, "qr": 953, "web": 1144}
MONTHS = {date(2026, 12, 9): 167, date(2027, 1, 12): 907, date(2026, 11, 9): 1174}
SEXES = {2: 131, 1: 1503, 99: 614}


def dealt(sizes: dict, chance: random.Random) -> list:
    cards = [key for key, n in sizes.items() for _card in range(n)]
    chance.shuffle(cards)
    return cards


def populate(survey: Survey) -> None:
    chance = random.Random(11)
    version = current_version(survey)
    questionnaire = read(version.definition)
    keys = {code: Agency.objects.get(code=code) for code in AGENCIES}
    agencies, channels = dealt(AGENCIES, chance), dealt(CHANNELS, chance)
    days, sexes = dealt(MONTHS, chance), dealt(SEXES, chance)
    flags = dealt({True: 139, False: PEOPLE - 139}, chance)
    feedback = dealt({True: 149, False: PEOPLE - 149}, chance)
    lowest = dealt({True: 127, False: PEOPLE - 127}, chance)
    rows = []
    for place in range(PEOPLE):
        given = {
            question.code: code
            for question in questionnaire.counted.values()
            if (code := _code(question, feedback[place], chance)) is not None
        }
        given |= {"sex": sexes[place], "I15": 1 if lowest[place] else chance.choice([4, 4, 5])}
        y, x = tallies.moments_of(questionnaire, given, questionnaire.index.items)
        rows.append(
            Response(
                survey=survey, version=version, agency=keys[agencies[place]],
                channel=channels[place], day=days[place],
                period=period_of(survey.period_kind, days[place]), is_flagged=flags[place],
                duration_s=300, status="valid", answers=given, satisfied=y, rated=x,
                idempotency_key=uuid.UUID(int=chance.getrandbits(128)), receipt_code=new_code(),
            )
        )  # fmt: skip
    Response.objects.bulk_create(rows, batch_size=500)
    tallies.refold(version)


def _code(question: Question, has_feedback: bool, chance: random.Random) -> int | None:
    if question.type is not Kind.SCALE:
        codes = [choice.code for choice in question.choices if not choice.is_no_answer]
        return chance.choice(codes) if codes else None
    if question.code in ("V31", "V32", "V33") and not has_feedback:
        return 9
    return chance.choices([1, 2, 3, 4, 5], [12, 14, 20, 34, 30])[0]


@pytest.fixture(scope="module")
def outputs(django_db_setup, django_db_blocker) -> dict[str, str]:
    """Each output as the text that a reader can take out of it; the work is undone afterwards."""
    with (
        django_db_blocker.unblock(),
        clock.stopped_at(local("2027-01-20 12:00")),
        transaction.atomic(),
    ):
        made = _made()
        transaction.set_rollback(True)
    return made


def _made() -> dict[str, str]:
    RuleValue.objects.filter(key="survey.suppression_k").update(amount=K)
    tree.lay()
    survey = make_survey(
        opens_at=local("2026-11-01 00:00"), closes_at=local("2027-02-01 00:00"), period_kind="month"
    )
    populate(survey)
    group = staff("nhom", "satisfaction.define_measures", "reporting.order_edition")
    director = staff("giam.doc", "reporting.publish_edition", "reporting.view_edition")
    plan.save_plan(survey.pk, Chosen(tuple(CHAPTERS), {}, has_nps=True), 0, group)
    weighting = make_weighting(survey, group)
    drain()
    edition = reports.order_report(survey, group)
    drain()
    edition.refresh_from_db()
    assert edition.state == "ready", edition.failure
    editions.publish(edition.pk, director)
    found = {"snapshot": json.dumps(edition.snapshot, ensure_ascii=False)}
    found["pdf"] = _pdf(edition.pdf.read())
    for row in EditionFile.objects.filter(edition=edition):
        found[row.kind] = _file(row)
    public = Client()
    for name, address in (
        ("page", f"/bao-cao/{edition.code}/"),
        ("english", f"/en/bao-cao/{edition.code}/"),
        ("open csv", f"/du-lieu-mo/bao-cao/{edition.code}/so-lieu.csv"),
    ):
        found[name] = _answered(public, address)
    leader = Client()
    leader.force_login(staff("lanh.dao", "satisfaction.view_results", "reporting.view_edition"))
    for name, address in _of_the_leadership(survey, weighting, edition):
        found[f"admin {name}"] = _answered(leader, address)
    found["small groups"] = " ".join(
        f"{group.weight:.3f}".replace(".", ",") for group in weighting.groups.filter(n__lt=K)
    )
    return found


def _of_the_leadership(survey, weighting, edition) -> list[tuple[str, str]]:
    dashboard = reverse("survey_dashboard", args=[survey.pk])
    return [
        ("detail", reverse("survey_detail", args=[survey.pk])),
        ("fieldwork", reverse("survey_fieldwork", args=[survey.pk])),
        ("measures", reverse("survey_measures", args=[survey.pk])),
        ("weighting", reverse("survey_weighting", args=[survey.pk, weighting.pk])),
        ("edition", reverse("edition_detail", args=[edition.pk])),
        ("dashboard", dashboard),
        ("dashboard csv", f"{dashboard}?dang=csv"),
        ("dashboard xlsx", f"{dashboard}?dang=xlsx"),
        ("agency", reverse("survey_dashboard_agency", args=[survey.pk, "00004"])),
        ("criterion", reverse("survey_dashboard_criterion", args=[survey.pk, "I"])),
        ("few", reverse("survey_dashboard_criterion", args=[survey.pk, "V"])),
    ]


def _answered(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    if raw.startswith(b"PK"):
        book = load_workbook(io.BytesIO(raw))
        return " ".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        )
    is_table = response["Content-Type"].startswith("text/csv")
    return _table(raw) if is_table else _words(raw.decode("utf-8-sig"))


def _words(page: str) -> str:
    """What a page says: its text, and what stands in attributes that are read aloud."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    aloud = re.findall(r'(?:aria-label|alt|title|content|value)="([^"]*)"', page)
    return html.unescape(re.sub(r"<[^>]*>", " ", page) + " " + " ".join(aloud))


def _file(row: EditionFile) -> str:
    raw = row.file.read()
    if row.kind in (FileKind.ARCHIVE, FileKind.SUMMARY):
        return _pdf(raw)
    if row.kind == FileKind.DOCX:
        document = Document(io.BytesIO(raw))
        cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
        inside = zipfile.ZipFile(io.BytesIO(raw))
        drawn = [
            _words(inside.read(name).decode())
            for name in inside.namelist()
            if name.endswith((".svg", ".xml"))
        ]
        return " ".join([*(p.text for p in document.paragraphs), *cells, *drawn])
    return _table(raw) if row.kind == FileKind.CSV else raw.decode("utf-8-sig")


def _table(raw: bytes) -> str:
    """Cells of a CSV, whose commas belong to no number."""
    rows = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
    return " ".join(cell for row in rows for cell in row)


def _pdf(raw: bytes) -> str:
    reader = PdfReader(io.BytesIO(raw))
    attached = [
        _table(part) if name.endswith(".csv") else part.decode("utf-8-sig", "replace")
        for name, parts in reader.attachments.items()
        for part in parts
    ]
    return " ".join([*(page.extract_text() for page in reader.pages), *attached])


NUMBER = re.compile(r"(?<![\w.,])(\d{1,3}(?:\.\d{3})+|\d+)(?![\w]|[.,]\d)")


def numbers_in(text: str) -> set[int]:
    return {int(token.replace(".", "")) for token in NUMBER.findall(text)}


OUTPUTS = [
    "snapshot", "pdf", "page", "english", "open csv", *FileKind.values,
    "admin detail", "admin measures", "admin weighting", "admin edition", "admin dashboard",
    "admin dashboard csv", "admin dashboard xlsx", "admin agency", "admin criterion", "admin few",
]  # fmt: skip


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_output_says_a_small_count_or_the_one_that_gives_it_away(name, outputs):
    text = outputs[name]
    said = numbers_in(text)
    for what, secrets in SECRETS.items():
        assert not secrets & said, (what, secrets & said)
        for secret in secrets:
            assert PEOPLE - secret not in said, (what, PEOPLE - secret)
            if secret >= K:
                continue
            share = Fraction(secret, PEOPLE)
            assert f"{float(share):.6f}" not in text, what
            assert f"{float(share * 100):.2f}%".replace(".", ",") not in text, what
    if name == "admin weighting":
        weights = outputs["small groups"].split()
        assert weights
        assert not [weight for weight in weights if weight in text]


def test_the_outputs_say_what_may_be_said(outputs):
    """The search above finds numbers: those of the shown are there."""
    for name in ("snapshot", "pdf", "page", "docx", "csv", "archive", "open csv"):
        assert {PEOPLE, 1140} <= numbers_in(outputs[name]), name
    assert {1140} <= numbers_in(outputs["admin dashboard csv"])
    assert {PEOPLE, 1140} <= numbers_in(outputs["snapshot"])


def left_over(total: int, shown: list[int | None]) -> tuple[int, int]:
    """(people who are in no shown row, rows that are hidden)."""
    return total - sum(n for n in shown if n), sum(not n for n in shown)


def test_what_is_left_of_a_total_is_never_few_and_never_one_row(outputs):
    figures = json.loads(outputs["snapshot"])
    total = figures["index"]["n"]
    agencies = [row["n"] for row in figures["agencies"]["shown"]]
    breakdowns = {
        "agencies": [*agencies, *[None] * figures["agencies"]["hidden"]],
        "channels": [row["n"] for row in figures["channels"]],
        "periods": [row["n"] for row in figures["periods"]],
        "earlier": [row["n"] for row in figures["earlier"]],
        "rates": [row["valid"] for row in figures["rates"]],
    }
    for name, shown in breakdowns.items():
        rest, hidden = left_over(total, shown)
        assert rest >= K, name
        assert hidden >= 2, name
    assert figures["agencies"]["hidden_n"] == 137 + 971
    people = next(row for row in figures["questions"] if row["code"] == "sex")
    rest, hidden = left_over(PEOPLE, [row["n"] for row in people["rows"]])
    assert rest >= K
    assert hidden >= 2


def test_no_criterion_and_no_item_follows_from_the_others(outputs):
    """Published to six decimals, an index less its shown parts would tell a single hidden one."""
    figures = json.loads(outputs["snapshot"])
    bare = [row["code"] for row in figures["criteria"] if not row["sx"]]
    assert "V" in bare
    assert len(bare) >= 2
    for item in figures["items"]:
        assert (item["levels"] is None) == (item["section"] in bare), item["code"]
    # Weighted, in another order, the same are bare.
    assert {row["code"] for row in figures["weighted"]["rows"] if not row["sx"]} == set(bare)
    shown = {one["code"] for one in (figures["matrix"] or {}).get("placed", [])}
    assert not {item["code"] for item in figures["items"] if item["levels"] is None} & shown


def test_rows_of_single_answers_are_for_those_only_who_may_export_them(at):
    at("2026-11-20 12:00")
    survey = make_survey()
    leader = Client()
    leader.force_login(staff("lanh.dao", "satisfaction.view_results"))
    for name in ("survey_exports", "survey_responses"):
        assert leader.get(reverse(name, args=[survey.pk])).status_code in (302, 403)
