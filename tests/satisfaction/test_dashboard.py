"""The dashboard: live figures, who sees which, drill-down, filters and files."""

from __future__ import annotations

import csv
import io
import statistics
from datetime import date
from fractions import Fraction

import openpyxl
import pytest
import scipy.stats
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from portal.agencies.models import Agency, Membership
from portal.reporting.formats import number as printed
from portal.reporting.formats import percent
from satisfaction.models import Response
from satisfaction.questionnaires import read
from satisfaction.review import reject
from satisfaction.suppression import hidden, merged, runs
from satisfaction.tallies import recounted
from tests.accounts import staff
from tests.pages import parse
from tests.satisfaction.factories import NOON, answers, make_survey, respond
from tests.satisfaction.measures import make_definition

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(at):
    """Two agencies with twelve answers and more, one with three; a few women and flags."""
    at(NOON)
    made = make_survey()
    for number in range(14):
        respond(made, answers(5 if number % 2 else 3, "SNV", sex="1" if number < 12 else "2"))
    for number in range(12):
        respond(made, answers(4 if number % 3 else 2, "STC", sex="1"))
    for _ in range(3):
        respond(made, answers(1, "00070", sex="2"))
    # One level for everything looks odd; here it is only simple.
    mark(list(Response.objects.select_related("version")), is_flagged=False)
    return made


def mark(rows: list[Response], *, is_flagged: bool) -> None:
    with recounted(rows):
        for response in rows:
            response.is_flagged = is_flagged
            response.save(update_fields=["is_flagged"])


@pytest.fixture
def group():
    return staff("to", "satisfaction.view_results", "satisfaction.review_responses")


@pytest.fixture
def leader():
    return staff("lanh.dao", "satisfaction.view_results")


def officer(code: str):
    who = staff(f"can.bo.{code.lower()}")
    agency = Agency.objects.get(code=code)
    Membership.objects.create(user=who, agency=agency, valid_from=date(2026, 1, 1))
    return who


def url(survey, rest: str = "") -> str:
    return f"/quan-tri/khao-sat/{survey.pk}/bang-so-lieu/{rest}"


def page(client, who, address: str) -> str:
    client.force_login(who)
    response = client.get(address)
    assert response.status_code == 200, response
    tree = parse(response)
    main = next(element for element in tree.iter() if element.get("id") == "main")
    return " ".join("".join(main.itertext()).split())


def told(client, who, address: str) -> bool:
    """Whether the look says anything of the people that it is about."""
    client.force_login(who)
    return client.get(address).context["is_told"]


def exported(client, who, address: str) -> list[list[str]]:
    client.force_login(who)
    joint = "&" if "?" in address else "?"
    response = client.get(f"{address}{joint}dang=csv")
    assert response["Content-Type"].startswith("text/csv")
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def definition(survey) -> dict:
    return survey.versions.get().definition


def rows_by_name(rows: list[list[str]]) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in rows[1:]}


def test_agencies_stand_beside_each_other_with_their_intervals(client, survey, group):
    rows = rows_by_name(exported(client, group, url(survey)))
    home = rows[Agency.objects.get(code="SNV").name]
    assert home[:2] == ["14", percent(Fraction(1, 2))]
    few = rows[Agency.objects.get(code="00070").name]
    assert few[0] == "3"
    text = page(client, group, url(survey))
    assert "29 " in text


def test_who_reads_but_does_not_review_sees_no_small_group(client, survey, leader):
    rows = rows_by_name(exported(client, leader, url(survey)))
    few = rows[Agency.objects.get(code="00070").name]
    assert few == ["*", "–", "–"]
    # The total would give it away, so a second one is hidden with it.
    assert sum(row[0] == "*" for row in rows.values()) >= 2
    text = page(client, leader, url(survey, "00070/"))
    assert "100,00%" not in text


def test_an_officer_sees_the_own_agency_only(client, survey):
    who = officer("STC")
    rows = rows_by_name(exported(client, who, url(survey)))
    assert set(rows) == {Agency.objects.get(code="STC").name}
    client.force_login(who)
    assert client.get(url(survey, "SNV/")).status_code in (302, 403)
    assert client.get(url(survey, "SNV/tieu-chi/I/")).status_code in (302, 403)
    own = client.get(url(survey, "?co-quan=SNV"))
    assert Agency.objects.get(code="SNV").name not in own.content.decode()
    client.force_login(staff("khac"))
    assert client.get(url(survey)).status_code in (302, 403)


def test_criteria_and_items_of_one_agency(client, survey, group):
    rows = rows_by_name(exported(client, group, url(survey, "SNV/")))
    assert {row[1] for row in rows.values()} == {"50,00%"}
    items = exported(client, group, url(survey, "SNV/tieu-chi/I/"))
    assert len(items) == 5
    assert items[1][1:6] == ["0,00%", "0,00%", "50,00%", "0,00%", "50,00%"]
    text = page(client, group, url(survey, "tieu-chi/I/"))
    assert "Nội dung" in text
    client.force_login(group)
    assert client.get(url(survey, "tieu-chi/khong-co/")).status_code == 404
    assert client.get(url(survey, "KHONGCO/")).status_code == 404


def test_filters_narrow_people_channel_and_flags(client, survey, group):
    women = rows_by_name(exported(client, group, url(survey, "?nhom=sex:2")))
    assert {name: row[0] for name, row in women.items()} == {
        Agency.objects.get(code="SNV").name: "2",
        Agency.objects.get(code="00070").name: "3",
    }
    items = exported(client, group, url(survey, "tieu-chi/I/?nhom=sex:2"))
    assert items[1][6:8] == ["5", "0"]
    assert exported(client, group, url(survey, "?kenh=paper"))[1:] == []
    flagged = list(Response.objects.filter(agency__code="STC").select_related("version")[:4])
    mark(flagged, is_flagged=True)
    without = rows_by_name(exported(client, group, url(survey, "?danh-dau=khong")))
    assert without[Agency.objects.get(code="STC").name][0] == "8"


def test_a_rejected_response_is_gone_at_once(client, survey, group):
    first = Response.objects.filter(agency__code="SNV").first()
    reject(first.pk, "test", group)
    rows = rows_by_name(exported(client, group, url(survey)))
    assert rows[Agency.objects.get(code="SNV").name][0] == "13"


def test_the_order_follows_the_address(client, survey, group):
    rows = exported(client, group, url(survey, "?sap-xep=chi-so"))
    assert rows[1][0] == Agency.objects.get(code="00070").name
    rows = exported(client, group, url(survey, "?sap-xep=so-phieu"))
    assert rows[1][0] == Agency.objects.get(code="SNV").name


def test_what_is_seen_goes_into_a_workbook(client, survey, group):
    client.force_login(group)
    response = client.get(url(survey, "?dang=xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet.max_row == 4
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize(
    "query",
    ["?ky=2026-13", "?nhom=sex:x", "?nhom=I15:1", "?nhom=%00", "?kenh=ban", "?dang=exe",
     "?sap-xep=DROP", "?co-quan=%F0%9F%98%80", "?ky=" + "9" * 5000],
)  # fmt: skip
def test_odd_filters_are_no_filters(client, survey, group, query):
    client.force_login(group)
    response = client.get(url(survey, query))
    assert response.status_code == 200
    assert "29 " in response.content.decode()


def test_queries_are_bounded(client, survey, group):
    client.force_login(group)

    def asked(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    # The frame of the admin, menu and rights, included.
    for rest, most in (
        ("", 21), ("SNV/", 20), ("tieu-chi/I/", 21), ("SNV/tieu-chi/I/", 20), ("?nhom=sex:1", 21)
    ):  # fmt: skip
        asked_for = asked(url(survey, rest))
        assert asked_for <= most, f"{asked_for} queries at {rest}"
    make_definition(survey, staff("dinh.nghia", "satisfaction.define_measures"))
    assert asked(url(survey, "SNV/")) <= 20


def test_a_survey_without_answers_says_so(client, at, group):
    at(NOON)
    survey = make_survey()
    assert "%" not in page(client, group, url(survey)).replace("95%", "")
    client.force_login(group)
    assert client.get("/quan-tri/khao-sat/bang-so-lieu/").status_code == 200
    assert client.get("/quan-tri/khao-sat/999999/bang-so-lieu/").status_code == 404


class TestDifferences:
    """Below full rights no two looks may differ by the few."""

    def numbers(self, client, who, address: str) -> list[str]:
        """The people of each row of the file that a page offers."""
        return [row[1] for row in exported(client, who, address)[1:]]

    def test_two_narrowings_at_once_are_one(self, client, survey, leader, group):
        both = url(survey, "?kenh=web&nhom=sex:1")
        assert page(client, leader, both) == page(client, leader, url(survey, "?kenh=web"))
        assert page(client, group, both) != page(client, group, url(survey, "?kenh=web"))

    def test_agencies_are_not_crossed_with_a_part_of_the_people(self, client, survey, leader):
        for narrowing in ("kenh=web", "nhom=sex:1", "danh-dau=khong"):
            assert self.numbers(client, leader, url(survey, f"?{narrowing}")) == []
            one = url(survey, "SNV/")
            assert page(client, leader, f"{one}?{narrowing}") == page(client, leader, one)
            assert self.numbers(client, leader, f"{one}?{narrowing}") == self.numbers(
                client, leader, one
            )

    def test_who_was_hidden_with_a_small_one_stays_hidden_on_the_own_page(
        self, client, survey, leader
    ):
        listed = rows_by_name(exported(client, leader, url(survey)))
        partner = Agency.objects.get(code="STC")
        assert listed[partner.name][0] == "*"
        assert set(self.numbers(client, leader, url(survey, "STC/"))) == {"*"}
        assert set(self.numbers(client, officer("STC"), url(survey))) == {"*"}
        assert set(self.numbers(client, officer("SNV"), url(survey))) == {"14"}

    def test_what_few_flags_leave_is_not_told(self, client, survey, leader, group):
        mark(list(Response.objects.select_related("version")[:3]), is_flagged=True)
        without = url(survey, "?danh-dau=khong")
        assert not told(client, leader, without)
        assert "26" in page(client, group, without)

    def test_a_group_is_told_only_if_the_others_could_be(self, client, survey, leader):
        # Women are five: neither they nor the men beside them are told.
        for group in ("sex:1", "sex:2"):
            text = page(client, leader, url(survey, f"?nhom={group}"))
            assert "26" not in text
            assert not told(client, leader, url(survey, f"?nhom={group}"))
        for _ in range(6):
            respond(survey, answers(2, "SNV", sex="2"))
        assert "11" in page(client, leader, url(survey, "?nhom=sex:2"))

    def test_days_are_joined_and_channels_hidden_as_in_a_report(
        self, client, survey, leader, group
    ):
        rows = list(Response.objects.select_related("version"))
        with recounted(rows):
            for place, response in enumerate(rows):
                response.day = date(2026, 11, 2) if place < 15 else date(2026, 11, 5 + place % 2)
                response.channel = "paper" if place < 4 else "qr" if place < 16 else "web"
                response.save(update_fields=["day", "channel"])
        client.force_login(leader)
        seen = client.get(url(survey)).context
        assert seen["days"] == [
            ["05/11/2026 – 06/11/2026", "14"],
            ["02/11/2026 – 04/11/2026", "15"],
        ]
        # Four came on paper: those by QR code would give them away.
        assert [n for _channel, n in seen["by_channel"]] == ["13", "*", "*"]
        client.force_login(group)
        exact = client.get(url(survey)).context
        assert exact["days"][-1] == ["02/11/2026", "0", "11", "4", "15"]
        assert exact["total"] == seen["total"] == 29

    def test_neither_days_nor_channels_of_a_part_of_the_people(self, client, survey, leader):
        client.force_login(leader)
        for look in ("SNV/", "?kenh=web", "?danh-dau=khong", "?nhom=sex:1"):
            seen = client.get(url(survey, look)).context
            assert "days" not in seen, look
            assert "by_channel" not in seen, look
        client.force_login(officer("SNV"))
        own = client.get(url(survey)).context
        assert [n for _day, n in own["days"]] == ["14"]
        client.force_login(officer("00070"))
        assert "days" not in client.get(url(survey)).context

    def test_the_page_says_by_which_definition(self, client, survey, leader):
        shipped = page(client, leader, url(survey))
        assert "sipas-dich-vu/1" in shipped
        who = staff("dinh.nghia", "satisfaction.define_measures")
        make_definition(survey, who)
        text = page(client, leader, url(survey))
        assert "sipas-dich-vu/1" in text
        assert text != shipped

    def test_levels_of_an_agency_among_others_are_not_told(self, client, survey, leader, group):
        rows = exported(client, leader, url(survey, "SNV/tieu-chi/I/"))[1:]
        assert {cell for row in rows for cell in row[1:]} == {"–"}
        assert exported(client, group, url(survey, "SNV/tieu-chi/I/"))[1][3] == "50,00%"
        narrow = exported(client, leader, url(survey, "tieu-chi/I/?kenh=web"))[1:]
        assert {cell for row in narrow for cell in row[1:]} == {"–"}
        whole = exported(client, leader, url(survey, "tieu-chi/I/"))[1:]
        assert whole[0][-2] == "29"

    def test_an_officer_reads_no_level_that_tells_of_the_others(self, client, survey):
        for _ in range(20):
            respond(survey, answers(5, "SNV"))
        for _ in range(20):
            respond(survey, answers(4, "STC"))
            respond(survey, answers(4, "00070"))
        mark(list(Response.objects.select_related("version")), is_flagged=False)
        # The others gave no 5, so the share of 5 would be that of the whole: 4 and 5 are one.
        rows = exported(client, officer("SNV"), url(survey, "tieu-chi/I/"))[1:]
        assert rows[0][5].endswith("*")


@given(
    parts=st.dictionaries(st.integers(0, 9), st.integers(0, 40), min_size=1, max_size=6),
    k=st.integers(2, 12),
)
def test_no_part_follows_from_the_total_and_the_others(parts, k):
    secret = hidden(parts, k)
    together = sum(parts[part] for part in secret)
    assert all(parts[part] >= k for part in parts if part not in secret)
    if secret != set(parts):
        assert together == 0 or together >= k
        assert not secret or sum(1 for part in secret if parts[part]) != 1


@given(amounts=st.lists(st.integers(0, 30), max_size=40), k=st.integers(1, 12))
def test_joined_days_hold_the_few_and_lose_nobody(amounts, k):
    made = runs(amounts, k)
    assert all(sum(amounts[place] for place in run) >= k for run in made)
    assert sum(sum(amounts[place] for place in run) for run in made) in (0, sum(amounts))
    assert bool(made) == (sum(amounts) >= k)


@given(
    pairs=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=7),
    k=st.integers(2, 12),
)
def test_levels_of_a_part_hide_those_of_the_rest(pairs, k):
    own, rest = [a for a, _ in pairs], [b for _, b in pairs]
    groups = merged(own, k, rest)
    assert [level for group in groups for level in group] == list(range(len(pairs)))
    if len(groups) > 1:
        for group in groups:
            assert sum(own[level] for level in group) >= k
            assert not any(rest) or sum(rest[level] for level in group) >= k


class TestItems:
    """The first item: levels 1, 2, 3, 4 and 5 by 3, 4, 7, 8 and 7 people."""

    LEVELS = [1] * 3 + [2] * 4 + [3] * 7 + [4] * 8 + [5] * 7

    def test_shares_means_and_their_intervals_are_those_of_statsmodels(self, client, survey, group):
        respond(survey, answers(5, "SNV") | {read(definition(survey)).index.items[0]: "9"})
        address = url(survey, "tieu-chi/I/")
        client.force_login(group)
        shown = client.get(address).context
        _label, left_open, not_asked, share, interval, mean, reach = shown["by_item"][1][0]
        assert (left_open, not_asked) == ("0", "0")
        low, high = proportion_confint(15, 29, method="wilson")
        assert (share, interval) == (percent(15 / 29), f"{percent(low)} – {percent(high)}")
        low, high = DescrStatsW(self.LEVELS).zconfint_mean()
        assert mean == printed(statistics.mean(self.LEVELS), 2)
        assert reach == f"{printed(low, 2)} – {printed(high, 2)}"
        low, high = proportion_confint(3, 29, method="wilson")
        assert shown["shares"][1][0][1] == f"{percent(3 / 29)} ({percent(low)} – {percent(high)})"
        row = exported(client, group, address)[1]
        assert row[1:8] == [*(percent(Fraction(n, 29)) for n in (3, 4, 7, 8, 7)), "29", "1"]
        assert row[10] == share

    def test_of_some_people_nobody_knows_who_left_it_open(self, client, survey, group):
        client.force_login(group)
        shown = client.get(url(survey, "tieu-chi/I/?nhom=sex:2")).context["by_item"][1][0]
        assert shown[1:4] == ["–", "–", percent(Fraction(1, 5))]

    def test_readers_of_merged_levels_have_none(self, client, survey, leader):
        client.force_login(leader)
        assert client.get(url(survey, "tieu-chi/I/")).context["by_item"] is None


class TestCrossTable:
    """Levels of the first item by sex: 24 men and 5 women, two of whom answered as men did."""

    @pytest.fixture
    def address(self, survey):
        item = read(definition(survey)).index.items[0]
        return url(survey, f"bang-cheo/?dong={item}&cot=sex")

    def test_counts_totals_and_the_test_are_those_of_scipy(self, client, address, group):
        rows = rows_by_name(exported(client, group, address))
        # Nobody chose the third answer.
        counts = [[int(row[place]) for place in (0, 1, 3)] for row in rows.values()]
        assert counts == [[0, 3, 3], [4, 0, 4], [6, 1, 7], [8, 0, 8], [6, 1, 7], [24, 5, 29]]
        assert rows["Bình thường"][4:6] == [percent(Fraction(6, 7)), percent(Fraction(1, 7))]
        expected = scipy.stats.chi2_contingency([row[:2] for row in counts[:-1]], correction=False)
        text = page(client, group, address)
        assert f"χ² = {printed(expected.statistic, 2)}" in text
        assert f"bậc tự do: {expected.dof}" in text
        assert "6 (85,71%)" in text
        assert "29 người" in text

    def test_a_table_to_hand_on_tells_nothing_of_the_few(self, client, survey, address, group):
        for _ in range(20):
            respond(survey, answers(5, "SNV", sex="1"))
            respond(survey, answers(4, "SNV", sex="2"))
        rows = rows_by_name(exported(client, group, f"{address}&an=1"))
        told = {cell for row in rows.values() for cell in row[:4]} - {"*"}
        assert told
        assert min(map(int, told)) >= 10
        assert "χ²" not in page(client, group, f"{address}&an=1")

    def test_it_narrows_as_the_other_looks_do(self, client, survey, address, group):
        rows = rows_by_name(exported(client, group, f"{address}&co-quan=STC"))
        assert rows["Tổng"][:4] == ["12", "0", "0", "12"]
        assert "Sở Tài chính" in page(client, group, f"{address}&co-quan=STC")

    @pytest.mark.parametrize(
        "odd", ["dong=sex&cot=sex", "dong=x&cot=' OR 1=1", "dong=%00&cot=comment"]
    )
    def test_odd_questions_give_the_usual_table(self, client, survey, group, odd):
        client.force_login(group)
        chosen = client.get(url(survey, f"bang-cheo/?{odd}")).context["chosen"]
        items = read(definition(survey)).index.items
        assert chosen.row.code == items[0]
        assert chosen.column.code not in items

    def test_who_sees_no_small_groups_has_none(self, client, survey, leader, address):
        for who in (leader, officer("SNV")):
            client.force_login(who)
            assert client.get(address).status_code in (302, 403)
            assert "bang-cheo" not in client.get(url(survey)).content.decode()
