"""Nouns of the Editorial Board at work (Art. 3.9, 4, 5, 8, 12, 13)."""

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
from .originals import OriginalFile, SuppliedOriginal

__all__ = [
    "Absence",
    "Appointment",
    "BoardDecision",
    "Collaborator",
    "CollaboratorKind",
    "Delegation",
    "LateReason",
    "OriginalFile",
    "Post",
    "SectionAssignment",
    "SuppliedOriginal",
    "TextMark",
    "TextPrint",
]
