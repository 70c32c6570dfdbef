"""The form of a sample plan."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Allocation, SamplePlan, SizeMethod
from .planning import Design, UnitLine, read_units


class PlanForm(forms.Form):
    method = forms.ChoiceField(
        label=_("How the size is found"), choices=SizeMethod.choices, initial=SizeMethod.YAMANE
    )
    margin = forms.DecimalField(
        label=_("Margin of error, in percent"),
        min_value=Decimal("0.1"),
        max_value=Decimal("50"),
        max_digits=4,
        decimal_places=1,
        initial=Decimal("5"),
        help_text=_("e in the formula; used by the first two ways."),
    )
    share = forms.DecimalField(
        label=_("Expected share, in percent"),
        min_value=Decimal("1"),
        max_value=Decimal("99"),
        max_digits=4,
        decimal_places=1,
        initial=Decimal("50"),
        help_text=_("p in the formula of the second way; 50 where nothing is known."),
    )
    stages = forms.CharField(
        label=_("Units of each stage"),
        required=False,
        max_length=60,
        help_text=_("For the third way, e.g. 6 × 3 × 2 × 250 gives 9,000 households."),
    )
    size = forms.IntegerField(
        label=_("Number that was decided"), required=False, min_value=1, max_value=10_000_000
    )
    allocation = forms.ChoiceField(label=_("Allocation"), choices=Allocation.choices)
    units = forms.CharField(
        label=_("Units"),
        widget=forms.Textarea({"rows": 12}),
        help_text=_(
            "One a line: the agency's code; village or group (may be left out); households. "
            "For example: P001; Tổ dân phố 5; 420."
        ),
    )
    is_enforced = forms.BooleanField(
        label=_("A unit that has its number takes no more answers"), required=False
    )

    def clean_units(self) -> list[UnitLine]:
        try:
            return read_units(self.cleaned_data["units"])
        except forms.ValidationError as error:
            raise forms.ValidationError(error.messages) from error

    def design(self) -> Design:
        data = self.cleaned_data
        return Design(
            method=SizeMethod(data["method"]),
            margin=data["margin"] / 100,
            share=data["share"] / 100,
            stages=data["stages"],
            size=data["size"] or 0,
            allocation=Allocation(data["allocation"]),
            is_enforced=data["is_enforced"],
        )


def filled_from(plan: SamplePlan) -> dict[str, object]:
    """A plan as its form holds it."""
    units = plan.units.select_related("agency")
    return {
        "method": plan.method,
        "margin": plan.margin * 100,
        "share": plan.share * 100,
        "stages": plan.stages,
        "size": plan.size if plan.method == SizeMethod.FIXED else None,
        "allocation": plan.allocation,
        "is_enforced": plan.is_enforced,
        "units": "\n".join(
            "; ".join(part for part in (unit.agency.code, unit.name, str(unit.population)) if part)
            for unit in units
        ),
    }
