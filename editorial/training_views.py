"""The register of training in the admin: courses, each person's, a year's summary."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.widgets import AdminDateInput

from portal import clock
from portal.accounts.models import User
from portal.reporting.spreadsheets import csv_response, xlsx_response

from . import training
from .acting import Act, ActForm, add_error, history, listed, media, offers, perform
from .authority import may_screen
from .models import Course, Participation

Bound = tuple[str, ActForm] | None
FILES = {"csv": csv_response, "xlsx": xlsx_response}
HEADER = [
    _("Subject"),
    _("Organiser"),
    _("First day"),
    _("Last day"),
    _("Hours"),
    _("Person"),
    _("Certificate"),
]


def named(user: User) -> str:
    return user.get_full_name() or user.username


class CourseForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=250)
    organiser = forms.CharField(label=_("Organiser"), max_length=200)
    starts_on = forms.DateField(label=_("First day"), widget=AdminDateInput)
    ends_on = forms.DateField(label=_("Last day"), widget=AdminDateInput)
    hours = forms.IntegerField(label=_("Hours"), required=False, min_value=1, max_value=2000)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )


class ChangeCourseForm(ActForm, CourseForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in training.FIELDS:
            self.fields[name].initial = getattr(self.row, name)


class UserField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, user: User) -> str:
        return f"{named(user)} ({user.username})"


class ParticipationField(forms.ModelChoiceField):
    def label_from_instance(self, row: Participation) -> str:
        return named(row.user)


class EnrolForm(ActForm):
    people = UserField(
        label=_("Who took part"),
        queryset=User.objects.none(),
        widget=forms.SelectMultiple({"size": 12}),
        help_text=_("Several with Ctrl or Shift. Those in a post, collaborators and officers."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.row.participations.values("user")
        self.fields["people"].queryset = training.involved().exclude(pk__in=known)


class OneParticipantForm(ActForm):
    participation = ParticipationField(label=_("Person"), queryset=Participation.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.row.participations.select_related("user")
        self.fields["participation"].queryset = rows.order_by("user__last_name", "pk")


class CertifyForm(OneParticipantForm):
    certificate = forms.CharField(
        label=_("Certificate"),
        max_length=160,
        required=False,
        help_text=_("Number, date, result. Empty: none."),
    )


def _group(_course: Course, user: User) -> bool:
    return may_screen(user)


def _with_people(course: Course, user: User) -> bool:
    return may_screen(user) and course.participations.exists()


ACTS = [
    Act(
        "them-nguoi",
        _("Enter who took part"),
        training.enrol,
        _group,
        _("The participants are entered."),
        EnrolForm,
        is_primary=True,
    ),
    Act(
        "chung-chi",
        _("Note a certificate"),
        training.certify,
        _with_people,
        _("The certificate is noted."),
        CertifyForm,
    ),
    Act(
        "sua",
        _("Change the course"),
        training.change,
        _group,
        _("The course is saved."),
        ChangeCourseForm,
    ),
    Act(
        "bo-nguoi",
        _("Take out someone entered by mistake"),
        training.strike,
        _with_people,
        _("The person is out of the register."),
        OneParticipantForm,
        is_serious=True,
    ),
]


def _require_reader(request: HttpRequest) -> None:
    if not training.may_read_all(request.user):
        raise PermissionDenied


def _year(request: HttpRequest) -> int:
    typed = request.GET.get("nam", "")
    is_year = typed.isascii() and typed.isdigit() and 2000 <= int(typed) <= 2100
    return int(typed) if is_year else clock.today().year


def course_list(request: HttpRequest) -> HttpResponse:
    _require_reader(request)
    chosen = _year(request) if request.GET.get("nam") else None
    context = {
        **listed(request, training.courses(chosen)),
        "year": chosen,
        "this_year": clock.today().year,
        "may_record": may_screen(request.user),
    }
    return render(request, "editorial/admin/training_list.html", context)


def course_record(request: HttpRequest) -> HttpResponse:
    if not may_screen(request.user):
        raise PermissionDenied
    form = CourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            course = training.record(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_error(form, error)
        else:
            return redirect("editorial_course", course.pk)
    context = {"form": form, "media": form.media}
    return render(request, "editorial/admin/training_record.html", context)


def course_detail(request: HttpRequest, course_id: int, bound: Bound = None) -> HttpResponse:
    _require_reader(request)
    course = get_object_or_404(Course, pk=course_id)
    found = offers(ACTS, course, request.user, bound)
    rows = course.participations.select_related("user").order_by("user__last_name", "pk")
    context = {
        "course": course,
        **listed(request, rows, size=100),
        "offers": found,
        "media": media(found),
        "act_url": "editorial_course_act",
        "row": course,
        "history": history(course),
    }
    return render(request, "editorial/admin/training_course.html", context)


@require_POST
def course_act(request: HttpRequest, course_id: int, code: str) -> HttpResponse:
    _require_reader(request)
    course = get_object_or_404(Course, pk=course_id)
    bound = perform(request, ACTS, course, code)
    if bound:
        return course_detail(request, course_id, bound)
    return redirect("editorial_course", course_id)


def of_person(request: HttpRequest, user_id: int | None = None) -> HttpResponse:
    """A person's own lines, or for the Board and working group anyone's."""
    wanted = user_id or request.user.pk
    if not training.may_read_of(request.user, wanted):
        raise PermissionDenied
    person = get_object_or_404(User, pk=wanted)
    context = {
        "person": person,
        "is_own": person.pk == request.user.pk,
        "sees_all": training.may_read_all(request.user),
        **listed(request, training.of_person(person.pk)),
    }
    return render(request, "editorial/admin/training_person.html", context)


def summary(request: HttpRequest) -> HttpResponse:
    """A year in figures: courses, people, certificates, and who took none."""
    _require_reader(request)
    year = _year(request)
    people = training.by_person(year)
    untrained = training.untrained(year)
    context = {
        "year": year,
        "courses": training.courses(year).count(),
        "participations": Participation.objects.filter(course__starts_on__year=year).count(),
        "certificates": Participation.objects.filter(course__starts_on__year=year)
        .exclude(certificate="")
        .count(),
        "untrained": untrained[:50],
        "untrained_count": untrained.count(),
        **listed(request, people, size=50),
    }
    return render(request, "editorial/admin/training_summary.html", context)


def export(request: HttpRequest, ending: str) -> HttpResponse:
    _require_reader(request)
    if ending not in FILES:
        raise Http404
    year = _year(request)
    header = [str(name) for name in HEADER]
    return FILES[ending](f"dao-tao-{year}", header, training.lines(year))
