"""Consultations as readers see them: open, closing soon, to come, closed, answered."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal import clock
from portal.text import collation_key
from site_pages.fields import ReformField
from site_pages.visibility import readable

from . import queries, wording
from .models import Consultation, ConsultationPage, ConsultationsPage
from .window import Window, WindowState

PAGE_SIZE = 20


class Standing(models.TextChoices):
    """Where a consultation stands, in the order of the list."""

    SOON = "sap-dong", _("Closing soon")
    OPEN = "dang-mo", _("Open")
    SUSPENDED = "tam-dung", _("Suspended")
    UPCOMING = "sap-mo", _("To come")
    CLOSED = "da-dong", _("Closed, waiting for answers")
    ANSWERED = "da-tra-loi", _("Answered")


@dataclass(frozen=True)
class Listed:
    page: ConsultationPage
    window: Window
    received: int = 0

    @property
    def consultation(self) -> Consultation:
        return self.page.consultation

    @property
    def standing(self) -> Standing:
        if self.window.state is WindowState.SUSPENDED:
            return Standing.SUSPENDED
        if self.window.is_open:
            return Standing.SOON if wording.is_soon(self.window) else Standing.OPEN
        if self.window.state in (WindowState.UPCOMING, WindowState.UNSET):
            return Standing.UPCOMING
        return Standing.ANSWERED if self.consultation.answered_at else Standing.CLOSED

    @property
    def sentence(self) -> str:
        return wording.sentence(self.window)

    @property
    def countdown(self) -> str:
        return wording.countdown(self.window)


class ListForm(forms.Form):
    trangthai = forms.ChoiceField(label=_("State"), required=False)
    linhvuc = forms.ChoiceField(label=_("Field of reform"), required=False)
    coquan = forms.ChoiceField(label=_("Drafting agency"), required=False)

    def __init__(self, *args, agencies: dict[str, str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trangthai"].choices = [("", _("All")), *Standing.choices]
        self.fields["linhvuc"].choices = [("", _("All")), *ReformField.choices]
        named = sorted(agencies.items(), key=lambda item: collation_key(item[1]))
        self.fields["coquan"].choices = [("", _("All")), *named]


def pages_below(parent: Page) -> QuerySet[ConsultationPage]:
    pages = readable(ConsultationPage.objects.child_of(parent))
    return pages.select_related("consultation__agency", "locale")


def listed(parent: Page) -> list[Listed]:
    """Every readable consultation: what can still be answered first, the most pressing on top."""
    pages = list(pages_below(parent))
    windows = queries.windows([page.consultation_id for page in pages], clock.now())
    rows = [Listed(page, windows[page.consultation_id]) for page in pages]
    order = list(Standing)
    return sorted(rows, key=lambda row: (order.index(row.standing), _place(row), -row.page.pk))


def _place(row: Listed) -> float:
    """By the last day: the next one first while it lies ahead, the latest first after."""
    if row.window.closes_at is None:
        return 0.0
    moment = row.window.closes_at.timestamp()
    is_over = row.standing in (Standing.CLOSED, Standing.ANSWERED)
    return -moment if is_over else moment


def list_context(page: ConsultationsPage, request: HttpRequest) -> dict[str, object]:
    """Form and rows; a value that is no choice filters nothing."""
    rows = listed(page)
    agencies = {row.consultation.agency.code: row.consultation.agency.label for row in rows}
    form = ListForm(request.GET, agencies=agencies)
    form.is_valid()
    chosen = form.cleaned_data
    if state := chosen.get("trangthai"):
        rows = [row for row in rows if row.standing == state]
    if field := chosen.get("linhvuc"):
        rows = [row for row in rows if row.consultation.reform_field == field]
    if agency := chosen.get("coquan"):
        rows = [row for row in rows if row.consultation.agency.code == agency]
    page_obj = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    received = queries.received_by([row.page.consultation_id for row in page_obj])
    page_obj.object_list = [
        Listed(row.page, row.window, received[row.page.consultation_id]) for row in page_obj
    ]
    return {"form": form, "page_obj": page_obj}
