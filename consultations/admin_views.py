"""Consultations in the admin: terms and window, versions, the tree, what became of what."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from editorial.acting import ActForm, add_error, history, listed, media, offers, perform
from portal import clock

from . import acts, drafting, mapping, preparing, tree, window
from .access import may_follow, may_run, require_run
from .docx_reading import has_private_marks
from .forms import TermsForm
from .mapping_form import chosen_from
from .models import (
    Attachment,
    Consultation,
    DraftText,
    MappingKind,
    Provision,
    ReadingState,
    RespondentKind,
    WindowRecord,
)
from .versions import previous

Bound = tuple[str, ActForm] | None


def _require_follow(request: HttpRequest) -> None:
    if not may_follow(request.user):
        raise PermissionDenied


def consultation_list(request: HttpRequest) -> HttpResponse:
    _require_follow(request)
    rows = Consultation.objects.select_related("agency").annotate(n_texts=Count("texts"))
    rows = rows.order_by("-pk")
    listing = listed(request, rows)
    records: dict[int, list[WindowRecord]] = {row.pk: [] for row in listing["page_obj"]}
    for record in WindowRecord.objects.filter(consultation__in=records).order_by("number"):
        records[record.consultation_id].append(record)
    now = clock.now()
    for row in listing["page_obj"]:
        row.window = window.read(records[row.pk], now)
    context = {**listing, "may_run": may_run(request.user)}
    return render(request, "consultations/admin/list.html", context)


def consultation_prepare(request: HttpRequest) -> HttpResponse:
    require_run(request.user)
    form = TermsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = preparing.prepare(request.user, **form.cleaned_data)
        except ValidationError as error:
            add_error(form, error)
        else:
            return redirect("consultation", made.pk)
    context = {
        "form": form,
        "media": form.media,
        "title": _("Prepare a consultation"),
        "has_errors": bool(form.errors),
    }
    return render(request, "consultations/admin/prepare.html", context)


def consultation_detail(
    request: HttpRequest, consultation_id: int, bound: Bound = None
) -> HttpResponse:
    _require_follow(request)
    row = get_object_or_404(Consultation.objects.select_related("agency"), pk=consultation_id)
    found = offers(acts.CONSULTATION, row, request.user, bound)
    context = {
        "row": row,
        "window": window.of(row),
        "records": row.records.select_related("made_by").order_by("number"),
        "texts": row.texts.annotate(n_provisions=Count("provisions")).order_by("number"),
        "questions": row.questions.order_by("number"),
        "respondents": _in_words(row),
        "page": preparing.page_of(row),
        "offers": found,
        "media": media(found),
        "act_url": "consultation_act",
        "history": history(row),
    }
    return render(request, "consultations/admin/detail.html", context)


def _in_words(row: Consultation) -> list[str]:
    return [str(RespondentKind(kind).label) for kind in row.respondents]


@require_POST
def consultation_act(request: HttpRequest, consultation_id: int, code: str) -> HttpResponse:
    require_run(request.user)
    row = get_object_or_404(Consultation, pk=consultation_id)
    bound = perform(request, acts.CONSULTATION, row, code)
    if bound:
        return consultation_detail(request, consultation_id, bound)
    newest = row.texts.order_by("-number").first() if code == "ban-moi" else None
    return redirect("draft_text", newest.pk) if newest else redirect("consultation", row.pk)


def _text(text_id: int) -> DraftText:
    return get_object_or_404(DraftText.objects.select_related("consultation"), pk=text_id)


def text_detail(request: HttpRequest, text_id: int, bound: Bound = None) -> HttpResponse:
    _require_follow(request)
    text = _text(text_id)
    found = offers(acts.TEXT, text, request.user, bound)
    rows = tree.rows_of(text)
    context = {
        "row": text,
        "rows": rows,
        "says_the_source": not rows or tree.says_the_source(text, rows),
        "attachments": text.attachments.all(),
        "keeps_source": _keeps_source(text),
        "has_previous": previous(text) is not None,
        "to_confirm": mapping.open_count(text),
        "may_correct": acts.is_preparing(text, request.user),
        "offers": found,
        "media": media(found),
        "act_url": "draft_text_act",
    }
    return render(request, "consultations/admin/text.html", context)


def _keeps_source(text: DraftText) -> bool:
    """Whether the file of a version being prepared will not be opened to the public."""
    is_word = text.source_name.lower().endswith(".docx")
    if text.is_public or not is_word or text.reading != ReadingState.READ:
        return False
    with text.source.open("rb") as file:
        return has_private_marks(file)


@require_POST
def text_act(request: HttpRequest, text_id: int, code: str) -> HttpResponse:
    # Who decides on the public page publishes without being of the working group.
    _require_follow(request)
    bound = perform(request, acts.TEXT, _text(text_id), code)
    return text_detail(request, text_id, bound) if bound else redirect("draft_text", text_id)


@require_POST
def detach(request: HttpRequest, attachment_id: int) -> HttpResponse:
    require_run(request.user)
    row = get_object_or_404(Attachment, pk=attachment_id)
    drafting.detach(row.pk, request.user)
    return redirect("draft_text", row.text_version_id)


def text_source(request: HttpRequest, text_id: int) -> HttpResponse:
    """The file as it was handed in, always as a download, kept in no cache."""
    _require_follow(request)
    text = _text(text_id)
    if not text.source:
        return redirect("draft_text", text_id)
    return _download(text.source, text.source_name)


def attachment_file(request: HttpRequest, attachment_id: int) -> HttpResponse:
    _require_follow(request)
    row = get_object_or_404(Attachment, pk=attachment_id)
    return _download(row.file, f"{row.title}.{row.ending}")


def _download(file, name: str) -> HttpResponse:
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _provision(provision_id: int) -> Provision:
    rows = Provision.objects.select_related("text_version__consultation", "parent")
    return get_object_or_404(rows, pk=provision_id)


def provision_detail(request: HttpRequest, provision_id: int, bound: Bound = None) -> HttpResponse:
    _require_follow(request)
    row = _provision(provision_id)
    found = offers(acts.PROVISION, row, request.user, bound)
    near = Provision.objects.filter(text_version=row.text_version)
    context = {
        "row": row,
        "before": near.filter(position__lt=row.position).order_by("-position").first(),
        "after": near.filter(position__gt=row.position).order_by("position").first(),
        "offers": found,
        "media": media(found),
        "act_url": "provision_act",
    }
    return render(request, "consultations/admin/provision.html", context)


@require_POST
def provision_act(request: HttpRequest, provision_id: int, code: str) -> HttpResponse:
    require_run(request.user)
    row = _provision(provision_id)
    bound = perform(request, acts.PROVISION, row, code)
    if bound:
        return provision_detail(request, provision_id, bound)
    if Provision.objects.filter(pk=provision_id).exists():
        return redirect("provision", provision_id)
    return redirect("draft_text", row.text_version_id)


def text_mapping(request: HttpRequest, text_id: int) -> HttpResponse:
    """What became of each provision of the version before."""
    _require_follow(request)
    text = _text(text_id)
    problems: list[str] = []
    if request.method == "POST":
        require_run(request.user)
        try:
            if "de-xuat" in request.POST:
                mapping.propose_again(text.pk, request.user)
            else:
                mapping.confirm(text.pk, request.user, chosen_from(request.POST, text))
        except ValidationError as error:
            problems = error.messages
        else:
            return redirect("draft_text_mapping", text_id)
    rows = list(
        text.mappings.select_related("old", "new").order_by("old__position", "new__position")
    )
    if problems:
        _as_typed(rows, request)
    context = {
        "row": text,
        "before": previous(text),
        "kept": [row for row in rows if row.kind == MappingKind.KEPT],
        "others": [row for row in rows if row.kind != MappingKind.KEPT and row.old_id],
        "added": [row for row in rows if row.old_id is None],
        "kinds": [kind for kind in MappingKind if kind is not MappingKind.ADDED],
        "provisions": Provision.objects.filter(text_version=text).order_by("position"),
        "problems": problems,
        "to_confirm": mapping.open_count(text),
        "may_correct": acts.is_preparing(text, request.user),
    }
    return render(request, "consultations/admin/mapping.html", context)


def _as_typed(rows: list, request: HttpRequest) -> None:
    """What was refused is shown as it was typed."""
    for row in rows:
        row.kind = request.POST.get(f"kind-{row.pk}", row.kind)
        row.typed = request.POST.get(f"new-{row.pk}", "")
