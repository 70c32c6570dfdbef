"""A Board at work: posts, a section in charge, a collaborator, the workflow in place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page, Site

from editorial import workflow
from editorial.models import (
    Appointment,
    BoardDecision,
    Post,
    SectionAssignment,
)
from portal.accounts.models import User
from site_pages import tree
from site_pages.models import CategoryPage, HomePage
from site_pages.models import Group as Article6
from tests.accounts import staff
from tests.editorial.office import appoint
from tests.site_pages.conftest import home

__all__ = ["home"]

START = date(2026, 1, 5)


@dataclass
class Board:
    home: HomePage
    section: CategoryPage
    other_section: CategoryPage
    head: User
    member: User
    other_member: User
    screener: User
    collaborator: User
    decision: BoardDecision

    def appoint(self, user: User, post: Post, **fields) -> Appointment:
        fields = {"valid_from": START, "office": "Chức vụ minh họa", **fields}
        return Appointment.objects.create(user=user, post=post, decision=self.decision, **fields)

    def post(self, user: User) -> Appointment:
        return Appointment.objects.get(user=user)


def writer(name: str, section: Page) -> User:
    """Someone who may write below a section, and nothing else."""
    person = staff(name)
    group = Group.objects.create(name=f"viet-{name}")
    GroupPagePermission.objects.create(
        group=group,
        page=section.page_ptr,
        permission=Permission.objects.get(
            content_type__app_label="wagtailcore", codename="add_page"
        ),
    )
    person.groups.add(group)
    return person


@pytest.fixture
def board(db) -> Board:
    Site.clear_site_root_paths_cache()
    home = tree.lay()
    workflow.lay()
    sections = CategoryPage.objects.child_of(home)
    section = sections.get(slug="tinh-hinh-ket-qua")
    decision = BoardDecision.objects.create(
        number="12/QĐ-UBND", issued_on=date(2026, 1, 2), about="Kiện toàn Ban Biên tập"
    )
    made = Board(
        home=home,
        section=section,
        other_section=sections.get(slug="ban-chi-dao"),
        head=staff("truong.ban"),
        member=staff("thanh.vien"),
        other_member=staff("thanh.vien.khac"),
        screener=staff("to.cong.tac"),
        collaborator=writer("cong.tac.vien", section),
        decision=decision,
    )
    made.appoint(made.head, Post.HEAD)
    made.appoint(made.screener, Post.WORKING_GROUP)
    in_charge = made.appoint(made.member, Post.MEMBER)
    other = made.appoint(made.other_member, Post.MEMBER)
    for row, place in ((in_charge, made.section), (other, made.other_section)):
        SectionAssignment.objects.create(
            appointment=row, section=place.page_ptr, paper="03/PC-BBT", valid_from=START
        )
    yield made
    Site.clear_site_root_paths_cache()


@pytest.fixture
def section(db):
    """One of two sections of their own."""
    top = tree.lay()
    made = [
        top.add_child(instance=CategoryPage(title=title, slug=slug, group=Article6.RESULTS))
        for title, slug in [("Tình hình, kết quả", "ket-qua"), ("Kinh nghiệm", "kinh-nghiem")]
    ]
    return made[0]


@pytest.fixture
def head(db):
    return appoint("truong.ban", Post.HEAD)


@pytest.fixture
def member(db):
    return appoint("thanh.vien", Post.MEMBER)


@pytest.fixture
def group(db):
    return appoint("to.cong.tac", Post.WORKING_GROUP)
