"""The register: a plain form of filters, rows, and an address that says the filter."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.db.models.functions import ExtractYear
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.text import clean
from site_pages.visibility import readable

from .models import DocumentsPage, DocumentType, LegalDocumentPage, Level

PAGE_SIZE = 30


class RegisterForm(forms.Form):
    tu = forms.CharField(label=_("Number or words"), required=False, max_length=100)
    cap = forms.ChoiceField(label=_("Level"), required=False)
    loai = forms.ChoiceField(label=_("Type"), required=False)
    nam = forms.IntegerField(label=_("Year of issue"), required=False, min_value=1945)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cap"].choices = [("", _("All")), *Level.choices]
        self.fields["loai"].choices = [("", _("All")), *DocumentType.choices]


def filtered(page: DocumentsPage, data: dict):
    """Live documents of the register that the filters leave, newest first."""
    documents = readable(LegalDocumentPage.objects.child_of(page))
    if words := clean(data.get("tu") or ""):
        documents = documents.filter(
            Q(number__icontains=words.replace(" ", ""))
            | Q(title__icontains=words)
            | Q(abstract_text__icontains=words)
        )
    if level := data.get("cap"):
        documents = documents.filter(level=level)
    if doc_type := data.get("loai"):
        documents = documents.filter(doc_type=doc_type)
    if year := data.get("nam"):
        documents = documents.annotate(year=ExtractYear("issued_on")).filter(year=year)
    return documents.order_by("-issued_on", "-pk")


def register_context(page: DocumentsPage, request: HttpRequest) -> dict:
    """Form and rows for the page; an unknown filter value filters nothing."""
    form = RegisterForm(request.GET)
    form.is_valid()
    rows = Paginator(filtered(page, form.cleaned_data), PAGE_SIZE)
    return {"form": form, "page_obj": rows.get_page(request.GET.get("trang"))}
