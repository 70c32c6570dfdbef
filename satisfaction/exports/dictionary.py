"""The data dictionary that lies beside every export: what each column and each value means."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from portal.agencies.models import Agency
from portal.reporting.spreadsheets import as_cell

from ..models import Channel, RejectionReason, ResponseStatus
from ..questionnaires import Labels
from .columns import FIXED
from .missing import Missing
from .rows import Table

HEADER = [
    "column", "question", "kind", "value", "label_vi", "label_en", "is_no_answer", "value_in_sav",
]  # fmt: skip


def write_dictionary(table: Table, path: Path, proof: dict[str, object]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(HEADER)
        for line in _lines(table, proof):
            writer.writerow([as_cell(cell) for cell in line])


def _lines(table: Table, proof: dict[str, object]) -> Iterator[list]:
    yield ["", "", "file", "survey", table.survey.title, "", "", ""]
    for number, digest in sorted(table.sha256.items()):
        yield ["", "", "file", f"version {number}", f"SHA-256 {digest}", "", "", ""]
    for name, value in (*proof.items(), *_of_weights(table)):
        yield ["", "", "file", name, value, "", "", ""]
    for name in table.facts:
        yield [name, "", "fact", "", *_both(FIXED[name]), "", ""]
        for value, label in _of_fact(name):
            yield [name, "", "value", value, label, "", "", ""]
    for column in table.columns:
        yield [column.name, column.question, column.kind, "", *_both(column.labels), "", ""]
        in_sav = Missing(column)
        for code, labels in column.values.items():
            is_none, told = int(code in column.missing), in_sav.code(code)
            yield [
                column.name, column.question, "value", code, *_both(labels), is_none,
                "" if told is None else told,
            ]  # fmt: skip


def _of_weights(table: Table) -> Iterator[tuple[str, object]]:
    """Which weighting it is, how it was made, and of how many."""
    of = table.weighting
    if of is None or table.weights is None:
        return
    yield "weighting", of.number
    yield "weighting_method", of.method
    yield "weighting_questions", " ".join(of.questions)
    yield "weighting_source", of.source
    yield "weighting_made_at", of.made_at.isoformat(timespec="seconds") if of.made_at else ""
    for name in ("n", "deff", "effective_n"):
        yield f"weighting_{name}", of.report.get(name, "")
    yield "weighting_sha256", table.weights.sha256()


def _of_fact(name: str) -> Iterator[tuple[str, object]]:
    if name == "agency":
        yield from Agency.objects.order_by("code").values_list("code", "name").distinct()
    choices = {"channel": Channel, "status": ResponseStatus, "reason": RejectionReason}.get(name)
    if choices:
        yield from choices.choices


def _both(labels: Labels) -> tuple[str, str]:
    return labels.get("vi", ""), labels.get("en", "")
