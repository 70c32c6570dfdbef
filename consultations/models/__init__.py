"""Consultations: terms, window, versions of the text, opinions."""

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
from .windows import WindowAct, WindowRecord

__all__ = [
    "COUNTED",
    "Attachment",
    "AttachmentKind",
    "Consultation",
    "ConsultationPage",
    "ConsultationsPage",
    "DraftKind",
    "DraftText",
    "MappingKind",
    "OfficeQuestion",
    "Opinion",
    "OpinionContact",
    "OpinionState",
    "Provision",
    "ProvisionKind",
    "ProvisionMapping",
    "ReadingState",
    "RespondentKind",
    "TextState",
    "WindowAct",
    "WindowRecord",
]
