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
from .exchange import ImportFormat, QuestionnaireImport, QuestionnaireImportState
from .report_plans import ReportPlan
from .responses import Channel, Draft, RejectionReason, Response, ResponseStatus, TextAnswer
from .channels import Channel
from .closed import Participation, ParticipationState, Urn
from .collecting import Collector, FieldworkCount, PosterBatch, PosterState, Step
from .paper import PaperForm, PaperState
from .quality import AgencyNetwork, Flag
from .responses import Draft, RejectionReason, Response, ResponseStatus, TextAnswer
from .sampling import Allocation, SamplePlan, SampleUnit, SizeMethod
from .surveys import Audience, PeriodKind, Survey, SurveyVersion
from .tallies import Cell, IndexMoment, Tally

__all__ = [
    "AgencyNetwork",
    "Allocation",
    "Audience",
    "Cell",
    "Channel",
    "Correction",
    "Draft",
    "IndexDefinition",
    "ImportFormat",
    "IndexMoment",
    "NotApplicable",
    "PeriodKind",
    "Pooling",
    "QuestionnaireDraft",
    "QuestionnaireImport",
    "QuestionnaireImportState",
    "Collector",
    "Draft",
    "FieldworkCount",
    "Flag",
    "IndexMoment",
    "PaperForm",
    "PaperState",
    "Participation",
    "ParticipationState",
    "PeriodKind",
    "PosterBatch",
    "PosterState",
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
    "TrialAnswer",
    "VersionMapping",
    "WeighingMethod",
    "WeightGroup",
    "WeightMoment",
    "Weighting",
    "WeightingState",
    "WindowChange",
    "Urn",
]
