"""A consultation open to all, and one that is over with its opinions."""

from __future__ import annotations

import pytest

from tests.accounts import staff
from tests.consultations import answers as house
from tests.consultations import factories as make
from tests.consultations import saying
from tests.site_pages.conftest import home

__all__ = ["home"]


@pytest.fixture
def place(at):
    at(make.NOON)
    return saying.open_to_all()


@pytest.fixture
def page(place):
    return place[1]


@pytest.fixture
def clause(place):
    return place[0].texts.get().provisions.get(name="Điều 2 khoản 2.")


@pytest.fixture
def group():
    return staff("kiem.duyet", "consultations.moderate_opinions")


@pytest.fixture
def consultation(at):
    at(make.NOON)
    made = house.consulted()
    at(house.AFTER)
    return made


@pytest.fixture
def clauses(consultation):
    return list(consultation.texts.get().provisions.filter(kind="clause").order_by("position"))
