"""The report on a survey: ordered here, its figures frozen at one moment, then only drawn.

`snapshot` decides everything that is printed, suppression included; `context` only
draws. A report drawn again from its snapshot looks the same.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.one_moment import one_moment
from portal.reporting import editions
from portal.reporting.kinds import Progress, ReportKind, Unmakeable
from portal.reporting.models import Edition
from portal.rules.values import value

from . import results
from .measuring import definitions
from .models import Survey
from .questionnaires import read
from .reporting.drawing import context, share
from .reporting.figures import Measured, build
from .reporting.open_data import files
from .reporting.paper import paper
from .reporting.plan import plan_of
from .versions import current_version

KIND = "satisfaction.survey"
METHOD = "ratio-wilson/3"

__all__ = ["KIND", "REPORT", "context", "order_report", "report_title", "share", "snapshot"]


def order_report(survey: Survey, user: User) -> Edition:
    """Order an edition; too few valid responses to show anything are refused."""
    if not REPORT.may_order(user, survey.pk):
        raise PermissionDenied
    fewest = value("survey.suppression_k").integer
    if results.received(survey).valid < fewest:
        raise ValidationError(
            _("There are fewer than %(k)d valid responses: nothing could be shown."),
            params={"k": fewest},
        )
    return editions.order(KIND, survey.pk, report_title(survey), user)


def report_title(survey: Survey) -> str:
    return f"Kết quả {survey.title[:1].lower()}{survey.title[1:]}"


def snapshot(subject_id: int, now: datetime, progress: Progress) -> dict:
    """Every figure of the report as plain JSON values, all read at one moment."""
    progress(20)
    with translation.override("vi"), one_moment():
        survey = Survey.objects.select_related("follows").get(pk=subject_id)
        version = current_version(survey)
        k = value("survey.suppression_k").integer
        if results.received(survey).valid < k:
            raise Unmakeable(f"Không đủ {k} phiếu hợp lệ nên không có số liệu nào được công bố.")
        questionnaire = read(version.definition)
        of = Measured(survey, version, questionnaire, now, k, plan_of(survey))
        made = build(of)
        definitions.use(survey, of.definition)
    progress(60)
    return made


REPORT = ReportKind(
    code=KIND,
    build=snapshot,
    context=context,
    template="satisfaction/report/report.html",
    web_template="satisfaction/report/web.html",
    method_version=METHOD,
    may_order=lambda user, _subject: user.has_perm("reporting.order_edition"),
    may_publish=lambda user, _subject: user.has_perm("reporting.publish_edition"),
    summary_template="satisfaction/report/summary.html",
    paper=paper,
    data=files,
)
