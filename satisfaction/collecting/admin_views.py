"""The fieldwork in the admin: overview, collectors and posters, invitations."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal import clock

from ..models import (
    Audience,
    Channel,
    Collector,
    Participation,
    ParticipationState,
    PosterBatch,
    PosterState,
    Survey,
)
from ..sampling import progress
from ..suppression import fewest_shown
from ..window import state as window_state
from . import collectors, invitations, posters
from .address_files import lines_of
from .forms import AddressesForm, PlaceForm

PAGE_SIZE = 50
TEMPLATES = "satisfaction/collecting/admin"


def require(request: HttpRequest, *permissions: str) -> None:
    """At least one of these."""
    if not any(request.user.has_perm(f"satisfaction.{name}") for name in permissions):
        raise PermissionDenied


def fieldwork(request: HttpRequest, survey_id: int) -> HttpResponse:
    """How the survey goes: the plan and what has come in, and who answered of those asked."""
    require(request, "view_results")
    survey = get_object_or_404(Survey, pk=survey_id)
    k = _fewest_shown(request)
    units, rates = progress.units_of(survey, k), progress.response_rates(survey)
    secret = progress.hidden_channels(rates, k)
    context = {
        "survey": survey,
        "state": window_state(survey, clock.now()),
        "plan": getattr(survey, "sample_plan", None),
        "page_obj": Paginator(units, PAGE_SIZE).get_page(request.GET.get("p")),
        "target": sum(row.unit.target for row in units),
        "taken": sum(row.unit.taken for row in units),
        "rates": [(row, row.channel in secret) for row in rates],
        "is_exact": k == 0,
        "k": k,
        "sealed": progress.sealed(survey),
        "is_invited_only": survey.audience == Audience.INVITED,
    }
    return render(request, f"{TEMPLATES}/fieldwork.html", context)


def _fewest_shown(request: HttpRequest) -> int:
    """Who runs the fieldwork counts its forms; other readers see what could be published."""
    if request.user.has_perm("satisfaction.run_fieldwork"):
        return 0
    return fewest_shown(request.user)


def collector_list(request: HttpRequest, survey_id: int) -> HttpResponse:
    require(request, "run_fieldwork")
    survey = get_object_or_404(Survey, pk=survey_id)
    form = PlaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _make(request, survey, form):
        return redirect("survey_collectors", survey_id)
    rows = Collector.objects.filter(survey=survey).select_related("agency", "unit__agency")
    page = invitations.page_of(survey)
    listed = Paginator(rows.order_by("ended_at", "agency", "place", "pk"), PAGE_SIZE)
    page_obj = listed.get_page(request.GET.get("p"))
    now = clock.now()
    context = {
        "survey": survey,
        "form": form,
        "media": form.media,
        "page_obj": page_obj,
        "rows": [
            (row, collectors.state(row, now), collectors.address_of(row, page) if page else "")
            for row in page_obj
        ],
        "sending": {row.pk for row in page_obj if collectors.still_sends(row, now)},
        "has_page": page is not None,
        "batches": PosterBatch.objects.filter(survey=survey).select_related("ordered_by")[:10],
    }
    status = 422 if form.is_bound else 200
    return render(request, f"{TEMPLATES}/collectors.html", context, status=status)


def _make(request: HttpRequest, survey: Survey, form: PlaceForm) -> bool:
    place = form.place_made()
    try:
        if form.cleaned_data["agency"]:
            collectors.create(survey, form.cleaned_data["agency"], place, request.user)
            count = 1
        else:
            count = collectors.create_for_agencies(survey, form.agencies(), place, request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    told = ngettext("%(n)s way in was made.", "%(n)s ways in were made.", count) % {"n": count}
    messages.success(request, told)
    return True


@require_POST
def collector_end(request: HttpRequest, collector_id: int) -> HttpResponse:
    collector = get_object_or_404(Collector, pk=collector_id)
    if collectors.end(collector_id, request.user):
        messages.success(request, _ended_words(collector))
    return redirect("survey_collectors", collector.survey_id)


def _ended_words(collector: Collector) -> str:
    if collector.channel != Channel.KIOSK:
        return _("The code leads no further.")
    return _(
        "The kiosk takes no new answers. Those given before and kept on its device may still come "
        "for three days; they are marked as sent after the end."
    )


@require_POST
def order_posters(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey = get_object_or_404(Survey, pk=survey_id)
    chosen = [pk for pk in request.POST.getlist("collector") if pk.isascii() and pk.isdigit()]
    rows = Collector.objects.filter(survey=survey)
    try:
        posters.order(survey, rows.filter(pk__in=chosen[:1000]) if chosen else rows, request.user)
        messages.success(request, _("The posters are being made; reload this page in a minute."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("survey_collectors", survey_id)


def poster_file(request: HttpRequest, batch_id: int) -> HttpResponse:
    require(request, "run_fieldwork")
    batch = get_object_or_404(PosterBatch, pk=batch_id)
    if batch.state != PosterState.READY:
        raise Http404
    response = FileResponse(
        batch.pdf.open("rb"), content_type="application/pdf", filename=f"ma-qr-{batch.pk}.pdf"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@sensitive_post_parameters("text")
def invitation_list(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Counts of the ledger, and the import of addresses: looked over first, then taken."""
    require(request, "invite")
    survey = get_object_or_404(Survey, pk=survey_id, audience=Audience.INVITED)
    form = AddressesForm()
    report = None
    if request.method == "POST":
        form = AddressesForm(request.POST, request.FILES)
        report = _looked_over(request, survey, form)
        if report and request.POST.get("nhan") == "1" and report.accepted:
            return _take_in(request, survey, report)
    ledger = Participation.objects.filter(survey=survey)
    context = {
        "survey": survey,
        "form": form,
        "report": report,
        "accepted": "\n".join(report.accepted) if report else "",
        "invited": ledger.count(),
        "waiting": ledger.filter(state=ParticipationState.WAITING, has_bounced=False).count(),
        "rates": progress.response_rates(survey),
        "sealed": progress.sealed(survey),
        "bounced": ledger.filter(has_bounced=True).values_list("email", flat=True)[:200],
        "is_open": window_state(survey, clock.now()).value == "open",
        "is_over": clock.now() >= survey.closes_at,
    }
    status = 422 if request.method == "POST" and not report else 200
    return render(request, f"{TEMPLATES}/invitations.html", context, status=status)


def _looked_over(
    request: HttpRequest, survey: Survey, form: AddressesForm
) -> invitations.AddressReport | None:
    if not form.is_valid():
        return None
    try:
        lines = lines_of(form.cleaned_data["file"], form.cleaned_data["text"])
        return invitations.dry_run(survey, lines, request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _take_in(
    request: HttpRequest, survey: Survey, report: invitations.AddressReport
) -> HttpResponse:
    try:
        count = invitations.add(survey, report.accepted, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        told = ngettext("%(n)s address was taken in.", "%(n)s addresses were taken in.", count)
        messages.success(request, told % {"n": count})
    return redirect("survey_invitations", survey.pk)


@require_POST
def write_letters(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey = get_object_or_404(Survey, pk=survey_id)
    try:
        count = invitations.write_to(survey, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        told = ngettext("%(n)s letter goes out.", "%(n)s letters go out.", count)
        messages.success(request, told % {"n": count})
    return redirect("survey_invitations", survey_id)


@sensitive_post_parameters("text")
@require_POST
def mark_bounced(request: HttpRequest, survey_id: int) -> HttpResponse:
    survey = get_object_or_404(Survey, pk=survey_id)
    report = invitations.read_addresses(
        invitations.as_lines(request.POST.get("text", "")[:500_000]), set()
    )
    try:
        count = invitations.mark_bounced(survey, report.accepted, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        told = ngettext(
            "%(n)s address is written to no more.", "%(n)s addresses are written to no more.", count
        )
        messages.success(request, told % {"n": count})
    return redirect("survey_invitations", survey_id)
