"""Consultations with a window, a text and opinions."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from consultations import window
from consultations.models import (
    Consultation,
    DraftKind,
    DraftText,
    Opinion,
    OpinionState,
    Provision,
    ProvisionKind,
    RespondentKind,
    TextState,
    WindowAct,
    WindowRecord,
)
from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.codes import new_code
from tests.accounts import staff

OPENS = datetime.fromisoformat("2026-11-02T00:00:00+07:00")
CLOSES = datetime.fromisoformat("2026-12-01T00:00:00+07:00")
NOON = "2026-11-20 12:00"
RUNS = ("consultations.run_consultations", "consultations.follow_consultations")


def organiser(name: str = "to.cong.tac") -> User:
    """Of the working group: may prepare consultations."""
    return User.objects.filter(username=name).first() or staff(name, *RUNS)


def make_consultation(code: str = "quy-che", **fields) -> Consultation:
    given = {
        "title": "Quy chế phối hợp giải quyết thủ tục hành chính <script>“Đ”",
        "kind": DraftKind.NORMATIVE,
        "agency": Agency.objects.get(code="SNV"),
        "request_document": "Công văn số 120/SNV-CCHC ngày 30/10/2026",
        **fields,
    }
    return Consultation.objects.create(code=code, **given)


def record(consultation: Consultation, act: str, **fields) -> WindowRecord:
    """A record as it stands in the table, without the verb's questions."""
    by = fields.pop("made_by", None) or organiser()
    given = {"made_at": clock.now(), **fields}
    if act != WindowAct.OPEN:
        given = {"reason": "Theo đề nghị", "document_number": "12/SNV-CCHC", **given}
    number = consultation.records.count() + 1
    return WindowRecord.objects.create(
        consultation=consultation, number=number, act=act, made_by=by, **given
    )


def open_window(consultation: Consultation, opens=OPENS, closes=CLOSES) -> WindowRecord:
    return record(consultation, WindowAct.OPEN, opens_at=opens, closes_at=closes)


def make_text(
    consultation: Consultation, articles: int = 3, state=TextState.PUBLISHED
) -> DraftText:
    """A version with some articles of two clauses each."""
    number = consultation.texts.count() + 1
    text = DraftText.objects.create(consultation=consultation, number=number)
    position = 0
    for article in range(1, articles + 1):
        parent = _provision(text, position, ProvisionKind.ARTICLE, f"Điều {article}.", "Phạm vi")
        position += 1
        for clause in (1, 2):
            words = f"Nội dung khoản {clause} của Điều {article} <script>."
            _provision(text, position, ProvisionKind.CLAUSE, f"{clause}.", text_=words, up=parent)
            position += 1
    if state == TextState.PUBLISHED:
        text.state, text.sha256 = state, "a" * 64
        text.published_at, text.published_by = clock.now(), organiser()
        text.save()
    return text


def _provision(text, position, kind, label, heading="", text_="", up=None) -> Provision:
    name = f"{up.name} khoản {label}" if up else label.rstrip(".")
    return Provision.objects.create(
        text_version=text,
        parent=up,
        position=position,
        depth=1 if up else 0,
        kind=kind,
        label=label,
        heading=heading,
        text=text_,
        name=name,
        anchor=f"n{position}",
        sha256=f"{position:064d}",
    )


def opine(consultation: Consultation, provision: Provision | None = None, **fields) -> Opinion:
    """An opinion as the guard would let it in."""
    held = window.require_open(consultation.pk)
    text = provision.text_version if provision else consultation.texts.order_by("-number").first()
    given = {
        "respondent_kind": RespondentKind.PERSON,
        "name": "Nguyễn Thị Ánh <script>",
        "text": "Đề nghị rút ngắn thời hạn.",
        "state": OpinionState.WAITING,
        "received_at": held.now,
        **fields,
    }
    return Opinion.objects.create(
        consultation=consultation,
        text_version=text,
        provision=provision,
        provision_sha256=provision.sha256 if provision else "",
        quoted_text=provision.text if provision else "",
        receipt_code=new_code(),
        token=uuid.uuid4(),
        **given,
    )


def local(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def days(count: float) -> timedelta:
    return timedelta(days=count)
