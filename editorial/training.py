"""Keeping the register of training, and reading it by person and by year (Art. 12.1.c)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Membership

from .authority import is_on_board, may_screen
from .models import Appointment, Collaborator, Course, Participation

FIELDS = ("subject", "organiser", "starts_on", "ends_on", "hours", "note")


def may_read_all(user: User) -> bool:
    """The Board organises training and reads the register; others read their own lines."""
    return may_screen(user) or is_on_board(user)


def may_read_of(reader: User, user_id: int) -> bool:
    return (reader.is_active and reader.pk == user_id) or may_read_all(reader)


def involved() -> QuerySet[User]:
    """Everyone who runs or supplies the site today: posts, collaborators, agency officers."""
    day = clock.today()
    running = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    of_user = {"user": OuterRef("pk"), "valid_from__lte": day}
    return User.objects.filter(
        Exists(Appointment.objects.filter(running, **of_user))
        | Exists(Collaborator.objects.filter(running, **of_user))
        | Exists(Membership.objects.filter(running, **of_user)),
        is_active=True,
    ).order_by("last_name", "first_name", "pk")


@transaction.atomic
def record(by: User, **fields: object) -> Course:
    """Enter a course."""
    _require_group(by)
    _check(fields)
    try:
        with transaction.atomic():
            course = Course.objects.create(**fields)
    except IntegrityError as error:
        raise _known() from error
    log(course, "editorial.training.record", user=by)
    return course


@transaction.atomic
def change(course_id: int, by: User, **fields: object) -> Course:
    course = _locked(course_id, by)
    _check(fields)
    for name in FIELDS:
        setattr(course, name, fields[name])
    try:
        with transaction.atomic():
            course.save(update_fields=FIELDS)
    except IntegrityError as error:
        raise _known() from error
    log(course, "editorial.training.change", user=by)
    return course


@transaction.atomic
def enrol(course_id: int, people: Iterable[User], by: User) -> int:
    """Enter who took part; a person entered twice counts once. How many are new."""
    course = _locked(course_id, by)
    known = set(course.participations.values_list("user", flat=True))
    new = [person for person in people if person.pk not in known]
    Participation.objects.bulk_create(Participation(course=course, user=user) for user in new)
    log(course, "editorial.training.enrol", user=by, data={"count": len(new)})
    return len(new)


@transaction.atomic
def certify(course_id: int, participation: Participation, certificate: str, by: User) -> None:
    """Note the certificate of someone who took part; an empty note takes it back."""
    course = _locked(course_id, by)
    row = course.participations.select_for_update().get(pk=participation.pk)
    row.certificate = certificate.strip()
    row.save(update_fields=["certificate"])
    log(course, "editorial.training.certify", user=by)


@transaction.atomic
def strike(course_id: int, participation: Participation, by: User) -> None:
    """Take out someone who was entered by mistake."""
    course = _locked(course_id, by)
    if participation.certificate:
        raise ValidationError({"participation": _("This person has a certificate.")})
    course.participations.filter(pk=participation.pk).delete()
    log(course, "editorial.training.strike", user=by)


def courses(year: int | None = None) -> QuerySet[Course]:
    rows = Course.objects.annotate(
        people=Count("participations"),
        certified=Count("participations", filter=~Q(participations__certificate="")),
    )
    if year:
        rows = rows.filter(starts_on__year=year)
    return rows.order_by("-starts_on", "-pk")


def of_person(user_id: int) -> QuerySet[Participation]:
    rows = Participation.objects.filter(user=user_id).select_related("course")
    return rows.order_by("-course__starts_on", "-pk")


def by_person(year: int) -> QuerySet[User]:
    """Who was trained in a year, with how many courses and hours."""
    in_year = Q(trainings__course__starts_on__year=year)
    return (
        User.objects.filter(in_year)
        .annotate(
            courses=Count("trainings", filter=in_year),
            certified=Count("trainings", filter=in_year & ~Q(trainings__certificate="")),
        )
        .order_by("last_name", "first_name", "pk")
    )


def untrained(year: int) -> QuerySet[User]:
    """Who is involved today and took no course in the year."""
    taken = Participation.objects.filter(user=OuterRef("pk"), course__starts_on__year=year)
    return involved().filter(~Exists(taken))


def lines(year: int) -> Iterable[tuple[object, ...]]:
    """The year's register for a spreadsheet, a line a participation."""
    rows = Participation.objects.filter(course__starts_on__year=year)
    rows = rows.select_related("course", "user").order_by("course__starts_on", "course", "pk")
    for row in rows:
        course = row.course
        yield (
            course.subject,
            course.organiser,
            _day(course.starts_on),
            _day(course.ends_on),
            course.hours,
            row.user.get_full_name() or row.user.username,
            row.certificate,
        )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _require_group(by: User) -> None:
    if not may_screen(by):
        raise PermissionDenied


def _locked(course_id: int, by: User) -> Course:
    _require_group(by)
    return Course.objects.select_for_update().get(pk=course_id)


def _check(fields: dict[str, object]) -> None:
    if fields["ends_on"] < fields["starts_on"]:
        raise ValidationError({"ends_on": _("The last day lies before the first.")})


def _known() -> ValidationError:
    return ValidationError({"subject": _("This course on this day is in the register already.")})
