"""Narrowing a section's list by the second axis of Article 6: field of reform, agency, year."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.text import collation_key

from .fields import ReformField
from .search.models import SearchEntry

_COLUMNS = {"linhvuc": "reform_field", "coquan": "agencies__code", "nam": "dated__year"}


class ListingForm(forms.Form):
    linhvuc = forms.ChoiceField(label=_("Field of reform"), required=False)
    coquan = forms.ChoiceField(label=_("Agency"), required=False)
    nam = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, *args, agencies: dict[str, str], years: list[int], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["linhvuc"].choices = [("", _("All")), *ReformField.choices]
        named = sorted(agencies.items(), key=lambda item: collation_key(item[1]))
        self.fields["coquan"].choices = [("", _("All")), *named]
        self.fields["nam"].choices = [("", _("All")), *((str(y), str(y)) for y in years)]
        if not agencies:
            del self.fields["coquan"]


def narrowed(pages: QuerySet, request: HttpRequest) -> tuple[QuerySet, ListingForm]:
    """The pages that the reader's filters leave, and the form that shows them.

    A value that is no choice filters nothing.
    """
    entries = SearchEntry.objects.filter(page__in=pages.order_by())
    # One query for both lists: which agencies and which years there are at all.
    name = "agencies__name_en" if get_language() == "en" else "agencies__name"
    rows = set(entries.values_list("agencies__code", name, "dated__year").distinct())
    agencies = {code: label for code, label, _year in rows if code}
    years = sorted({year for _code, _label, year in rows if year}, reverse=True)
    form = ListingForm(request.GET, agencies=agencies, years=years)
    form.is_valid()
    wanted = {
        column: form.cleaned_data[name]
        for name, column in _COLUMNS.items()
        if form.cleaned_data.get(name)
    }
    if wanted:
        pages = pages.filter(pk__in=entries.filter(**wanted).values("page"))
    return pages, form
