"""Open data: registers of the rooms as CSV and JSON with a schema and a licence line."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .metadata import ATTRIBUTION, ORGANISATION, as_json_ld

# Article 3.6 of the regulation, as a line that travels with every copy.
LICENCE = f"Được sao chép, sử dụng với điều kiện ghi rõ: “{ATTRIBUTION}” (Điều 3 khoản 6 Quy chế)."
# A spreadsheet would take these for a formula.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """A column: its name, its kind in Table Schema's words, what it holds."""

    name: str
    kind: str
    title: str | Promise


@dataclass(frozen=True)
class Dataset:
    """A register that a room opens; rows() yields one dict a row, names as in `columns`."""

    slug: str
    title: str | Promise
    description: str | Promise
    columns: list[Column]
    rows: Callable[[], Iterable[dict[str, str]]]


_datasets: dict[str, Dataset] = {}


def register(dataset: Dataset) -> None:
    """Let a room open a register."""
    _datasets[dataset.slug] = dataset


def _dataset(slug: str) -> Dataset:
    if slug not in _datasets:
        raise Http404
    return _datasets[slug]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    datasets = list(_datasets.values())
    context = {
        "datasets": datasets,
        "licence": LICENCE,
        "extra_crumbs": [(_("Open data"), "")],
        "structured_data": [as_json_ld(_described(item)) for item in datasets],
    }
    return render(request, "site_pages/open_data.html", context)


def _described(dataset: Dataset) -> dict[str, object]:
    base = settings.BASE_URL
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": str(dataset.title),
        "description": str(dataset.description),
        "url": base + reverse("open_data"),
        "license": base + reverse("open_data"),
        "creator": ORGANISATION,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": kind,
                "contentUrl": base + reverse(f"open_data_{ending}", args=[dataset.slug]),
            }
            for ending, kind in (("csv", "text/csv"), ("json", "application/json"))
        ],
    }


@require_safe
def schema(request: HttpRequest, slug: str) -> HttpResponse:
    """The columns in the words of Table Schema (Frictionless)."""
    dataset = _dataset(slug)
    fields = [
        {"name": column.name, "type": column.kind, "title": str(column.title)}
        for column in dataset.columns
    ]
    described = {
        "name": dataset.slug,
        "title": str(dataset.title),
        "licence": LICENCE,
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "header": True},
        "schema": {"fields": fields},
    }
    return _json(json.dumps(described, ensure_ascii=False, indent=1))


class _Echo:
    """What csv writes to: it hands each line on."""

    def write(self, line: str) -> str:
        return line


@require_safe
def as_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    dataset = _dataset(slug)
    response = StreamingHttpResponse(_csv(dataset), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.csv"'
    return response


def _csv(dataset: Dataset) -> Iterator[str]:
    names = [column.name for column in dataset.columns]
    writer = csv.DictWriter(_Echo(), names)
    # Excel reads UTF-8 only where a mark says so.
    yield "\ufeff" + writer.writeheader()
    for row in dataset.rows():
        yield writer.writerow({name: as_text(row.get(name, "")) for name in names})


def as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


@require_safe
def as_json(request: HttpRequest, slug: str) -> HttpResponse:
    dataset = _dataset(slug)
    rows = list(dataset.rows())
    made = {"title": str(dataset.title), "licence": LICENCE, "count": len(rows), "rows": rows}
    return _json(json.dumps(made, ensure_ascii=False))


def _json(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json; charset=utf-8")
