"""A person's notices, and how they want letters."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from . import notices
from .models import LetterMode, Notice, NoticePreference, Occasion

PAGE_SIZE = 30


class PreferenceForm(forms.Form):
    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        chosen = dict(NoticePreference.objects.filter(user=user).values_list("occasion", "mode"))
        for occasion in Occasion:
            self.fields[occasion.value] = forms.ChoiceField(
                label=occasion.label,
                choices=LetterMode.choices,
                initial=chosen.get(occasion.value, LetterMode.AT_ONCE),
            )


def notice_list(request: HttpRequest, form: PreferenceForm | None = None) -> HttpResponse:
    rows = Notice.objects.filter(user=request.user).select_related("page")
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p")),
        "form": form or PreferenceForm(user=request.user),
    }
    return render(request, "editorial/admin/notices.html", context)


def follow(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark a notice as read and go to what it is about."""
    get_object_or_404(Notice, pk=notice_id, user=request.user)
    notice = notices.read(request.user, notice_id)
    if notice.occasion == Occasion.FORWARDED:
        return redirect("editorial_desk")
    if notice.occasion == Occasion.TO_CORRECT and notice.page and notice.page.live:
        return redirect("editorial_check", notice.page_id)
    if notice.task_state_id:
        return redirect("editorial_review", notice.task_state_id)
    return redirect("editorial_desk")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    notices.read_all(request.user)
    return redirect("editorial_notices")


@require_POST
def prefer(request: HttpRequest) -> HttpResponse:
    form = PreferenceForm(request.POST, user=request.user)
    if not form.is_valid():
        return notice_list(request, form)
    for occasion, mode in form.cleaned_data.items():
        notices.prefer(request.user, occasion, mode)
    messages.success(request, _("Your choice of letters is saved."))
    return redirect("editorial_notices")
