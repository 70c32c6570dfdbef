"""How the room is joined to the house when it starts: rights, letters, reports, chores."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.outbox.mail import register_letter
from portal.outbox.registry import every_night, register
from portal.reporting.kinds import register_kind
from site_pages import adding, page_cache, publishing, timeliness, work_queue
from site_pages.ways_in import register_way

from . import (
    access,
    activity,
    approval,
    authority,
    chapters,
    check_hints,  # noqa: F401
    clocks,
    contribution_drafts,
    contribution_letters,
    contribution_retention,
    following,  # noqa: F401
    handing_over,
    meeting_papers,
    meetings,
    memberships,  # noqa: F401
    notices,
    orders,
    planning,
    proposals,
    reminders,
    signals,
)
from .models import Occasion
from .sections import may_write_in


def join(room: AppConfig) -> None:
    _join_gate(room)
    _join_letters()
    _join_reports()
    _join_nights()
    register_way(_("Send us news or material"), "contribution")


def _join_gate(room: AppConfig) -> None:
    """Who may add, what may be public, when an item arrived."""
    adding.limit(may_write_in)
    work_queue.look_within(authority.at_one_look)
    page_cache.never_shown(*room.get_models())
    publishing.register_approval(approval.is_approved)
    publishing.register_objection(approval.require_no_open_doubt)
    publishing.register_decider(lambda user, page: authority.authority(user, page) is not None)
    signals.connect()
    timeliness.arrives_with(clocks.sent_at)


def _join_letters() -> None:
    for occasion in Occasion:
        register_letter(notices.letter(occasion), f"editorial/letters/{occasion.value}.txt")
    register_letter(notices.DIGEST, "editorial/letters/digest.txt")
    register_letter(access.LETTER, "editorial/letter_open_again.txt")
    register_letter(handing_over.LETTER, "editorial/letter_handed_over.txt")
    register_letter(planning.LETTER, "editorial/letters/plan.txt")
    register_letter(orders.LETTER, "editorial/letters/order.txt")
    register_letter(reminders.LETTER, "editorial/letters/reminder.txt")
    register_letter(meetings.LETTER, "editorial/letters/meeting.txt")
    register_letter(meetings.RESULT, "editorial/letters/meeting_result.txt")
    register_letter(proposals.LETTER, "editorial/letters/proposal.txt")
    register(contribution_letters.KIND, contribution_letters.deliver, atomic=False)


def _join_reports() -> None:
    register_kind(activity.REPORT)
    activity.register_chapter("published", 10, chapters.published)
    activity.register_chapter("reviewed", 20, chapters.reviewed)
    activity.register_chapter("timely", 30, chapters.timely)
    activity.register_chapter("checked", 40, chapters.checked)
    activity.register_chapter("sought", 80, chapters.sought)
    activity.register_chapter("rated", 90, chapters.rated)
    activity.register_chapter("proposed", 95, chapters.proposed)
    register_kind(meeting_papers.NOTICE)
    register_kind(meeting_papers.MINUTES)


def _join_nights() -> None:
    every_night(access.sync_all)
    every_night(reminders.remind_all)
    every_night(proposals.urge)
    every_night(contribution_drafts.purge)
    every_night(contribution_retention.erase_due)
