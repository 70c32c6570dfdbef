"""What a survey's next report shows: chapters, their order, the working group's words."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.text import clean

from ..models import ReportPlan, Survey

COMMENT_LENGTH = 4000
# In the order of a new plan. Method and traces close every report and are not chosen.
CHAPTERS: dict[str, str | Promise] = {
    "received": _("Responses received"),
    "index": _("Index and criteria"),
    "items": _("Results by item"),
    "questions": _("Answers to each other question"),
    "agencies": _("Results by agency"),
    "ranking": _("Ranking of agencies, with the range of each rank"),
    "matrix": _("Importance and satisfaction"),
    "channels": _("Results by channel"),
    "periods": _("Results by period"),
    "earlier": _("Compared with the earlier survey"),
    "flagged": _("With and without flagged responses"),
    "weighted": _("Weighted results"),
    "themes": _("Themes of the written answers"),
    "rates": _("Response rate"),
}
# What a report shows where nobody chose.
USUAL = ("received", "index", "items", "questions", "agencies")


@dataclass(frozen=True)
class Chosen:
    """The chapters of a report in their order, each with a comment or none."""

    chapters: tuple[str, ...] = USUAL
    comments: dict[str, str] = field(default_factory=dict)
    has_nps: bool = False

    def frozen(self) -> dict:
        return {
            "chapters": list(self.chapters),
            "comments": {code: self.comments[code] for code in sorted(self.comments)},
            "has_nps": self.has_nps,
        }


def read(frozen: dict | None) -> Chosen:
    """A plan as a snapshot or a row keeps it; what no longer exists is left out."""
    if not frozen:
        return Chosen()
    known = tuple(code for code in frozen["chapters"] if code in CHAPTERS)
    return Chosen(known, dict(frozen["comments"]), bool(frozen.get("has_nps")))


def plan_of(survey: Survey) -> Chosen:
    row = ReportPlan.objects.filter(survey=survey).first()
    return read(row.chosen) if row else Chosen()


@transaction.atomic
def save_plan(survey_id: int, chosen: Chosen, revision: int, user: User) -> ReportPlan:
    """Keep the plan; whoever saves over another's change is told and loses nothing."""
    if not user.has_perm("reporting.order_edition"):
        raise PermissionDenied
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    row = ReportPlan.objects.filter(survey=survey).first() or ReportPlan(survey=survey)
    if row.revision != revision:
        raise ValidationError(
            _("Somebody else has changed this plan meanwhile. Compare, then save again."),
            code="conflict",
        )
    row.chosen = Chosen(
        _in_order(chosen.chapters), _comments(chosen.comments), chosen.has_nps
    ).frozen()
    row.revision, row.changed_by, row.changed_at = revision + 1, user, clock.now()
    row.save()
    log(row, "satisfaction.report_plan.save", user=user)
    return row


def _in_order(codes: tuple[str, ...]) -> tuple[str, ...]:
    known = tuple(dict.fromkeys(code for code in codes if code in CHAPTERS))
    if not known:
        raise ValidationError(_("Choose at least one chapter."))
    return known


def _comments(comments: dict[str, str]) -> dict[str, str]:
    made = {code: clean(text).strip() for code, text in comments.items() if code in CHAPTERS}
    for text in made.values():
        if len(text) > COMMENT_LENGTH:
            raise ValidationError(
                _("A comment has at most %(n)d characters."), params={"n": COMMENT_LENGTH}
            )
    return {code: text for code, text in made.items() if text}
