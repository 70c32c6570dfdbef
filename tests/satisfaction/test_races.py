"""Many at once on PostgreSQL: the last place, one invitation, one key, lost connections."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction

from portal import clock
from portal.agencies.models import Agency
from satisfaction import submission
from satisfaction.collecting import closed, collectors, invitations, urns
from satisfaction.collecting.collectors import Place
from satisfaction.collecting.kiosk import Sent, submit_whole
from satisfaction.models import (
    Audience,
    Cell,
    Channel,
    Collector,
    Draft,
    Participation,
    Response,
    SamplePlan,
    SampleUnit,
)
from satisfaction.paths import about
from satisfaction.quality.flags import NO_SIGNALS
from satisfaction.questionnaires import read
from satisfaction.sampling.quotas import QuotaFull
from tests.accounts import staff
from tests.satisfaction.factories import NOON, answers, begin, local, make_page, make_survey

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SENT_AT = local(NOON) + timedelta(minutes=5)


def at_once(works: list[Callable[[], object]], workers: int = 8) -> list[object]:
    """Each in a thread with a connection of its own; what it raised is its result."""

    def run(work: Callable[[], object]) -> object:
        try:
            with clock.stopped_at(SENT_AT):
                return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, works))


def drafts_of(survey, count: int) -> list[int]:
    """Finished drafts, as the verbs leave them."""
    with clock.stopped_at(local(NOON)):
        _key, first = begin(survey, answers(4, I15="5", II19="3"))
    made = Draft.objects.bulk_create(
        Draft(
            key_hash=uuid.uuid4().hex,
            version=first.version,
            submission_token=uuid.uuid4(),
            answers=first.answers,
            started_at=first.started_at,
            updated_at=first.updated_at,
        )
        for _number in range(count)
    )
    return [draft.pk for draft in made]


def test_the_last_place_of_a_quota_is_one_persons():
    survey = make_survey()
    plan = SamplePlan.objects.create(
        survey=survey, method="fixed", size=3, is_enforced=True, made_at=survey.opens_at
    )
    agency = Agency.objects.get(code="SNV")
    SampleUnit.objects.create(plan=plan, agency=agency, population=9, target=3)
    works = [lambda pk=pk: submission.submit(pk) for pk in drafts_of(survey, 12)]
    results = at_once(works)
    assert sum(isinstance(result, str) for result in results) == 3
    assert sum(isinstance(result, QuotaFull) for result in results) == 9
    assert Response.objects.count() == 3
    assert SampleUnit.objects.get().taken == 3
    # Who found no place has lost nothing.
    assert Draft.objects.filter(receipt_code="").exclude(answers={}).count() == 10


def test_one_invitation_sent_many_times_at_once_counts_once():
    survey = make_survey(audience=Audience.INVITED)
    with clock.stopped_at(local(NOON)):
        invitations.add(survey, ["a@hanoi.example"], staff("moi", "satisfaction.invite"))
    token = invitations.token_of(Participation.objects.get())
    works = [lambda pk=pk: closed.take_part(pk, token) for pk in drafts_of(survey, 8)]
    results = at_once(works)
    assert results.count(None) == 1
    assert sum(isinstance(result, closed.NotInvited) for result in results) == 7
    assert urns.count(survey.pk) == 1


def test_many_invited_at_once_all_lie_in_the_urn():
    survey = make_survey(audience=Audience.INVITED)
    addresses = [f"cb{number}@hanoi.example" for number in range(40)]
    with clock.stopped_at(local(NOON)):
        invitations.add(survey, addresses, staff("moi", "satisfaction.invite"))
    tokens = [invitations.token_of(row) for row in Participation.objects.all()]
    pairs = zip(drafts_of(survey, 40), tokens, strict=True)
    works = [lambda pk=pk, token=token: closed.take_part(pk, token) for pk, token in pairs]
    assert at_once(works) == [None] * 40
    assert urns.count(survey.pk) == 40
    with clock.stopped_at(survey.closes_at + timedelta(days=1)):
        assert closed.mix(survey.pk)
    assert Response.objects.count() == 40


def test_one_key_of_a_kiosk_sent_many_times_at_once_is_one_response():
    survey = make_survey()
    make_page(survey)
    agency = Agency.objects.get(code="SNV")
    with clock.stopped_at(local(NOON)):
        person = staff("lap", "satisfaction.run_fieldwork")
        collector = collectors.create(survey, agency, Place(Channel.KIOSK), person)
    version = survey.versions.select_related("survey").get()
    questionnaire = about(read(version.definition), "SNV")
    given = dict.fromkeys(questionnaire.index.items, 4)
    sent = Sent(uuid.uuid4(), SENT_AT, 120)

    def send() -> int:
        row = submit_whole(version, collector, questionnaire, given, sent, NO_SIGNALS)
        return row.pk

    assert len(set(at_once([send] * 8))) == 1
    assert Response.objects.count() == 1
    assert Collector.objects.get().taken == 1


def send_until_told(draft_id: int, seed: int) -> str:
    """A person who clicks twice and again until a receipt shows. On the way the server's
    process may die before its transaction ends, or the reply may be lost after it."""
    lot = random.Random(seed)
    while True:
        fate = lot.random()
        try:
            with transaction.atomic():
                receipt = submission.submit(draft_id)
                if fate < 0.2:
                    # As a killed process leaves it: the connection is gone, nothing is committed.
                    connection.connection.close()
            if fate < 0.8:
                return receipt
        except Error:
            connection.close()


def test_a_thousand_sent_twice_with_connections_lost_are_a_thousand():
    survey = make_survey()
    drafts = drafts_of(survey, 1000)
    works = [
        lambda pk=pk, seed=seed: send_until_told(pk, seed)
        for seed, pk in enumerate([*drafts, *drafts])
    ]
    random.Random(5).shuffle(works)
    receipts = at_once(works, workers=12)
    assert all(isinstance(receipt, str) for receipt in receipts)
    stored = set(Response.objects.values_list("receipt_code", flat=True))
    assert set(receipts) == stored
    assert len(stored) == 1000
    assert sum(Cell.objects.values_list("n", flat=True)) == 1000
    call_command("refold", "--check")
