"""Posts, sections, delegation and absence: recorded by the right people, never in conflict."""

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from wagtail.models import ModelLogEntry

from editorial import appointing, assigning, authority, delegating
from editorial.models import Appointment, Post, SectionAssignment
from portal.accounts.models import User
from site_pages.models import CategoryPage
from tests.accounts import user
from tests.editorial.people import (
    FIRST,
    admin,
    appointed,
    collaborator,
    decision,
    in_charge,
    section,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today(home, at):
    at("2026-11-20 09:00")


def refused(verb, *args, **kwargs) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        verb(*args, **kwargs)
    return error.value.message_dict


class TestAppointing:
    @pytest.mark.parametrize("post", [Post.HEAD, Post.STANDING_DEPUTY, Post.DEPUTY])
    @pytest.mark.parametrize(
        ("held", "wanted"),
        [
            ((FIRST, None), (TODAY, None)),
            ((FIRST, TODAY), (TODAY, None)),
            ((TODAY, date(2026, 12, 31)), (FIRST, TODAY)),
            ((TODAY, TODAY), (FIRST, None)),
        ],
    )
    def test_a_single_post_is_never_held_by_two(self, post, held, wanted):
        appointed("nguoi.mot", post, valid_from=held[0], valid_to=held[1])
        told = refused(appointed, "nguoi.hai", post, valid_from=wanted[0], valid_to=wanted[1])
        assert "An Nguyễn" in told["post"][0] or "Nguyễn An" in told["post"][0]
        assert Appointment.objects.count() == 1

    def test_one_after_the_other_is_no_overlap(self):
        appointed("nguoi.mot", Post.HEAD, valid_to=date(2026, 11, 19))
        appointed("nguoi.hai", Post.HEAD, valid_from=TODAY)

    def test_members_are_many_and_nobody_sits_twice(self):
        appointed("mot")
        appointed("hai")
        assert "user" in refused(appointed, "mot", Post.DEPUTY)

    def test_a_term_does_not_begin_before_its_decision(self):
        assert "valid_from" in refused(appointed, "mot", valid_from=date(2025, 12, 31))

    def test_a_decision_is_recorded_once_and_not_ahead_of_its_date(self):
        decision()
        assert "number" in refused(appointing.record_decision, "12/QĐ-UBND", FIRST, "Lại", admin())
        assert "issued_on" in refused(
            appointing.record_decision, "13/QĐ-UBND", date(2026, 11, 21), "Sau", admin()
        )

    @pytest.mark.parametrize("post", [Post.HEAD, Post.MEMBER])
    def test_only_the_working_group_and_administration_record(self, post):
        other = appointed("nguoi.khac", post).user
        clerk = appointed("thu.ky", Post.WORKING_GROUP).user
        new = user("moi")
        with pytest.raises(PermissionDenied):
            appointing.appoint(new, Post.DEPUTY, decision(), "Giám đốc", TODAY, other)
        appointing.appoint(new, Post.DEPUTY, decision(), "Giám đốc", TODAY, clerk)
        assert ModelLogEntry.objects.filter(action="editorial.appoint", user=clerk).count() == 1

    def test_what_hangs_on_a_term_ends_with_it(self):
        member, other = appointed("mot"), appointed("hai")
        in_charge(member)
        delegating.delegate(member.pk, other.pk, "1/UQ", TODAY, date(2026, 12, 1), admin())
        appointing.end(member.pk, TODAY, admin())
        assert set(SectionAssignment.objects.values_list("valid_to", flat=True)) == {TODAY}
        assert member.delegations_given.get().valid_to == TODAY

    def test_one_ended_on_its_first_day_never_held_and_the_post_is_free(self):
        wrong = appointed("mot", Post.HEAD, valid_from=TODAY)
        appointing.end(wrong.pk, date(2026, 11, 19), admin())
        assert not Appointment.objects.in_force(TODAY).exists()
        appointed("hai", Post.HEAD, valid_from=TODAY)


class TestAssigning:
    def test_the_head_puts_in_charge_and_the_working_group_may_not(self):
        head, member = appointed("truong", Post.HEAD), appointed("mot")
        clerk = appointed("thu.ky", Post.WORKING_GROUP)
        with pytest.raises(PermissionDenied):
            assigning.assign(member.pk, section(), "02/TB", TODAY, clerk.user)
        assigning.assign(member.pk, section(), "02/TB", TODAY, head.user)
        assert authority.authority(member.user, section())

    def test_who_stands_in_for_the_head_may(self):
        head, deputy = appointed("truong", Post.HEAD), appointed("pho", Post.DEPUTY)
        member = appointed("mot")
        with pytest.raises(PermissionDenied):
            assigning.assign(member.pk, section(), "02/TB", TODAY, deputy.user)
        delegating.leave(head.pk, deputy.pk, TODAY, TODAY, head.user)
        assigning.assign(member.pk, section(), "02/TB", TODAY, deputy.user)

    def test_not_twice_not_beyond_the_term_not_outside_the_board(self):
        member = appointed("mot", valid_to=date(2026, 12, 1))
        in_charge(member)
        assert "section" in refused(in_charge, member)
        late = {"slug": "ban-chi-dao", "valid_to": date(2026, 12, 2)}
        assert "valid_to" in refused(in_charge, member, **late)
        clerk = appointed("thu.ky", Post.WORKING_GROUP)
        assert "appointment" in refused(in_charge, clerk)
        english = CategoryPage.objects.get(slug="ban-chi-dao", locale__language_code="en")
        told = refused(assigning.assign, member.pk, english, "02/TB", TODAY, admin())
        assert "section" in told

    def test_it_ends_with_the_day(self):
        member = appointed("mot")
        row = in_charge(member)
        assigning.end(row.pk, date(2026, 11, 19), admin())
        assert authority.authority(member.user, section()) is None


class TestDelegating:
    def test_it_is_used_and_revoked_at_once_on_its_first_day(self):
        giver, taker = appointed("mot"), appointed("hai")
        in_charge(giver)
        made = delegating.delegate(
            giver.pk, taker.pk, "1/UQ", TODAY, date(2026, 12, 1), giver.user, [section()]
        )
        assert authority.authority(taker.user, section()).paper == "1/UQ"
        delegating.revoke(made.pk, giver.user)
        assert authority.authority(taker.user, section()) is None
        with pytest.raises(ValidationError):
            delegating.revoke(made.pk, giver.user)

    def test_never_wider_than_the_giver_decides(self):
        giver, taker = appointed("mot"), appointed("hai")
        in_charge(giver, valid_to=date(2026, 11, 30))
        args = (giver.pk, taker.pk, "1/UQ", TODAY)
        wide = refused(
            delegating.delegate, *args, date(2026, 11, 25), admin(), [section("ban-chi-dao")]
        )
        long = refused(delegating.delegate, *args, date(2026, 12, 1), admin(), [section()])
        assert "sections" in wide
        assert "sections" in long
        delegating.delegate(*args, date(2026, 11, 30), admin(), [section()])

    def test_by_the_giver_or_the_working_group_only(self):
        giver, taker = appointed("mot"), appointed("hai")
        clerk = appointed("thu.ky", Post.WORKING_GROUP)
        args = (giver.pk, taker.pk, "1/UQ", TODAY, TODAY)
        with pytest.raises(PermissionDenied):
            delegating.delegate(*args, taker.user)
        made = delegating.delegate(*args, clerk.user)
        with pytest.raises(PermissionDenied):
            delegating.revoke(made.pk, taker.user)

    def test_not_across_ranks_not_backwards_not_past_the_term(self):
        giver, taker = appointed("mot"), appointed("hai", valid_to=date(2026, 11, 30))
        clerk = appointed("thu.ky", Post.WORKING_GROUP)
        for other, first, last, field in [
            (clerk, TODAY, TODAY, "taker"),
            (giver, TODAY, TODAY, "taker"),
            (taker, date(2026, 11, 19), TODAY, "valid_from"),
            (taker, TODAY, date(2026, 12, 1), "valid_to"),
        ]:
            told = refused(delegating.delegate, giver.pk, other.pk, "1/UQ", first, last, admin())
            assert field in told


class TestAbsence:
    def test_the_stand_in_decides_meanwhile(self):
        away, stand_in = appointed("mot"), appointed("hai")
        in_charge(away)
        row = delegating.leave(away.pk, stand_in.pk, TODAY, date(2026, 11, 25), away.user)
        assert authority.authority(stand_in.user, section()).holder == away
        delegating.come_back(row.pk, away.user)
        assert authority.authority(stand_in.user, section()) is None

    def test_a_stand_in_is_of_the_same_rank_and_there(self):
        away, other = appointed("mot"), appointed("hai")
        clerk = appointed("thu.ky", Post.WORKING_GROUP)
        args = (TODAY, date(2026, 11, 25), admin())
        assert "stand_in" in refused(delegating.leave, away.pk, clerk.pk, *args)
        delegating.leave(away.pk, other.pk, *args)
        assert "valid_from" in refused(delegating.leave, away.pk, other.pk, *args)
        third = appointed("ba")
        assert "stand_in" in refused(delegating.leave, third.pk, away.pk, *args)


class TestCollaborating:
    def test_one_contract_at_a_time_and_an_official_has_an_agency(self):
        collaborator("mot", valid_to=TODAY)
        assert "user" in refused(collaborator, "mot", valid_from=TODAY)
        assert "agency" in refused(collaborator, "hai", kind="official")
        collaborator("mot", valid_from=date(2026, 11, 21))

    def test_only_the_working_group_and_administration(self):
        head = appointed("truong", Post.HEAD)
        from editorial import collaborating

        with pytest.raises(PermissionDenied):
            collaborating.start(user("mot"), "expert", "05/HĐ", TODAY, head.user)
        assert not User.objects.get(username="mot").collaborations.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_heads_appointed_at_once_are_one_head():
    people = [user("mot"), user("hai")]
    paper, by = decision(), admin()
    start, told = threading.Barrier(2), []

    def appoint(person: User) -> None:
        start.wait()
        try:
            appointing.appoint(person, Post.HEAD, paper, "Giám đốc", FIRST, by)
        except ValidationError as error:
            told.append(error.message_dict)
        finally:
            connection.close()

    threads = [threading.Thread(target=appoint, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Appointment.objects.count() == 1
    assert len(told) == 1
    assert "post" in told[0]


def test_posts_are_asked_for_once_at_one_look_and_anew_after_it(django_assert_num_queries):
    from editorial import authority

    row = appointed("thanh.vien")
    with django_assert_num_queries(1), authority.at_one_look(row.user):
        with authority.at_one_look(row.user):
            authority.appointments(row.user)
        assert authority.appointments(row.user) == authority.appointments(row.user) == [row]
        assert authority.is_on_board(row.user)
    row.delete()
    assert authority.appointments(row.user) == []
