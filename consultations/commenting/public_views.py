"""Opinions as readers see them: lists, each at its own address, the moderation log."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from editorial.differences import differences
from portal.protection import guard
from portal.text import clean

from .. import window
from ..models import ConsultationPage, Provision, PublicOpinion, RespondentKind
from ..moderation import talking
from ..queries import loaded
from . import reading
from .forms import AbuseForm
from .shared import TEMPLATES, errors_of
from .subjects import WHOLE

PAGE_SIZE = 20
LOG_SIZE = 50
REPORT = "consultations.abuse"


def opinions(request: HttpRequest, page: ConsultationPage) -> HttpResponse:
    """All of a consultation, or of a provision or a kind of sender, the newest first."""
    page.consultation = loaded(page.consultation_id)
    rows, provision = _narrowed(request, page)
    tally = reading.tally(page.consultation.pk)
    paginator = Paginator(rows, PAGE_SIZE)
    if not request.GET.keys() - {"trang"}:
        # Counted already.
        paginator.count = tally.counters.published
    found = paginator.get_page(request.GET.get("trang"))
    shown = list(found.object_list)
    groups, replies = reading.groups_of(shown), reading.replies(page.consultation, shown)
    context = {
        "page": page,
        "page_obj": found,
        "rows": [_told(page, row, groups, replies.shown) for row in shown],
        "counters": tally.counters,
        "senders": tally.senders,
        "by_kind": tally.by_kind,
        "kinds": RespondentKind.choices,
        "kind": clean(request.GET.get("doi-tuong", ""))[:12],
        "provision": provision,
        "target": clean(request.GET.get("dieu-khoan", ""))[:36],
        "whole": WHOLE,
        "provisions": _with_opinions(page),
        "orphans": replies.orphans if found.number == 1 else [],
        "window": window.of(page.consultation),
        "extra_crumbs": [(_("Opinions"), "")],
    }
    return render(request, f"{TEMPLATES}/opinions.html", context)


def _narrowed(
    request: HttpRequest, page: ConsultationPage
) -> tuple[QuerySet[PublicOpinion], Provision | None]:
    """An unknown value of a filter filters nothing."""
    rows, provision = reading.published(page.consultation), None
    kind = request.GET.get("doi-tuong", "")
    if kind in RespondentKind.values:
        rows = rows.filter(respondent_kind=kind)
    target = request.GET.get("dieu-khoan", "")
    if target == WHOLE:
        rows = rows.filter(provision=None)
    elif wanted := _uuid(target):
        texts = Provision.objects.filter(text_version__consultation=page.consultation)
        provision = texts.filter(uuid=wanted, text_version__state="published").first()
        rows = rows.filter(provision=provision) if provision else rows
    group = request.GET.get("nhom", "")
    if group.isascii() and group.isdecimal() and len(group) < 19:
        rows = rows.filter(group=int(group))
    return rows, provision


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _with_opinions(page: ConsultationPage) -> QuerySet[Provision]:
    """For the filter: provisions that somebody spoke of in public, in reading order."""
    spoken = PublicOpinion.objects.filter(consultation=page.consultation).values("provision")
    rows = Provision.objects.filter(pk__in=spoken).select_related("text_version")
    return rows.order_by("-text_version__number", "position")


def _told(page: ConsultationPage, row: PublicOpinion, groups: dict, replies: dict) -> dict:
    return {
        "row": row,
        "url": page.url + page.reverse_subpage("published_opinion", args=[row.pk]),
        "abuse_url": page.url + page.reverse_subpage("abuse", args=[row.pk]),
        "group": groups.get(row.group),
        "replies": replies.get(row.pk, []),
        "parts": differences(row.quoted_text, row.suggested_text) if row.suggested_text else [],
    }


def published_opinion(request: HttpRequest, page: ConsultationPage, number: int) -> HttpResponse:
    row = _public(page, number)
    replies = reading.replies(page.consultation, [row])
    context = {
        "page": page,
        "told": _told(page, row, reading.groups_of([row]), replies.shown),
        "row": row,
        "all_url": page.url + page.reverse_subpage("opinions"),
        "extra_crumbs": [(_("Opinion no. %(number)s") % {"number": row.pk}, "")],
    }
    return render(request, f"{TEMPLATES}/opinion.html", context)


def _public(page: ConsultationPage, number: int) -> PublicOpinion:
    # Larger than any row's, and than what the database takes for one.
    row = reading.published(page.consultation).filter(pk=number).first() if number < 2**63 else None
    if row is None:
        raise Http404
    return row


@never_cache
def abuse(request: HttpRequest, page: ConsultationPage, number: int) -> HttpResponse:
    """A reader says that an opinion should not stand there."""
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    row = _public(page, number)
    if request.method != "POST":
        return _show_abuse(request, page, row, AbuseForm(), guard.fresh(REPORT))
    typed = {name: clean(text) for name, text in request.POST.items()}
    passage = guard.check(request, REPORT)
    if passage.wants_new_picture:
        return _show_abuse(request, page, row, AbuseForm(initial=typed), passage.guard)
    form = AbuseForm(typed)
    if not form.is_valid() or passage.token is None:
        kept = passage.guard or guard.Guard(request.POST.get("form_token", ""))
        return _show_abuse(request, page, row, form, kept, passage.error)
    try:
        talking.report(row.opinion, **form.cleaned_data, token=passage.token.id)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _show_abuse(request, page, row, form, guard.fresh(REPORT))
    context = {"page": page, "extra_crumbs": [(_("Report abuse"), "")]}
    return render(request, f"{TEMPLATES}/abuse_thanks.html", context)


def _show_abuse(
    request: HttpRequest,
    page: ConsultationPage,
    row: PublicOpinion,
    form: AbuseForm,
    form_guard: guard.Guard | None,
    told: str = "",
) -> HttpResponse:
    errors = errors_of(form, form_guard, told)
    context = {
        "page": page,
        "row": row,
        "form": form,
        "guard": form_guard,
        "errors": errors,
        "has_errors": bool(errors),
        "extra_crumbs": [(_("Report abuse"), "")],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, f"{TEMPLATES}/abuse.html", context, status=status)


def moderation_log(request: HttpRequest, page: ConsultationPage) -> HttpResponse:
    rows = reading.moderation_log(page.consultation)
    context = {
        "page": page,
        "page_obj": Paginator(rows, LOG_SIZE).get_page(request.GET.get("trang")),
        "counters": reading.counters(page.consultation.pk),
        "extra_crumbs": [(_("Moderation log"), "")],
    }
    return render(request, f"{TEMPLATES}/log.html", context)
