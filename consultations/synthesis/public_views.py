"""The answers for everybody: the result page, its data and files, and what is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from portal import clock
from portal.reporting import queries as editions
from portal.reporting.formats import day
from portal.reporting.models import Edition
from portal.reporting.spreadsheets import csv_response
from portal.text import clean, fold

from ..models import (
    ConsultationPage,
    Exclusion,
    Publication,
    PublishedRow,
    RespondentKind,
    Result,
)
from . import files, reminding
from .publishing import KIND
from .taken_back import TakenBack, taken_back

PAGE_SIZE = 25
STORED = ("docx", "xlsx")


class ResultFilter(forms.Form):
    ket_qua = forms.ChoiceField(
        label=gettext_lazy("Result"),
        required=False,
        choices=[("", gettext_lazy("All")), *Result.choices],
    )
    tim = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=100)


@dataclass(frozen=True)
class Stage:
    """One step from the draft to the final text."""

    name: str
    url: str = ""
    told: str = ""


def _published(page: ConsultationPage, number: int | None) -> tuple[Publication, list[Publication]]:
    """The edition that is asked for, and all of them."""
    rows = Publication.objects.filter(consultation=page.consultation_id)
    known = list(rows.select_related("consultation__agency", "final_text").order_by("number"))
    found = next((row for row in reversed(known) if number in (None, row.number)), None)
    if found is None:
        raise Http404
    # What the page shows around the answers asks for it too.
    page.consultation = found.consultation
    return found, known


def result(request: HttpRequest, page: ConsultationPage, number: int | None = None) -> HttpResponse:
    publication, known = _published(page, number)
    form = ResultFilter(request.GET or None)
    gone = taken_back(publication)
    paginator = Paginator(_narrowed(publication, form, gone), PAGE_SIZE)
    if not form.is_bound:
        # Counted when it was published.
        paginator.count = sum(publication.counts["results"].values())
    shown = paginator.get_page(request.GET.get("trang"))
    context = {
        **page.frame_context(request),
        "consultation": publication.consultation,
        "publication": publication,
        "counts": publication.counts,
        "kinds": [(k.label, publication.counts["kinds"].get(k, 0)) for k in RespondentKind],
        "results": _named(Result, publication.counts["results"]),
        "left_out": _named(Exclusion, publication.counts["left_out"]),
        "stages": _stages(page, publication),
        "base": f"{page.url}ket-qua/",
        "edition": _paper(publication, known),
        "gives_files": not gone,
        "form": form,
        "page_obj": shown,
        "groups": _groups(page, shown, gone),
        "editions": _editions(page, known),
        "extra_crumbs": [(_("Answers to the opinions"), "")],
    }
    return render(request, "consultations/synthesis/result.html", context)


def _narrowed(publication: Publication, form: ResultFilter, gone: TakenBack):
    rows = publication.rows.select_related("provision", "final_provision").order_by("position")
    if not form.is_bound or not form.is_valid():
        return rows
    if form.cleaned_data["ket_qua"]:
        rows = rows.filter(result=form.cleaned_data["ket_qua"])
    sought = fold(clean(form.cleaned_data["tim"]))
    if sought:
        rows = [row for row in rows if sought in fold(_searched(row, gone))]
    return rows


def _searched(row: PublishedRow, gone: TakenBack) -> str:
    return f"{row.place} {gone.summary_of(row)} {row.reasons} {row.changed_where}"


def _named(choices, counted: dict[str, int]) -> list[tuple[str, int]]:
    return [(choices(code).label, n) for code, n in counted.items() if n]


def _stages(page: ConsultationPage, publication: Publication) -> list[Stage]:
    consultation, final = publication.consultation, publication.final_text
    received = publication.counts["received"]
    found = [
        Stage(_("Draft consulted on") if consultation.has_draft else _("Topic"), page.url),
        Stage(
            _("Opinions"),
            f"{page.url}{page.reverse_subpage('opinions')}",
            ngettext("%(n)s opinion", "%(n)s opinions", received) % {"n": received},
        ),
        Stage(_("Answers to the opinions"), "", day(timezone.localdate(publication.published_at))),
    ]
    if consultation.has_draft:
        version = final and f"{page.url}{page.reverse_subpage('version', args=[final.number])}"
        told = "" if final else _("not issued yet")
        found.append(Stage(_("Final text"), version or "", told))
    return found


def _paper(publication: Publication, known: list[Publication]) -> Edition | None:
    """The issued paper of this publication and of no later one, once it is public."""
    later = next((row for row in known if row.number > publication.number), None)
    for edition in editions.published(KIND).filter(subject_id=publication.consultation_id):
        is_of_later = later is not None and edition.made_at >= later.published_at
        if edition.made_at >= publication.published_at and not is_of_later:
            return edition if editions.gives_files(edition) else None
    return None


def _groups(page: ConsultationPage, rows, gone: TakenBack) -> list[dict]:
    made = []
    for place, part in groupby(rows, key=lambda row: row.place):
        found = list(part)
        for row in found:
            row.told = _told(row)
            row.shown_names, row.shown_summary = gone.names_of(row), gone.summary_of(row)
            row.is_withdrawn = row.pk in gone.quoting
            row.final_url = (
                f"{page.url}{page.reverse_subpage('provision', args=[row.final_provision.uuid])}"
                if row.final_provision
                else ""
            )
        provision = found[0].provision
        made.append({"place": place, "text": provision.text if provision else "", "rows": found})
    return made


def _told(row: PublishedRow) -> list[str]:
    """Who speaks, in numbers: by kind, people and texts."""
    told = [f"{RespondentKind(kind).label}: {n}" for kind, n in row.kinds.items()]
    if row.opinions > 1:
        told.append(ngettext("%(n)d person", "%(n)d people", row.people) % {"n": row.people})
        told.append(
            ngettext("%(n)d different text", "%(n)d different texts", row.texts) % {"n": row.texts}
        )
    return told


def _editions(page: ConsultationPage, rows: list[Publication]) -> list[dict]:
    if len(rows) < 2:
        return []
    answers: dict[int, dict] = {row.pk: {} for row in rows}
    for row in PublishedRow.objects.filter(publication__in=rows).values_list(
        "publication", "row_number", "result", "reasons", "changed_where", "summary"
    ):
        answers[row[0]][row[1]] = row[2:]
    made = []
    for at, row in enumerate(rows):
        url = f"{page.url}{page.reverse_subpage('result_edition', args=[row.number])}"
        changes = _changes(answers[rows[at - 1].pk], answers[row.pk]) if at else ""
        made.append(
            {
                "number": row.number,
                "published_at": row.published_at,
                "change_note": row.change_note,
                "url": url,
                "changes": changes,
            }
        )
    return made


def _changes(before: dict, after: dict) -> str:
    """ "2 rows changed, 1 added": counted, not said by anybody."""
    changed = sum(before[key] != after[key] for key in before.keys() & after.keys())
    told = [
        (changed, ngettext("%(n)d row changed", "%(n)d rows changed", changed)),
        (
            len(after.keys() - before.keys()),
            ngettext("%(n)d row added", "%(n)d rows added", len(after.keys() - before.keys())),
        ),
        (
            len(before.keys() - after.keys()),
            ngettext("%(n)d row removed", "%(n)d rows removed", len(before.keys() - after.keys())),
        ),
    ]
    return ", ".join(words % {"n": n} for n, words in told if n)


def file(request: HttpRequest, page: ConsultationPage, name: str) -> HttpResponse:
    """A file of the newest publication: DOCX and XLSX as stored, CSV and JSON as asked."""
    publication, _known = _published(page, None)
    stem = f"ket-qua-{publication.consultation.code}"
    if name in STORED:
        return _stored(publication, name, stem)
    rows = files.rows_of(publication)
    if name == "csv":
        heads = [column for column, _title in files.COLUMNS]
        response = csv_response(stem, heads, (files.cells(row) for row in rows))
    elif name == "json":
        response = HttpResponse(
            files.as_json(publication, rows), content_type="application/json; charset=utf-8"
        )
    else:
        raise Http404
    response.headers.pop("Cache-Control", None)
    return response


def _stored(publication: Publication, field: str, stem: str) -> FileResponse:
    stored = getattr(publication, field)
    # A file frozen with words or names that were taken back since is no longer given out.
    if not stored or taken_back(publication):
        raise Http404
    return FileResponse(stored.open("rb"), as_attachment=True, filename=f"{stem}.{field}")


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Consultations whose answers are overdue, for everybody to see."""
    today = clock.today()
    rows = [
        (row, page, (today - row.answer_due_on).days) for row, page in reminding.late_in_public()
    ]
    context = {"rows": rows, "extra_crumbs": [(_("Answers that are overdue"), "")]}
    return render(request, "consultations/synthesis/late.html", context)
