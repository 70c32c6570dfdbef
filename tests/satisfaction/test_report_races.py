"""Reports ordered and made while others order and people answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from portal import clock
from portal.reporting.models import Edition
from satisfaction import reports
from satisfaction.models import (
    Response,
)
from tests.accounts import staff
from tests.satisfaction.factories import NOON, local, make_survey, respond


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_orders_at_once_are_one_edition():
    moment = local(NOON)
    with clock.stopped_at(moment):
        made = make_survey()
        for _ in range(10):
            respond(made)
    who = staff("to.cong.tac", "reporting.order_edition")

    def order(_number: int) -> int:
        try:
            return reports.order_report(made, who).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(order, range(6)))) == 1
    assert Edition.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_figures_of_a_report_are_of_one_moment_while_people_answer(monkeypatch):
    moment = local(NOON)
    with clock.stopped_at(moment):
        made = make_survey()
        for _ in range(12):
            respond(made)
    read_moments = reports.results.moments_by_scope

    def answer() -> None:
        try:
            with clock.stopped_at(moment):
                respond(made)
        finally:
            connection.close()

    def meanwhile(survey):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(answer).result()
        return read_moments(survey)

    monkeypatch.setattr(reports.results, "moments_by_scope", meanwhile)
    with clock.stopped_at(moment):
        figures = reports.snapshot(made.pk, moment, lambda percent: None)
    assert Response.objects.count() == 13
    assert figures["received"]["valid"] == figures["index"]["n"] == 12
