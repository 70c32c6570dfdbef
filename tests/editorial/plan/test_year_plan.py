"""The yearly plan and its topics: drawn up, submitted, approved (Art. 5.2.c)."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from editorial import planning
from editorial.models import Absence, Delegation, PlanState, PlanTopic, Post, YearPlan
from tests.editorial.office import START, appoint, signed_in
from tests.editorial.plan.steps import NASTY, act, letters, waits

pytestmark = pytest.mark.django_db


def test_a_plan_goes_from_draft_to_approval_by_the_head(group, head, section):
    office, chief = signed_in(group.user), signed_in(head.user)
    office.post(reverse("editorial_plan_begin"), {"year": 2027, "direction": "Hướng"})
    plan = YearPlan.objects.get()
    act(
        office, "plan", plan.pk, "them-chu-de",
        name=NASTY, section=section.pk, quarter=2, wanted="Nội dung",
    )  # fmt: skip
    act(office, "plan", plan.pk, "trinh")
    assert letters("editorial.plan") == [head.user_id]

    page = chief.get(reverse("editorial_plan", args=[plan.pk])).content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page

    act(chief, "plan", plan.pk, "phe-duyet", number="12/KH-BBT", day="2026-11-16")
    plan.refresh_from_db()
    assert (plan.state, plan.number, plan.approved_by) == ("approved", "12/KH-BBT", head)
    assert letters("editorial.plan") == [head.user_id, group.user_id]


def test_a_returned_plan_says_why_and_can_be_changed_again(plan, group, head):
    planning.submit(plan.pk, group.user)
    office, chief = signed_in(group.user), signed_in(head.user)
    topic = PlanTopic.objects.get()
    refused = act(office, "topic", topic.pk, "bo")
    assert PlanTopic.objects.exists()
    assert refused.status_code == 302

    empty = act(chief, "plan", plan.pk, "tra-lai", note="")
    assert empty.status_code == 200
    act(chief, "plan", plan.pk, "tra-lai", note="Thiếu quý III")
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT
    assert "Thiếu quý III" in office.get(reverse("editorial_plan", args=[plan.pk])).content.decode()
    act(office, "topic", topic.pk, "bo")
    assert not PlanTopic.objects.exists()


def test_what_was_typed_stays_when_the_approval_has_an_error(plan, group, head):
    planning.submit(plan.pk, group.user)
    page = act(
        signed_in(head.user), "plan", plan.pk, "phe-duyet", number="12/KH-BBT", day="2026-11-20"
    )
    assert page.status_code == 200
    assert 'value="12/KH-BBT"' in page.content.decode()
    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED


def test_a_topic_added_after_approval_is_marked(topic, plan, group, section):
    planning.add_topic(plan.pk, "Chủ đề mới", section, "Nội dung", 3, group.user)
    assert PlanTopic.objects.get(number=2).is_late_addition
    assert not topic.is_late_addition


def test_an_approved_topic_no_longer_changes(topic, group):
    client = signed_in(group.user)
    act(client, "topic", topic.pk, "bo")
    assert PlanTopic.objects.filter(pk=topic.pk).exists()


def test_a_year_has_one_plan(plan, group):
    page = signed_in(group.user).post(reverse("editorial_plan_begin"), {"year": 2027})
    assert page.status_code == 200
    assert YearPlan.objects.count() == 1


def test_who_acts_for_the_head_approves_and_the_paper_is_kept(plan, group, head):
    deputy = appoint("pho.ban", Post.STANDING_DEPUTY)
    planning.submit(plan.pk, group.user)
    with pytest.raises(PermissionDenied):
        planning.approve(plan.pk, "12/KH-BBT", START, deputy.user)
    given = Delegation.objects.create(
        giver=head, taker=deputy, paper="07/UQ-BBT", valid_from=START, valid_to="2026-12-31"
    )
    planning.approve(plan.pk, "12/KH-BBT", START, deputy.user)
    plan.refresh_from_db()
    assert (plan.approved_by, plan.approval_paper) == (deputy, given.paper)


def test_a_delegation_for_one_section_does_not_reach_the_plan(plan, group, head, section):
    deputy = appoint("pho.ban", Post.STANDING_DEPUTY)
    planning.submit(plan.pk, group.user)
    given = Delegation.objects.create(
        giver=head, taker=deputy, paper="07/UQ-BBT", valid_from=START, valid_to="2026-12-31"
    )
    given.sections.add(section)
    with pytest.raises(PermissionDenied):
        planning.approve(plan.pk, "12/KH-BBT", START, deputy.user)


def test_nobody_approves_a_plan_that_they_submitted(plan, group, head):
    planning.submit(plan.pk, group.user)
    Absence.objects.create(
        appointment=head, stand_in=group, valid_from=START, valid_to="2026-12-31"
    )
    with pytest.raises(PermissionDenied):
        planning.approve(plan.pk, "12/KH-BBT", START, group.user)


def test_a_submitted_plan_waits_for_the_head_only(plan, group, head):
    planning.submit(plan.pk, group.user)
    assert waits(head.user) == [reverse("editorial_plan", args=[plan.pk])]
    assert waits(group.user) == []
