"""The way in for who is no collaborator: what, files, check, receipt. No JavaScript."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.protection import guard, uploads
from portal.protection.form_tokens import AlreadySpent
from portal.rules.values import value
from portal.text import clean
from site_pages.top_level import language

from . import contributing, originals
from . import contribution_drafts as drafts
from .contribution_drafts import MOST_FILES, PURPOSE, DraftGone
from .contribution_forms import ContributionForm, shown
from .models import ContributionDraft, SenderKind

COOKIE = "gui-tin-bai"
DAY_SECONDS = 86_400
TEMPLATES = "editorial/contribution"


def crumbs(last: str = "") -> list[tuple[str, str]]:
    found = [(_("Send us news or material"), reverse("contribution"))]
    return [*found, (last, "")] if last else found


@require_safe
def intro(request: HttpRequest) -> HttpResponse:
    """What may be sent and what becomes of it; a page without a form and without a cookie."""
    context = {
        **uploads.limits_told(MOST_FILES),
        "news_hours": value("news.intake_hours").integer,
        "draft_days": value("contribution.draft_days").integer,
        "personal_days": value("contribution.personal_days").integer,
        "extra_crumbs": crumbs(),
    }
    return render(request, f"{TEMPLATES}/intro.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    draft = _draft(request)
    if draft and draft.receipt_code:
        return redirect("contribution_receipt")
    if request.method == "GET":
        form = ContributionForm(initial=shown(draft.typed) if draft else None)
        return _show(request, form, None if draft else guard.fresh(PURPOSE))
    form = ContributionForm(_posted(request))
    if draft is None:
        return _begin(request, form)
    if not form.is_valid():
        return _show(request, form, None)
    try:
        drafts.save(draft.pk, form.typed())
    except DraftGone:
        return _show_gone(request, form)
    return redirect(_after_writing(request))


def _begin(request: HttpRequest, form: ContributionForm) -> HttpResponse:
    """The first form: guarded, and its token spent on one draft however often it is sent."""
    passage = guard.check(request, PURPOSE)
    if passage.wants_new_picture:
        return _show(request, ContributionForm(initial=_posted(request)), passage.guard)
    is_valid = form.is_valid()
    if passage.token is None or not is_valid:
        kept = passage.guard or guard.Guard(request.POST.get("form_token", ""))
        return _show(request, form, kept, passage.error)
    try:
        key, draft = drafts.start(passage.token.id, form.typed())
        # The second click may say more than the first.
        drafts.save(draft.pk, form.typed())
    except (AlreadySpent, DraftGone):
        return _show_gone(request, form)
    response = redirect(_after_writing(request))
    _remember(response, key)
    return response


def _posted(request: HttpRequest) -> dict[str, str]:
    """As it is stored and shown again: NFC, without control characters."""
    return {name: clean(text) for name, text in request.POST.items()}


def _after_writing(request: HttpRequest) -> str:
    return reverse("contribution_check" if request.POST.get("sua") else "contribution_files")


def _show_gone(request: HttpRequest, form: ContributionForm) -> HttpResponse:
    told = _("This item was sent or deleted in another window. Send this page to begin anew.")
    return _show(request, form, guard.fresh(PURPOSE), told)


def _show(
    request: HttpRequest, form: ContributionForm, form_guard: guard.Guard | None, told: str = ""
) -> HttpResponse:
    errors = []
    if told:
        asked = form_guard is not None and form_guard.challenge is not None
        errors.append(("id_captcha_text" if asked else "form", told))
    for field in form:
        # A group of radio buttons is reached at its first.
        target = f"{field.auto_id}_0" if field.name == "sender_kind" else field.auto_id
        errors += [(target, message) for message in field.errors]
    context = {
        "form": form,
        "guard": form_guard,
        "errors": errors,
        "has_errors": bool(errors),
        "is_editing": request.GET.get("sua") or request.POST.get("sua"),
        "extra_crumbs": crumbs(_("What you send")),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, f"{TEMPLATES}/write.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    draft = _draft(request)
    if draft is None or draft.receipt_code:
        return redirect("contribution_receipt" if draft else "contribution")
    if request.method == "GET":
        return _show_files(request, draft, [])
    try:
        errors = _take_files(request, draft)
    except DraftGone:
        return redirect("contribution")
    if errors:
        return _show_files(request, draft, errors)
    return redirect("contribution_check" if "tiep" in request.POST else "contribution_files")


def _take_files(request: HttpRequest, draft: ContributionDraft) -> list[str]:
    """Each file by itself: what is refused takes nothing with it."""
    errors = []
    removed = request.POST.get("xoa", "")
    if removed.isascii() and removed.isdecimal() and len(removed) < 19:
        drafts.remove_file(draft.pk, int(removed))
    for upload in request.FILES.getlist("tep"):
        try:
            drafts.add_file(draft.pk, upload)
        except ValidationError as error:
            errors += [f"{uploads.name_of(upload)}: {message}" for message in error.messages]
    return errors


def _show_files(request: HttpRequest, draft: ContributionDraft, told: list[str]) -> HttpResponse:
    context = {
        **uploads.limits_told(MOST_FILES),
        "files": draft.files.select_related("file"),
        "told": told,
        "errors": [("id_tep", message) for message in told],
        "has_errors": bool(told),
        "extra_crumbs": crumbs(_("Files sent along")),
    }
    status = 422 if told else 200
    return render(request, f"{TEMPLATES}/files.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    draft = _draft(request)
    if draft is None or draft.receipt_code:
        return redirect("contribution_receipt" if draft else "contribution")
    told = ""
    if request.method == "POST":
        try:
            contributing.send(draft.pk, declares="declares" in request.POST)
        except ValidationError as error:
            told = error.messages[0]
        except DraftGone:
            return redirect("contribution")
        else:
            return redirect("contribution_receipt")
    context = {
        "rows": _in_words(draft),
        "files": draft.files.select_related("file"),
        "declaration": originals.declaration(),
        "told": told,
        "errors": [("id_declares", told)] if told else [],
        "has_errors": bool(told),
        "extra_crumbs": crumbs(_("Check and send")),
    }
    return render(request, f"{TEMPLATES}/check.html", context, status=422 if told else 200)


def _in_words(draft: ContributionDraft) -> list[tuple[str, str]]:
    """Labels and what was typed, as people read it."""
    typed = shown(draft.typed)
    typed["sender_kind"] = str(SenderKind(typed["sender_kind"]).label)
    fields = ContributionForm.base_fields.items()
    return [(str(field.label), typed.get(name, "")) for name, field in fields]


@never_cache
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt; posted to, this browser forgets it and another item may begin."""
    draft = _draft(request)
    if draft is None or not draft.receipt_code:
        return redirect("contribution")
    if request.method == "POST":
        response = redirect("contribution_write")
        _forget(response)
        return response
    context = {"code": draft.receipt_code, "extra_crumbs": crumbs(_("Receipt"))}
    return render(request, f"{TEMPLATES}/receipt.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def give_up(request: HttpRequest) -> HttpResponse:
    draft = _draft(request)
    is_open = draft is not None and not draft.receipt_code
    context = {"is_open": is_open, "extra_crumbs": crumbs(_("Delete"))}
    if request.method == "GET":
        return render(request, f"{TEMPLATES}/give_up.html", context)
    if is_open:
        drafts.give_up(draft.pk)
    response = render(request, f"{TEMPLATES}/given_up.html", context)
    _forget(response)
    return response


def _draft(request: HttpRequest) -> ContributionDraft | None:
    """The draft that this browser began."""
    return drafts.resume(request.COOKIES.get(f"{COOKIE}-{language()}", ""))


def _places() -> list[tuple[str, str]]:
    """One cookie a language, each on the addresses of this form only."""
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.append((f"{COOKIE}-{code}", reverse("contribution")))
    return found


def _remember(response: HttpResponse, key: str) -> None:
    for name, path in _places():
        response.set_cookie(
            name,
            key,
            max_age=value("contribution.draft_days").integer * DAY_SECONDS,
            path=path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _forget(response: HttpResponse) -> None:
    for name, path in _places():
        response.delete_cookie(name, path=path, samesite="Lax")
