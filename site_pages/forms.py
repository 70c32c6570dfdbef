"""Search and verification."""

from django import forms

from portal.text import clean


class SearchForm(forms.Form):
    LONGEST = 200

    q = forms.CharField(required=False, strip=True)

    def clean_q(self) -> str:
        return clean(self.cleaned_data["q"].replace("\x00", " "))[: self.LONGEST]
