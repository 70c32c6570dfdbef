"""What editors see of documents: columns, filters, the 72-hour clock, checks."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission

from documents.models import DocumentsPage, LegalDocumentPage
from portal import clock
from site_pages import tree
from tests.accounts import staff, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(client, at) -> DocumentsPage:
    at("2026-11-20 09:00")
    tree.lay()
    client.force_login(user("quantri", is_superuser=True))
    return DocumentsPage.objects.get(locale__language_code="vi")


def issue(register, number: int, issued_on: date, *, live: bool) -> LegalDocumentPage:
    page = LegalDocumentPage(
        title=f"Kế hoạch thứ {number}",
        slug=f"ke-hoach-{number}",
        abstract_text="Trích yếu.",
        number=f"{number}/KH-UBND",
        doc_type="ke-hoach",
        issuer="UBND thành phố Hà Nội",
        level="city",
        issued_on=issued_on,
        locale=register.locale,
        live=live,
        first_published_at=clock.now() if live else None,
    )
    return register.add_child(instance=page)


@pytest.fixture
def documents(register):
    return {
        "running": issue(register, 1, date(2026, 11, 17), live=False),
        "overdue": issue(register, 2, date(2026, 11, 16), live=False),
        "on-time": issue(register, 3, date(2026, 11, 17), live=True),
        "late": issue(register, 4, date(2026, 11, 16), live=True),
    }


@pytest.mark.parametrize("state", ["running", "overdue", "on-time", "late"])
def test_the_72_hours_begin_when_the_day_of_issue_ends_in_hanoi(client, documents, state):
    html = client.get(reverse("legal_documents:index"), {"clock": state}).content.decode()
    assert {name for name, page in documents.items() if page.title in html} == {state}
    assert documents[state].timeliness.state == state


def test_the_last_moment_of_the_72_hours_is_still_in_time(client, documents, at):
    at("2026-11-21 00:00:00")
    html = client.get(reverse("legal_documents:index"), {"clock": "running"}).content.decode()
    assert documents["running"].title in html
    at("2026-11-21 00:00:01")
    html = client.get(reverse("legal_documents:index"), {"clock": "running"}).content.decode()
    assert documents["running"].title not in html


def test_the_explorer_of_the_register_has_the_same_columns(client, register, documents):
    html = client.get(reverse("wagtailadmin_explore", args=[register.pk])).content.decode()
    for words in ("4/KH-UBND", "UBND thành phố Hà Nội", "Còn hiệu lực", "Còn 15 giờ"):
        assert words in html


@pytest.mark.parametrize(
    ("query", "count"),
    [({"number": "1/kh"}, 1), ({"issuer": "ubnd"}, 4), ({"doc_type": "luat"}, 0)],
)
def test_documents_are_filtered_by_their_facts(client, documents, query, count):
    html = client.get(reverse("legal_documents:index"), query).content.decode()
    assert sum(page.title in html for page in documents.values()) == count


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_asks_as_much_for_many_as_for_few(
    client, register, count, django_assert_max_num_queries
):
    editor = staff("bien.tap")
    GroupPagePermission.objects.create(
        group=editor.groups.create(name="bien-tap"),
        page=register,
        permission=Permission.objects.get(codename="publish_page"),
    )
    client.force_login(editor)
    for n in range(1, count):
        issue(register, n, date(2026, 11, 1), live=bool(n % 2))
    with django_assert_max_num_queries(40):
        client.get(reverse("legal_documents:index"))


def test_the_checker_asks_for_files_and_the_signer(documents):
    assert documents["late"].content_checks() == ["no-files", "no-signer"]
