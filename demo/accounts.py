"""People of the demonstration: one for each role, with the same password for all."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from portal.accounts.models import User
from portal.accounts.roles import Role

# Printed on the terminal of a demonstration and refused everywhere else (see the command).
PASSWORD = "Ha-Noi-thu-nghiem-2026"  # noqa: S105


@dataclass(frozen=True)
class Person:
    username: str
    last_name: str
    first_name: str
    what: str
    role: Role | None


PEOPLE = [
    Person("quantri", "Quản trị", "(demo)", "quản trị hệ thống, toàn quyền", None),
    Person(
        "tocongtac", "Nguyễn Minh", "Châu (demo)", "nội dung, khảo sát, báo cáo", Role.WORKING_GROUP
    ),
    Person("bientap", "Trần Thu", "Hà (demo)", "soạn tin, bài, văn bản", Role.EDITOR),
    Person("lanhdao", "Lê Quang", "Vinh (demo)", "xem và công bố báo cáo", Role.LEADERSHIP),
]
PERMISSIONS = {
    Role.WORKING_GROUP: [
        "wagtailadmin.access_admin",
        "satisfaction.view_results",
        "satisfaction.review_responses",
        "reporting.view_edition",
        "reporting.order_edition",
        "agencies.view_agency",
        "agencies.add_membership",
        "agencies.change_membership",
        "agencies.view_membership",
        "rules.view_calendarday",
        "rules.add_calendarday",
        "rules.change_calendarday",
        "news.add_officialsource",
        "news.change_officialsource",
        "news.view_officialsource",
        "news.add_articletemplate",
        "news.change_articletemplate",
        "news.view_articletemplate",
        "site_pages.add_searchsynonym",
        "site_pages.change_searchsynonym",
        "site_pages.delete_searchsynonym",
        "site_pages.view_searchsynonym",
        "site_pages.view_searchedwords",
        "site_pages.view_ratingcount",
    ],
    Role.EDITOR: [
        "wagtailadmin.access_admin",
        "news.view_officialsource",
        "news.view_articletemplate",
        "site_pages.view_searchedwords",
        "site_pages.view_ratingcount",
    ],
    Role.LEADERSHIP: [
        "wagtailadmin.access_admin",
        "satisfaction.view_results",
        "reporting.view_edition",
        "reporting.publish_edition",
    ],
}
PAGE_PERMISSIONS = {
    Role.WORKING_GROUP: ["add_page", "change_page", "publish_page"],
    Role.EDITOR: ["add_page", "change_page"],
}
COLLECTION_PERMISSIONS = ["add_image", "choose_image", "add_document", "choose_document"]


def load() -> None:
    """Make groups with their permissions, and one account for each role."""
    groups = {role: _group(role) for role in PERMISSIONS}
    for person in PEOPLE:
        user, created = User.objects.get_or_create(
            username=person.username,
            defaults={
                "first_name": person.first_name,
                "last_name": person.last_name,
                "email": f"{person.username}@demo.example",
                "is_superuser": person.role is None,
                "is_staff": person.role is None,
            },
        )
        if created:
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        if person.role:
            user.groups.add(groups[person.role])


def _group(role: Role) -> Group:
    group, _created = Group.objects.get_or_create(name=role.value)
    for name in PERMISSIONS[role]:
        app, codename = name.split(".")
        group.permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    root = Page.get_first_root_node()
    for codename in PAGE_PERMISSIONS.get(role, []):
        GroupPagePermission.objects.get_or_create(
            group=group,
            page=root,
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore", codename=codename
            ),
        )
    if role in PAGE_PERMISSIONS:
        for codename in COLLECTION_PERMISSIONS:
            GroupCollectionPermission.objects.get_or_create(
                group=group,
                collection=Collection.get_first_root_node(),
                permission=Permission.objects.get(codename=codename),
            )
    return group


def table() -> str:
    """The accounts as `make run` prints them."""
    lines = [f"  {person.username:<11} {person.what}" for person in PEOPLE]
    return "\n".join([*lines, f"  Mật khẩu chung: {PASSWORD}"])
