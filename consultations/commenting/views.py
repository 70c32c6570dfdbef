"""A person's way to an opinion: write, files, check, receipt. No JavaScript."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from editorial.differences import differences
from portal.protection import guard, uploads
from portal.protection.form_tokens import AlreadySpent
from portal.rules.values import value

from .. import window
from ..models import ConsultationPage, OpinionDraft, RespondentKind
from ..window import NotOpen
from . import drafting, sending
from .drafting import MOST_FILES, PURPOSE, DraftGone
from .forms import OpinionForm, shown, worded
from .shared import (
    TEMPLATES,
    address,
    closed,
    draft_of,
    errors_of,
    forget,
    posted,
    remember,
)
from .subjects import Subject, subject_of

STEPS: dict[str, str] = {
    "tep": "files",
    "kiem-tra": "check",
    "bien-nhan": "receipt",
    "xoa": "give_up",
}


@never_cache
def opinion(request: HttpRequest, page: ConsultationPage, target: str) -> HttpResponse:
    return _entered(request, page, target, write)


@never_cache
def step(request: HttpRequest, page: ConsultationPage, target: str, name: str) -> HttpResponse:
    views = {"files": files, "check": check, "receipt": receipt, "give_up": give_up}
    if name not in STEPS:
        raise Http404
    return _entered(request, page, target, views[STEPS[name]])


def _entered(request: HttpRequest, page: ConsultationPage, target: str, view) -> HttpResponse:
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    subject = subject_of(page.consultation, target)
    if subject is None:
        raise Http404
    try:
        return view(request, page, subject)
    except NotOpen:
        # The window closed between the question and the writing: nothing was written.
        return closed(request, page, subject.name, _said(request, subject))


def write(request: HttpRequest, page: ConsultationPage, subject: Subject) -> HttpResponse:
    draft = draft_of(request, subject)
    if draft and draft.receipt_code:
        return redirect(address(page, subject, "bien-nhan"))
    if not window.of(page.consultation).is_open:
        return closed(request, page, subject.name, _said(request, subject))
    if request.method != "POST":
        form = _form(subject, draft, initial=True)
        return _show(request, page, subject, form, None if draft else guard.fresh(PURPOSE))
    form = _form(subject, draft, posted(request))
    if draft is None:
        return _begin(request, page, subject, form)
    if not form.is_valid():
        return _show(request, page, subject, form, None)
    try:
        drafting.save(draft.pk, form.typed())
    except DraftGone:
        return _show_gone(request, page, subject, form)
    return redirect(_after_writing(request, page, subject))


def _form(
    subject: Subject,
    draft: OpinionDraft | None,
    data: dict[str, str] | None = None,
    *,
    initial: bool = False,
) -> OpinionForm:
    given = {"consultation": subject.consultation, "quoted": subject.quoted()}
    if not initial:
        return OpinionForm(data, **given)
    questions = list(subject.consultation.questions.all())
    return OpinionForm(initial=shown(draft.typed, questions) if draft else None, **given)


def _begin(
    request: HttpRequest, page: ConsultationPage, subject: Subject, form: OpinionForm
) -> HttpResponse:
    """The first form: guarded, and its token spent on one draft however often it is sent."""
    passage = guard.check(request, PURPOSE)
    if passage.wants_new_picture:
        again = OpinionForm(
            initial=posted(request), consultation=subject.consultation, quoted=form.quoted
        )
        return _show(request, page, subject, again, passage.guard)
    is_valid = form.is_valid()
    if passage.token is None or not is_valid:
        kept = passage.guard or guard.Guard(request.POST.get("form_token", ""))
        return _show(request, page, subject, form, kept, passage.error)
    try:
        key, draft = drafting.start(passage.token.id, subject, form.typed())
        if not draft.receipt_code:
            # The second click may say more than the first.
            drafting.save(draft.pk, form.typed())
    except (AlreadySpent, DraftGone):
        return _show_gone(request, page, subject, form)
    response = redirect(_after_writing(request, page, subject))
    remember(response, page, subject, key)
    return response


def _after_writing(request: HttpRequest, page: ConsultationPage, subject: Subject) -> str:
    return address(page, subject, "tep" if "them-tep" in request.POST else "kiem-tra")


def _show_gone(
    request: HttpRequest, page: ConsultationPage, subject: Subject, form: OpinionForm
) -> HttpResponse:
    told = _("This opinion was sent or deleted in another window. Send this page to begin anew.")
    return _show(request, page, subject, form, guard.fresh(PURPOSE), told)


def _show(
    request: HttpRequest,
    page: ConsultationPage,
    subject: Subject,
    form: OpinionForm,
    form_guard: guard.Guard | None,
    told: str = "",
) -> HttpResponse:
    errors = errors_of(form, form_guard, told)
    takes_agencies = page.consultation.takes(RespondentKind.AGENCY)
    context = {
        "page": page,
        "subject": subject,
        "form": form,
        "guard": form_guard,
        "errors": errors,
        "has_errors": bool(errors),
        "window": window.of(page.consultation),
        "takes_agencies": takes_agencies,
        "give_up_url": address(page, subject, "xoa"),
        "draft_days": value("consultation.draft_days").integer,
        "extra_crumbs": [(_("Give an opinion"), "")],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, f"{TEMPLATES}/write.html", context, status=status)


def files(request: HttpRequest, page: ConsultationPage, subject: Subject) -> HttpResponse:
    draft = draft_of(request, subject)
    if draft is None or draft.receipt_code:
        return redirect(address(page, subject, "bien-nhan" if draft else ""))
    if not window.of(page.consultation).is_open:
        return closed(request, page, subject.name, _said(request, subject))
    errors: list[str] = []
    if request.method == "POST":
        try:
            errors = _take_files(request, draft)
        except DraftGone:
            return redirect(address(page, subject))
        if not errors:
            step = "kiem-tra" if "tiep" in request.POST else "tep"
            return redirect(address(page, subject, step))
    context = {
        "page": page,
        "subject": subject,
        "back": address(page, subject),
        "files": draft.files.select_related("file"),
        **uploads.limits_told(MOST_FILES),
        "told": errors,
        "errors": [("id_tep", message) for message in errors],
        "has_errors": bool(errors),
        "extra_crumbs": [(_("Give an opinion"), ""), (_("Files sent along"), "")],
    }
    return render(request, f"{TEMPLATES}/files.html", context, status=422 if errors else 200)


def _take_files(request: HttpRequest, draft: OpinionDraft) -> list[str]:
    """Each file by itself: what is refused takes nothing with it."""
    errors = []
    removed = request.POST.get("xoa", "")
    if removed.isascii() and removed.isdecimal() and len(removed) < 19:
        drafting.remove_file(draft.pk, int(removed))
    for upload in request.FILES.getlist("tep"):
        try:
            drafting.add_file(draft.pk, upload)
        except ValidationError as error:
            errors += [f"{uploads.name_of(upload)}: {message}" for message in error.messages]
    return errors


def check(request: HttpRequest, page: ConsultationPage, subject: Subject) -> HttpResponse:
    draft = draft_of(request, subject)
    if draft is None or draft.receipt_code:
        return redirect(address(page, subject, "bien-nhan" if draft else ""))
    told: list[str] = []
    if request.method == "POST":
        try:
            sending.send(draft.pk)
        except DraftGone:
            return redirect(address(page, subject))
        except ValidationError as error:
            told = error.messages
        else:
            return redirect(address(page, subject, "bien-nhan"))
    elif not window.of(page.consultation).is_open:
        return closed(request, page, subject.name, _said(request, subject))
    suggested = draft.typed.get("suggested_text", "")
    context = {
        "page": page,
        "subject": subject,
        "typed": draft.typed,
        "kind": RespondentKind(draft.typed["respondent_kind"]).label,
        "answers": _answers(draft),
        "parts": differences(subject.quoted(), suggested) if suggested else [],
        "files": draft.files.select_related("file"),
        "write_url": address(page, subject),
        "files_url": address(page, subject, "tep"),
        "give_up_url": address(page, subject, "xoa"),
        "told": told,
        "errors": [("form", message) for message in told],
        "has_errors": bool(told),
        "extra_crumbs": [(_("Give an opinion"), ""), (_("Check and send"), "")],
    }
    return render(request, f"{TEMPLATES}/check.html", context, status=422 if told else 200)


def _answers(draft: OpinionDraft) -> list[tuple[str, str]]:
    said = draft.typed.get("answers", {})
    questions = draft.consultation.questions.order_by("number")
    return [(worded(row), said[str(row.pk)]) for row in questions if said.get(str(row.pk))]


def _said(request: HttpRequest, subject: Subject) -> list[tuple[str, str]]:
    """All that was written on this subject: now, or kept in the draft; with its labels."""
    draft = draft_of(request, subject)
    questions = list(subject.consultation.questions.order_by("number"))
    own = shown(draft.typed, questions) if draft else {}
    if request.method == "POST":
        own |= posted(request)
    form = OpinionForm(consultation=subject.consultation, quoted=subject.quoted())
    names = ["text", "suggested_text", *(f"cau_{row.number}" for row in questions)]
    said = [(name, str(own.get(name, ""))) for name in names if name in form.fields]
    return [(str(form.fields[name].label), words) for name, words in said if words != form.quoted]


def receipt(request: HttpRequest, page: ConsultationPage, subject: Subject) -> HttpResponse:
    """The receipt; posted to, this browser forgets it and another opinion may begin."""
    draft = draft_of(request, subject)
    if draft is None or not draft.receipt_code:
        return redirect(address(page, subject))
    if request.method == "POST":
        response = redirect(page.url)
        forget(response, page, subject)
        return response
    context = {
        "page": page,
        "code": draft.receipt_code,
        "window": window.of(page.consultation),
        "extra_crumbs": [(_("Receipt"), "")],
    }
    return render(request, f"{TEMPLATES}/receipt.html", context)


def give_up(request: HttpRequest, page: ConsultationPage, subject: Subject) -> HttpResponse:
    draft = draft_of(request, subject)
    is_open = draft is not None and not draft.receipt_code
    context = {
        "page": page,
        "is_open": is_open,
        "check_url": address(page, subject, "kiem-tra"),
        "is_done": request.method == "POST",
        "extra_crumbs": [(_("Delete"), "")],
    }
    if request.method == "POST" and is_open:
        drafting.give_up(draft.pk)
    response = render(request, f"{TEMPLATES}/give_up.html", context)
    if request.method == "POST":
        forget(response, page, subject)
    return response
