"""Dated values with a legal basis; the stricter decides."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.rules.keys import KEYS
from portal.rules.models import LegalBasis, RuleValue
from portal.rules.values import UnknownRule, value
from tests.accounts import user

pytestmark = pytest.mark.django_db


def test_the_decree_outranks_the_regulation_on_maintenance_notices():
    found = value("maintenance.notice_days", date(2026, 11, 23))
    assert (found.integer, found.basis) == (7, "224/2026/NĐ-CP")
    assert [(other.integer, other.article) for other in found.others] == [(5, "Điều 11 khoản 7")]


def test_before_the_decree_the_regulation_decides():
    assert value("maintenance.notice_days", date(2026, 6, 30)).integer == 5


def test_for_a_time_limit_the_shorter_decides():
    basis = LegalBasis.objects.create(number="1/2026/QĐ-UBND", title="Thử")
    RuleValue.objects.create(
        key="news.intake_hours", amount=24, basis=basis, valid_from=date(2026, 10, 1)
    )
    assert value("news.intake_hours", date(2026, 9, 30)).integer == 48
    assert value("news.intake_hours", date(2026, 10, 1)).integer == 24


@pytest.mark.parametrize("key", list(KEYS))
def test_every_rule_has_a_value_today(key):
    assert value(key, date(2026, 11, 23)).basis


def test_an_unknown_rule_or_a_day_before_the_law_is_refused():
    with pytest.raises(UnknownRule):
        value("no.such.rule")
    with pytest.raises(UnknownRule):
        value("news.intake_hours", date(2000, 1, 1))


def test_a_value_in_force_is_not_changed_but_ended(at):
    at("2026-11-23 09:00")
    row = RuleValue.objects.get(key="news.intake_hours")
    row.amount = 12
    with pytest.raises(ValidationError):
        row.full_clean()
    row.refresh_from_db()
    row.valid_to = date(2026, 12, 31)
    row.full_clean()


def test_two_values_of_one_basis_do_not_overlap():
    row = RuleValue.objects.get(key="news.intake_hours")
    twin = RuleValue(key=row.key, amount=1, basis=row.basis, valid_from=date(2027, 1, 1))
    with pytest.raises(ValidationError):
        twin.full_clean()


def test_one_query_for_a_value(django_assert_num_queries):
    with django_assert_num_queries(1):
        value("news.intake_hours", date(2026, 11, 23))


@pytest.mark.parametrize(
    ("name", "model"), [("rule_values", RuleValue), ("legal_bases", LegalBasis)]
)
def test_what_figures_rest_on_is_deleted_by_nobody(client, name, model):
    basis = LegalBasis.objects.create(number="01/2026/QĐ-UBND", title="Chưa ai dùng")
    row = basis if model is LegalBasis else model.objects.first()
    client.force_login(user("root", is_superuser=True))
    assert client.post(reverse(f"{name}:delete", args=[row.pk])).status_code in (302, 403)
    assert model.objects.filter(pk=row.pk).exists()
