"""Opinions in the admin: the queue of the working group, one opinion, its files."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page as ListPage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from editorial.acting import Act, ActForm, history, listed, media, offers, perform
from editorial.differences import differences
from portal.accounts.models import User
from portal.protection import quarantine

from ..models import Opinion, OpinionFile, OpinionState
from . import deciding, queue, talking
from .deciding import MOST_AT_ONCE
from .forms import AppealForm, PublishForm, QueueFilter, ReplyForm, WithholdForm

Bound = tuple[str, ActForm] | None
# Nobody reads a withdrawn opinion any more, in the office neither.
SEALED = OpinionState.WITHDRAWN


def _decide_appeal(opinion_id: int, by: User, *, outcome: str, reason: str) -> Opinion:
    return deciding.decide_appeal(opinion_id, by, overturns=outcome == "1", reason=reason)


def _has_open_appeal(row: Opinion) -> bool:
    is_open = hasattr(row, "appeal") and row.appeal.decided_at is None
    return is_open and row.state == OpinionState.WITHHELD


def _may_publish(row: Opinion, user: User) -> bool:
    is_free = row.state == OpinionState.WITHHELD and not _has_open_appeal(row)
    return deciding.may_moderate(user) and (row.state == OpinionState.WAITING or is_free)


def _may_withhold(row: Opinion, user: User) -> bool:
    states = {OpinionState.WAITING, OpinionState.PUBLISHED}
    return deciding.may_moderate(user) and row.state in states


ACTS = [
    Act(
        "dang",
        _("Publish"),
        deciding.publish,
        _may_publish,
        _("The opinion is published; the sender is told."),
        PublishForm,
        is_primary=True,
    ),
    Act(
        "khieu-nai",
        _("Decide the appeal"),
        _decide_appeal,
        lambda row, user: _has_open_appeal(row) and deciding.may_decide_appeal(row, user),
        _("The appeal is decided; the sender is told."),
        AppealForm,
        is_primary=True,
    ),
    Act(
        "dang-nhom",
        _("Publish all that wait with the very same words"),
        deciding.publish_same,
        lambda row, user: deciding.may_moderate(user) and row.state == OpinionState.WAITING,
        _("The opinions with the same words are published."),
    ),
    Act(
        "phan-hoi",
        _("Reply in public"),
        talking.reply,
        lambda row, user: (
            row.state == OpinionState.PUBLISHED and talking.may_reply(user, row.consultation)
        ),
        _("The reply is public; the sender is told."),
        ReplyForm,
    ),
    Act(
        "giu-nguyen",
        _("It stays: the reports are settled"),
        talking.settle,
        lambda row, user: (
            deciding.may_moderate(user) and row.abuse_reports.filter(settled_at=None).exists()
        ),
        _("The reports are settled."),
    ),
    Act(
        "khong-dang",
        _("Withhold"),
        deciding.withhold,
        _may_withhold,
        _("The opinion is withheld; the sender is told why."),
        WithholdForm,
        is_serious=True,
    ),
]


@require_safe
def opinion_list(request: HttpRequest) -> HttpResponse:
    deciding.require_moderator(request.user)
    # Without a choice the list shows what waits.
    asked = request.GET if request.GET.keys() - {"p"} else {"state": OpinionState.WAITING}
    form = QueueFilter(asked)
    chosen = form.cleaned_data if form.is_valid() else {}
    consultation = chosen.get("consultation")
    rows = queue.narrowed(
        queue.Narrowing(
            consultation.pk if consultation else None,
            chosen.get("state", ""),
            chosen.get("kind", ""),
            chosen.get("only", ""),
        )
    )
    context = listed(request, rows)
    page: ListPage = context["page_obj"]
    # The numbers of the page first, then their facts: the others cost nothing.
    found = queue.with_facts(Opinion.objects.filter(pk__in=[row.pk for row in page]))
    shown = list(found.order_by("received_at", "pk"))
    same = queue.same_waiting(shown)
    context |= {
        "form": form,
        "rows": [(row, same.get(row.fingerprint, 0)) for row in shown],
        "query": request.GET.urlencode(),
        "most": MOST_AT_ONCE,
        # All lines have the state that was asked for.
        "shows_state": not chosen.get("state"),
    }
    return render(request, "consultations/moderation/list.html", context)


@require_POST
def publish_chosen(request: HttpRequest) -> HttpResponse:
    """The ticked lines; with "same", all that wait with the words of each of them."""
    given = [key for key in request.POST.getlist("chon") if key.isascii() and key.isdigit()]
    chosen = [int(key) for key in given if len(key) < 19]
    if "giong" in request.POST:
        count = sum(deciding.publish_same(key, request.user) for key in _known(chosen))
    else:
        count = deciding.publish_many(chosen, request.user)
    told = ngettext("%(n)d opinion is published.", "%(n)d opinions are published.", count)
    messages.success(request, told % {"n": count})
    # Back to the same lines; written anew, so that it leads nowhere else.
    narrowed = QueryDict(request.POST.get("loc", "")).urlencode()
    return redirect(f"{reverse('opinion_list')}?{narrowed}")


def _known(keys: list[int]) -> list[int]:
    return list(Opinion.objects.filter(pk__in=keys).values_list("pk", flat=True))


def _require_reader(user: User, row: Opinion) -> None:
    """The working group, and the drafting agency's officials who answer it."""
    if not talking.may_reply(user, row.consultation):
        raise PermissionDenied


@never_cache
def opinion_detail(request: HttpRequest, opinion_id: int, bound: Bound = None) -> HttpResponse:
    rows = Opinion.objects.select_related(
        "consultation__agency", "provision", "text_version", "agency", "like", "appeal", "public"
    )
    row = get_object_or_404(rows, pk=opinion_id)
    _require_reader(request.user, row)
    found = offers(ACTS, row, request.user, bound)
    is_moderator = deciding.may_moderate(request.user)
    context = {
        "row": row,
        "is_sealed": row.state == SEALED,
        "offers": found,
        "media": media(found),
        "act_url": "opinion_act",
        "parts": differences(row.quoted_text, row.suggested_text) if row.suggested_text else [],
        "files": row.files.select_related("file"),
        "decisions": row.decisions.select_related("made_by"),
        "revisions": row.revisions.all() if is_moderator else [],
        "reports": row.abuse_reports.filter(settled_at=None) if is_moderator else [],
        "same": queue.same_waiting([row]).get(row.fingerprint, 0),
        "alike": Opinion.objects.filter(like=row.like_id or row.pk).count(),
        "is_moderator": is_moderator,
        "history": history(row),
    }
    return render(request, "consultations/moderation/detail.html", context)


@require_POST
def opinion_act(request: HttpRequest, opinion_id: int, code: str) -> HttpResponse:
    row = get_object_or_404(Opinion.objects.select_related("consultation__agency"), pk=opinion_id)
    _require_reader(request.user, row)
    bound = perform(request, ACTS, row, code)
    if bound:
        return opinion_detail(request, opinion_id, bound)
    return redirect("opinion_detail", opinion_id)


@require_safe
@never_cache
def opinion_file(request: HttpRequest, file_id: int) -> FileResponse:
    """A clean file, to be saved and never shown by the browser; any other does not exist."""
    rows = OpinionFile.objects.select_related("file", "opinion__consultation__agency")
    item = get_object_or_404(rows.filter(opinion__isnull=False), pk=file_id)
    _require_reader(request.user, item.opinion)
    if not item.file.may_leave or item.opinion.state == SEALED:
        raise Http404
    response = FileResponse(
        quarantine.path_of(item.file.key).open("rb"),
        as_attachment=True,
        filename=item.file.name,
        content_type="application/octet-stream",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def waits_in_words(count: int) -> str:
    told = ngettext("%(n)d opinion waits to be read", "%(n)d opinions wait to be read", count)
    return told % {"n": count}


def appeals_in_words(count: int) -> str:
    return _now("%(n)d appeals to decide") % {"n": count}
