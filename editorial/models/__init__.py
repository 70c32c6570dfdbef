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
from .notices import LetterMode, Notice, NoticePreference, Occasion
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
    "Doubt",
    "Forward",
    "Ground",
    "LetterMode",
    "Notice",
    "NoticePreference",
    "Occasion",
    "Origin",
    "Post",
    "Publication",
    "RefusalGround",
    "ReviewStep",
    "ScreeningTask",
    "SectionAssignment",
    "SectionRule",
    "Succession",
]
