"""A visitor, a section, a moment."""

from __future__ import annotations

import pytest

from portal.rules.models import RuleValue
from site_pages.models import CategoryPage
from tests.editorial.contributions.steps import NOW


@pytest.fixture(autouse=True)
def _now(at):
    RuleValue.objects.filter(key="protection.form_min_seconds").update(amount=0)
    return at(NOW)


@pytest.fixture
def place(db) -> CategoryPage:
    return CategoryPage.objects.get(slug="tinh-hinh-ket-qua", locale__language_code="vi")
