"""Letters: short, without content, with a link. The portal holds the rest."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from portal.accounts.models import User

from .draining import Refused
from .models import OutboxRow
from .sending import send

KIND = "mail"
# code -> template; the letter's subject is the template's first line.
_letters: dict[str, str] = {}


def register_letter(code: str, template: str) -> None:
    _letters[code] = template


def send_letter(code: str, key: str, user_id: int, **ids: int) -> OutboxRow:
    """Call for one letter to one user, in the current transaction."""
    if code not in _letters:
        raise KeyError(code)
    return send(KIND, f"{code}:{key}:{user_id}", user_id=user_id, **ids)


def deliver(row: OutboxRow) -> None:
    """Outbox handler: the letter's code is the first part of the row's key."""
    code = row.key.split(":", 1)[0]
    user = User.objects.filter(pk=row.payload["user_id"], is_active=True).exclude(email="").first()
    if user is None:
        raise Refused("nobody to write to")
    post(row, _letters[code], user.email, user=user)


def post(
    row: OutboxRow,
    template: str,
    address: str,
    headers: Mapping[str, str] | None = None,
    **context: object,
) -> None:
    """Send one letter; Refused where the server will never take it."""
    message = _compose(row, template, address, context)
    message.extra_headers |= headers or {}
    try:
        message.send()
    except smtplib.SMTPException as error:
        if _is_final(error):
            raise Refused("the server refuses the letter") from error
        raise


def ends_with_one_press(url: str) -> dict[str, str]:
    """Headers by which a mail program ends a subscription for its reader (RFC 2369, RFC 8058).

    It posts to the address, without a cookie and without asking again.
    """
    return {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _is_final(error: smtplib.SMTPException) -> bool:
    """5xx is the server's last word; 4xx (greylisting, a full queue) asks to come again."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
    else:
        codes = [getattr(error, "smtp_code", 0)]
    return bool(codes) and all(500 <= code < 600 for code in codes)


def _compose(
    row: OutboxRow, template: str, address: str, context: dict[str, object]
) -> EmailMessage:
    told = {"base_url": settings.BASE_URL, **row.payload, **context}
    with translation.override("vi"):
        text = render_to_string(template, told)
    subject, _, body = text.strip().partition("\n")
    host = urlsplit(settings.BASE_URL).hostname
    # The same row gives the same Message-ID: a letter sent twice is shown once.
    return EmailMessage(
        " ".join(subject.split()),
        body.strip() + "\n",
        to=[address],
        headers={"Message-ID": f"<outbox-{row.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )
