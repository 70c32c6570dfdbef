"""What people type into a search box."""

from django import forms

from portal.text import clean


class WordsField(forms.CharField):
    """Whatever was typed is text: a NUL is a blank, and what goes on too long is cut."""

    def __init__(self, *args, longest: int, **kwargs) -> None:
        self.longest = longest
        super().__init__(*args, required=False, **kwargs)

    def to_python(self, value: object) -> str:
        typed = super().to_python(value).replace("\x00", " ")
        return clean(typed)[: self.longest].strip()

    def bound_data(self, data: object, initial: object) -> str:
        return self.to_python(data)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, object]:
        return {**super().widget_attrs(widget), "maxlength": str(self.longest)}


class SearchForm(forms.Form):
    q = WordsField(longest=200)
