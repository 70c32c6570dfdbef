"""Surveys and their reports in the first panel of the admin."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import User
from portal.reporting.formats import number
from portal.reporting.models import Edition, EditionState
from site_pages.work_queue import EACH, Waiting, register_work

from . import results
from .listing import time_left
from .models import Survey
from .reports import KIND
from .window import days_left, last_minute


@register_work
def reports(user: User) -> Iterator[Waiting]:
    """What the queue has made and a person has to sign, or could not make."""
    if not user.has_perm("reporting.view_edition"):
        return
    tasks = {
        EditionState.READY: ("reporting.publish_edition", _("Read, sign and publish the report")),
        EditionState.FAILED: ("reporting.order_edition", _("The report failed; make it again")),
    }
    wanted = [state for state, (permission, _task) in tasks.items() if user.has_perm(permission)]
    editions = Edition.objects.filter(kind=KIND, state__in=wanted).defer("snapshot")
    for edition in editions.select_related("ordered_by").order_by("ordered_at")[:EACH]:
        person = edition.ordered_by
        yield Waiting(
            edition.title,
            tasks[EditionState(edition.state)][1],
            reverse("edition_detail", args=[edition.pk]),
            person.get_full_name() or person.username,
        )


@register_work
def ended_surveys(user: User) -> Iterator[Waiting]:
    """Surveys that have ended and have no report yet."""
    if not user.has_perm("reporting.order_edition"):
        return
    reported = Edition.objects.filter(kind=KIND).values("subject_id")
    ended = Survey.objects.filter(closes_at__lte=clock.now()).exclude(pk__in=reported)
    for survey in ended.order_by("closes_at")[:EACH]:
        yield Waiting(
            survey.title,
            _("Make the report of the survey that has ended"),
            reverse("survey_detail", args=[survey.pk]),
        )


@register_work
def unpublished_questionnaires(user: User) -> Iterator[Waiting]:
    """Surveys that nobody can answer yet, the next to open first."""
    if not user.has_perm("satisfaction.build_surveys"):
        return
    now = clock.now()
    surveys = Survey.objects.filter(versions__isnull=True, closes_at__gt=now)
    for survey in surveys.order_by("opens_at")[:EACH]:
        yield Waiting(
            survey.title,
            _("Build and publish the questionnaire before the survey opens"),
            reverse("build", args=[survey.pk]),
            due=date_format(localtime(survey.opens_at), "SHORT_DATETIME_FORMAT"),
            due_at=survey.opens_at,
            is_late=survey.opens_at <= now,
        )


@register_work
def open_surveys(user: User) -> Iterator[Waiting]:
    """What runs now, with the responses so far and the days left."""
    if not user.has_perm("satisfaction.view_results"):
        return
    now = clock.now()
    surveys = list(Survey.objects.filter(opens_at__lte=now, closes_at__gt=now)[:EACH])
    counts = results.received_by_survey([survey.pk for survey in surveys])
    for survey in surveys:
        valid = counts[survey.pk].valid if survey.pk in counts else 0
        yield Waiting(
            survey.title,
            _("Follow the survey: %(n)s valid responses") % {"n": number(valid)},
            reverse("survey_detail", args=[survey.pk]),
            due=time_left(days_left(survey, now)),
            due_at=last_minute(survey),
        )
