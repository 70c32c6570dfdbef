"""Nouns of the Editorial Board at work (Art. 3.9, 4, 5, 8, 12, 13)."""

from .access import AccountClosure, Succession
from .board import (
    Absence,
    Appointment,
    BoardDecision,
    Collaborator,
    CollaboratorKind,
    Delegation,
    Post,
    SectionAssignment,
)
from .duplicates import TextMark, TextPrint
from .late import LateReason
from .notices import LetterMode, Notice, NoticePreference, Occasion
from .originals import SuppliedOriginal
from .plan import (
    Delivery,
    Nudge,
    Order,
    OrderState,
    PlanState,
    PlanTopic,
    Quarter,
    Reminder,
    ReminderLevel,
    YearPlan,
)
from .review import (
    Action,
    ApprovalTask,
    Doubt,
    Forward,
    Ground,
    Origin,
    Publication,
    RefusalGround,
    ReviewStep,
    ScreeningTask,
    SectionRule,
)

__all__ = [
    "Absence",
    "AccountClosure",
    "Action",
    "Appointment",
    "ApprovalTask",
    "BoardDecision",
    "Collaborator",
    "CollaboratorKind",
    "Delegation",
    "Delivery",
    "Doubt",
    "Forward",
    "Ground",
    "LateReason",
    "LetterMode",
    "Notice",
    "NoticePreference",
    "Nudge",
    "Occasion",
    "Order",
    "OrderState",
    "Origin",
    "PlanState",
    "PlanTopic",
    "Post",
    "Publication",
    "Quarter",
    "RefusalGround",
    "Reminder",
    "ReminderLevel",
    "ReviewStep",
    "ScreeningTask",
    "SectionAssignment",
    "SectionRule",
    "Succession",
    "SuppliedOriginal",
    "TextMark",
    "TextPrint",
    "YearPlan",
]
