"""The work on the answers in the admin: overview, opinions to sort, papers, publication."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from editorial.acting import Act, ActForm, add_error, history, listed, media, offers, perform
from portal import clock
from portal.protection import quarantine
from portal.reporting.models import Edition

from .. import window
from ..models import (
    Account,
    Consultation,
    OpinionState,
    PaperOpinion,
    SynthesisRow,
    SynthesisState,
)
from . import coverage, papers, publishing, queries, reminding, rights, sorting, taking_in
from .admin_forms import (
    CorrectionForm,
    DueForm,
    FinalTextForm,
    LeaveOutForm,
    PaperForm,
    PlaceForm,
    PublishForm,
)
from .sorting import Piece
from .words import pieces, words_of

TEMPLATES = "consultations/admin/synthesis"
Bound = tuple[str, ActForm] | None
LETTERS = ("A", "B", "C", "D")


def _state(consultation: Consultation) -> str:
    synthesis = getattr(consultation, "synthesis", None)
    return synthesis.state if synthesis else SynthesisState.PREPARING


def _is_open(consultation: Consultation) -> bool:
    return _state(consultation) != SynthesisState.PUBLISHED


ACTS = [
    Act(
        "cong-bo",
        _("Publish all answers"),
        publishing.publish,
        lambda row, user: rights.oversees(user) and _state(row) == SynthesisState.PREPARING,
        _("All answers are published; participants are told."),
        PublishForm,
    ),
    Act(
        "cong-bo-dinh-chinh",
        _("Publish the correction"),
        publishing.publish,
        lambda row, user: rights.oversees(user) and _state(row) == SynthesisState.CORRECTING,
        _("The corrected answers are published."),
        CorrectionForm,
    ),
    Act(
        "nhan-y-kien",
        _("Take in new opinions"),
        taking_in.take_in,
        lambda row, user: _is_open(row) and rights.may_sort(user, row),
        _("Every opinion as it stands now is in the list."),
    ),
    Act(
        "xep-con-lai",
        _("Sort the rest by text and provision"),
        sorting.sort_rest,
        lambda row, user: _is_open(row) and rights.may_sort(user, row),
        _("The same text on the same provision is now one row."),
    ),
    Act(
        "van-ban-cuoi",
        _("Name the final text"),
        publishing.set_final_text,
        lambda row, user: row.has_draft and _is_open(row) and rights.may_sort(user, row),
        _("The final text is shown beside the answers."),
        FinalTextForm,
    ),
    Act(
        "thoi-han",
        _("Set the deadline of the answers"),
        reminding.set_due,
        lambda row, user: rights.oversees(user) and row.answered_at is None,
        _("The deadline is public."),
        DueForm,
    ),
    Act(
        "dinh-chinh",
        _("Begin a correction"),
        publishing.begin_correction,
        lambda row, user: rights.oversees(user) and _state(row) == SynthesisState.PUBLISHED,
        _("The rows are open; the public reads the last publication until the next one."),
        is_serious=True,
    ),
]


def consultation_for(request: HttpRequest, consultation_id: int) -> Consultation:
    """The consultation, for who may see its answers being made."""
    rows = Consultation.objects.select_related("agency", "synthesis__final_text")
    consultation = get_object_or_404(rows, pk=consultation_id)
    rights.require(rights.may_read(request.user, consultation))
    return consultation


@require_safe
def synthesis_list(request: HttpRequest) -> HttpResponse:
    rights.require(rights.has_any(request.user))
    rows = rights.in_sight(request.user).select_related("agency", "synthesis")
    rows = rows.order_by("answered_at", "answer_due_on", "-pk")
    context = {**listed(request, rows), "today": clock.today()}
    context["rows"] = [
        (row, window.of(row), coverage.progress(row.pk)) for row in context["page_obj"]
    ]
    return render(request, f"{TEMPLATES}/list.html", context)


def synthesis(request: HttpRequest, consultation_id: int, bound: Bound = None) -> HttpResponse:
    consultation = consultation_for(request, consultation_id)
    found = offers(ACTS, consultation, request.user, bound)
    row = getattr(consultation, "synthesis", None)
    context = {
        "consultation": consultation,
        "window": window.of(consultation),
        "progress": coverage.progress(consultation_id),
        "problems": coverage.remaining(consultation).problems() if _is_open(consultation) else [],
        "state": row.get_state_display() if row else SynthesisState.PREPARING.label,
        "publications": consultation.publications.select_related("published_by").order_by(
            "-number"
        ),
        "editions": Edition.objects.defer("snapshot").filter(
            kind=publishing.KIND, subject_id=consultation_id
        ),
        "sees_editions": request.user.has_perm("reporting.view_edition"),
        "may_sort": rights.may_sort(request.user, consultation),
        "today": clock.today(),
        "offers": found,
        "media": media(found),
        "act_url": "synthesis_act",
        "row": consultation,
        "history": history(row) if row else [],
    }
    return render(request, f"{TEMPLATES}/detail.html", context)


@require_POST
def synthesis_act(request: HttpRequest, consultation_id: int, code: str) -> HttpResponse:
    consultation = consultation_for(request, consultation_id)
    bound = perform(request, ACTS, consultation, code)
    if bound:
        return synthesis(request, consultation_id, bound)
    return redirect("synthesis", consultation_id)


# --- Opinions to sort -------------------------------------------------------------------


def opinions(
    request: HttpRequest, consultation_id: int, bound: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    consultation = consultation_for(request, consultation_id)
    state = request.GET.get("xem", "")
    context = {
        "consultation": consultation,
        "state": state,
        "may_sort": rights.may_sort(request.user, consultation) and _is_open(consultation),
        "clusters": queries.clusters(consultation_id) if not state else [],
        **listed(request, queries.accounts(consultation_id, state)),
        "place_form": PlaceForm(consultation=consultation),
        "leave_out_form": LeaveOutForm(),
        "chosen": {int(key) for key in request.POST.getlist("y-kien") if _is_number(key)},
    }
    if bound:
        context[bound[0]] = bound[1]
    context["rows"] = [
        (account, words_of(account.source), _standing(account)) for account in context["page_obj"]
    ]
    return render(request, f"{TEMPLATES}/opinions.html", context)


def _standing(account: Account) -> list[int]:
    return sorted({point.row.number for point in account.points.all() if point.row})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 12


def _chosen(request: HttpRequest) -> list[int]:
    """Ticked opinions, and all those with the same text as a ticked cluster."""
    keys = [int(key) for key in request.POST.getlist("y-kien") if _is_number(key)]
    for key in request.POST.getlist("cum"):
        if _is_number(key) and Account.objects.filter(pk=key).exists():
            keys += queries.alike(int(key))
    return keys


@require_POST
def bulk(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """One act on all ticked opinions: into a row, left out, or out of their rows."""
    consultation = consultation_for(request, consultation_id)
    act, keys = request.POST.get("viec", ""), _chosen(request)
    form: forms.Form | None = None
    name = ""
    try:
        if act == "xep":
            name, form = "place_form", PlaceForm(request.POST, consultation=consultation)
            if form.is_valid():
                place = form.cleaned_data["provision"]
                sorting.place(
                    consultation_id,
                    keys,
                    request.user,
                    row=form.cleaned_data["row"],
                    provision_id=place.pk if place else None,
                )
        elif act == "bo-ra":
            name, form = "leave_out_form", LeaveOutForm(request.POST)
            if form.is_valid():
                sorting.leave_out(consultation_id, keys, **form.cleaned_data, by=request.user)
        elif act == "xep-lai":
            sorting.take_back(consultation_id, keys, request.user)
        else:
            raise Http404
    except ValidationError as error:
        if form is None:
            for text in error.messages:
                messages.error(request, text)
        else:
            add_error(form, error)
    if form is not None and form.errors:
        return opinions(request, consultation_id, (name, form))
    messages.success(request, _("The opinions are sorted."))
    return redirect("synthesis_opinions", consultation_id)


def split(request: HttpRequest, account_id: int) -> HttpResponse:
    """One opinion, sentence by sentence: where each goes."""
    account = get_object_or_404(
        Account.objects.select_related(
            "opinion__provision", "opinion__agency", "paper__provision", "paper__agency"
        ),
        pk=account_id,
    )
    consultation = consultation_for(request, account.consultation_id)
    words = words_of(account.source)
    cuts = pieces(words)
    problem = ""
    if request.method == "POST":
        try:
            _split(request, account, cuts)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(request, _("The opinion is split and sorted."))
            return redirect("synthesis_opinions", consultation.pk)
    context = {
        "consultation": consultation,
        "account": account,
        "is_hidden": account.opinion and account.opinion.state != OpinionState.PUBLISHED,
        "parts": _parts(request, account, words, cuts),
        "letters": _letters(request, account, consultation),
        "targets": queries.rows(consultation.pk),
        "may_sort": rights.may_sort(request.user, consultation) and _is_open(consultation),
        "problem": problem,
    }
    return render(request, f"{TEMPLATES}/split.html", context)


def _split(request: HttpRequest, account: Account, cuts: list[tuple[int, int]]) -> None:
    made, places = [], {}
    for at, (start, end) in enumerate(cuts):
        target = request.POST.get(f"phan-{at}", "")
        row: int | str | None = None
        if target in LETTERS:
            row = target
            place = request.POST.get(f"noi-{target}", "")
            places[target] = int(place) if _is_number(place) else None
        elif _is_number(target):
            row = int(target)
        made.append(Piece(start, end, row))
    sorting.split(account.pk, made, request.user, places)


def _parts(
    request: HttpRequest, account: Account, words: str, cuts: list[tuple[int, int]]
) -> list[tuple[int, str, str]]:
    """(number, words, where it goes) of each sentence, as posted or as it stands."""
    points = list(account.points.select_related("row"))
    found = []
    for at, (start, end) in enumerate(cuts):
        point = next((point for point in points if point.start <= start < point.end), None)
        stands = str(point.row.number) if point and point.row else ("" if points else "A")
        chosen = request.POST.get(f"phan-{at}", stands)
        found.append((at, words[start:end].strip(), chosen))
    return found


def _letters(
    request: HttpRequest, account: Account, consultation: Consultation
) -> list[tuple[str, PlaceForm]]:
    from .places import Places

    where = Places(consultation.pk).current(account.source.provision_id)
    made = []
    for letter in LETTERS:
        form = PlaceForm(consultation=consultation, initial={"provision": where})
        field = form.fields["provision"]
        field.label = _("New row %(letter)s") % {"letter": letter}
        chosen = request.POST.get(f"noi-{letter}", where)
        made.append((letter, field.widget.render(f"noi-{letter}", chosen, {"id": f"noi-{letter}"})))
    return made


# --- Papers -----------------------------------------------------------------------------


def paper(request: HttpRequest, consultation_id: int) -> HttpResponse:
    consultation = consultation_for(request, consultation_id)
    rights.require(rights.may_sort(request.user, consultation))
    form = PaperForm(request.POST or None, request.FILES or None, consultation=consultation)
    if request.method == "POST" and form.is_valid():
        try:
            papers.enter(consultation_id, request.user, **form.cleaned_data)
        except ValidationError as error:
            add_error(form, error)
        else:
            messages.success(request, _("The opinion is entered and waits to be sorted."))
            return redirect("synthesis_paper", consultation_id)
    context = {
        "consultation": consultation,
        "form": form,
        "media": form.media,
        "is_open": _is_open(consultation),
        **listed(request, consultation.papers.select_related("scan", "agency", "provision")),
    }
    return render(request, f"{TEMPLATES}/paper.html", context)


@require_safe
@never_cache
def scan(request: HttpRequest, scan_id: int) -> FileResponse:
    """A clean scan, to be saved and never shown by the browser; any other does not exist."""
    row = get_object_or_404(
        PaperOpinion.objects.select_related("consultation__agency", "scan"), pk=scan_id
    )
    rights.require(rights.may_sort(request.user, row.consultation))
    if row.scan is None or not row.scan.may_leave:
        raise Http404
    response = FileResponse(
        quarantine.path_of(row.scan.key).open("rb"),
        as_attachment=True,
        filename=row.scan.name,
        content_type="application/octet-stream",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def row_of(row_id: int) -> SynthesisRow:
    rows = SynthesisRow.objects.select_related(
        "consultation__agency", "consultation__synthesis__final_text", "provision", "agency"
    )
    return get_object_or_404(rows, pk=row_id)
