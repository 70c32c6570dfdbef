"""Forms of the Board's page. What they check again is only there to stand at the field."""

from __future__ import annotations

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput
from wagtail.documents.models import Document
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.agencies.queries import choices_on

from . import sections
from .models import Appointment, BoardDecision, CollaboratorKind, Post
from .models.board import BOARD_POSTS


class PersonField(forms.ModelChoiceField):
    """Everybody with an account: open, or closed because a term ended."""

    def __init__(self, **kwargs) -> None:
        super().__init__(queryset=User.objects.order_by("last_name", "first_name"), **kwargs)

    def label_from_instance(self, user: User) -> str:
        return f"{user.get_full_name()} ({user.username})"


class AppointmentField(forms.ModelChoiceField):
    def label_from_instance(self, row: Appointment) -> str:
        return f"{row.user.get_full_name()} – {row.get_post_display()}"


class SectionsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, page: Page) -> str:
        return _path_label(page)


class SectionField(forms.ModelChoiceField):
    def label_from_instance(self, page: Page) -> str:
        return _path_label(page)


def _path_label(page: Page) -> str:
    return "– " * (page.depth - 3) + page.title


def _day(label: str, **kwargs) -> forms.DateField:
    return forms.DateField(label=label, widget=AdminDateInput, **kwargs)


def _in_force(posts: set[str] | None = None):
    rows = Appointment.objects.in_force(clock.today()).select_related("user")
    return rows.filter(post__in=posts) if posts else rows


def _in_charge():
    return Page.objects.filter(pk__in=[page.pk for page in sections.in_charge()]).order_by("path")


class DecisionForm(forms.Form):
    number = forms.CharField(
        label=_("number and symbol"), max_length=60, help_text=_("As it stands: 1234/QĐ-UBND.")
    )
    issued_on = _day(_("issued on"))
    about = forms.CharField(label=_("abstract"), max_length=300)
    document = forms.ModelChoiceField(
        Document.objects.order_by("-created_at"), label=_("file"), required=False
    )


class AppointForm(forms.Form):
    decision = forms.ModelChoiceField(
        BoardDecision.objects.all(),
        label=_("decision"),
        help_text=_("Posts are given by a decision (Art. 4.1). Record it first."),
    )
    post = forms.ChoiceField(label=_("post"), choices=Post)
    user = PersonField(label=_("person"))
    office = forms.CharField(
        label=_("office held"),
        max_length=160,
        help_text=_("As it stands in the decision, e.g. “Giám đốc Sở Nội vụ” (Art. 4.1)."),
    )
    valid_from = _day(_("from"))
    valid_to = _day(_("to"), required=False, help_text=_("The last day. Empty: until it is ended."))


class EndForm(forms.Form):
    """Ending what gives access; who leaves drafts behind names a successor."""

    last_day = _day(
        _("last day"), help_text=_("Yesterday or earlier: the access is gone at once (Art. 5.5.m).")
    )
    successor = PersonField(
        label=_("successor"),
        required=False,
        help_text=_("Takes over drafts and items in review. Needed only where some wait."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["successor"].queryset
        self.fields["successor"].queryset = people.filter(is_active=True)


class LastDayForm(forms.Form):
    last_day = _day(_("last day"))


class AssignForm(forms.Form):
    appointment = AppointmentField(Appointment.objects.none(), label=_("member"))
    section = SectionField(
        Page.objects.none(), label=_("section"), help_text=_("With everything below it.")
    )
    paper = forms.CharField(
        label=_("assigned by"),
        max_length=120,
        help_text=_("Number and date of the Head's assignment (Art. 5.2.b)."),
    )
    valid_from = _day(_("from"))
    valid_to = _day(_("to"), required=False, help_text=_("Empty: to the end of the term."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["appointment"].queryset = _in_force(BOARD_POSTS)
        self.fields["section"].queryset = _in_charge()


class DelegateForm(forms.Form):
    giver = AppointmentField(Appointment.objects.none(), label=_("given by"))
    taker = AppointmentField(
        Appointment.objects.none(),
        label=_("given to"),
        help_text=_("Board for Board, working group for working group."),
    )
    paper = forms.CharField(
        label=_("paper of delegation"),
        max_length=120,
        help_text=_("Number and date; shown with each decision."),
    )
    valid_from = _day(_("from"))
    valid_to = _day(_("to"), help_text=_("The last day. Every delegation has one."))
    sections = SectionsField(
        Page.objects.none(),
        label=_("sections"),
        required=False,
        help_text=_("None chosen: everything that the giver decides."),
    )

    def __init__(self, *args, givers, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["giver"].queryset = givers
        self.fields["taker"].queryset = _in_force()
        self.fields["sections"].queryset = _in_charge()


class AbsenceForm(forms.Form):
    appointment = AppointmentField(Appointment.objects.none(), label=_("who is away"))
    stand_in = AppointmentField(
        Appointment.objects.none(),
        label=_("stand-in"),
        help_text=_("Board for Board, working group for working group."),
    )
    valid_from = _day(_("from"))
    valid_to = _day(_("to"), help_text=_("The last day."))

    def __init__(self, *args, givers, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["appointment"].queryset = givers
        self.fields["stand_in"].queryset = _in_force()


class AgencyField(forms.ModelChoiceField):
    """Departments in official order, then wards and communes by the alphabet."""

    def __init__(self, **kwargs) -> None:
        super().__init__(queryset=Agency.objects.all(), to_field_name="code", **kwargs)
        self.choices = lazy(lambda: [("", "—"), *choices_on()], list)()


class CollaboratorForm(forms.Form):
    user = PersonField(label=_("person"))
    kind = forms.ChoiceField(
        label=_("kind"), choices=CollaboratorKind, help_text=_("The network of Article 12.2.")
    )
    agency = AgencyField(
        label=_("agency"),
        required=False,
        help_text=_("Needed for an official whom an agency sends (Art. 13.3.a)."),
    )
    paper = forms.CharField(
        label=_("contract or assignment"), max_length=120, help_text=_("Number and date.")
    )
    valid_from = _day(_("from"))
    valid_to = _day(_("to"), required=False, help_text=_("The last day. Empty: until it is ended."))
    sections = SectionsField(
        Page.objects.none(),
        label=_("sections"),
        required=False,
        help_text=_("Where this person may write. None chosen: every section of articles."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        keys = sections.of_articles().values("pk")
        self.fields["sections"].queryset = Page.objects.filter(pk__in=keys).order_by("path")


class HandOverForm(forms.Form):
    successor = PersonField(label=_("successor"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["successor"].queryset
        self.fields["successor"].queryset = people.filter(is_active=True)


class DayForm(forms.Form):
    ngay = _day(_("Composition on"), required=False)


class CollaboratorFilter(forms.Form):
    trang_thai = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("running", _("In force now")), ("ended", _("Ended")), ("all", _("All"))],
    )
    loai = forms.ChoiceField(
        label=_("Kind of collaborator"),
        required=False,
        choices=[("", _("All")), *CollaboratorKind.choices],
    )
    co_quan = AgencyField(label=_("Agency"), required=False)
