"""The plan of a report: which chapters, in which order, with which comments."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .plan import CHAPTERS, COMMENT_LENGTH, Chosen


class PlanForm(forms.Form):
    """A row a chapter: shown or not, its place, the working group's words."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    has_nps = forms.BooleanField(
        label=_("Net promoter score for ratings from 0 to 10"),
        required=False,
        help_text=_("Only where the report is to have it."),
    )

    def __init__(self, *args, chosen: Chosen, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["has_nps"].initial = chosen.has_nps
        order = [*chosen.chapters, *(code for code in CHAPTERS if code not in chosen.chapters)]
        for place, code in enumerate(order, 1):
            self.fields[f"show-{code}"] = forms.BooleanField(
                label=CHAPTERS[code], required=False, initial=code in chosen.chapters
            )
            self.fields[f"place-{code}"] = forms.IntegerField(
                label=pgettext_lazy("place in a list", "Order"),
                min_value=1,
                max_value=99,
                initial=place,
                required=False,
            )
            self.fields[f"comment-{code}"] = forms.CharField(
                label=_("Comment of the working group"),
                required=False,
                max_length=COMMENT_LENGTH,
                initial=chosen.comments.get(code, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.order = order

    def rows(self) -> Iterator[dict[str, object]]:
        for code in self.order:
            yield {
                "title": CHAPTERS[code],
                **{name: self[f"{name}-{code}"] for name in ("show", "place", "comment")},
            }

    def chosen(self) -> Chosen:
        given = self.cleaned_data
        shown = [code for code in self.order if given[f"show-{code}"]]
        shown.sort(key=lambda code: given[f"place-{code}"] or 99)
        comments = {code: given[f"comment-{code}"] for code in self.order}
        return Chosen(tuple(shown), comments, given["has_nps"])
