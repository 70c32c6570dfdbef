"""Inviting people to a closed survey: addresses, one-time links, reminders, bounces."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.outbox.draining import Refused
from portal.outbox.mail import post
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send
from portal.text import clean

from ..models import Audience, Participation, ParticipationState, Survey
from ..pages import SurveyPage
from ..window import WindowState, state
from . import urns

KIND = "satisfaction.invitation"
LETTER = "satisfaction/letters/invitation.txt"
MOST_ADDRESSES = 20_000
MOST_LETTERS = 5
_SEPARATORS = re.compile(r"[\s;,<>\"]+")


@dataclass
class AddressReport:
    """What a list of addresses holds: what is taken, and what is not and why, by line."""

    accepted: list[str] = field(default_factory=list)
    faults: list[tuple[int, str, str]] = field(default_factory=list)


def read_addresses(lines: list[list[str]], known: set[str]) -> AddressReport:
    """The address of each line of cells; a line without any is left out and named.

    Addresses that differ in capitals only are one.
    """
    report = AddressReport()
    seen = set(known)
    for number, cells in enumerate(lines, 1):
        words = [word for cell in cells for word in _SEPARATORS.split(clean(cell)) if word]
        found = [word for word in words if "@" in word]
        if not words or (number == 1 and not found):
            continue
        if not found:
            report.faults.append((number, " ".join(words)[:80], _("There is no address here.")))
        for word in found:
            fault = _fault(word, seen)
            if fault:
                report.faults.append((number, word[:80], fault))
            else:
                seen.add(word.lower())
                report.accepted.append(word.lower())
    return report


def _fault(word: str, seen: set[str]) -> str:
    try:
        validate_email(word)
    except ValidationError:
        return _("This is not an e-mail address.")
    if len(word) > 254:
        return _("The address is too long.")
    return _("The address stands here twice.") if word.lower() in seen else ""


def as_lines(text: str) -> list[list[str]]:
    """Pasted text or CSV as lines of cells."""
    text = text.replace("\x00", "")
    separator = max(";,\t", key=text.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return [[line] for line in text.splitlines()]


def dry_run(survey: Survey, lines: list[list[str]], user: User) -> AddressReport:
    """What an import would do; nothing is kept."""
    _require(user, survey)
    if len(lines) > MOST_ADDRESSES:
        raise ValidationError(
            _("At most %(most)s lines at once. Split the list.") % {"most": MOST_ADDRESSES}
        )
    known = set(Participation.objects.filter(survey=survey).values_list("email", flat=True))
    return read_addresses(lines, known)


@transaction.atomic
def add(survey: Survey, addresses: list[str], user: User) -> int:
    """Put addresses into the ledger; those that stand there already change nothing."""
    _require(user, survey)
    if clock.now() >= survey.closes_at:
        raise ValidationError(_("The survey has ended."))
    Survey.objects.select_for_update().get(pk=survey.pk)
    urns.lay(survey)
    known = set(Participation.objects.filter(survey=survey).values_list("email", flat=True))
    fresh = sorted(set(addresses) - known)
    Participation.objects.bulk_create(
        [Participation(survey=survey, email=email) for email in fresh], batch_size=500
    )
    made = Participation.objects.filter(survey=survey, token_hash="")
    for participation in made:
        participation.token_hash = hash_of(token_of(participation))
    Participation.objects.bulk_update(made, ["token_hash"], batch_size=500)
    log(survey, "satisfaction.invitations.add", user=user, data={"count": len(fresh)})
    return len(fresh)


@transaction.atomic
def write_to(survey: Survey, user: User) -> int:
    """A letter to each who has not taken part, the first or a reminder; how many."""
    _require(user, survey)
    if state(survey, clock.now()) is not WindowState.OPEN:
        raise ValidationError(_("Letters are sent while the survey is open."))
    if not page_of(survey):
        raise ValidationError(_("Publish the page of the survey first: the links lead there."))
    waiting = Participation.objects.select_for_update().filter(
        survey=survey,
        state=ParticipationState.WAITING,
        has_bounced=False,
        letters__lt=MOST_LETTERS,
    )
    count = 0
    for participation in waiting:
        key = f"{participation.pk}:{participation.letters + 1}"
        send(KIND, key, participation_id=participation.pk)
        count += 1
    log(survey, "satisfaction.invitations.write", user=user, data={"count": count})
    return count


def deliver(row: OutboxRow) -> None:
    """Outbox handler: the letter with the link; a final refusal marks the address.

    A letter that an officer sends again after it failed takes the mark off if it goes through.
    """
    participation = (
        Participation.objects.select_related("survey").filter(pk=row.payload["participation_id"])
    ).first()
    is_again = bool(row.last_error)
    is_wanted = (
        participation
        and participation.state == ParticipationState.WAITING
        and (is_again or not participation.has_bounced)
    )
    page = page_of(participation.survey) if is_wanted else None
    if not is_wanted or page is None or clock.now() >= participation.survey.closes_at:
        raise Refused("nobody to write to")
    try:
        post(row, LETTER, participation.email, link=link_of(participation, page), page=page)
    except Refused:
        # Effects that fail are rolled back: the mark is the effect.
        Participation.objects.filter(pk=participation.pk).update(has_bounced=True)
        return
    Participation.objects.filter(pk=participation.pk).update(
        letters=F("letters") + 1, has_bounced=False
    )


def give_up(row: OutboxRow) -> None:
    """Outbox: every attempt has failed, over a day; the address stands among those that letters
    do not reach. Whoever took part meanwhile, or is gone with the ledger, is left alone."""
    if row.last_error == Refused.__name__:
        return
    Participation.objects.filter(
        pk=row.payload["participation_id"], state=ParticipationState.WAITING
    ).update(has_bounced=True)


@transaction.atomic
def mark_bounced(survey: Survey, addresses: list[str], user: User) -> int:
    """Addresses whose letters came back later; they are written to no more."""
    _require(user, survey)
    rows = Participation.objects.filter(
        survey=survey, email__in=[address.lower() for address in addresses], has_bounced=False
    )
    count = rows.update(has_bounced=True)
    log(survey, "satisfaction.invitations.bounced", user=user, data={"count": count})
    return count


def _require(user: User, survey: Survey) -> None:
    if not user.has_perm("satisfaction.invite"):
        raise PermissionDenied
    if survey.audience != Audience.INVITED:
        raise ValidationError(_("Everybody may answer this survey: nobody is invited to it."))


def token_of(participation: Participation) -> str:
    """The secret of the link. It follows from the server's key, so a reminder repeats it."""
    name = f"{participation.survey_id}:{participation.pk}:{participation.email}"
    digest = salted_hmac(KIND, name, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_waiting(survey_id: int, token: str) -> bool:
    """Whether somebody may take part with this link."""
    return (
        bool(token)
        and Participation.objects.filter(
            survey=survey_id, token_hash=hash_of(token), state=ParticipationState.WAITING
        ).exists()
    )


def page_of(survey: Survey) -> SurveyPage | None:
    pages = SurveyPage.objects.live().filter(survey=survey, locale__language_code="vi")
    return pages.first()


def link_of(participation: Participation, page: SurveyPage) -> str:
    path = page.reverse_subpage("invited", args=[token_of(participation)])
    return settings.BASE_URL + page.url + path
