"""Surveys and what people answered (Art. 5.5.d, 7.2, 7.3).

Answers are plain rows, never pages or snippets: no generic admin view reaches
them. They are kept by stable short codes of an immutable questionnaire version.
"""

# Django looks for models here; the pages have a module of their own.
from ..pages import SurveyPage, SurveysPage
from .building import (
    Correction,
    QuestionnaireDraft,
    TrialAnswer,
    VersionMapping,
    WindowChange,
)
from .exchange import ImportFormat, QuestionnaireImport, QuestionnaireImportState
from .exports import DataExport, ExportFormat, ExportState, ExportTexts
from .responses import Channel, Draft, RejectionReason, Response, ResponseStatus, TextAnswer
from .surveys import Audience, PeriodKind, Survey, SurveyVersion
from .tallies import IndexMoment, Tally

__all__ = [
    "Audience",
    "Channel",
    "Correction",
    "DataExport",
    "Draft",
    "ExportFormat",
    "ExportState",
    "ExportTexts",
    "ImportFormat",
    "IndexMoment",
    "PeriodKind",
    "QuestionnaireDraft",
    "QuestionnaireImport",
    "QuestionnaireImportState",
    "RejectionReason",
    "Response",
    "ResponseStatus",
    "Survey",
    "SurveyPage",
    "SurveyVersion",
    "SurveysPage",
    "Tally",
    "TextAnswer",
    "TrialAnswer",
    "VersionMapping",
    "WindowChange",
]
