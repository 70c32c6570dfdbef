"""Every address × every role × own and another section → the expected answer.

What is in no group of the table fails: a new address is placed before it goes out.
"""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.template.base import Template
from django.test import Client
from django.urls import reverse

from editorial import workflow
from news.models import ArticlePage
from portal.accounts.models import User

from . import address_patterns, address_table, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.gated]

# Breaks on purpose, for whoever looks at the page of errors.
LEFT_OUT = {"wagtailadmin_error_test"}
PARTS = 4
LETTERS = {200: "y", 204: "y", 403: "n", 404: "0", 410: "0", 400: "?", 405: "?", 422: "?", 500: "!"}


@pytest.fixture
def house(home, at) -> addresses.House:
    at(addresses.NOW)
    workflow.lay()
    return addresses.House()


@pytest.fixture
def clients(house, monkeypatch) -> dict[str, Client]:
    """Signed in, every role once. Whether a page opens is asked here, not what it says."""
    monkeypatch.setattr(Template, "render", lambda template, context: "")
    return {role: _client(person) for role, person in house.people().items()}


def _client(person: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person)
    return client


def letter(client: Client, address: str) -> str:
    """The answer in one letter, with nothing of what was asked left behind."""
    cookies, point = client.cookies.copy(), transaction.savepoint()
    answer = client.get(address)
    if answer.status_code == 405:
        answer = client.post(address)
    transaction.savepoint_rollback(point)
    client.cookies = cookies
    return _letter(answer)


def _letter(answer: HttpResponse) -> str:
    if answer.status_code != 302:
        return LETTERS[answer.status_code]
    target = answer.headers["Location"]
    if "/login/" in target:
        return "s"
    fronts = {reverse("wagtailadmin_home"), reverse("editorial_desk")}
    return "n" if target in fronts else ">"


def letters(clients: dict[str, Client], address: str) -> str:
    return "".join(letter(client, address) for client in clients.values())


# In parts, so that several processes share them.
@pytest.mark.parametrize("part", range(PARTS))
def test_every_address_answers_every_role_as_the_table_says(house, clients, part):
    groups = {label: group for group in address_table.GROUPS for label in group.labels()}
    wrong, asked = [], 0
    for label, name, path, entry in address_patterns.labelled()[part::PARTS]:
        if label in LEFT_OUT:
            continue
        group = groups.get(label)
        if group is None:
            wrong.append(f"{label}: in no group of tests/editorial/address_table.py")
            continue
        own, other = (
            address_patterns.filled(name, path, entry, house.values(name, section))
            for section in (house.own, house.other)
        )
        expected = {own: group.own, other: group.other or group.own}
        for address in dict.fromkeys((own, other)):
            found = letters(clients, address)
            asked += len(found)
            # One address for both sections: the first row says it.
            wanted = group.own if address == own else expected[address]
            if found != wanted:
                wrong.append(f"{label} {address}: {found}, not {wanted} ({group.title})")
    assert not wrong, "\n" + "\n".join(wrong)
    assert asked > 1000


def test_every_address_stands_in_one_group_and_every_name_in_the_table_exists():
    known = {label for label, *_rest in address_patterns.labelled()} - LEFT_OUT
    placed = Counter(label for group in address_table.GROUPS for label in group.labels())
    assert not {label for label, times in placed.items() if times > 1}
    assert set(placed) == known


@pytest.mark.parametrize("which", ["own", "other"])
def test_what_is_not_public_has_no_address_for_readers(house, clients, which):
    draft = ArticlePage.objects.get(pk=getattr(house, which).values["page_id"])
    for address in (draft.url, f"/rss{draft.url}", f"/danh-gia/{draft.pk}/"):
        assert letters(clients, address) == "0" * len(clients), address


def test_bulk_acts_of_wagtail_publish_delete_and_withdraw_nothing(house, clients):
    for section in (house.own, house.other):
        page = section.values["page_id"]
        for act in ("publish", "delete", "unpublish", "move"):
            address = f"/quan-tri/bulk/wagtailcore/page/{act}/?id={page}"
            for client in clients.values():
                client.post(address, {"chooser": house.own.page.pk, "include_descendants": "on"})
        kept = ArticlePage.objects.get(pk=page)
        assert not kept.live
        assert kept.get_parent().pk == section.page.pk


def test_what_is_in_review_is_deleted_by_nobody(house, clients):
    for section in (house.own, house.other):
        page = section.values["page_id"]
        for client in clients.values():
            client.post(reverse("wagtailadmin_pages:delete", args=[page]))
        assert ArticlePage.objects.filter(pk=page).exists()


def test_the_city_s_leader_reads_no_title_of_a_draft(house):
    leader = _client(house.people()["leader"])
    draft = ArticlePage.objects.get(pk=house.own.values["page_id"])
    for address in (
        reverse("wagtailadmin_pages:move_confirm", args=[draft.pk, house.other.page.pk]),
        f"/quan-tri/bulk/wagtailcore/page/delete/?id={draft.pk}",
        reverse("wagtail_localize:translations_report"),
    ):
        answer = leader.get(address)
        assert draft.title not in answer.content.decode()
        assert _letter(answer) == "n"
