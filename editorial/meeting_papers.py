"""Notice and minutes of a meeting as documents of Decree 30; internal, never public."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from portal.reporting.kinds import Progress, ReportKind

from . import meetings
from .models import Appointment, Attendance, Meeting, NoticeKind, Post, Presence

LETTERHEAD = {"issuer": "Ban Biên tập Trang thông tin CCHC"}
HEAD_TITLE = "TRƯỞNG BAN BIÊN TẬP"
DEPUTY_TITLES = {
    Post.STANDING_DEPUTY: "PHÓ TRƯỞNG BAN THƯỜNG TRỰC",
    Post.DEPUTY: "PHÓ TRƯỞNG BAN",
}
POSTS = {
    Post.HEAD: "Trưởng Ban Biên tập",
    Post.STANDING_DEPUTY: "Phó Trưởng Ban thường trực",
    Post.DEPUTY: "Phó Trưởng Ban Biên tập",
    Post.MEMBER: "Thành viên Ban Biên tập",
    Post.WORKING_GROUP: "Tổ Công tác giúp việc",
}


def notice_snapshot(subject_id: int, _now: datetime, progress: Progress) -> dict:
    meeting = _meeting(subject_id)
    progress(40)
    return {
        **_frame(meeting),
        "kind": meeting.notice_kind,
        "signer": _person(meeting.signer),
        "invited": [_person(row.appointment) for row in _invited(meeting)],
        "papers": list(meeting.papers.values_list("title", flat=True)),
    }


def minutes_snapshot(subject_id: int, _now: datetime, progress: Progress) -> dict:
    meeting = _meeting(subject_id)
    rows = list(_invited(meeting))
    progress(40)
    return {
        **_frame(meeting),
        "ended_at": _local(meeting.ended_at),
        "secretary": _person(meeting.secretary),
        "present": [_there(row) for row in rows if row.presence == Presence.PRESENT],
        "absent": [_person(r.appointment) for r in rows if r.presence != Presence.PRESENT],
        "proceedings": meeting.proceedings,
        "conclusions": [
            {
                "number": row.number,
                "text": row.text,
                "responsible": _person(row.responsible),
                "due_on": row.due_on.isoformat(),
            }
            for row in meeting.conclusions.select_related("responsible__user")
        ],
    }


def _meeting(pk: int) -> Meeting:
    return Meeting.objects.select_related("chair__user", "secretary__user", "signer__user").get(
        pk=pk
    )


def _invited(meeting: Meeting):
    return Attendance.objects.filter(meeting=meeting).select_related(
        "appointment__user", "stand_in__user"
    )


def _local(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="minutes") if moment else None


def _person(row: Appointment) -> dict[str, str]:
    return {
        "name": row.user.get_full_name() or row.user.username,
        "office": row.office,
        "post": row.post,
    }


def _there(row: Attendance) -> dict[str, str]:
    """Who sat there, and in whose place."""
    if row.stand_in is None:
        return _person(row.appointment)
    return {**_person(row.stand_in), "instead_of": _person(row.appointment)["name"]}


def _frame(meeting: Meeting) -> dict:
    return {
        "title": meeting.title,
        "starts_at": _local(meeting.starts_at),
        "place": meeting.place,
        "link": meeting.link,
        "chair": _person(meeting.chair),
        "agenda": [
            {"number": row.number, "title": row.title, "presenter": row.presenter}
            for row in meeting.agenda.all()
        ],
    }


# --- What is drawn from a snapshot -----------------------------------------------------


def _moments(figures: dict) -> dict:
    return {
        name: datetime.fromisoformat(figures[name])
        for name in ("starts_at", "ended_at")
        if figures.get(name)
    }


def _named(person: dict) -> dict:
    return {**person, "post_name": POSTS[Post(person["post"])]}


def _signature(person: dict) -> list[str]:
    """Lines above the name; a deputy signs for the Head (Decree 30, Annex I, II.7)."""
    if person["post"] == Post.HEAD:
        return [HEAD_TITLE]
    return [f"KT. {HEAD_TITLE}", DEPUTY_TITLES[Post(person["post"])]]


def notice_context(figures: dict) -> dict:
    return {
        "figures": figures,
        **_moments(figures),
        "is_invitation": figures["kind"] == NoticeKind.INVITATION,
        "symbol": f"{figures['kind']}-BBT",
        "chair": _named(figures["chair"]),
        "signer": _named(figures["signer"]),
        "signature_lines": _signature(figures["signer"]),
        "invited": [_named(person) for person in figures["invited"]],
    }


def minutes_context(figures: dict) -> dict:
    return {
        "figures": figures,
        **_moments(figures),
        "symbol": "BB-BBT",
        "chair": _named(figures["chair"]),
        "secretary": _named(figures["secretary"]),
        "present": [_named(person) for person in figures["present"]],
        "absent": [_named(person) for person in figures["absent"]],
        "paragraphs": [line for line in figures["proceedings"].splitlines() if line.strip()],
        "conclusions": [
            {**row, "due_on": date.fromisoformat(row["due_on"])} for row in figures["conclusions"]
        ],
    }


def _kind(code: str, build, context, template: str) -> ReportKind:
    return ReportKind(
        code=code,
        build=build,
        context=context,
        template=template,
        web_template="",
        method_version="editorial-meeting/1",
        may_order=meetings.may_order,
        may_publish=meetings.may_order,
        is_public=False,
        may_read=meetings.may_read,
        letterhead=LETTERHEAD,
    )


NOTICE = _kind(meetings.NOTICE, notice_snapshot, notice_context, "editorial/papers/notice.html")
MINUTES = _kind(
    meetings.MINUTES, minutes_snapshot, minutes_context, "editorial/papers/minutes.html"
)
