"""Consultations: terms, window, versions of the text, opinions."""

from .commenting import (
    AgencyInvitation,
    OpinionAnswer,
    OpinionDraft,
    OpinionFile,
    OpinionMark,
    OpinionRevision,
)
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
from .moderation import (
    FITTING_GROUNDS,
    AbuseKind,
    AbuseReport,
    Appeal,
    Decision,
    DecisionKind,
    PublicOpinion,
    Reply,
)
from .opinions import COUNTED, Opinion, OpinionContact, OpinionState
from .pages import ConsultationPage, ConsultationsPage
from .subscriptions import Announcement, Embedded, Occasion, Subscription
from .windows import WindowAct, WindowRecord

__all__ = [
    "COUNTED",
    "FITTING_GROUNDS",
    "AbuseKind",
    "AbuseReport",
    "AgencyInvitation",
    "Announcement",
    "Appeal",
    "Attachment",
    "AttachmentKind",
    "Consultation",
    "ConsultationPage",
    "ConsultationsPage",
    "Decision",
    "DecisionKind",
    "DraftKind",
    "DraftText",
    "Embedded",
    "MappingKind",
    "Occasion",
    "OfficeQuestion",
    "Opinion",
    "OpinionAnswer",
    "OpinionContact",
    "OpinionDraft",
    "OpinionFile",
    "OpinionMark",
    "OpinionRevision",
    "OpinionState",
    "Provision",
    "ProvisionKind",
    "ProvisionMapping",
    "PublicOpinion",
    "ReadingState",
    "Reply",
    "RespondentKind",
    "Subscription",
    "TextState",
    "WindowAct",
    "WindowRecord",
]
