"""Whoever's term, contract or membership ended is out on the very next request."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from wagtail.models import PageLogEntry

from editorial import access, appointing, collaborating, handing_over
from editorial.models import AccountClosure, Post, Succession
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.agencies.models import Agency, Membership
from portal.outbox.models import OutboxRow
from portal.outbox.registry import chores
from tests.accounts import user
from tests.editorial.people import admin, appointed, collaborator, draft, lay_roles

pytestmark = pytest.mark.django_db
TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)
DESK = "editorial_desk"


@pytest.fixture(autouse=True)
def _today(home, at):
    at("2026-11-20 09:00")
    lay_roles()


def groups(person: User) -> set[str]:
    return set(person.groups.values_list("name", flat=True))


def member_of_agency(person: User, **period) -> Membership:
    agency = Agency.objects.get(code="SNV")
    given = {"valid_from": date(2026, 1, 1)} | period
    return Membership.objects.create(user=person, agency=agency, **given)


def test_roles_are_what_is_in_force_asked_in_one_query(django_assert_num_queries):
    row = appointed("mot", Post.WORKING_GROUP, valid_to=date(2026, 11, 25))
    collaborator("mot")
    member_of_agency(row.user, valid_from=date(2026, 11, 22))
    with django_assert_num_queries(1):
        assert access.roles_on(row.user, TODAY) == {Role.WORKING_GROUP, Role.COLLABORATOR}
    assert access.roles_on(row.user, date(2026, 11, 26)) == {
        Role.COLLABORATOR,
        Role.AGENCY_OFFICER,
    }
    assert access.roles_on(row.user, date(2025, 12, 31)) == set()


@pytest.mark.parametrize(
    ("post", "role"),
    [
        (Post.HEAD, Role.BOARD_HEAD),
        (Post.STANDING_DEPUTY, Role.BOARD_MEMBER),
        (Post.DEPUTY, Role.BOARD_MEMBER),
        (Post.MEMBER, Role.BOARD_MEMBER),
        (Post.WORKING_GROUP, Role.WORKING_GROUP),
    ],
)
def test_a_post_gives_its_group_and_no_other(client, post, role):
    person = appointed("mot", post).user
    person.groups.add(Group.objects.get(name=Role.LEADERSHIP.value))
    person.groups.add(Group.objects.get(name=Role.COLLABORATOR.value))
    client.force_login(person)
    assert client.get(reverse("wagtailadmin_home")).status_code == 200
    assert groups(person) == {role.value, Role.LEADERSHIP.value}


@pytest.mark.parametrize("way", ["appointment", "contract", "membership"])
def test_the_day_passes_and_the_open_tab_is_out(client, at, way):
    last = {"valid_to": TODAY}
    if way == "appointment":
        person = appointed("mot", Post.WORKING_GROUP, **last).user
    elif way == "contract":
        person = collaborator("mot", **last).user
    else:
        person = member_of_agency(user("mot"), **last).user
    token = default_token_generator.make_token(person)
    client.force_login(person)
    home = reverse("wagtailadmin_home")
    assert client.get(home, follow=True).status_code == 200
    at("2026-11-21 00:00")
    response = client.post(home)
    assert response.status_code == 302
    assert response.url.startswith(reverse("wagtailadmin_login"))
    person.refresh_from_db()
    assert not person.is_active
    assert not person.has_usable_password()
    assert not default_token_generator.check_token(person, token)
    assert groups(person) == set()
    assert AccountClosure.objects.get(user=person).reopened_at is None
    assert "_auth_user_id" not in client.session


def test_the_night_does_the_same_for_everybody(at):
    person = appointed("mot", valid_to=TODAY).user
    stays = appointed("hai").user
    assert access.sync_all in chores()
    at("2026-11-21 02:00")
    access.sync_all()
    person.refresh_from_db()
    stays.refresh_from_db()
    assert (person.is_active, stays.is_active) == (False, True)
    assert access.sync_all() == 0


def test_administration_and_leaders_are_not_signed_out(client, at):
    leader = appointed("mot", valid_to=TODAY).user
    leader.groups.add(Group.objects.get(name=Role.LEADERSHIP.value))
    boss = admin()
    appointed(boss.username, valid_to=TODAY)
    at("2026-11-21 09:00")
    for person in (leader, boss):
        client.force_login(person)
        assert client.get(reverse("wagtailadmin_home")).status_code == 200
        assert Role.BOARD_MEMBER.value not in groups(person)


def test_a_new_appointment_opens_what_was_closed_here(client, at):
    row = appointed("mot", valid_to=TODAY)
    at("2026-11-21 09:00")
    access.sync_all()
    again = appointed("mot", valid_from=date(2026, 11, 21))
    again.user.refresh_from_db()
    assert again.user.is_active
    # A password that nobody knows: "forgotten password" works again.
    assert again.user.has_usable_password()
    assert not again.user.check_password("mat-khau-rat-dai")
    assert AccountClosure.objects.get(user=row.user).reopened_at
    assert OutboxRow.objects.filter(key__startswith=access.LETTER).count() == 1


def test_what_an_administrator_suspended_stays_suspended(at):
    row = appointed("mot", valid_to=TODAY)
    User.objects.filter(pk=row.user_id).update(is_active=False)
    at("2026-11-21 09:00")
    access.sync_all()
    assert not AccountClosure.objects.exists()
    again = appointed("mot", valid_from=date(2026, 11, 21))
    again.user.refresh_from_db()
    assert not again.user.is_active


def test_one_taken_over_by_administration_is_not_opened_later(at):
    row = appointed("mot", valid_to=TODAY)
    at("2026-11-21 09:00")
    access.sync_all()
    person = User.objects.get(pk=row.user_id)
    person.set_password("mot-mat-khau-khac")
    person.save()
    appointed("mot", valid_from=date(2026, 11, 21))
    person.refresh_from_db()
    assert not person.is_active


def test_a_membership_of_a_closed_agency_gives_nothing(at):
    person = user("mot")
    row = member_of_agency(person)
    Agency.objects.filter(pk=row.agency_id).update(valid_to=TODAY)
    assert access.roles_on(person, TODAY) == {Role.AGENCY_OFFICER}
    assert access.roles_on(person, date(2026, 11, 21)) == set()
    heir = Agency.objects.exclude(pk=row.agency_id).first()
    Agency.objects.filter(pk=row.agency_id).update(successor=heir)
    assert access.roles_on(person, date(2026, 11, 21)) == {Role.AGENCY_OFFICER}


def test_anonymous_readers_cost_nothing(client, home, django_assert_num_queries):
    response = client.get("/robots.txt")
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.cookies
    # The one is the site's own counter (site_pages.page_cache).
    with django_assert_num_queries(1):
        client.get("/robots.txt")


class TestHandingOver:
    def test_drafts_keep_an_end_waiting_for_a_successor(self):
        row = collaborator("mot")
        draft(row.user, "Nháp một")
        draft(row.user, "Nháp hai")
        with pytest.raises(ValidationError) as refused:
            collaborating.end(row.pk, YESTERDAY, admin())
        assert "2" in refused.value.message_dict["successor"][0]
        row.refresh_from_db()
        assert row.valid_to is None
        assert row.user.is_active

    def test_they_pass_in_the_same_transaction_and_the_log_tells(self):
        row, heir = collaborator("mot"), collaborator("hai").user
        page = draft(row.user)
        collaborating.end(row.pk, YESTERDAY, admin(), heir)
        page.refresh_from_db()
        assert page.owner == heir
        assert page.permissions_for_user(heir).can_edit()
        assert not User.objects.get(pk=row.user_id).is_active
        told = PageLogEntry.objects.get(action="editorial.hand_over")
        assert told.data == {"from": row.user_id, "to": heir.pk}
        assert OutboxRow.objects.filter(key__startswith=handing_over.LETTER).count() == 1

    @pytest.mark.parametrize("who", ["no.role", "other.section", "closed", "self"])
    def test_the_successor_must_be_able_to_edit_there(self, who):
        row = collaborator("mot")
        draft(row.user)
        heirs = {
            "no.role": lambda: user("khong"),
            "other.section": lambda: collaborator("hai", "ban-chi-dao").user,
            "closed": lambda: user("khoa", is_superuser=True, is_active=False),
            "self": lambda: row.user,
        }
        with pytest.raises(ValidationError) as refused:
            collaborating.end(row.pk, YESTERDAY, admin(), heirs[who]())
        assert "successor" in refused.value.message_dict

    def test_a_later_last_day_hands_over_when_it_has_passed(self, at):
        row, heir = appointed("mot", Post.WORKING_GROUP), appointed("hai", Post.WORKING_GROUP)
        page = draft(row.user)
        appointing.end(row.pk, TODAY, heir.user, heir.user)
        page.refresh_from_db()
        assert page.owner == row.user
        at("2026-11-21 02:00")
        access.sync_all()
        page.refresh_from_db()
        assert page.owner == heir.user
        assert Succession.objects.get().done_at

    def test_who_keeps_another_post_keeps_the_drafts(self):
        row = appointed("mot", Post.WORKING_GROUP)
        collaborator("mot")
        page = draft(row.user)
        appointing.end(row.pk, YESTERDAY, admin())
        page.refresh_from_db()
        assert page.owner == row.user
        assert User.objects.get(pk=row.user_id).is_active

    def test_drafts_of_a_term_that_nobody_ended_wait_in_the_list(self, client, at):
        row, heir = collaborator("mot", valid_to=TODAY), collaborator("hai").user
        page = draft(row.user)
        at("2026-11-21 09:00")
        access.sync_all()
        assert handing_over.orphans() == [(row.user, 1)]
        with pytest.raises(PermissionDenied):
            access.hand_over(row.user, heir, heir)
        client.force_login(admin())
        url = reverse("editorial_hand_over", args=[row.user_id])
        assert url in client.get(reverse("editorial_board")).content.decode()
        client.post(url, {"successor": heir.pk})
        page.refresh_from_db()
        assert page.owner == heir
        assert handing_over.orphans() == []
