"""Search and verification."""

from django import forms

from portal.text import clean


class SearchForm(forms.Form):
    LONGEST = 200

    q = forms.CharField(required=False, strip=True)

    def clean_q(self) -> str:
        # Quotes are operators to the index and an error on SQLite; here they are just text.
        return clean(self.cleaned_data["q"].replace('"', " ").replace("\x00", " "))[: self.LONGEST]
