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

__all__ = [
    "Absence",
    "AccountClosure",
    "Appointment",
    "BoardDecision",
    "Collaborator",
    "CollaboratorKind",
    "Delegation",
    "Post",
    "SectionAssignment",
    "Succession",
]
