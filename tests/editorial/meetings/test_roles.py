"""Who may do what with a meeting: every act × every role."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from editorial import meetings
from editorial.models import Conclusion, Meeting, Post
from tests.accounts import staff
from tests.editorial.meetings.steps import ENDED, details, page
from tests.editorial.office import allowed, appoint, collaborator, local

pytestmark = pytest.mark.django_db

ROLES = ["group", "head", "invited", "member", "collaborator", "root"]
TABLE = {
    "read": "yyynnn",
    "list": "yyyynn",
    "prepare": "ynnnnn",
    "change": "ynnnnn",
    "write the agenda": "ynnnnn",
    "invite": "ynnnnn",
    "cancel": "ynnnnn",
    "acknowledge": "yyynnn",
    "hold": "ynnnnn",
    "write minutes": "ynnnnn",
    "sign off": "ynnnnn",
    "report done": "ynynnn",
    "open again": "ynnnnn",
    "order the PDF": "ynnnnn",
}


@pytest.fixture
def people(group, head, member):
    root = staff("quan.tri")
    root.is_superuser = True
    root.save()
    return {
        "group": group.user,
        "head": head.user,
        "invited": member.user,
        "member": appoint("thanh.vien.2", Post.MEMBER).user,
        "collaborator": collaborator("cong.tac.vien").user,
        "root": root,
    }


def see(name, *args):
    def look(user):
        if page(user, name, *args).status_code != 200:
            raise PermissionDenied

    return look


def when_held(meeting, verb):
    def attempt(user):
        Meeting.objects.filter(pk=meeting.pk).update(
            state="held", ended_at=local(ENDED), proceedings="Thống nhất."
        )
        verb(user)

    return attempt


def once_decided(meeting, member, verb):
    def attempt(user):
        row = Conclusion.objects.create(
            meeting=meeting, number=1, text="x", responsible=member, due_on=date(2026, 12, 1)
        )
        verb(row.pk, user)

    return attempt


def attempts(meeting, head, group, member):
    """Each act as a function of who tries it."""
    pk, all_three = meeting.pk, [head, member, group]
    return {
        "read": see("editorial_meeting", pk),
        "list": see("editorial_meetings"),
        "prepare": lambda user: meetings.prepare(by=user, **details(head, group)),
        "change": lambda user: meetings.change(pk, user, **details(head, group)),
        "write the agenda": lambda user: meetings.set_agenda(pk, [("Một", "")], user),
        "invite": lambda user: meetings.invite(pk, all_three, user),
        "cancel": lambda user: meetings.cancel(pk, "Thôi", user),
        "acknowledge": lambda user: meetings.acknowledge(pk, user),
        "hold": lambda user: meetings.hold(pk, [head], local(ENDED), user),
        "write minutes": when_held(meeting, lambda user: meetings.write_minutes(pk, "x", user)),
        "sign off": when_held(meeting, lambda user: meetings.sign_off(pk, user)),
        "report done": once_decided(
            meeting, member, lambda row, user: meetings.finish(row, "Xong", user)
        ),
        "open again": once_decided(meeting, member, meetings.take_up_again),
        "order the PDF": lambda user: meetings.draw_again(pk, meetings.NOTICE, user),
    }


@pytest.mark.parametrize("what", list(TABLE))
def test_who_may_do_what(what, notified, head, group, member, people, at):
    at("2026-11-20 17:00")
    attempt = attempts(notified, head, group, member)[what]
    assert allowed(attempt, people) == dict(zip(ROLES, TABLE[what], strict=True))
