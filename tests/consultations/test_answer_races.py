"""Answers come out while somebody takes an opinion back: either order ends whole (PostgreSQL)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from consultations.commenting import sending
from consultations.models import (
    Consultation,
    Opinion,
    OpinionState,
    Publication,
    PublicOpinion,
    PublishedPlace,
    WindowAct,
)
from consultations.synthesis import publishing, sorting
from consultations.synthesis.became import Standing, became_of
from tests.consultations import answers as house
from tests.consultations import factories as make
from tests.consultations import saying

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TAKEN_BACK = "Lời này người gửi sẽ rút lại sau khi đã suy nghĩ kỹ."


@pytest.fixture
def ready() -> tuple[Consultation, Opinion]:
    """Closed, every opinion sorted and answered, nothing published."""
    made = make.make_consultation()
    now = timezone.now()
    make.open_window(made, opens=now - timedelta(days=9), closes=now + timedelta(days=9))
    make.make_text(made)
    saying.page_of(made)
    with transaction.atomic():
        opinion, other = (
            make.opine(made, text=words) for words in (TAKEN_BACK, "Đề nghị niêm yết công khai.")
        )
    for row in (opinion, other):
        house.become(row, OpinionState.PUBLISHED)
    make.record(made, WindowAct.CLOSE, made_at=timezone.now())
    sorting.sort_rest(made.pk, house.official())
    house.answer_all(made, house.official())
    return made, opinion


class Second(threading.Thread):
    """What comes from another connection while the first has not ended yet."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self.act, self.error = act, None

    def run(self) -> None:
        try:
            self.act()
        except Exception as error:
            self.error = error
        finally:
            connection.close()


def one_after_another(first: Callable[[], object], second: Callable[[], object]) -> None:
    with transaction.atomic():
        first()
        thread = Second(second)
        thread.start()
        time.sleep(0.4)
        # It waits for the same lock and decides nothing before it has it.
        assert thread.is_alive()
    thread.join(timeout=30)
    assert thread.error is None


def assert_whole(made: Consultation, opinion: Opinion) -> Publication:
    opinion.refresh_from_db()
    made.refresh_from_db()
    assert opinion.state == OpinionState.WITHDRAWN
    assert not PublicOpinion.objects.filter(pk=opinion.pk).exists()
    assert became_of(opinion).standing is Standing.WITHDRAWN
    publication = made.publications.get()
    assert made.answered_at == publication.published_at
    counts = publication.counts
    assert counts["received"] == counts["in_rows"] + sum(counts["left_out"].values())
    places = PublishedPlace.objects.filter(publication=publication).values("opinion").distinct()
    assert places.count() == counts["received"]
    page = made.pages.get()
    for path in ("ket-qua/", "ket-qua/json/", "y-kien/", ""):
        assert TAKEN_BACK not in Client().get(f"{page.url}{path}").content.decode()
    return publication


def test_taken_back_first_it_is_in_no_answer(ready):
    made, opinion = ready
    by = make.organiser()
    one_after_another(lambda: sending.withdraw(opinion), lambda: publishing.publish(made.pk, by))
    counts = assert_whole(made, opinion).counts
    assert (counts["received"], counts["withdrawn"]) == (1, 1)


def test_published_first_its_words_are_quoted_no_more(ready):
    made, opinion = ready
    by = make.organiser()
    one_after_another(lambda: publishing.publish(made.pk, by), lambda: sending.withdraw(opinion))
    counts = assert_whole(made, opinion).counts
    assert (counts["received"], counts["withdrawn"]) == (2, 0)


def test_both_at_once_end_in_one_of_the_two(ready):
    made, opinion = ready
    by = make.organiser()

    def closing(act: Callable[[], object]) -> object:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        both = [
            pool.submit(closing, lambda: publishing.publish(made.pk, by)),
            pool.submit(closing, lambda: sending.withdraw(opinion)),
        ]
        for one in both:
            one.result()
    counts = assert_whole(made, opinion).counts
    assert counts["received"] + counts["withdrawn"] == 2
