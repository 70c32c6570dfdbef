"""One token a form, spent once: the second click lands on the first receipt."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import IntegrityError, transaction

from portal import clock
from portal.rules.values import value

from .models import SpentToken


class BadToken(Exception):
    """`code` is missing, forged or expired."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AlreadySpent(Exception):
    """The form was accepted before; `receipt` says what came of it."""

    def __init__(self, receipt: str) -> None:
        super().__init__("already spent")
        self.receipt = receipt


@dataclass(frozen=True)
class FormToken:
    id: uuid.UUID
    age_s: float


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"portal.form_token.{purpose}")


def issue(purpose: str) -> str:
    """A fresh token for a form; it carries its own moment and needs no row."""
    return _signer(purpose).sign_object({"id": uuid.uuid4().hex, "at": clock.now().timestamp()})


def read(token: str, purpose: str) -> FormToken:
    """The token's id and age in seconds; BadToken if it is not (or no longer) one of ours."""
    if not token:
        raise BadToken("missing")
    try:
        data = _signer(purpose).unsign_object(token)
        issued = datetime.fromtimestamp(data["at"], tz=clock.now().tzinfo)
        form = FormToken(uuid.UUID(data["id"]), (clock.now() - issued).total_seconds())
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise BadToken("forged") from error
    if form.age_s > value("protection.form_max_hours").integer * 3600:
        raise BadToken("expired")
    return form


def spend(token: uuid.UUID, purpose: str, receipt: str) -> None:
    """Mark the form as accepted, inside the transaction that writes what it asked for."""
    try:
        with transaction.atomic():
            SpentToken.objects.create(
                purpose=purpose, token=token, receipt=receipt, day=clock.today()
            )
    except IntegrityError:
        first = SpentToken.objects.get(purpose=purpose, token=token)
        raise AlreadySpent(first.receipt) from None


def receipt_of(token: uuid.UUID, purpose: str) -> str | None:
    """The receipt of an accepted form, or None."""
    return (
        SpentToken.objects.filter(purpose=purpose, token=token)
        .values_list("receipt", flat=True)
        .first()
    )


def purge() -> int:
    """Forget tokens spent longer ago than any form stays valid."""
    hours = value("protection.form_max_hours").integer
    last = clock.today() - timedelta(days=hours // 24 + 2)
    return SpentToken.objects.filter(day__lt=last).delete()[0]
