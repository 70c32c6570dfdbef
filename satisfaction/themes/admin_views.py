"""Themes in the Wagtail admin. Texts are shown masked; as written only to who may read them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.protection.masking import mask
from portal.text import clean

from ..models import Survey, TextAnswer, Theme, ThemeGrouping
from . import grouping as verbs
from . import queries

PAGE_SIZE = 50


def _number(data: QueryDict, name: str) -> int:
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _numbers(data: QueryDict, name: str) -> list[int]:
    return [int(n) for n in data.getlist(name) if n.isascii() and n.isdigit() and len(n) < 18]


def themes(request: HttpRequest, survey_id: int) -> HttpResponse:
    """All text questions of a survey; POST orders a proposal for one."""
    verbs.require_grouper(request.user)
    survey = get_object_or_404(Survey, pk=survey_id)
    if request.method == "POST":
        try:
            verbs.propose(survey_id, clean(request.POST.get("question", ""))[:20], request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Themes are being proposed. Reload this page in a moment."))
        return redirect("survey_themes", survey_id)
    context = {"survey": survey, "questions": queries.questions_of(survey)}
    return render(request, "satisfaction/themes/list.html", context)


def theme(request: HttpRequest, theme_id: int) -> HttpResponse:
    verbs.require_grouper(request.user)
    shown = get_object_or_404(Theme.objects.select_related("grouping__survey"), pk=theme_id)
    if request.method == "POST":
        return _acted(request, shown)
    texts = TextAnswer.objects.filter(placed__theme=shown).order_by("pk")
    quotes = {quote.text_id: quote.excerpt for quote in shown.quotes.all()}
    others = shown.grouping.themes.exclude(pk=shown.pk)
    return _texts_page(request, shown.grouping, texts, theme=shown, quotes=quotes, others=others)


def rest(request: HttpRequest, grouping_id: int) -> HttpResponse:
    """Texts that stand in no theme; POST makes a theme of chosen ones."""
    verbs.require_grouper(request.user)
    grouping = get_object_or_404(ThemeGrouping.objects.select_related("survey"), pk=grouping_id)
    if request.method == "POST":
        return _split(request, grouping, redirect("survey_theme_rest", grouping_id))
    texts = verbs.valid_texts(grouping.survey_id, grouping.question).filter(placed=None)
    return _texts_page(request, grouping, texts.order_by("pk"))


def _texts_page(
    request: HttpRequest, grouping: ThemeGrouping, texts, **context: object
) -> HttpResponse:
    page = Paginator(texts, PAGE_SIZE).get_page(request.GET.get("p"))
    may_read = request.user.has_perm("satisfaction.read_texts")
    is_original = may_read and request.GET.get("ban-goc") == "1"
    if is_original:
        told = {"question": grouping.question, "texts": len(page)}
        log(grouping.survey, "satisfaction.themes.read", user=request.user, data=told)
    quotes = context.get("quotes", {})
    rows = [
        {
            "pk": text.pk,
            "masked": mask(text.text),
            "original": text.text if is_original else "",
            "quote": quotes.get(text.pk, ""),
        }
        for text in page
    ]
    return render(
        request,
        "satisfaction/themes/texts.html",
        {
            "survey": grouping.survey,
            "grouping": grouping,
            "page_obj": page,
            "rows": rows,
            "may_read": may_read,
            "is_original": is_original,
            **context,
        },
    )


def _split(request: HttpRequest, grouping: ThemeGrouping, back: HttpResponse) -> HttpResponse:
    try:
        made = verbs.split(
            grouping.pk,
            _numbers(request.POST, "text"),
            request.POST.get("name", ""),
            request.user,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return back
    messages.success(request, _("The theme is made of the chosen texts."))
    return redirect("survey_theme", made.pk)


def _acted(request: HttpRequest, shown: Theme) -> HttpResponse:
    """One form of the theme's page: the button says what is to be done."""
    back = redirect("survey_theme", shown.pk)
    act = request.POST.get("act", "")
    if act == "split":
        return _split(request, shown.grouping, back)
    data, user = request.POST, request.user
    acts: dict[str, Callable[[], object]] = {
        "rename": lambda: verbs.rename(shown.pk, data.get("name", ""), user),
        "merge": lambda: verbs.merge(shown.pk, _number(data, "into"), user),
        "approve": lambda: verbs.approve(shown.pk, user),
        "withdraw": lambda: verbs.withdraw(shown.pk, user),
        "quote": lambda: verbs.quote(
            shown.pk, _number(data, "text"), data.get("excerpt", ""), user
        ),
        "unquote": lambda: verbs.unquote(shown.pk, _number(data, "text"), user),
    }
    if act not in acts:
        return back
    try:
        made = acts[act]()
    except (ValidationError, Theme.DoesNotExist) as error:
        texts = getattr(error, "messages", [_("Choose another theme of the same question.")])
        messages.error(request, " ".join(texts))
        return back
    messages.success(request, _("Done."))
    return redirect("survey_theme", made.pk) if act == "merge" else back
