"""A closed survey, its page, and who invites to it."""

from __future__ import annotations

import pytest

from satisfaction.models import Audience, Survey
from tests.accounts import staff
from tests.satisfaction.factories import NOON, make_page, make_survey


@pytest.fixture
def survey(at) -> Survey:
    at(NOON)
    return make_survey(audience=Audience.INVITED, grace_minutes=30)


@pytest.fixture
def page(survey):
    return make_page(survey)


@pytest.fixture
def inviter():
    return staff("nguoi.moi", "satisfaction.invite", "satisfaction.view_results")
