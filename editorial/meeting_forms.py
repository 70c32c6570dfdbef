"""Forms of meetings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from portal import clock

from .acting import ActForm
from .fields import HanoiDateTimeField
from .meetings import DETAILS, SIGNING_POSTS, stand_ins
from .models import Appointment, Meeting, MeetingState, NoticeKind

LARGEST_PAPER = 20 * 1024 * 1024
# Ending -> how such a file begins: what it is called and what it is must agree.
PAPER_KINDS = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "pptx": b"PK\x03\x04"}


def in_office() -> QuerySet[Appointment]:
    """Everyone in a post today."""
    rows = Appointment.objects.in_force(clock.today()).filter(user__is_active=True)
    return rows.select_related("user")


class PersonField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Appointment.objects.none(), **kwargs)

    def label_from_instance(self, row: Appointment) -> str:
        return f"{row}, {row.office}"


class PeopleField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Appointment.objects.none(), **kwargs)

    label_from_instance = PersonField.label_from_instance


def papers(file: UploadedFile) -> None:
    """Refuse what is too large, of another kind, or not what its name says."""
    start = PAPER_KINDS.get(file.name.rpartition(".")[2].lower())
    if start is None:
        raise ValidationError(_("Only PDF, DOCX, XLSX and PPTX files are taken."))
    if file.size > LARGEST_PAPER:
        raise ValidationError(_("The file is larger than 20 MB."))
    found = file.read(len(start))
    file.seek(0)
    if found != start:
        raise ValidationError(_("The file is not what its name says."))


class DetailsForm(forms.Form):
    """What a meeting is; on its page and before there is one."""

    title = forms.CharField(
        label=_("Title"), max_length=250, help_text=_("As it stands on the notice.")
    )
    notice_kind = forms.ChoiceField(label=_("Kind of notice"), choices=NoticeKind)
    starts_at = HanoiDateTimeField(label=_("Begins"))
    place = forms.CharField(label=_("Place"), max_length=250, required=False)
    link = forms.URLField(
        label=_("Link to the online meeting"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("A place, a link or both."),
    )
    chair = PersonField(label=_("Chair"))
    secretary = PersonField(label=_("Secretary"))
    signer = PersonField(
        label=_("Signs the notice"), help_text=_("The Head or the standing deputy.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = in_office()
        self.fields["chair"].queryset = self.fields["secretary"].queryset = people
        self.fields["signer"].queryset = people.filter(post__in=SIGNING_POSTS)


class ChangeForm(ActForm, DetailsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DETAILS:
            self.fields[name].initial = getattr(self.row, name)


class AgendaForm(ActForm):
    """The whole agenda as lines: quick to write, to reorder and to paste."""

    lines = forms.CharField(
        label=_("Agenda"),
        max_length=8000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("One item a line, in order. Who presents it follows after a bar: “…| name”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].initial = "\n".join(
            f"{item.title} | {item.presenter}" if item.presenter else item.title
            for item in self.row.agenda.all()
        )

    def clean_lines(self) -> list[tuple[str, str]]:
        found = []
        for line in self.cleaned_data["lines"].splitlines():
            title, _bar, presenter = (part.strip() for part in line.partition("|"))
            if len(title) > 300 or len(presenter) > 160:
                raise ValidationError(_("A line is too long: at most 300 characters an item."))
            if title:
                found.append((title, presenter))
        return found


class InviteForm(ActForm):
    invited = PeopleField(label=_("Invited"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(self.row.attendances.values_list("appointment", flat=True))
        self.fields["invited"].queryset = in_office() | Appointment.objects.filter(
            pk__in=known
        ).select_related("user")
        self.fields["invited"].initial = known


class PaperForm(ActForm):
    title = forms.CharField(label=_("Title"), max_length=250)
    file = forms.FileField(
        label=_("File"),
        validators=[papers],
        help_text=_("PDF, DOCX, XLSX or PPTX, at most 20 MB; seen by those invited only."),
    )


class OnBehalfField(PeopleField):
    """Those who are away that day, each by the name of who stands in."""

    stand_ins: dict[int, Appointment] = {}

    def label_from_instance(self, obj: Appointment) -> str:
        return gettext("%(stand_in)s, in the place of %(name)s") % {
            "stand_in": self.stand_ins[obj.pk].user.get_full_name(),
            "name": obj.user.get_full_name(),
        }


class HoldForm(ActForm):
    present = PeopleField(label=_("Who was there"))
    on_behalf = OnBehalfField(label=_("Stand-ins who came"), required=False)
    ended_at = HanoiDateTimeField(label=_("Ended at"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Appointment.objects.filter(attendances__meeting=self.row).select_related("user")
        self.fields["present"].queryset = rows
        known = stand_ins(self.row)
        self.fields["present"].initial = [row for row in rows if row.pk not in known]
        self.fields["on_behalf"].queryset = rows.filter(pk__in=known)
        self.fields["on_behalf"].stand_ins = known
        if not known:
            del self.fields["on_behalf"]


class MinutesForm(ActForm):
    proceedings = forms.CharField(
        label=_("Proceedings"),
        max_length=50_000,
        widget=forms.Textarea({"rows": 12}),
        help_text=_("Who said what, in the order of the agenda; a paragraph a line (Art. 5.5.e)."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proceedings"].initial = self.row.proceedings


class ConcludeForm(ActForm):
    text = forms.CharField(
        label=_("Conclusion"), max_length=4000, widget=forms.Textarea({"rows": 3})
    )
    responsible = PersonField(label=_("Responsible"))
    due_on = forms.DateField(label=_("Deadline"), widget=AdminDateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = in_office()


class FinishForm(ActForm):
    result = forms.CharField(label=_("Result"), max_length=4000, widget=forms.Textarea({"rows": 3}))


class MeetingFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *MeetingState.choices]
    )
    year = forms.IntegerField(label=_("Year"), required=False, min_value=2020, max_value=2100)

    def narrow(self, rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
        if not self.is_valid():
            return rows
        if self.cleaned_data["state"]:
            rows = rows.filter(state=self.cleaned_data["state"])
        if self.cleaned_data["year"]:
            rows = rows.filter(starts_at__year=self.cleaned_data["year"])
        return rows
