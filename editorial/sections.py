"""The sections of articles, and in which of them a collaborator may write (Art. 12.2)."""

from __future__ import annotations

from django.db.models import QuerySet
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from portal.accounts.roles import Role
from site_pages.models import AbstractCategoryPage, CategoryPage

from .authority import section_keys
from .models import Collaborator
from .standing import roles_today

FREE = {Role.BOARD_HEAD, Role.BOARD_MEMBER, Role.WORKING_GROUP}


def of_articles() -> QuerySet[CategoryPage]:
    """The groups of Article 6 that are made of articles, in Vietnamese, with sub-sections."""
    return CategoryPage.objects.filter(locale__language_code="vi").order_by("path")


def in_charge() -> list[Page]:
    """Sections that a member may be in charge of: those right below the home page, and below."""
    pages = Page.objects.filter(locale__language_code="vi", depth__gte=3, live=True)
    models = _section_models(AbstractCategoryPage)
    return list(pages.type(*models).order_by("path"))


def _section_models(base: type[Page]) -> list[type[Page]]:
    found: list[type[Page]] = []
    for model in base.__subclasses__():
        found += _section_models(model) if model._meta.abstract else [model]
    return found


def writable(user: User) -> list[CategoryPage]:
    """Where a collaborator may begin an item today."""
    rows = Collaborator.objects.in_force(clock.today()).filter(user=user)
    rows = list(rows.prefetch_related("sections"))
    if not rows:
        return []
    sections = of_articles().filter(live=True)
    if any(not row.sections.all() for row in rows):
        return list(sections)
    paths = tuple(section.path for row in rows for section in row.sections.all())
    return [section for section in sections if section.path.startswith(paths)]


def may_write_in(user: User, page: Page) -> bool:
    """Limits collaborators to their sections; everybody else to what the groups say."""
    if user.is_superuser:
        return True
    roles = roles_today(user)
    if Role.COLLABORATOR not in roles or roles & FREE:
        return True
    rows = Collaborator.objects.in_force(clock.today()).filter(user=user)
    rows = list(rows.prefetch_related("sections"))
    if any(not row.sections.all() for row in rows):
        return True
    own = {section.translation_key for row in rows for section in row.sections.all()}
    return bool(own & section_keys(page))
