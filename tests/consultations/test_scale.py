"""20,000 opinions on 60 provisions: pages and the queue stay short in queries (PostgreSQL)."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations.models import Opinion, OpinionState, PublicOpinion
from tests.accounts import staff
from tests.consultations import factories as make
from tests.consultations import saying

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
MANY = 20_000
STATES = [OpinionState.PUBLISHED, OpinionState.PUBLISHED, OpinionState.WAITING]


def lay(at) -> tuple:
    at(make.NOON)
    consultation = make.make_consultation()
    make.open_window(consultation)
    text = make.make_text(consultation, articles=20)
    page = saying.page_of(consultation)
    places = list(text.provisions.order_by("position"))
    rows = [_opinion(consultation, text, places[n % len(places)], n) for n in range(MANY)]
    Opinion.objects.bulk_create(rows, batch_size=2000)
    shown = [row for row in rows if row.state == OpinionState.PUBLISHED]
    PublicOpinion.objects.bulk_create([_public(row) for row in shown], batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE consultations_opinion, consultations_publicopinion")
    return consultation, page


def _opinion(consultation, text, place, n: int) -> Opinion:
    return Opinion(
        consultation=consultation,
        text_version=text,
        provision=place,
        provision_sha256=place.sha256,
        quoted_text=place.text,
        respondent_kind="person",
        text=f"Ý kiến số {n % 5000}: đề nghị rút ngắn thời hạn giải quyết. " * 3,
        fingerprint=f"{n % 5000:064d}",
        sender_key=f"{n % 9000}",
        state=STATES[n % 3],
        receipt_code=f"{n:014d}",
        token=uuid.uuid4(),
        received_at=make.OPENS + timedelta(seconds=n),
    )


def _public(row: Opinion) -> PublicOpinion:
    return PublicOpinion(
        opinion=row,
        consultation_id=row.consultation_id,
        text_version_id=row.text_version_id,
        provision_id=row.provision_id,
        respondent_kind=row.respondent_kind,
        text=row.text,
        received_at=row.received_at,
        published_at=row.received_at,
        group=row.pk,
    )


def test_public_pages_and_the_queue_with_twenty_thousand(at, thrown_away):
    consultation, page = lay(at)
    reader = Client()
    for url in (page.url, f"{page.url}y-kien/", f"{page.url}y-kien/?trang=300"):
        reader.get(url)
        with CaptureQueriesContext(connection) as made:
            assert reader.get(url).status_code == 200
        assert len(made) <= 15, url
    reader.force_login(staff("kiem.duyet", "consultations.moderate_opinions"))
    queue = reverse("opinion_list")
    for query in (
        "",
        "?state=&only=first",
        f"?state=published&consultation={consultation.pk}&p=90",
    ):
        reader.get(queue + query)
        with CaptureQueriesContext(connection) as made:
            assert reader.get(queue + query).status_code == 200
        assert len(made) <= 40, (query, len(made))
