"""Definitions of the index and weightings, as the working group lays them down."""

from __future__ import annotations

from decimal import Decimal

from portal.accounts.models import User
from satisfaction.measuring import definitions, weighting
from satisfaction.models import IndexDefinition, Survey, Weighting

ITEMS = ["I15", "I16", "II19", "II20"]
TARGETS = {
    "age": {"1": 2, "2": 18, "3": 22, "4": 20, "5": 14, "6": 24},
    "sex": {"1": 49, "2": 51},
}


def make_definition(survey: Survey, user: User, **others) -> IndexDefinition:
    asked = {
        "items": ITEMS, "satisfied": [4, 5], "pooling": "items",
        "basis": "Quyết định <b>thử</b> số 1/QĐ-UBND",
    }  # fmt: skip
    return definitions.define(survey, user, **asked | others)


def make_weighting(survey: Survey, user: User, **others) -> Weighting:
    targets = {
        name: {code: Decimal(share) for code, share in shares.items()}
        for name, shares in TARGETS.items()
    }
    asked = {"questions": list(TARGETS), "targets": targets, "source": "Niên giám <2025>"}
    return weighting.order(survey, user, **asked | others)
