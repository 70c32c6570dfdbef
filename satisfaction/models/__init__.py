"""Surveys and what people answered (Art. 5.5.d, 7.2, 7.3).

Answers are plain rows, never pages or snippets: no generic admin view reaches
them. They are kept by stable short codes of an immutable questionnaire version.
"""

# Django looks for models here; the pages have a module of their own.
from ..pages import SurveyPage, SurveysPage
from .actions import Action, ActionReport, ActionState
from .building import (
    Correction,
    QuestionnaireDraft,
    TrialAnswer,
    VersionMapping,
    WindowChange,
)
from .channels import Channel
from .closed import Participation, ParticipationState, Urn
from .collecting import Collector, FieldworkCount, PosterBatch, PosterState, Step
from .exchange import ImportFormat, QuestionnaireImport, QuestionnaireImportState
from .exports import DataExport, ExportFormat, ExportState, ExportTexts
from .measuring import (
    IndexDefinition,
    NotApplicable,
    Pooling,
    WeighingMethod,
    WeightGroup,
    Weighting,
    WeightingState,
    WeightMoment,
)
from .paper import PaperForm, PaperState
from .quality import AgencyNetwork, Flag
from .report_plans import ReportPlan
from .responses import Draft, RejectionReason, Response, ResponseStatus, TextAnswer
from .sampling import Allocation, SamplePlan, SampleUnit, SizeMethod
from .surveys import Audience, PeriodKind, Survey, SurveyVersion
from .tallies import Cell, IndexMoment, Tally
from .themes import Theme, ThemeGrouping, ThemeQuote, ThemeState, ThemeText

__all__ = [
    "Action",
    "ActionReport",
    "ActionState",
    "AgencyNetwork",
    "Allocation",
    "Audience",
    "Cell",
    "Channel",
    "Collector",
    "Correction",
    "DataExport",
    "Draft",
    "ExportFormat",
    "ExportState",
    "ExportTexts",
    "FieldworkCount",
    "Flag",
    "ImportFormat",
    "IndexDefinition",
    "IndexMoment",
    "NotApplicable",
    "PaperForm",
    "PaperState",
    "Participation",
    "ParticipationState",
    "PeriodKind",
    "Pooling",
    "PosterBatch",
    "PosterState",
    "QuestionnaireDraft",
    "QuestionnaireImport",
    "QuestionnaireImportState",
    "RejectionReason",
    "ReportPlan",
    "Response",
    "ResponseStatus",
    "SamplePlan",
    "SampleUnit",
    "SizeMethod",
    "Step",
    "Survey",
    "SurveyPage",
    "SurveyVersion",
    "SurveysPage",
    "Tally",
    "TextAnswer",
    "Theme",
    "ThemeGrouping",
    "ThemeQuote",
    "ThemeState",
    "ThemeText",
    "TrialAnswer",
    "Urn",
    "VersionMapping",
    "WeighingMethod",
    "WeightGroup",
    "WeightMoment",
    "Weighting",
    "WeightingState",
    "WindowChange",
]
