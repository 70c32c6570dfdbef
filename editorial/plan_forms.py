"""Forms of the plan and of orders."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput, AdminPageChooser
from wagtail.models import Page

from portal import clock
from site_pages.models import AbstractCategoryPage

from .acting import ActForm
from .authority import may_screen
from .fields import HanoiDateTimeField
from .models import Collaborator, OrderState, Quarter, ReminderLevel

OWN_ITEMS = 200


def sections() -> QuerySet[Page]:
    """The sections that a topic may stand in, in the order of the site."""
    pages = Page.objects.type(AbstractCategoryPage).filter(locale__language_code="vi")
    return pages.order_by("path")


class SectionField(forms.ModelChoiceField):
    """A section, moved in by its depth below the home page."""

    def label_from_instance(self, page: Page) -> str:
        return f"{'– ' * max(0, page.depth - 3)}{page.title}"


class CollaboratorField(forms.ModelChoiceField):
    def label_from_instance(self, row: Collaborator) -> str:
        agency = f" – {row.agency}" if row.agency else ""
        return f"{row}{agency}"


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2020, max_value=2100)
    direction = forms.CharField(
        label=_("Direction of the year"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What the site works towards in the year (Art. 5.1.a, 5.2.c)."),
    )


class DirectionForm(ActForm):
    direction = forms.CharField(
        label=_("Direction of the year"), widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["direction"].initial = self.row.direction


class ApproveForm(ActForm):
    number = forms.CharField(
        label=_("Number and symbol"),
        max_length=60,
        help_text=_("Of the approved plan, e.g. 12/KH-BBT (Art. 5.2.c)."),
    )
    day = forms.DateField(label=_("Date of approval"), widget=AdminDateInput)


class NoteForm(ActForm):
    note = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class TopicForm(ActForm):
    name = forms.CharField(label=_("Topic"), max_length=250)
    section = SectionField(label=_("Section"), queryset=Page.objects.none())
    quarter = forms.TypedChoiceField(label=_("Quarter"), choices=Quarter, coerce=int)
    wanted = forms.CharField(
        label=_("Content wanted"),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Content and requirements to be collected (Art. 8.1.b)."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = sections()


class ChangeTopicForm(TopicForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "section", "quarter", "wanted"):
            self.fields[name].initial = getattr(self.row, name)


class OrderForm(ActForm):
    collaborator = CollaboratorField(label=_("Collaborator"), queryset=Collaborator.objects.none())
    wanted = forms.CharField(
        label=_("What is ordered"), max_length=5000, widget=forms.Textarea({"rows": 4})
    )
    due_at = HanoiDateTimeField(label=_("Proposed deadline"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        current = Collaborator.objects.in_force(clock.today()).select_related("user", "agency")
        self.fields["collaborator"].queryset = current.filter(user__is_active=True)
        self.fields["wanted"].initial = self.row.wanted


class DeadlineForm(ActForm):
    due_at = HanoiDateTimeField(label=_("New deadline"))


class AskForm(ActForm):
    due_at = HanoiDateTimeField(label=_("Deadline that suits you"))
    note = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class DeliverForm(ActForm):
    """The working group chooses any page, a collaborator one of their own."""

    page = forms.ModelChoiceField(label=_("Page delivered"), queryset=Page.objects.none())

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if may_screen(self.user):
            self.fields["page"].queryset = Page.objects.filter(depth__gt=2)
            self.fields["page"].widget = AdminPageChooser()
            return
        own = Page.objects.filter(owner=self.user, depth__gt=2).order_by("-pk")
        # A slice cannot be filtered again, which choosing one of it would do.
        newest = own.values_list("pk", flat=True)[:OWN_ITEMS]
        self.fields["page"].queryset = Page.objects.filter(pk__in=list(newest)).order_by("-pk")
        self.fields["page"].help_text = _("Your own drafts and items, newest first.")


class RemindForm(ActForm):
    level = forms.TypedChoiceField(
        label=_("Whom to remind"),
        choices=ReminderLevel,
        coerce=int,
        help_text=_("Each level reaches those before it too (Art. 5.2.d, 5.4.d)."),
    )


class OrderFilter(forms.Form):
    """What the list of orders is narrowed by."""

    state = forms.ChoiceField(label=_("State"), required=False)
    section = SectionField(
        label=_("Section"), queryset=Page.objects.none(), required=False, empty_label=_("All")
    )
    late = forms.BooleanField(label=_("Only late ones"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [
            ("", _("Ordered, not delivered")),
            *OrderState.choices,
        ]
        self.fields["section"].queryset = sections()
