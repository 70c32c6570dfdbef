"""What tests of meetings do more than once."""

from __future__ import annotations

import io

from django.urls import reverse
from pypdf import PdfReader

from portal.outbox.models import OutboxRow
from portal.reporting.models import Edition, EditionState
from tests.editorial.office import local, signed_in

NOW = "2026-11-16 09:00"
STARTS = "2026-11-20 14:00"
ENDED = "2026-11-20 16:30"
TITLE = 'Họp quý IV <b>về</b> chuyên mục "Đống Đa"'


def details(head, group, **changed) -> dict:
    return {
        "title": TITLE,
        "notice_kind": "GM",
        "starts_at": local(STARTS),
        "place": "Phòng 302",
        "link": "",
        "chair": head,
        "secretary": group,
        "signer": head,
        **changed,
    }


def act(client, pk: int, code: str, kind: str = "meeting", **data):
    typed = {f"{code}-{name}": value for name, value in data.items()}
    return client.post(reverse(f"editorial_{kind}_act", args=[pk, code]), typed)


def page(user, name: str, *args):
    return signed_in(user).get(reverse(name, args=args))


def letters(code: str) -> set[int]:
    rows = OutboxRow.objects.filter(key__startswith=f"{code}:")
    return {row.payload["user_id"] for row in rows}


def text_of(edition: Edition) -> str:
    edition.refresh_from_db()
    assert edition.state == EditionState.READY, edition.failure
    return " ".join(
        "\n".join(p.extract_text() for p in PdfReader(io.BytesIO(edition.pdf.read())).pages).split()
    )
