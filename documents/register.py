"""The register: a plain form of filters, rows, and an address that says the filter."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal import clock
from site_pages.fields import ReformField
from site_pages.forms import WordsField
from site_pages.search.finding import page_ids
from site_pages.visibility import readable

from .models import (
    DocumentsPage,
    DocumentType,
    Force,
    LegalDocumentPage,
    LegalDocumentQuerySet,
    Level,
)
from .numbers import tidy

PAGE_SIZE = 30
_COLUMNS = {
    "cap": "level",
    "loai": "doc_type",
    "coquan": "issuer",
    "linhvuc": "reform_field",
    "nam": "issued_on__year",
}


class RegisterForm(forms.Form):
    tu = WordsField(label=_("Number or words"), longest=100)
    cap = forms.ChoiceField(label=_("Level"), required=False)
    loai = forms.ChoiceField(label=_("Type"), required=False)
    coquan = forms.ChoiceField(label=_("Issuer"), required=False)
    linhvuc = forms.ChoiceField(label=_("Field of reform"), required=False)
    hieuluc = forms.ChoiceField(label=_("State"), required=False)
    nam = forms.IntegerField(
        label=_("Year of issue"), required=False, min_value=1945, max_value=9999
    )

    def __init__(self, *args, issuers: list[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coquan"].choices = [("", _("All")), *((name, name) for name in issuers)]
        self.fields["linhvuc"].choices = [("", _("All")), *ReformField.choices]
        self.fields["hieuluc"].choices = [("", _("All")), *Force.choices]
        self.fields["cap"].choices = [("", _("All")), *Level.choices]
        self.fields["loai"].choices = [("", _("All")), *DocumentType.choices]


def filtered(page: DocumentsPage, data: dict) -> LegalDocumentQuerySet:
    """Live documents of the register that the filters leave, newest first."""
    documents = readable(LegalDocumentPage.objects.child_of(page))
    if words := data.get("tu"):
        documents = documents.filter(
            Q(number__icontains=tidy(words)) | Q(pk__in=page_ids(words, page.locale.language_code))
        )
    for name, column in _COLUMNS.items():
        if wanted := data.get(name):
            documents = documents.filter(**{column: wanted})
    if state := data.get("hieuluc"):
        documents = documents.in_state(Force(state), clock.today())
    return documents.with_force().order_by("-issued_on", "-pk")


def register_context(page: DocumentsPage, request: HttpRequest) -> dict:
    """Form and rows for the page; an unknown filter value filters nothing."""
    issuers = readable(LegalDocumentPage.objects.child_of(page)).issuers()
    form = RegisterForm(request.GET, issuers=issuers)
    form.is_valid()
    rows = Paginator(filtered(page, form.cleaned_data), PAGE_SIZE)
    return {"form": form, "page_obj": rows.get_page(request.GET.get("trang"))}
