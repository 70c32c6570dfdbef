"""Consultations: terms, window, versions of the text, opinions."""

from .answers import Publication, PublishedPlace, PublishedRow
from .consultation import (
    Consultation,
    DraftKind,
    OfficeQuestion,
    RespondentKind,
)
from .drafts import (
    Attachment,
    AttachmentKind,
    DraftText,
    MappingKind,
    Provision,
    ProvisionKind,
    ProvisionMapping,
    ReadingState,
    TextState,
)
from .opinions import COUNTED, Opinion, OpinionContact, OpinionState
from .pages import ConsultationPage, ConsultationsPage
from .synthesis import (
    CHANGING,
    Account,
    AnswerTemplate,
    Exclusion,
    PaperOpinion,
    PaperSource,
    Point,
    Result,
    RowState,
    Synthesis,
    SynthesisRow,
    SynthesisState,
)
from .windows import WindowAct, WindowRecord

__all__ = [
    "CHANGING",
    "COUNTED",
    "Account",
    "AnswerTemplate",
    "Attachment",
    "AttachmentKind",
    "Consultation",
    "ConsultationPage",
    "ConsultationsPage",
    "DraftKind",
    "DraftText",
    "Exclusion",
    "MappingKind",
    "OfficeQuestion",
    "Opinion",
    "OpinionContact",
    "OpinionState",
    "PaperOpinion",
    "PaperSource",
    "Point",
    "Provision",
    "ProvisionKind",
    "ProvisionMapping",
    "Publication",
    "PublishedPlace",
    "PublishedRow",
    "ReadingState",
    "RespondentKind",
    "Result",
    "RowState",
    "Synthesis",
    "SynthesisRow",
    "SynthesisState",
    "TextState",
    "WindowAct",
    "WindowRecord",
]
