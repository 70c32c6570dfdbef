"""Open data: registers of the rooms as CSV and JSON with a schema and a licence line."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Choices
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.reporting import queries as editions

from .edition_data import described_edition
from .licence import LICENCE
from .metadata import ORGANISATION, as_json_ld

# A spreadsheet would take these for a formula.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Excel in Vietnam parts cells at semicolons, in this file too.
_AFTER_SEPARATOR = re.compile(r"(;)(?=[=+\-@])")


Rows = Iterable[dict[str, str]]


@dataclass(frozen=True)
class Column:
    """A column: its name, its kind in Table Schema's words, what it holds."""

    name: str
    kind: str
    title: str | Promise
    # The codes that it may hold, with their names.
    codes: type[Choices] | None = None

    def described(self) -> dict[str, object]:
        """The column in the words of Table Schema."""
        told: dict[str, object] = {
            "name": self.name,
            "type": self.kind,
            "title": str(self.title),
        }
        if self.codes:
            told["categories"] = [
                {"value": value, "label": str(label)} for value, label in self.codes.choices
            ]
        return told


@dataclass(frozen=True)
class Dataset:
    """A register that a room opens; rows() yields one dict a row, names as in `columns`."""

    slug: str
    title: str | Promise
    description: str | Promise
    columns: list[Column]
    rows: Callable[[], Rows]
    # The column that tells one row from another.
    key: str = ""


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
    reports = editions.with_data()
    context = {
        "datasets": datasets,
        "reports": reports,
        "licence": LICENCE,
        "extra_crumbs": [(_("Open data"), "")],
        "structured_data": [
            *(as_json_ld(_described(item)) for item in datasets),
            *(as_json_ld(described_edition(edition)) for edition in reports),
        ],
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
    table: dict[str, object] = {
        "fields": [column.described() for column in dataset.columns],
        "missingValues": [""],
    }
    if dataset.key:
        table["primaryKey"] = dataset.key
    described = {
        "name": dataset.slug,
        "title": str(dataset.title),
        "description": str(dataset.description),
        "licence": LICENCE,
        "licenses": [{"title": LICENCE, "path": _address("open_data")}],
        "path": _address("open_data_csv", dataset.slug),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "header": True},
        "schema": table,
    }
    return _json(json.dumps(described, ensure_ascii=False, indent=1))


def _address(name: str, *args: str) -> str:
    return settings.BASE_URL + reverse(name, args=args)


def _with_terms(response: HttpResponseBase, dataset: Dataset) -> None:
    """A file has no place for the licence line: it travels beside it."""
    response.headers["Link"] = (
        f'<{_address("open_data")}>; rel="license", '
        f'<{_address("open_data_schema", dataset.slug)}>; rel="describedby"'
    )


class _Echo:
    """What csv writes to: it hands each line on."""

    def write(self, line: str) -> str:
        return line


@require_safe
def as_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    dataset = _dataset(slug)
    return csv_of(dataset, dataset.rows(), slug)


def csv_of(dataset: Dataset, rows: Rows, name: str) -> StreamingHttpResponse:
    """Rows in the columns of a register, as a file of this name."""
    response = StreamingHttpResponse(_csv(dataset, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    _with_terms(response, dataset)
    return response


def _csv(dataset: Dataset, rows: Rows) -> Iterator[str]:
    names = [column.name for column in dataset.columns]
    writer = csv.DictWriter(_Echo(), names)
    # Excel reads UTF-8 only where a mark says so.
    yield "\ufeff" + writer.writeheader()
    for row in rows:
        yield writer.writerow({name: as_text(row.get(name, "")) for name in names})


def as_text(cell: str) -> str:
    told = f"'{cell}" if cell.startswith(_FORMULAS) else cell
    return _AFTER_SEPARATOR.sub(r"\1'", told)


@require_safe
def as_json(request: HttpRequest, slug: str) -> HttpResponse:
    dataset = _dataset(slug)
    return json_of(dataset, dataset.rows(), str(dataset.title))


def json_of(dataset: Dataset, rows: Rows, title: str) -> HttpResponse:
    found = list(rows)
    made = {
        "title": title,
        "licence": LICENCE,
        "schema": _address("open_data_schema", dataset.slug),
        "count": len(found),
        "rows": found,
    }
    response = _json(json.dumps(made, ensure_ascii=False))
    _with_terms(response, dataset)
    return response


def _json(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json; charset=utf-8")
