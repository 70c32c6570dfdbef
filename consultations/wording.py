"""The window in words, for people."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .window import Window, WindowState, days_left

SOON_DAYS = 5


def sentence(window: Window) -> str:
    """From when to when, to the last minute that counts."""
    if window.state is WindowState.UNSET:
        return _("The days of this consultation are not set yet.")
    told = {
        "from": _moment(window.first_moment),
        "to": _moment(window.last_moment),
    }
    if window.state is WindowState.UPCOMING:
        return _("Opinions will be taken from %(from)s to the end of %(to)s.") % told
    if window.state is WindowState.OPEN:
        return _("Opinions are taken from %(from)s to the end of %(to)s.") % told
    if window.state is WindowState.SUSPENDED:
        return _("Suspended for the time being; the last day remains %(to)s.") % told
    if window.is_closed_early:
        return _("Opinions were taken from %(from)s; closed early at %(to)s.") % told
    return _("Opinions were taken from %(from)s to the end of %(to)s.") % told


def _moment(moment) -> str:
    """23:59 ngày 30/11/2026"""
    return _("%(time)s on %(day)s") % {
        "time": date_format(moment, "TIME_FORMAT"),
        "day": date_format(moment, "SHORT_DATE_FORMAT"),
    }


def countdown(window: Window) -> str:
    """How long there is left, in whole days: pages that are kept stay true until midnight."""
    if window.state is WindowState.UPCOMING:
        days = (window.first_moment.date() - timezone.localdate(window.now)).days
        if not days:
            return _("Opens today")
        return ngettext("Opens in %(days)d day", "Opens in %(days)d days", days) % {"days": days}
    if window.state is WindowState.OPEN:
        days = days_left(window)
        if not days:
            return _("Last day")
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return {
        WindowState.SUSPENDED: _("Suspended"),
        WindowState.CLOSED: _("Ended"),
    }.get(window.state, _("Not open yet"))


def is_soon(window: Window) -> bool:
    return window.is_open and days_left(window) <= SOON_DAYS


def share_gone(window: Window) -> int:
    """How much of the window is behind us, in hundredths by whole days."""
    if window.opens_at is None or window.closes_at is None:
        return 0
    first, last = window.first_moment.date(), window.last_moment.date()
    whole = (last - first).days + 1
    gone = (timezone.localdate(window.now) - first).days
    return min(100, max(0, round(100 * gone / max(whole, 1))))
