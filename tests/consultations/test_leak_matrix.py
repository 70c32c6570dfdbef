"""Each way in which words stop being public × each address that anybody may ask for.

The addresses come from the routes themselves: a new one fails here until it has its row.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from wagtail.models import ModelLogEntry

from consultations.commenting import sending
from consultations.commenting import urls as commenting_urls
from consultations.commenting.views import STEPS
from consultations.models import ConsultationPage, Opinion, OpinionState, Reply
from consultations.moderation import deciding, talking
from consultations.synthesis import publishing
from consultations.synthesis import urls as synthesis_urls
from editorial.models import Ground
from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow
from portal.reporting import editions
from portal.reporting.models import Edition
from site_pages.search.models import SearchEntry
from tests.accounts import staff
from tests.consultations import answers as house
from tests.consultations import factories as make
from tests.consultations import saying
from tests.consultations.saying import address, begin
from tests.protection.files import PDF, upload

pytestmark = pytest.mark.django_db
SECRET, FILE, PRIVATE = "chuyenmat", "hosorieng", "bietdanhcu"
WORDS = f"Nội dung {SECRET} là lời nói riêng, {SECRET} của một người gửi là {PRIVATE}."
OTHER = "Đề nghị niêm yết công khai lịch làm việc tại trụ sở."


class Case:
    """One consultation, the opinion that is to vanish, and the people of the office."""

    def __init__(self, client: Client, at: Callable) -> None:
        self.at = at
        at(make.NOON)
        self.consultation, self.page = saying.open_to_all()
        self.clause = self.consultation.texts.get().provisions.get(name="Điều 2 khoản 2.")
        self.group = staff("kiem.duyet", "consultations.moderate_opinions")
        self.opinion = self._said(client)
        other = make.opine(self.consultation, self.clause, text=OTHER)
        deciding.publish(other.pk, self.group)

    def _said(self, client: Client) -> Opinion:
        begin(
            client,
            self.page,
            self.clause,
            text=WORDS,
            suggested_text=f"Sửa thành {SECRET} hẳn.",
            # Of those who speak in the table, only organisations stand there by name.
            respondent_kind="organisation",
            name=f"Hội {SECRET}",
            is_name_shown="1",
            email=f"{SECRET}@dan.example",
        )
        client.post(address(self.page, self.clause, "tep"), {"tep": upload(f"{FILE}.pdf", PDF)})
        client.post(address(self.page, self.clause, "kiem-tra"))
        return Opinion.objects.latest("pk")

    def show(self) -> None:
        deciding.publish(self.opinion.pk, self.group)
        talking.reply(self.opinion.pk, self.group, text="Cảm ơn ông/bà đã góp ý.")

    def hide(self, how: str) -> None:
        self.opinion.refresh_from_db()
        if how == "withdraw":
            sending.withdraw(self.opinion)
        elif how == "correct":
            sending.correct(self.opinion, text=f"{WORDS} Đã sửa.")
        else:
            told = {"grounds": [Ground.UNTRUE], "reason": "Chưa đúng."}
            deciding.withhold(self.opinion.pk, self.group, **told)
        if how == "mask":
            masked = WORDS.replace(PRIVATE, "[đã che]")
            deciding.publish(self.opinion.pk, self.group, text=masked)

    def gone(self) -> set[str]:
        """What nobody may read any more."""
        self.opinion.refresh_from_db()
        if self.opinion.state == OpinionState.PUBLISHED:
            return {PRIVATE}
        return {SECRET, PRIVATE, FILE, self.opinion.receipt_code}

    def answer(self) -> None:
        """Answers and their paper, both public."""
        self.at(house.AFTER)
        house.published(self.consultation)
        drain()
        leader = staff("lanh.dao", "reporting.view_edition", "reporting.publish_edition")
        editions.publish(Edition.objects.get(kind=publishing.KIND).pk, leader)


STATES: dict[str, list[str]] = {
    "waiting": [],
    "corrected": ["show", "correct"],
    "withheld": ["show", "withhold", "answer"],
    "withdrawn": ["show", "withdraw", "answer"],
    "withheld once it is answered": ["show", "answer", "withhold"],
    "withdrawn once it is answered": ["show", "answer", "withdraw"],
    "withheld, then published with a mask, once answered": ["show", "answer", "mask"],
}


def arguments(case: Case) -> dict[str, list[tuple]]:
    """What each route of a consultation's page is asked with."""
    uuid, pk = str(case.clause.uuid), case.opinion.pk
    return {
        "index_route": [()],
        "text_view": [()],
        "version": [(1,)],
        "compare": [(1, 2)],
        "provision": [(uuid,)],
        "file": [(1,)],
        "calendar": [()],
        "opinion": [("toan-van",), (uuid,)],
        "opinion_step": [(uuid, step) for step in STEPS],
        "opinions": [()],
        "published_opinion": [(pk,)],
        "abuse": [(pk,)],
        "opinions_feed": [()],
        "opinions_csv": [()],
        "opinions_json": [()],
        "moderation_log": [()],
        "subscribe": [()],
        "result": [()],
        "result_edition": [(1,)],
        "result_file": [("docx",), ("xlsx",), ("csv",), ("json",)],
    }


def below_the_page(case: Case) -> Iterator[str]:
    known = arguments(case)
    for route in ConsultationPage.get_subpage_urls():
        assert route.name in known, f"give the route {route.name} its row"
        for args in known[route.name]:
            yield case.page.url + case.page.reverse_subpage(route.name, args=args)


def of_the_room() -> Iterator[str]:
    for route in [*commenting_urls.urlpatterns, *synthesis_urls.urlpatterns]:
        args = ["khong-phai"] if route.pattern.converters else []
        yield reverse(route.name, args=args)


def around(case: Case) -> Iterator[str]:
    """What the portal tells elsewhere, and the same addresses asked otherwise."""
    root = case.page.url
    yield from (
        f"{root}?in=1",
        f"{root}y-kien/?dieu-khoan={case.clause.uuid}",
        f"{root}y-kien/?nhom={case.opinion.pk}",
        f"{root}y-kien/?doi-tuong=person",
        f"{root}ket-qua/?tim=loi+noi+rieng",
        f"{root}ket-qua/?ket_qua=explained",
        "/",
        "/lay-y-kien/",
        "/rss/lay-y-kien/",
        "/du-lieu-mo/",
        "/du-lieu-mo/y-kien-gop-y.csv",
        "/du-lieu-mo/y-kien-gop-y.json",
        "/sitemap.xml",
        "/so-do-trang/",
        "/bao-cao/",
        "/tim-kiem/?q=loi+noi+rieng",
        "/tim-kiem/?q=ch%75yenma",
    )
    for edition in Edition.objects.all():
        yield from (
            f"/bao-cao/{edition.code}/",
            f"/bao-cao/{edition.code}/bao-cao.pdf",
            f"/xac-thuc/{edition.code}/",
        )
        for file in edition.files.all():
            yield f"/bao-cao/{edition.code}/tep/{Path(file.file.name).name}"


def said_by(response) -> str:
    """Every word of an answer: what is zipped unpacked, what is printed read."""
    content = b"".join(response) if response.streaming else response.content
    told = [str(response.headers), content.decode(errors="replace")]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            told += [*archive.namelist()]
            told += [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    if content.startswith(b"%PDF"):
        told += [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return "\n".join(told)


def addresses(case: Case) -> list[str]:
    found = [*below_the_page(case), *of_the_room(), *around(case)]
    return [*found, *(f"/en{url}" for url in found if not url.startswith("/du-lieu-mo/"))]


def commit() -> None:
    """What waits for the end of the transaction, which a test never sees: the page cache's turn."""
    waiting, connection.run_on_commit = connection.run_on_commit, []
    for _ids, act, _robust in waiting:
        act()


@pytest.mark.parametrize("state", STATES)
def test_words_that_are_not_public_come_through_no_address(client, at, state):
    case = Case(client, at)
    *before, last = [*STATES[state]] or [""]
    for step in before:
        getattr(case, step)() if step in {"show", "answer"} else case.hide(step)
    reader, kept, shown = Client(), {}, set()
    if last:
        for url in addresses(case):
            response = reader.get(url)
            if (PRIVATE if last == "mask" else SECRET) in said_by(response):
                shown.add(url)
            kept[url] = response.headers.get("ETag", "")
        # Else the matrix would prove nothing.
        assert len(shown) > 5 or "show" not in before[-1:]
        commit()
        getattr(case, last)() if last == "answer" else case.hide(last)
    drain()
    commit()
    hidden = case.gone()
    assert (case.opinion.state == OpinionState.PUBLISHED) == (last == "mask")
    for url in addresses(case):
        # As a reader comes back who keeps what was public once.
        response = reader.get(url, headers={"if-none-match": kept.get(url) or '"-"'})
        assert response.status_code < 500, url
        assert response.status_code != 304 or url not in shown, url
        told = said_by(response)
        assert not [words for words in hidden if words in told], url
    assert_kept_nowhere(case, hidden)


def assert_kept_nowhere(case: Case, hidden: set[str]) -> None:
    """Neither in letters, tasks, search and audit log nor in the names of stored files."""
    letters = "".join(f"{letter.subject}{letter.body}" for letter in mail.outbox)
    tasks = json.dumps(list(OutboxRow.objects.values_list("key", "payload")))
    logs = json.dumps(list(ModelLogEntry.objects.values_list("label", "data")))
    sought = json.dumps(list(SearchEntry.objects.values_list("title", "text")))
    names = [
        str(path)
        for root in (settings.MEDIA_ROOT, settings.EXPORTS_DIR)
        for path in Path(root).rglob("*")
    ]
    for words in hidden - {case.opinion.receipt_code}:
        for place in (letters, tasks, logs, sought, *names):
            assert words not in place
    assert Reply.objects.count() == int(case.opinion.decisions.filter(kind="publish").exists())
