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
from .plan import (
    Delivery,
    Occasion,
    Order,
    OrderState,
    PlanState,
    PlanTopic,
    Quarter,
    Reminder,
    ReminderLevel,
    YearPlan,
)

__all__ = [
    "Absence",
    "Appointment",
    "BoardDecision",
    "Collaborator",
    "CollaboratorKind",
    "Delegation",
    "Delivery",
    "Occasion",
    "Order",
    "OrderState",
    "PlanState",
    "PlanTopic",
    "Post",
    "Quarter",
    "Reminder",
    "ReminderLevel",
    "SectionAssignment",
    "YearPlan",
]
