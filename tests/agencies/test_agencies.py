"""Hanoi's agencies through time, and who may act for them."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import translation
from wagtail.models import ModelLogEntry

from portal.agencies.membership import close_agency, end, grant, may_act_for
from portal.agencies.models import Agency, AgencyKind, Membership
from portal.agencies.queries import by_code, choices_on, in_force
from tests.accounts import staff, user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def test_the_portal_ships_143_agencies():
    counts = {kind: Agency.objects.filter(kind=kind).count() for kind in AgencyKind.values}
    assert counts == {"department": 17, "ward": 51, "commune": 75}
    assert Agency.objects.count() == len({agency.name for agency in Agency.objects.all()}) == 143


def test_a_merged_department_leads_to_its_successor():
    merged = Agency.objects.get(code="QHKT")
    assert by_code("QHKT", TODAY) is None
    assert by_code("QHKT", date(2026, 8, 9)) == merged
    assert in_force(merged, TODAY).code == "SXD"


def test_a_circle_of_successors_ends_without_an_agency():
    one, two = Agency.objects.filter(kind="ward")[:2]
    Agency.objects.filter(pk=one.pk).update(successor=two, valid_to=date(2026, 1, 1))
    Agency.objects.filter(pk=two.pk).update(successor=one, valid_to=date(2026, 1, 1))
    one.refresh_from_db()
    assert in_force(one, TODAY) is None


def test_citizens_choose_among_agencies_of_the_day(django_assert_num_queries):
    with django_assert_num_queries(1):
        groups = dict(choices_on(TODAY))
    flat = [code for group in groups.values() for code, _ in group]
    assert len(flat) == 142
    assert "QHKT" not in flat
    wards = [name for _, name in list(groups.values())[1]]
    assert wards.index("Phường Ba Đình") < wards.index("Phường Cầu Giấy")
    assert wards.index("Phường Dương Nội") < wards.index("Phường Đống Đa")


def test_english_readers_see_english_names():
    with translation.override("en"):
        names = dict(dict(choices_on(TODAY))["Department or equivalent"])
    assert names["SNV"] == "Department of Home Affairs"


def test_an_agency_is_never_its_own_successor():
    agency = Agency.objects.get(code="SNV")
    with pytest.raises(IntegrityError):
        Agency.objects.filter(pk=agency.pk).update(successor=agency)


class TestMembership:
    def test_a_grant_runs_from_its_first_day_to_its_last(self):
        by = user("to.cong.tac", "agencies.add_membership", "agencies.change_membership")
        officer = user("can.bo.xa")
        agency = Agency.objects.get(code="SNV")
        membership = grant(officer, agency, "12/QĐ-SNV", date(2026, 3, 1), by)
        end(membership.pk, date(2026, 6, 30), by)
        assert not may_act_for(officer, agency, date(2026, 2, 28))
        assert may_act_for(officer, agency, date(2026, 3, 1))
        assert may_act_for(officer, agency, date(2026, 6, 30))
        assert not may_act_for(officer, agency, date(2026, 7, 1))
        told = ModelLogEntry.objects.filter(action__startswith="agencies.").order_by("pk")
        assert list(told.values_list("action", flat=True)) == [
            "agencies.membership.grant",
            "agencies.membership.end",
        ]

    def test_granting_twice_gives_one_membership(self):
        by, officer = user("a", "agencies.add_membership"), user("b")
        agency = Agency.objects.get(code="SNV")
        for _ in range(2):
            grant(officer, agency, "", TODAY, by)
        assert Membership.objects.count() == 1

    def test_without_permission_nothing_is_granted(self):
        with pytest.raises(PermissionDenied):
            grant(user("a"), Agency.objects.get(code="SNV"), "", TODAY, user("b"))
        assert not Membership.objects.exists()

    def test_members_of_a_closed_agency_act_for_its_successor(self):
        officer = user("a")
        Membership.objects.create(
            user=officer, agency=Agency.objects.get(code="QHKT"), valid_from=date(2026, 1, 1)
        )
        assert may_act_for(officer, Agency.objects.get(code="SXD"), TODAY)
        assert not may_act_for(officer, Agency.objects.get(code="SXD"), date(2026, 8, 9))

    def test_a_disabled_account_acts_for_nobody(self):
        officer = user("a", is_active=False)
        agency = Agency.objects.get(code="SNV")
        Membership.objects.create(user=officer, agency=agency, valid_from=date(2026, 1, 1))
        assert not may_act_for(officer, agency, TODAY)

    def test_closing_an_agency_names_its_successor(self):
        by = user("a", "agencies.change_agency")
        agency, heir = Agency.objects.get(code="SDL"), Agency.objects.get(code="SVHTT")
        close_agency(agency.pk, date(2026, 12, 31), heir, by)
        agency.refresh_from_db()
        assert in_force(agency, date(2027, 1, 1)) == heir


class TestAdmin:
    def test_search_needs_no_marks(self, client):
        client.force_login(staff("a", "agencies.change_agency", "agencies.view_agency"))
        page = client.get("/quan-tri/co-quan/", {"q": "ba dinh"}).content.decode()
        assert "Phường Ba Đình" in page
        assert "Phường Cầu Giấy" not in page

    def test_nobody_deletes_an_agency(self, client):
        root = user("root", is_superuser=True)
        client.force_login(root)
        agency = Agency.objects.get(code="SDL")
        client.post(f"/quan-tri/co-quan/delete/{agency.pk}/")
        assert Agency.objects.filter(pk=agency.pk).exists()

    def test_without_permission_the_list_is_closed(self, client):
        client.force_login(staff("a"))
        assert client.get("/quan-tri/co-quan/").status_code in (302, 403)

    def test_the_list_is_as_cheap_for_fifty_rows_as_for_one(
        self, client, django_assert_max_num_queries
    ):
        client.force_login(user("root", is_superuser=True))
        client.get("/quan-tri/co-quan/")
        with django_assert_max_num_queries(15):
            client.get("/quan-tri/co-quan/")
