"""Every rule the portal asks for, and which way is the stricter one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Unit(models.TextChoices):
    WORKING_DAYS = "working-days", _("working days")
    DAYS = "days", _("days")
    HOURS = "hours", _("hours")
    SECONDS = "seconds", _("seconds")
    PEOPLE = "people", _("people")
    REQUESTS = "requests", _("requests")
    ANSWERS = "answers", _("answers")
    PERCENT = "percent", _("percent")


class Stricter(Enum):
    LARGER = "larger"
    SMALLER = "smaller"


@dataclass(frozen=True)
class Rule:
    key: str
    name: str | Promise
    unit: Unit
    stricter: Stricter


_RULES = [
    Rule(
        "maintenance.notice_days",
        _("Notice before a planned stop"),
        Unit.WORKING_DAYS,
        Stricter.LARGER,
    ),
    Rule("news.intake_hours", _("News after the event"), Unit.HOURS, Stricter.SMALLER),
    Rule("documents.intake_hours", _("Documents after issue"), Unit.HOURS, Stricter.SMALLER),
    Rule("consultation.min_days", _("Shortest consultation"), Unit.DAYS, Stricter.LARGER),
    Rule(
        "question.answer_working_days",
        _("Answer to a question"),
        Unit.WORKING_DAYS,
        Stricter.SMALLER,
    ),
    Rule(
        "consultation.answer_remind_days",
        _("First reminder before the answers to a consultation are due"),
        Unit.DAYS,
        Stricter.LARGER,
    ),
    Rule("survey.suppression_k", _("Fewest people shown"), Unit.PEOPLE, Stricter.LARGER),
    Rule(
        "survey.min_agency_sample",
        _("Fewest responses for a sound figure"),
        Unit.PEOPLE,
        Stricter.LARGER,
    ),
    Rule(
        "survey.action_working_days",
        _("To mend what a survey found low"),
        Unit.WORKING_DAYS,
        Stricter.SMALLER,
    ),
    Rule(
        "survey.action_remind_before_days",
        _("Reminder before the deadline of an action after a survey"),
        Unit.DAYS,
        Stricter.LARGER,
    ),
    Rule(
        "survey.min_duration_seconds",
        _("Shortest time in which a survey can be read"),
        Unit.SECONDS,
        Stricter.LARGER,
    ),
    Rule(
        "survey.speeding_percent",
        _("Answered in less than this share of the usual time is flagged"),
        Unit.PERCENT,
        Stricter.LARGER,
    ),
    Rule(
        "survey.speeding_seconds",
        _("Answered in fewer seconds than this a question is flagged"),
        Unit.SECONDS,
        Stricter.LARGER,
    ),
    Rule(
        "survey.straight_rows",
        _("The same level in at least so many rows is flagged"),
        Unit.ANSWERS,
        Stricter.SMALLER,
    ),
    Rule(
        "survey.burst_per_hour",
        _("More answers than this from one device in an hour are flagged"),
        Unit.ANSWERS,
        Stricter.SMALLER,
    ),
    Rule("survey.draft_days", _("A draft answer is kept"), Unit.DAYS, Stricter.SMALLER),
    Rule(
        "survey.export_days",
        _("A data file for analysts is kept"),
        Unit.DAYS,
        Stricter.SMALLER,
    ),
    Rule(
        "protection.form_min_seconds",
        _("Shortest time to fill in a form"),
        Unit.SECONDS,
        Stricter.LARGER,
    ),
    Rule("protection.form_max_hours", _("A form stays valid"), Unit.HOURS, Stricter.SMALLER),
    Rule(
        "protection.throttle_per_hour",
        _("Forms from one address in an hour before a check"),
        Unit.REQUESTS,
        Stricter.SMALLER,
    ),
    Rule("order.answer_days", _("Answer to an order"), Unit.DAYS, Stricter.SMALLER),
    Rule(
        "order.remind_before_days",
        _("First reminder before the deadline of an order"),
        Unit.DAYS,
        Stricter.LARGER,
    ),
    Rule(
        "order.agency_after_days",
        _("The agency is told of an order that is late"),
        Unit.DAYS,
        Stricter.SMALLER,
    ),
    Rule(
        "order.board_after_days",
        _("The Board is told of an order that is late"),
        Unit.DAYS,
        Stricter.SMALLER,
    ),
    Rule(
        "proposal.reply_working_days",
        _("Reply to a proposal"),
        Unit.WORKING_DAYS,
        Stricter.SMALLER,
    ),
    Rule(
        "contribution.draft_days",
        _("An item that was begun and not sent is kept"),
        Unit.DAYS,
        Stricter.SMALLER,
    ),
    Rule(
        "contribution.personal_days",
        _("Who sent an item is kept after the decision on it"),
        Unit.DAYS,
        Stricter.SMALLER,
    ),
    Rule(
        "consultation.draft_days",
        _("An opinion that was begun and not sent is kept"),
        Unit.DAYS,
        Stricter.SMALLER,
    ),
    Rule(
        "consultation.remind_before_days",
        _("Reminder before an agency's opinion is due, and before a consultation closes"),
        Unit.DAYS,
        Stricter.LARGER,
    ),
    Rule(
        "consultation.contact_days",
        _("How to reach who sent an opinion is kept after the answers are published"),
        Unit.DAYS,
        Stricter.SMALLER,
    ),
    Rule(
        "check.first_days",
        _("What was published is checked within"),
        Unit.DAYS,
        Stricter.SMALLER,
    ),
    Rule(
        "check.again_days", _("A living page is checked again after"), Unit.DAYS, Stricter.SMALLER
    ),
]
KEYS: dict[str, Rule] = {rule.key: rule for rule in _RULES}
