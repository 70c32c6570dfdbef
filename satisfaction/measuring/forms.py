"""Forms of the measuring pages."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import NotApplicable, Pooling, WeighingMethod
from ..models.measuring import MOST_DECIMALS
from ..questionnaires import Question, Questionnaire
from .definitions import Definition, criteria
from .weighting import MOST_COMBINATIONS, about_people

_PERCENT = {"max_digits": 6, "decimal_places": 3, "min_value": 0, "max_value": 100}


class DefinitionForm(forms.Form):
    """How the index is computed; a weight a criterion at the end."""

    items = forms.MultipleChoiceField(
        label=_("Items that make the index"), widget=forms.CheckboxSelectMultiple
    )
    satisfied = forms.TypedMultipleChoiceField(
        label=_("Levels that count as satisfied"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    not_applicable = forms.ChoiceField(
        label=_("“Not applicable”"), choices=NotApplicable.choices, widget=forms.RadioSelect
    )
    pooling = forms.ChoiceField(
        label=_("What is averaged"), choices=Pooling.choices, widget=forms.RadioSelect
    )
    decimals = forms.IntegerField(
        label=_("Decimals of the percentage"),
        min_value=0,
        max_value=MOST_DECIMALS,
        help_text=_("Rounded half up."),
    )
    basis = forms.CharField(
        label=_("Legal basis"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The decision that lays this down, with its number and date."),
    )

    def __init__(self, questionnaire: Questionnaire, now: Definition, *args, **kwargs) -> None:
        super().__init__(
            *args,
            initial={
                "items": now.items,
                "satisfied": sorted(now.satisfied),
                "not_applicable": now.not_applicable,
                "pooling": now.pooling,
                "decimals": now.decimals,
                "basis": now.basis,
            },
            **kwargs,
        )
        scales = [q for q in questionnaire.counted.values() if q.code in questionnaire.index.items]
        self.fields["items"].choices = [(q.code, f"{q.code}. {q.label}") for q in scales]
        levels = {c.code: c.label for q in scales for c in q.choices if not c.is_no_answer}
        self.fields["satisfied"].choices = sorted(levels.items())
        titles = {section.code: section.title for section in questionnaire.sections}
        for code in criteria(questionnaire, questionnaire.index.items):
            self.fields[f"weight_{code}"] = forms.DecimalField(
                label=_("Weight of “%(title)s”") % {"title": titles[code]},
                required=False,
                min_value=0,
                max_digits=6,
                decimal_places=4,
                initial=now.weights.get(code),
                help_text=_("Only where criteria have weights of their own."),
            )

    def asked(self) -> dict:
        """What `definitions.define` is told."""
        data = dict(self.cleaned_data)
        weights = {
            name.removeprefix("weight_"): str(share)
            for name in list(data)
            if name.startswith("weight_") and (share := data.pop(name)) is not None
        }
        return data | {"weights": weights}


class ChooseForm(forms.Form):
    """First step: which questions, by which method."""

    questions = forms.MultipleChoiceField(
        label=_("Questions about the respondents"), widget=forms.CheckboxSelectMultiple
    )
    method = forms.ChoiceField(
        label=_("Method"),
        choices=WeighingMethod.choices,
        initial=WeighingMethod.RAKING,
        widget=forms.RadioSelect,
    )

    def __init__(self, questionnaire: Questionnaire, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.people = {q.code: q for q in about_people(questionnaire)}
        self.fields["questions"].choices = [(q.code, q.label) for q in self.people.values()]

    def clean(self) -> dict:
        data = super().clean()
        count = 1
        for code in data.get("questions", []):
            count *= len(said(self.people[code]))
        if data.get("method") == WeighingMethod.POST_STRATIFICATION and count > MOST_COMBINATIONS:
            self.add_error(
                "questions",
                _("These make %(n)d combinations: choose fewer, or raking.") % {"n": count},
            )
        return data


class TargetsForm(forms.Form):
    """Second step: shares of the population, in per cent."""

    source = forms.CharField(
        label=_("Where the shares come from"),
        max_length=500,
        help_text=_("Who counted, and of which year."),
    )
    lowest = forms.DecimalField(
        label=_("Smallest weight"), required=False, max_digits=6, decimal_places=3, min_value=0
    )
    highest = forms.DecimalField(
        label=_("Largest weight"),
        required=False,
        max_digits=6,
        decimal_places=3,
        help_text=_("Fill in both to keep weights between them, for instance 0.3 and 3."),
    )

    def __init__(self, questions: list[Question], method: str, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, tuple[str, str]] = {}
        if method == WeighingMethod.RAKING:
            for question in questions:
                for choice in said(question):
                    self._ask(question.code, str(choice.code), f"{question.label}: {choice.label}")
        else:
            for choices in product(*map(said, questions)):
                code = "|".join(str(choice.code) for choice in choices)
                self._ask("", code, " · ".join(choice.label for choice in choices))
        self.order_fields([*self.places, "source", "lowest", "highest"])

    def _ask(self, group: str, code: str, label: str) -> None:
        name = f"share_{len(self.places)}"
        self.places[name] = group, code
        self.fields[name] = forms.DecimalField(label=f"{label} (%)", **_PERCENT)

    def clean(self) -> dict:
        data = super().clean()
        if (data.get("lowest") is None) != (data.get("highest") is None):
            self.add_error("highest", _("Fill in both limits, or neither."))
        return data

    @property
    def targets(self) -> dict[str, dict[str, Decimal]]:
        found: dict[str, dict[str, Decimal]] = {}
        for name, (group, code) in self.places.items():
            found.setdefault(group, {})[code] = self.cleaned_data[name]
        return found

    @property
    def limits(self) -> tuple[Decimal, Decimal] | None:
        low, high = self.cleaned_data["lowest"], self.cleaned_data["highest"]
        return None if low is None else (low, high)


def said(question: Question) -> list:
    """Choices that say something about a person."""
    return [choice for choice in question.choices if not choice.is_no_answer]
