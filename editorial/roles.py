"""What each role may do (Art. 5): Django's permissions, and Wagtail's on pages and files.

Rooms above say theirs when they start: `roles.grant(Role.WORKING_GROUP, "app.codename")`.
Nobody is given Wagtail's "publish": publication follows the approval of the member in
charge (Art. 8.4.a).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from portal.accounts.roles import Role
from site_pages.models import CategoryPage

_granted: dict[Role, set[str]] = {role: {"wagtailadmin.access_admin"} for role in Role}
PAGES = {
    Role.BOARD_HEAD: ["change_page"],
    Role.BOARD_MEMBER: ["change_page"],
    Role.WORKING_GROUP: ["add_page", "change_page"],
}
# Collaborators add, so that they edit what is theirs; `sections` narrows it for each.
ARTICLE_SECTIONS = {Role.COLLABORATOR: ["add_page"]}
FILES = ["add_image", "choose_image", "add_document", "choose_document"]
FILE_ROLES = {Role.BOARD_HEAD, Role.BOARD_MEMBER, Role.WORKING_GROUP, Role.COLLABORATOR}


def grant(role: Role, *permissions: str) -> None:
    """Let whoever has the role do this, each "app.codename"."""
    _granted[role].update(permissions)


def granted(role: Role) -> set[str]:
    return set(_granted[role])


@transaction.atomic
def lay() -> None:
    """Make the groups of the roles hold exactly what stands here; run after the page tree."""
    for role in Role:
        group, _created = Group.objects.get_or_create(name=role.value)
        group.permissions.set(_permissions(_granted[role]))
        _lay_pages(group, role)
        _lay_files(group, role)


def _permissions(names: Iterable[str]) -> list[Permission]:
    wanted = set(names)
    apps = {name.split(".")[0] for name in wanted}
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.filter(
            content_type__app_label__in=apps
        ).select_related("content_type")
    }
    return [known[name] for name in sorted(wanted)]


def _lay_pages(group: Group, role: Role) -> None:
    root = [Page.get_first_root_node()]
    wanted = {(page.pk, name) for page in root for name in PAGES.get(role, [])}
    tops = CategoryPage.objects.filter(depth=3)
    wanted |= {(page.pk, name) for page in tops for name in ARTICLE_SECTIONS.get(role, [])}
    held = GroupPagePermission.objects.filter(group=group).select_related("permission")
    for row in held:
        known = (row.page_id, row.permission.codename)
        if known in wanted:
            wanted.discard(known)
        else:
            row.delete()
    for page, codename in sorted(wanted):
        GroupPagePermission.objects.create(
            group=group, page_id=page, permission=_wagtail("wagtailcore", codename)
        )


def _lay_files(group: Group, role: Role) -> None:
    wanted = set(FILES) if role in FILE_ROLES else set()
    held = GroupCollectionPermission.objects.filter(group=group)
    held.exclude(permission__codename__in=wanted).delete()
    for codename in sorted(wanted):
        app = "wagtailimages" if codename.endswith("image") else "wagtaildocs"
        GroupCollectionPermission.objects.get_or_create(
            group=group,
            collection=Collection.get_first_root_node(),
            permission=_wagtail(app, codename),
        )


def _wagtail(app: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app, codename=codename)


grant(
    Role.WORKING_GROUP,
    "reporting.view_edition",
    "reporting.order_edition",
    "agencies.view_agency",
    "agencies.add_membership",
    "agencies.change_membership",
    "agencies.view_membership",
    "rules.view_calendarday",
    "rules.add_calendarday",
    "rules.change_calendarday",
    "site_pages.add_withdrawal",
    "site_pages.add_searchsynonym",
    "site_pages.change_searchsynonym",
    "site_pages.delete_searchsynonym",
    "site_pages.view_searchsynonym",
    "site_pages.view_searchedwords",
    "site_pages.view_ratingcount",
)
for _role in (Role.BOARD_HEAD, Role.BOARD_MEMBER):
    grant(
        _role,
        "reporting.view_edition",
        "agencies.view_agency",
        "site_pages.view_searchedwords",
        "site_pages.view_ratingcount",
    )
# The Head answers for the reports (Art. 5.2); the City's leaders publish theirs.
for _role in (Role.BOARD_HEAD, Role.LEADERSHIP):
    grant(_role, "reporting.view_edition", "reporting.publish_edition")
# What a section asks of its approvals is the Head's to say (Art. 5.2.b).
grant(
    Role.BOARD_HEAD,
    "editorial.add_sectionrule",
    "editorial.change_sectionrule",
    "editorial.delete_sectionrule",
    "editorial.view_sectionrule",
)
