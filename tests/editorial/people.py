"""The Board for tests: people in posts and contracts, through the verbs that people use."""

from __future__ import annotations

from datetime import date

from editorial import appointing, assigning, collaborating, roles
from editorial.models import (
    Appointment,
    BoardDecision,
    Collaborator,
    CollaboratorKind,
    Post,
)
from news.models import ArticlePage
from portal.accounts.models import User
from site_pages.models import CategoryPage
from tests.accounts import user

FIRST = date(2026, 1, 1)


def admin() -> User:
    found = User.objects.filter(username="quan.tri").first()
    return found or user("quan.tri", is_superuser=True)


def decision() -> BoardDecision:
    found = BoardDecision.objects.first()
    return found or appointing.record_decision("12/QĐ-UBND", FIRST, "Thành lập", admin())


def appointed(name: str, post: Post = Post.MEMBER, **period) -> Appointment:
    """A person in a post since the first of January 2026."""
    person = User.objects.filter(username=name).first() or user(name)
    given = {"valid_from": FIRST} | period
    return appointing.appoint(person, post, decision(), "Giám đốc Sở", by=admin(), **given)


def in_charge(appointment: Appointment, slug: str = "tinh-hinh-ket-qua", **period):
    given = {"valid_from": FIRST} | period
    return assigning.assign(appointment.pk, section(slug), "02/TB-BBT", by=admin(), **given)


def collaborator(name: str = "cong.tac.vien", *slugs: str, **given) -> Collaborator:
    person = User.objects.filter(username=name).first() or user(name)
    fields = {"kind": CollaboratorKind.REPORTER, "paper": "05/HĐ", "valid_from": FIRST} | given
    sections = [section(slug) for slug in slugs]
    return collaborating.start(person, by=admin(), sections=sections, **fields)


def section(slug: str = "tinh-hinh-ket-qua") -> CategoryPage:
    return CategoryPage.objects.get(slug=slug, locale__language_code="vi")


def draft(owner: User, title: str = "Bản nháp", slug: str = "tinh-hinh-ket-qua") -> ArticlePage:
    page = ArticlePage(title=title, owner=owner, live=False, author="Tác giả")
    section(slug).add_child(instance=page)
    page.save_revision(user=owner)
    return page


def lay_roles() -> None:
    roles.lay()
