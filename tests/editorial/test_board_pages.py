"""The Board's pages: who sees them, who changes what, and how a refusal is told."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import GroupPagePermission

from editorial import delegating, roles
from editorial.models import Appointment, BoardDecision, Collaborator, Delegation, Post
from portal.accounts.roles import Role
from portal.agencies.models import Agency
from tests.accounts import staff, user
from tests.editorial.people import admin, appointed, collaborator, in_charge, lay_roles, section

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
BOARD, NETWORK = "editorial_board", "editorial_collaborators"


@pytest.fixture(autouse=True)
def _today(home, at):
    at("2026-11-20 09:00")
    lay_roles()


@pytest.fixture
def clerk(client):
    person = appointed("thu.ky", Post.WORKING_GROUP).user
    client.force_login(person)
    return person


FORMS = [
    "editorial_decision",
    "editorial_appoint",
    "editorial_assign",
    "editorial_delegate",
    "editorial_absence",
    "editorial_collaborator_start",
]
# For each person: the pages that open, in the order of FORMS.
MAY = {
    "head": [False, False, True, True, True, False],
    "member": [False, False, False, True, True, False],
    "clerk": [True, True, False, True, True, True],
    "administrator": [True] * 6,
    "collaborator": [False] * 6,
    "stranger": [False] * 6,
}


@pytest.mark.parametrize("who", MAY)
def test_who_opens_what(client, who):
    person = {
        "head": lambda: appointed("truong", Post.HEAD).user,
        "member": lambda: appointed("mot").user,
        "clerk": lambda: appointed("thu.ky", Post.WORKING_GROUP).user,
        "administrator": admin,
        "collaborator": lambda: collaborator("mot").user,
        "stranger": lambda: staff("la"),
    }[who]()
    client.force_login(person)
    opened = [client.get(reverse(name)).status_code == 200 for name in FORMS]
    assert opened == MAY[who]
    sees = who not in ("collaborator", "stranger")
    for name in (BOARD, NETWORK, "editorial_board_csv", "editorial_collaborators_csv"):
        assert (client.get(reverse(name)).status_code == 200) == sees, name


def test_the_composition_on_a_day(client, clerk):
    old = appointed("cu", Post.HEAD, valid_to=date(2026, 6, 30)).user
    old.last_name, old.first_name = "Trưởng", "Cũ"
    old.save()
    appointed("moi", Post.HEAD, valid_from=date(2026, 7, 1))
    assert "Trưởng Cũ" not in client.get(reverse(BOARD)).content.decode()
    then = client.get(reverse(BOARD), {"ngay": "2026-06-30"}).content.decode()
    assert "Trưởng Cũ" in then
    assert reverse("editorial_appoint") not in then
    assert client.get(reverse(BOARD), {"ngay": "hôm qua"}).status_code == 200
    lines = client.get(reverse("editorial_board_csv"), {"ngay": "2026-06-30"}).content.decode()
    assert lines.startswith("\ufeff")
    assert "Trưởng Cũ" in lines


def test_as_many_queries_for_a_full_board_as_for_a_small_one(
    client, clerk, django_assert_max_num_queries
):
    people = [appointed(f"nguoi.{number}") for number in range(6)]
    for person in people:
        in_charge(person)
    for one, other in zip(people[::2], people[1::2], strict=True):
        delegating.delegate(one.pk, other.pk, "1/UQ", TODAY, TODAY, admin())
    client.get(reverse(BOARD))
    with django_assert_max_num_queries(45):
        client.get(reverse(BOARD))


def test_from_the_decision_to_the_end_of_a_term(client, clerk):
    data = {"number": "99/QĐ-UBND", "issued_on": "2026-11-02", "about": "Kiện toàn"}
    assert client.post(reverse("editorial_decision"), data).status_code == 302
    person = user("moi")
    decision = BoardDecision.objects.get(number="99/QĐ-UBND")
    data = {"decision": decision.pk, "post": "deputy", "user": person.pk, "office": "Giám đốc"}
    early = client.post(reverse("editorial_appoint"), data | {"valid_from": "2026-11-01"})
    assert early.status_code == 200
    assert "valid_from" in early.context["form"].errors
    assert 'value="Giám đốc"' in early.content.decode()
    client.post(reverse("editorial_appoint"), data | {"valid_from": "2026-11-20"})
    row = Appointment.objects.get(user=person)
    client.post(reverse("editorial_appointment_end", args=[row.pk]), {"last_day": "2026-11-30"})
    row.refresh_from_db()
    assert row.valid_to == date(2026, 11, 30)


def test_delegating_and_revoking_on_the_page(client, clerk):
    one, other = appointed("mot"), appointed("hai")
    in_charge(one)
    data = {
        "giver": one.pk,
        "taker": other.pk,
        "paper": "1/UQ",
        "valid_from": "2026-11-20",
        "valid_to": "2026-11-25",
        "sections": [section("ban-chi-dao").pk],
    }
    refused = client.post(reverse("editorial_delegate"), data)
    assert "sections" in refused.context["form"].errors
    client.post(reverse("editorial_delegate"), data | {"sections": [section().pk]})
    row = Delegation.objects.get()
    url = reverse("editorial_delegation_revoke", args=[row.pk])
    assert url in client.get(reverse(BOARD)).content.decode()
    client.force_login(other.user)
    assert client.post(url).status_code == 403 or not Delegation.objects.get().called_off_on
    client.force_login(one.user)
    client.post(url)
    assert Delegation.objects.get().called_off_on == TODAY


def test_collaborators_by_agency_kind_and_state(client, clerk):
    agency = Agency.objects.valid_on(TODAY).first()
    sent = collaborator("cu.di", kind="official", agency=agency).user
    sent.last_name, sent.first_name = "Công", "Chức"
    sent.save()
    collaborator("xong", valid_to=date(2026, 3, 1))
    url = reverse(NETWORK)
    assert len(client.get(url).context["page_obj"]) == 1
    assert len(client.get(url, {"trang_thai": "ended"}).context["page_obj"]) == 1
    assert len(client.get(url, {"trang_thai": "all"}).context["page_obj"]) == 2
    assert len(client.get(url, {"loai": "expert"}).context["page_obj"]) == 0
    shown = client.get(url, {"co_quan": agency.code}).context
    assert len(shown["page_obj"]) == 1
    assert shown["missing_count"] == shown["agency_count"] - 1
    lines = client.get(reverse("editorial_collaborators_csv"), {"trang_thai": "all"})
    assert lines.content.decode().count("\r\n") == 3


def test_a_formula_in_a_name_stays_a_text(client, clerk):
    person = collaborator("mot", paper="=HYPERLINK(1)").user
    assert person
    text = client.get(reverse("editorial_collaborators_csv")).content.decode()
    assert "'=HYPERLINK" in text


def test_an_end_is_refused_at_the_successor_s_field(client, clerk):
    from tests.editorial.people import draft

    row = collaborator("mot")
    draft(row.user)
    url = reverse("editorial_collaborator_end", args=[row.pk])
    refused = client.post(url, {"last_day": "2026-11-19"})
    assert "1" in refused.context["form"].errors["successor"][0]
    client.post(url, {"last_day": "2026-11-19", "successor": clerk.pk})
    assert Collaborator.objects.get(pk=row.pk).valid_to == date(2026, 11, 19)


class TestRoles:
    def test_laid_twice_they_are_the_same_and_what_is_too_much_goes(self):
        clerk = GroupPagePermission.objects.filter(group__name=Role.WORKING_GROUP.value)
        before = set(clerk.values_list("page", "permission__codename"))
        row = clerk.first()
        publish = type(row.permission).objects.get(codename="publish_page")
        GroupPagePermission.objects.create(group=row.group, page=row.page, permission=publish)
        roles.lay()
        assert set(clerk.values_list("page", "permission__codename")) == before

    def test_nobody_is_given_the_right_to_publish(self):
        names = [role.value for role in Role]
        held = GroupPagePermission.objects.filter(group__name__in=names)
        assert set(held.values_list("permission__codename", flat=True)) == {
            "add_page",
            "change_page",
        }

    @pytest.mark.parametrize(
        ("post", "permission", "held"),
        [
            (Post.WORKING_GROUP, "satisfaction.review_responses", True),
            (Post.WORKING_GROUP, "reporting.publish_edition", False),
            (Post.HEAD, "reporting.publish_edition", True),
            (Post.MEMBER, "reporting.publish_edition", False),
            (Post.MEMBER, "satisfaction.view_results", True),
            (Post.MEMBER, "satisfaction.review_responses", False),
        ],
    )
    def test_what_a_post_may(self, post, permission, held):
        assert appointed("mot", post).user.has_perm(permission) is held


def test_the_command_lays_a_new_site():
    call_command("lay")
    assert GroupPagePermission.objects.filter(group__name=Role.COLLABORATOR.value).count() >= 8
