"""Surveys as readers see them: open, to come, ended with their report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from portal.reporting import queries as editions
from portal.reporting.models import Edition
from site_pages.visibility import readable

from .models import Survey
from .pages import SurveyPage, SurveysPage
from .reports import KIND
from .window import WindowState, days_left, last_minute, state


def time_left(days: int) -> str:
    """'Còn 5 ngày' in words, for people."""
    if days == 0:
        return _("Last day")
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


@dataclass(frozen=True)
class ListedSurvey:
    page: SurveyPage
    state: WindowState
    days_left: int
    last_minute: datetime
    report: Edition | None

    @property
    def is_soon(self) -> bool:
        return self.state is WindowState.OPEN and self.days_left <= 5

    @property
    def time_left(self) -> str:
        return time_left(self.days_left)


@dataclass(frozen=True)
class Group:
    title: str
    surveys: list[ListedSurvey]


def as_listed(page: SurveyPage, now: datetime, reports: dict[int, Edition]) -> ListedSurvey:
    survey: Survey = page.survey
    return ListedSurvey(
        page,
        state(survey, now),
        days_left(survey, now),
        last_minute(survey),
        reports.get(survey.pk),
    )


def latest_reports() -> dict[int, Edition]:
    """The newest public report of each survey."""
    latest: dict[int, Edition] = {}
    for edition in editions.published(KIND):
        latest.setdefault(edition.subject_id, edition)
    return latest


def surveys_below(parent: Page, now: datetime) -> list[ListedSurvey]:
    pages = readable(SurveyPage.objects.child_of(parent)).select_related("survey", "locale")
    reports = latest_reports()
    return [as_listed(page, now, reports) for page in pages.order_by("-survey__opens_at")]


def listed_surveys(parent: SurveysPage, now: datetime) -> list[Group]:
    surveys = surveys_below(parent, now)
    titles = {
        WindowState.OPEN: _("Open now"),
        WindowState.UPCOMING: _("To come"),
        WindowState.CLOSED: _("Ended"),
    }
    groups = [
        Group(title, [survey for survey in surveys if survey.state is window])
        for window, title in titles.items()
    ]
    return [group for group in groups if group.surveys]
