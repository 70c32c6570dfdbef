"""Every address of an item in review × every role × the section in charge and another one."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from wagtail.models import Page

from editorial.models import Post
from tests.accounts import staff, user

from .conftest import Board
from .office import officer
from .test_workflow import draft, open_step, to_approval

pytestmark = [pytest.mark.django_db, pytest.mark.gated]

# Who may open the review of an item that waits for approval, by its section.
READS = {"screener", "head", "superuser"}
OWN, OTHER = "member", "other_member"
STEPS = {
    "editorial_review": "GET",
    "editorial_preview": "GET",
    "editorial_pass_on": "POST",
    "editorial_send_back": "POST",
    "editorial_forward": "POST",
    "editorial_refuse": "POST",
    "editorial_doubt": "POST",
}
# Wagtail's own ways to act on a workflow or to publish: shut to everybody.
WAGTAIL_SHUT = ["workflow_action", "collect_workflow_action_data", "unpublish"]
WAGTAIL_READ = ["edit", "view_draft", "history", "workflow_history", "usage"]


@pytest.fixture
def people(board: Board) -> dict[str, object]:
    return {
        "screener": board.screener,
        "member": board.member,
        "other_member": board.other_member,
        "head": board.head,
        "deputy": board.appoint(staff("pho.ban"), Post.DEPUTY).user,
        "sender": board.collaborator,
        "officer": officer("can.bo.xa"),
        "stranger": staff("nguoi.la"),
        "superuser": user("quan.tri", is_superuser=True),
    }


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def is_refused(answer) -> bool:
    """403, or Wagtail's way back to its front with a word of regret."""
    back = answer.status_code == 302 and answer.headers["Location"] in ("/quan-tri/", "/")
    return answer.status_code in (403, 404) or back


def test_who_opens_and_acts_on_an_item_follows_from_section_and_post(board, people):
    page = to_approval(board)
    step = open_step(page)
    readers = READS | {OWN, "sender"}
    for name, method in STEPS.items():
        address = reverse(name, args=[step])
        for role, person in people.items():
            answer = getattr(client_of(person), method.lower())(address)
            assert is_refused(answer) == (role not in readers), (name, role, answer.status_code)
    assert open_step(page) == step
    assert not Page.objects.get(pk=page.pk).live
    address = reverse("editorial_approve", args=[step])
    for role in people.keys() - {OWN, "head"}:
        client_of(people[role]).post(address, {"note": ""})
        assert not Page.objects.get(pk=page.pk).live, role
    client_of(people[OWN]).post(address, {"note": ""})
    assert Page.objects.get(pk=page.pk).live


def test_the_other_section_is_another_member_s(board, people):
    page = draft(board)
    page.move(board.other_section, pos="last-child")
    to_approval(board, type(page).objects.get(pk=page.pk))
    address = reverse("editorial_review", args=[open_step(page)])
    seen = {
        role for role, person in people.items() if not is_refused(client_of(person).get(address))
    }
    assert seen == READS | {OTHER, "sender"}


@pytest.mark.parametrize("name", WAGTAIL_SHUT)
def test_wagtail_s_own_buttons_are_shut_to_everybody(board, people, name):
    page = to_approval(board)
    args = [page.pk] if name == "unpublish" else [page.pk, "approve", open_step(page)]
    address = reverse(f"wagtailadmin_pages:{name}", args=args)
    for role, person in people.items():
        answer = client_of(person).post(address, {"comment": ""})
        assert answer.status_code in (302, 403), (role, answer.status_code)
        assert not Page.objects.get(pk=page.pk).live, role


@pytest.mark.parametrize("name", WAGTAIL_READ)
def test_a_draft_is_read_in_wagtail_s_admin_by_whom_it_concerns(board, people, name):
    page = to_approval(board)
    address = reverse(f"wagtailadmin_pages:{name}", args=[page.pk])
    for role in ("officer", "stranger"):
        assert is_refused(client_of(people[role]).get(address)), role


def test_no_address_of_the_admin_opens_to_a_visitor(board):
    """Every name that takes no argument, or one number, leads to the sign-in page."""
    open_to_all = ("login", "password_reset", "javascript_catalog", "sprite", "jsi18n")
    visitor, shut = Client(), 0
    for name in admin_names():
        for args in ([], [1]):
            try:
                address = reverse(name, args=args)
            except NoReverseMatch:
                continue
            if not address.startswith("/quan-tri/") or any(word in name for word in open_to_all):
                continue
            answer = visitor.get(address)
            assert answer.status_code in (302, 403, 404, 405), (name, answer.status_code)
            if answer.status_code == 302:
                assert "/login/" in answer.headers["Location"], name
            shut += 1
    assert shut > 150


def admin_names() -> list[str]:
    return [name for name in _names(get_resolver(), "") if not name.endswith("None")]


def _names(resolver, namespace: str) -> list[str]:
    found = []
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found += _names(pattern, inner)
        else:
            found.append(f"{namespace}{pattern.name}")
    return found
