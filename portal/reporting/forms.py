"""Forms of the edition page in the admin."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput


class NumberForm(forms.Form):
    number = forms.CharField(
        label=_("Document number"),
        max_length=40,
        help_text=_("Given by the records office, e.g. 05/BC-SNV."),
    )
    day = forms.DateField(label=_("Date of the document"), widget=AdminDateInput)


class CorrectForm(forms.Form):
    change_note = forms.CharField(
        label=_("What changed and why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands on the first page of the new edition and on its page."),
    )
