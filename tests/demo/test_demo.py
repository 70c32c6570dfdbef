"""The demonstration loads once, heals, and never reaches production."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from consultations.models import Publication
from demo.management.commands.demo import STEPS
from demo.models import Step
from documents.models import LegalDocumentPage
from editorial.models import Contribution, Meeting, Order
from news.models import ArticlePage
from portal.accounts.models import User
from portal.reporting.models import Edition
from satisfaction import demo as survey
from satisfaction import reports
from satisfaction.models import Response, ResponseStatus
from site_pages.models import CategoryPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch):
    """The same generator, 240 responses of it."""
    monkeypatch.setattr(survey, "RESPONSES", 240)


def test_killed_half_way_it_goes_on_where_it_stopped_and_is_whole_once(few, monkeypatch):
    real = survey._answer_once
    seen = []

    def killed(*args):
        seen.append(1)
        if len(seen) == 130:
            raise KeyboardInterrupt
        real(*args)

    monkeypatch.setattr(survey, "_answer_once", killed)
    with pytest.raises(KeyboardInterrupt):
        call_command("demo")
    assert Response.objects.count() in range(100, 130)
    monkeypatch.setattr(survey, "_answer_once", real)
    call_command("demo")
    assert Step.objects.count() == len(STEPS)
    call_command("demo")
    it_is_whole()
    accounts_may_do_what_their_role_says_and_no_more()


def it_is_whole() -> None:
    assert ArticlePage.objects.count() >= 12
    assert LegalDocumentPage.objects.count() >= 12
    for category in CategoryPage.objects.filter(locale__language_code="vi"):
        assert category.get_children().live().exists(), category.slug
    assert Response.objects.count() == 240
    assert 0 < Response.objects.filter(status=ResponseStatus.REJECTED).count() < 24
    assert Edition.objects.get(kind=reports.KIND).state == "published"
    assert Order.objects.exclude(reminders=None).exists()
    assert [row.state for row in Contribution.objects.all()] == ["refused", "received", "received"]
    assert Meeting.objects.get().attendances.exclude(received_at=None).count() == 1
    assert set(ArticlePage.objects.values_list("is_demo", flat=True)) == {True}
    assert Publication.objects.get().counts["received"] == 4
    assert User.objects.get(username="canbo.stp").memberships.exists()
    call_command("refold", "--check")


def accounts_may_do_what_their_role_says_and_no_more() -> None:
    group, editor, leader = (
        User.objects.get(username=name) for name in ("tocongtac", "bientap", "lanhdao")
    )
    assert group.has_perm("reporting.order_edition")
    assert not group.has_perm("reporting.publish_edition")
    assert leader.has_perm("reporting.publish_edition")
    assert not leader.has_perm("reporting.order_edition")
    assert not editor.has_perm("satisfaction.view_results")


def test_production_refuses_it(settings):
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError):
        call_command("demo")
    assert not User.objects.exists()


def test_the_accounts_are_printed(capsys):
    call_command("demo", "--accounts")
    out = capsys.readouterr().out
    for name in ("quantri", "tocongtac", "bientap", "lanhdao"):
        assert name in out
