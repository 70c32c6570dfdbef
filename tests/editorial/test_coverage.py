"""Who covers what: sections, agencies, contracts that end, files to take away (Art. 13.3.a)."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import Page

from editorial import coverage
from editorial.models import Absence
from portal import clock
from tests.accounts import staff
from tests.editorial import people
from tests.editorial.office import signed_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today(home, at):
    at("2026-11-20 09:00")
    people.lay_roles()


@pytest.fixture
def member():
    made = people.appointed("thanh.vien")
    people.in_charge(made)
    return made


def public(owner, days: int, title: str = "Tin", slug: str = "tinh-hinh-ket-qua") -> Page:
    page = people.draft(owner, title, slug)
    moment = clock.now() - timedelta(days=days)
    Page.objects.filter(pk=page.pk).update(live=True, first_published_at=moment)
    return page


def section(slug: str = "tinh-hinh-ket-qua") -> coverage.SectionRow:
    return next(row for row in coverage.sections() if row.section.slug == slug)


def agency(code: str = "SNV") -> coverage.AgencyRow:
    return next(row for row in coverage.agencies() if row.agency.code == code)


def test_a_section_tells_its_items_and_who_is_in_charge(member):
    writer = staff("nguoi.viet")
    for days in (1, 29, 31, 89, 91):
        public(writer, days, f"Tin {days}")
    row = section()
    assert (row.recent, row.quarter) == (2, 4)
    assert row.last == clock.now() - timedelta(days=1)
    assert row.people == [member]
    assert not row.has_gap
    other = section("ban-chi-dao")
    assert other.is_empty
    assert other.has_gap
    assert other.people == []


def test_a_stand_in_is_named_while_the_member_is_away(member):
    stand_in = people.appointed("nguoi.thay")
    Absence.objects.create(appointment=member, stand_in=stand_in, valid_from=TODAY, valid_to=TODAY)
    assert section().stand_ins == [stand_in]
    tomorrow = TODAY + timedelta(days=1)
    row = next(
        row for row in coverage.sections(tomorrow) if row.section.slug == "tinh-hinh-ket-qua"
    )
    assert row.stand_ins == []


@pytest.mark.parametrize(
    ("last", "left", "very_soon", "soon"),
    [
        (None, None, False, False),
        (TODAY + timedelta(days=61), 61, False, False),
        (TODAY + timedelta(days=60), 60, False, True),
        (TODAY + timedelta(days=30), 30, True, True),
        (TODAY, 0, True, True),
    ],
)
def test_a_contract_that_ends_is_told_before_it_does(last, left, very_soon, soon):
    home = agency().agency
    people.collaborator("can.bo", agency=home, kind="official", valid_to=last)
    row = agency()
    assert (row.days_left, row.ends_very_soon, row.ends_soon) == (left, very_soon, soon)


def test_an_agency_tells_what_its_people_wrote_this_year():
    writer = people.collaborator("can.bo", agency=agency().agency, kind="official")
    public(writer.user, 3)
    public(writer.user, 400, "Tin năm ngoái")
    row = agency()
    assert [contract.user for contract in row.collaborators] == [writer.user]
    assert (row.year, row.last) == (1, clock.now() - timedelta(days=3))
    assert not row.has_gap
    assert agency("STC").has_gap


def test_the_page_is_filtered_and_taken_away_by_the_board_only(member):
    client = signed_in(member.user)
    people.collaborator("=can.bo", agency=agency().agency, kind="official")
    for table in ("chuyen-muc", "co-quan"):
        address = reverse("editorial_coverage_of", args=[table])
        whole = client.get(address).context["rows"]
        gaps = client.get(address, {"gaps": "on"}).context["rows"]
        assert 0 < len(gaps) <= len(whole)
        file = client.get(reverse("editorial_coverage_export", args=[table, "xlsx"]))
        sheet = load_workbook(io.BytesIO(file.content)).active
        assert sheet.max_row == len(whole) + 1
        text = client.get(reverse("editorial_coverage_export", args=[table, "csv"]))
        assert text.content.decode("utf-8-sig").count("\r\n") == len(whole) + 1
    assert client.get(reverse("editorial_coverage_of", args=["khac"])).status_code == 404
    assert (
        client.get(reverse("editorial_coverage_export", args=["co-quan", "doc"])).status_code == 404
    )
    client.force_login(people.collaborator("cong.tac.vien").user)
    for name, args in [("editorial_coverage", []), ("editorial_coverage_of", ["co-quan"])]:
        assert client.get(reverse(name, args=args)).status_code == 403


def test_as_many_queries_for_many_as_for_few(member):
    def asked() -> list[int]:
        found = []
        for read in (coverage.sections, coverage.agencies):
            with CaptureQueriesContext(connection) as queries:
                read()
            found.append(len(queries))
        return found

    def one_more(number: int) -> None:
        writer = people.collaborator(f"can.bo.{number}", agency=agency().agency, kind="official")
        public(writer.user, number, f"Tin {number}")

    one_more(0)
    few = asked()
    for number in range(1, 7):
        one_more(number)
    assert asked() == few
    assert max(few) <= 4
