"""“Cộng tác viên”: the network, who is missing from it, and a form for each verb."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from portal import clock
from portal.agencies.models import Agency, AgencyKind

from . import board, collaborating
from .appointing import period
from .board_forms import CollaboratorFilter, CollaboratorForm, EndForm
from .board_views import act, as_csv, waiting
from .models import Collaborator
from .papers import may_look, may_record, require

PAGE_SIZE = 50
LIST = "editorial_collaborators"


def show(request: HttpRequest) -> HttpResponse:
    require(may_look(request.user))
    form, rows = _asked(request)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))
    missing = list(board.without_collaborator(clock.today()))
    context = {
        "form": form,
        "page_obj": page,
        "today": clock.today(),
        "missing": [
            (kind.label, [row for row in missing if row.kind == kind]) for kind in AgencyKind
        ],
        "missing_count": len(missing),
        "agency_count": Agency.objects.valid_on(clock.today()).count(),
        "may_record": may_record(request.user),
        "query": _kept(request),
    }
    return render(request, "editorial/admin/collaborators.html", context)


def _asked(request: HttpRequest) -> tuple[CollaboratorFilter, QuerySet[Collaborator]]:
    form = CollaboratorFilter(request.GET)
    told = form.cleaned_data if form.is_valid() else {}
    agency = told.get("co_quan")
    rows = board.collaborators(
        clock.today(),
        told.get("trang_thai") or "running",
        agency.code if agency else "",
        told.get("loai") or "",
    )
    return form, rows


def _kept(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("p", None)
    return kept.urlencode()


def export(request: HttpRequest) -> HttpResponse:
    require(may_look(request.user))
    _form, rows = _asked(request)
    head = [
        _("Person"),
        _("Kind of collaborator"),
        _("Agency"),
        _("Contract or assignment"),
        _("Term"),
    ]
    lines = (
        [
            row.user.get_full_name(),
            row.get_kind_display(),
            row.agency.name if row.agency else "",
            row.paper,
            period(row),
            "; ".join(page.title for page in row.sections.all()) or _("Every section"),
        ]
        for row in rows
    )
    return as_csv("cong-tac-vien", [*head, _("Sections")], lines)


def start(request: HttpRequest) -> HttpResponse:
    require(may_record(request.user))
    initial = {"valid_from": clock.today(), "agency": request.GET.get("co-quan")}
    return act(
        request,
        CollaboratorForm(request.POST or None, initial=initial),
        lambda **data: collaborating.start(by=request.user, **data),
        title=_("Add a collaborator"),
        intro=_("By contract, or sent by an agency (Art. 12.2, 13.3.a)."),
        done=_("The collaborator may sign in and write from the first day on."),
        back=LIST,
    )


def end(request: HttpRequest, collaborator_id: int) -> HttpResponse:
    require(may_record(request.user))
    row = get_object_or_404(Collaborator, pk=collaborator_id)
    return act(
        request,
        EndForm(request.POST or None, initial={"last_day": clock.today()}),
        lambda **data: collaborating.end(row.pk, by=request.user, **data),
        title=_("End a contract"),
        subtitle=str(row),
        intro=waiting(row.user),
        done=_("The contract is ended."),
        back=LIST,
    )
