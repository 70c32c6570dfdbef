"""Surveys and what people answered (Art. 5.5.d, 7.2, 7.3).

Answers are plain rows, never pages or snippets: no generic admin view reaches
them. They are kept by stable short codes of an immutable questionnaire version.
"""

# Django looks for models here; the pages have a module of their own.
from ..pages import SurveyPage, SurveysPage
from .actions import Action, ActionReport, ActionState
from .report_plans import ReportPlan
from .responses import Channel, Draft, RejectionReason, Response, ResponseStatus, TextAnswer
from .surveys import Audience, PeriodKind, Survey, SurveyVersion
from .tallies import Cell, IndexMoment, Tally

__all__ = [
    "Action",
    "ActionReport",
    "ActionState",
    "Audience",
    "Cell",
    "Channel",
    "Draft",
    "IndexMoment",
    "PeriodKind",
    "RejectionReason",
    "ReportPlan",
    "Response",
    "ResponseStatus",
    "Survey",
    "SurveyPage",
    "SurveyVersion",
    "SurveysPage",
    "Tally",
    "TextAnswer",
]
