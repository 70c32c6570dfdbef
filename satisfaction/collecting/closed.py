"""Closed surveys: taking part, and mixing the answers once nobody can take part any more.

What is done so that no answer leads to a person, and where it ends: docs/closed-surveys.md.
"""

from __future__ import annotations

import uuid
from collections import Counter

from django.db import connection, transaction
from django.db.models import Count

from portal import clock
from portal.agencies.models import Agency
from portal.rules.values import value

from ..models import (
    Audience,
    Channel,
    Draft,
    Participation,
    ParticipationState,
    Step,
    Survey,
    SurveyVersion,
    Urn,
)
from ..paths import shown
from ..questionnaires import read
from ..recording import Answered, write
from ..submission import finished, locked
from ..window import ends_for_the_begun, last_minute
from . import urns
from .counting import count_step
from .invitations import hash_of
from .sealing import seal, unseal

SMALL_UNITS = "NHOM"


class NotInvited(Exception):
    """The link is not one of this survey's, or was used before."""


@transaction.atomic
def take_part(draft_id: int, token: str) -> None:
    """Mark the invitation as used and put the sealed answer into the urn: both or neither.

    Two that send with one invitation wait for its row, and the second is NotInvited.
    Raises what submission.submit raises. Nothing of the draft stays.
    """
    survey_id = Draft.objects.values_list("version__survey", flat=True).get(pk=draft_id)
    # The mixing holds the survey: a slip goes in before it or finds the survey ended.
    Survey.objects.select_for_update().get(pk=survey_id)
    draft = locked(draft_id)
    answered = finished(draft)
    use_up(draft.version.survey, token, ParticipationState.TAKEN)
    content = {
        "version": answered.version.pk,
        "agency": answered.agency.code,
        "given": answered.given,
    }
    urns.put(answered.version.survey_id, seal(content, answered.version.survey_id))
    draft.delete()


@transaction.atomic
def refuse(survey: Survey, token: str) -> None:
    """Who does not want to take part is not reminded."""
    use_up(survey, token, ParticipationState.REFUSED)


def use_up(survey: Survey, token: str, state: ParticipationState) -> None:
    rows = Participation.objects.select_for_update().filter(
        survey=survey, token_hash=hash_of(token), state=ParticipationState.WAITING
    )
    participation = rows.first()
    if participation is None:
        raise NotInvited
    participation.state = state
    participation.save(update_fields=["state"])


def mix_what_has_ended() -> int:
    """The minute's chore: surveys whose last answer has been sent; how many were mixed."""
    now = clock.now()
    waiting = Survey.objects.filter(
        audience=Audience.INVITED, closes_at__lte=now, participations__isnull=False
    ).distinct()
    ended = [survey for survey in waiting if ends_for_the_begun(survey) <= now]
    mixed = [survey for survey in ended if mix(survey.pk)]
    if ended:
        _sweep()
    return len(mixed)


@transaction.atomic
def mix(survey_id: int) -> bool:
    """Count the ledger and delete it; open the slips, if they are enough, in one go.

    Fewer slips than the smallest group that is shown stay sealed: False.
    """
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if clock.now() < ends_for_the_begun(survey):
        return False
    _close_ledger(survey)
    if urns.count(survey_id) < value("survey.suppression_k").integer:
        return False
    slips = [unseal(slip, survey_id) for slip in urns.empty(survey_id)]
    coarse = small_units(Counter(slip["agency"] for slip in slips))
    versions = {version.pk: version for version in survey.versions.select_related("survey")}
    for slip in slips:
        write(_answered(slip, versions[slip["version"]], coarse))
    return True


def _close_ledger(survey: Survey) -> None:
    """Who took part was needed for reminders only. Counts stay; unsent drafts go too."""
    ledger = Participation.objects.filter(survey=survey)
    invited, bounced = ledger.count(), ledger.filter(has_bounced=True).count()
    states = dict(ledger.values_list("state").annotate(n=Count("pk")).order_by("state"))
    for step, n in (
        (Step.INVITED, invited),
        (Step.BOUNCED, bounced),
        (Step.TAKEN, states.get(ParticipationState.TAKEN, 0)),
        (Step.REFUSED, states.get(ParticipationState.REFUSED, 0)),
    ):
        if n:
            count_step(survey.pk, Channel.INVITATION, step, n)
    ledger.delete()
    Draft.objects.filter(version__survey=survey).delete()


def small_units(answers: Counter[str]) -> set[str]:
    """Agencies told as one group: those with few answers, and as many of the next smallest as
    make the group itself no small one."""
    fewest = value("survey.suppression_k").integer
    by_size = sorted(answers.items(), key=lambda pair: (pair[1], pair[0]))
    group: set[str] = set()
    size = 0
    for code, n in by_size:
        if n >= fewest and (not group or size >= fewest):
            break
        group.add(code)
        size += n
    return group if len(answers) > 1 else set()


def _answered(slip: dict, version: SurveyVersion, coarse: set[str]) -> Answered:
    """The answer with the survey's last day, no time taken and keys drawn by lot."""
    code = slip["agency"]
    agency = _group_of_small_units() if code in coarse else Agency.objects.get(code=code)
    return Answered(
        version=version,
        path=shown(read(version.definition), slip["given"]),
        agency=agency,
        given=slip["given"],
        key=uuid.uuid4(),
        channel=Channel.INVITATION,
        day=last_minute(version.survey).date(),
    )


def _group_of_small_units() -> Agency:
    """No agency of the City: it can be chosen nowhere, its life is over."""
    past = clock.today().replace(year=2000, month=1, day=1)
    agency, _made = Agency.objects.get_or_create(
        code=SMALL_UNITS,
        defaults={
            "name": "Nhóm cơ quan có ít người trả lời",
            "name_en": "Agencies with few answers, together",
            "kind": "department",
            "symbol": SMALL_UNITS,
            "valid_from": past,
            "valid_to": past,
        },
    )
    return agency


def _sweep() -> None:
    """Let PostgreSQL clear the pages of what was deleted: old states of rows tell an order."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        for model in (Participation, Urn, Draft):
            cursor.execute(f"VACUUM {model._meta.db_table}")
