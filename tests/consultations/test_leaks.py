"""What is withheld, withdrawn or waiting is read nowhere but by who may: one table of doors."""

from __future__ import annotations

import json
import logging

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations.commenting import sending
from consultations.models import Opinion, OpinionState, PublicOpinion
from consultations.moderation import deciding
from editorial.models import Ground
from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow
from site_pages import page_cache
from tests.accounts import staff
from tests.consultations import factories as make
from tests.consultations.saying import address, begin, say
from tests.pages import assert_valid_html
from tests.protection.files import PDF, upload

pytestmark = pytest.mark.django_db
SECRET = "chuyenmat"
FILE = "hosorieng"
WORDS = f"Nội dung {SECRET} và lời nói {SECRET}."


def said(client, page, clause) -> Opinion:
    """With a file, a name that is not shown and an e-mail."""
    begin(
        client,
        page,
        clause,
        text=WORDS,
        suggested_text=f"Sửa thành {SECRET}.",
        name=f"Người {SECRET}",
        is_name_shown="0",
        email=f"{SECRET}@dan.example",
    )
    client.post(address(page, clause, "tep"), {"tep": upload(f"{FILE}.pdf", PDF)})
    client.post(address(page, clause, "kiem-tra"))
    return Opinion.objects.latest("pk")


def waiting(opinion, by):
    return opinion


def withheld(opinion, by):
    deciding.publish(opinion.pk, by)
    return deciding.withhold(opinion.pk, by, grounds=[Ground.UNTRUE], reason="Chưa đúng.")


def withdrawn(opinion, by):
    deciding.publish(opinion.pk, by)
    return sending.withdraw(opinion)


def corrected(opinion, by):
    deciding.publish(opinion.pk, by)
    return sending.correct(opinion, text=f"{WORDS} Đã sửa.")


def doors(page, clause, opinion) -> list[str]:
    root = page.url
    return [
        root,
        f"{root}ban/1/",
        f"{root}dieu-khoan/{clause.uuid}/",
        f"{root}?in=1",
        f"{root}y-kien/",
        f"{root}y-kien/?dieu-khoan={clause.uuid}",
        f"{root}y-kien/?nhom={opinion.pk}",
        f"{root}y-kien/?doi-tuong=person",
        f"{root}y-kien/{opinion.pk}/",
        f"{root}y-kien/{opinion.pk}/bao-cao/",
        f"{root}y-kien/rss/",
        f"{root}y-kien/csv/",
        f"{root}y-kien/json/",
        f"{root}nhat-ky/",
        address(page, clause),
        address(page),
        "/du-lieu-mo/",
        "/du-lieu-mo/y-kien-gop-y.csv",
        "/du-lieu-mo/y-kien-gop-y.json",
        "/lay-y-kien/",
        "/rss/lay-y-kien/",
        "/",
        "/sitemap.xml",
        f"/tim-kiem/?q={SECRET}x",
        "/gop-y/theo-doi/",
    ]


def body(response) -> str:
    content = b"".join(response) if response.streaming else response.content
    return content.decode() + str(response.headers)


@pytest.mark.parametrize("make_it", [waiting, withheld, withdrawn, corrected])
def test_what_is_not_published_is_read_through_no_door(client, page, clause, group, make_it):
    opinion = said(client, page, clause)
    if make_it is not waiting:
        # Read while it was public: what a cache kept then must not be shown again.
        deciding.publish(opinion.pk, group)
        reader = Client()
        shown = reader.get(f"{page.url}y-kien/")
        assert SECRET in shown.content.decode()
        opinion.refresh_from_db()
        deciding.withhold(opinion.pk, group, grounds=[Ground.UNTRUE], reason="Xem lại.")
    before = page_cache.SiteGeneration.objects.get().number
    with CaptureQueriesContext(connection):
        make_it(opinion, group)
    opinion.refresh_from_db()
    assert opinion.state != OpinionState.PUBLISHED
    assert not PublicOpinion.objects.exists()
    for url in doors(page, clause, opinion):
        for visitor in (Client(), Client(headers={"accept-language": "en"})):
            told = body(visitor.get(url, follow=True)).replace(f"{SECRET}x", "")
            assert SECRET not in told, url
            assert FILE not in told, url
            assert opinion.receipt_code not in told, url
    assert page_cache.SiteGeneration.objects.get().number >= before


def test_a_published_opinion_shows_neither_contact_file_name_nor_withheld_name(
    client, page, clause, group
):
    begin(
        client,
        page,
        clause,
        text="Lời công khai.",
        name=f"Người {SECRET}",
        is_name_shown="0",
        email=f"{SECRET}@dan.example",
    )
    client.post(address(page, clause, "tep"), {"tep": upload(f"{FILE}.pdf", PDF)})
    client.post(address(page, clause, "kiem-tra"))
    opinion = Opinion.objects.get()
    deciding.publish(opinion.pk, group)
    reads = []
    for url in doors(page, clause, opinion):
        told = body(Client().get(url, follow=True)).replace(f"{SECRET}x", "")
        reads.append("Lời công khai." in told)
        assert SECRET not in told, url
        assert FILE not in told, url
        assert opinion.receipt_code not in told, url
    assert sum(reads) >= 6


@pytest.mark.parametrize("make_it", [waiting, withheld, withdrawn])
def test_no_letter_log_or_task_says_it(client, page, clause, group, make_it):
    logged: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: logged.append(record.getMessage())
    logging.getLogger().addHandler(listener)
    try:
        make_it(said(client, page, clause), group)
        drain()
    finally:
        logging.getLogger().removeHandler(listener)
    for letter in mail.outbox:
        assert SECRET not in letter.subject + letter.body
    assert SECRET not in json.dumps(list(OutboxRow.objects.values_list("payload", flat=True)))
    assert SECRET not in json.dumps(list(OutboxRow.objects.values_list("key", flat=True)))
    assert SECRET not in "".join(logged)


@pytest.mark.parametrize("make_it", [waiting, withheld, withdrawn])
def test_officials_of_other_agencies_and_editors_do_not_read_it(
    client, page, clause, group, make_it
):
    opinion = said(client, page, clause)
    make_it(opinion, group)
    visitor = Client()
    visitor.force_login(staff("bien.tap"))
    for url in (
        reverse("opinion_list"),
        reverse("opinion_detail", args=[opinion.pk]),
        reverse("opinion_file", args=[opinion.files.get().pk]),
    ):
        assert SECRET not in body(visitor.get(url, follow=True))


def test_a_withdrawn_opinion_is_sealed_for_the_moderator_too(client, page, clause, group):
    opinion = withdrawn(said(client, page, clause), group)
    client.force_login(group)
    told = body(client.get(reverse("opinion_detail", args=[opinion.pk])))
    assert SECRET not in told
    assert SECRET not in body(client.get(reverse("opinion_list"), {"state": ""}))
    assert client.get(reverse("opinion_file", args=[opinion.files.get().pk])).status_code == 404


def test_a_cell_is_never_a_formula(client, page, group):
    opinion = say(client, page, text="=CMD()|'/c calc'!A0", name="@SUM(1)", is_name_shown="1")
    deciding.publish(opinion.pk, group)
    told = body(Client().get(f"{page.url}y-kien/csv/"))
    assert "'=CMD()" in told
    assert "'@SUM" in told


def test_the_public_pages_are_valid_and_fed(client, page, clause, group, place):
    for text in ("Đồng ý <b>với</b> dự thảo.", "Đề nghị sửa & bổ sung."):
        opinion = say(client, page, clause, text=text, suggested_text="Nội dung mới & khác.")
        deciding.publish(opinion.pk, group)
    reader = Client()
    for url in (
        page.url,
        f"{page.url}y-kien/",
        f"{page.url}y-kien/{opinion.pk}/",
        f"{page.url}nhat-ky/",
    ):
        assert_valid_html(reader.get(url))
    feed = reader.get(f"{page.url}y-kien/rss/")
    assert feed.headers["Content-Type"].startswith("application/rss+xml")
    assert feed.content.count(b"<item>") == 2
    rows = json.loads(reader.get(f"{page.url}y-kien/json/").content)
    assert rows["count"] == 2
    assert {row["provision"] for row in rows["rows"]} == {clause.name}
    assert reader.get(f"{page.url}y-kien/99999999999999999999/").status_code == 404


def test_few_queries_with_many_opinions(client, page, clause, group):
    for n in range(30):
        row = make.opine(page.consultation, clause, text=f"Ý kiến {n}")
        deciding.publish(row.pk, group)
    reader = Client()
    for url in (page.url, f"{page.url}y-kien/"):
        reader.get(url)
        with CaptureQueriesContext(connection) as made:
            reader.get(url)
        assert len(made) <= 15, [url, *(row["sql"][:80] for row in made)]
