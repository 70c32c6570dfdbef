"""People for tests."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from portal.accounts.models import User


def user(name: str = "nguyen.van.a", *permissions: str, **fields) -> User:
    """A user with exactly these permissions, each 'app.codename'."""
    made = User.objects.create_user(
        name,
        f"{name}@hanoi.example",
        "mat-khau-rat-dai",
        first_name="An",
        last_name="Nguyễn",
        **fields,
    )
    for permission in permissions:
        app, codename = permission.split(".")
        made.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    return made


def staff(name: str = "can.bo", *permissions: str) -> User:
    """A user who may enter the Wagtail admin."""
    return user(name, "wagtailadmin.access_admin", *permissions)


def in_group(member: User, group: str) -> User:
    member.groups.add(Group.objects.get(name=group))
    return member
