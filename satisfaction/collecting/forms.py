"""Forms of the fieldwork in the admin."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from portal import clock
from portal.agencies.models import Agency, AgencyKind
from portal.text import clean

from ..models import Channel, SampleUnit, Survey
from .collectors import Place

LARGEST_LIST = 2 * 1024 * 1024


class PlaceForm(forms.Form):
    """A way in: for one agency, or for all of a kind."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[(kind.value, kind.label) for kind in (Channel.QR, Channel.KIOSK)],
    )
    agency = forms.ModelChoiceField(
        label=_("Agency"),
        queryset=Agency.objects.none(),
        required=False,
        help_text=_("Leave it empty to make one for each agency of the kinds below."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of agencies"),
        choices=AgencyKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Agencies that have one already are left out."),
    )
    place = forms.CharField(
        label=_("Place or counter"),
        max_length=120,
        required=False,
        help_text=_("For example: Counter 3, civil status. It stands on the poster."),
    )
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=AdminDateInput)
    valid_to = forms.DateField(label=_("Valid to"), required=False, widget=AdminDateInput)
    quota = forms.IntegerField(
        label=_("Quota"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text=_("It takes no more valid answers than this; empty for no limit."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.valid_on(clock.today())

    def clean_place(self) -> str:
        return " ".join(clean(self.cleaned_data["place"]).split())

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("agency") and not data.get("kinds"):
            raise ValidationError(_("Choose an agency, or at least one kind of agencies."))
        start, end = data.get("valid_from"), data.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("The last day is before the first."))
        return data

    def place_made(self) -> Place:
        data = self.cleaned_data
        return Place(
            Channel(data["channel"]),
            data["place"],
            data["valid_from"],
            data["valid_to"],
            data["quota"],
        )

    def agencies(self) -> list[Agency]:
        if self.cleaned_data["agency"]:
            return [self.cleaned_data["agency"]]
        rows = Agency.objects.valid_on(clock.today())
        return list(rows.filter(kind__in=self.cleaned_data["kinds"]))


class AddressesForm(forms.Form):
    """Addresses pasted, or in a CSV or XLSX file."""

    text = forms.CharField(
        label=_("Addresses"),
        required=False,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("One a line, or a table pasted from a spreadsheet."),
    )
    file = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("CSV or XLSX, at most 2 MB.")
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST_LIST:
            raise ValidationError(_("The file is larger than 2 MB. Split the list."))
        return file

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("file") and not (data.get("text") or "").strip() and not self.errors:
            raise ValidationError(_("Paste addresses or choose a file."))
        return data


class SheetForm(forms.Form):
    """What stands on a paper form besides the answers."""

    reference = forms.CharField(
        label=_("Number of the sheet"),
        max_length=40,
        help_text=_("As stamped on the sheet and its scan."),
    )
    filled_on = forms.DateField(label=_("Day on the sheet"), widget=AdminDateInput)
    unit = forms.ModelChoiceField(
        label=_("Sample unit"),
        queryset=SampleUnit.objects.none(),
        required=False,
        help_text=_("Where the sheet was handed out, if the survey has a sample plan."),
    )

    def __init__(self, survey: Survey, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        units = SampleUnit.objects.filter(plan__survey=survey).select_related("agency")
        self.fields["unit"].queryset = units
        if not units.exists():
            del self.fields["unit"]
