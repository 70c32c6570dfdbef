"""Meetings of the Editorial Board: programme, papers, receipts, minutes (Art. 5.5.e)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .board import Appointment


class MeetingState(models.TextChoices):
    PREPARED = "prepared", _("Being prepared")
    NOTIFIED = "notified", _("Notice sent")
    HELD = "held", _("Held")
    MINUTED = "minuted", _("Minutes signed off")
    CANCELLED = "cancelled", _("Cancelled")


class NoticeKind(models.TextChoices):
    INVITATION = "GM", _("Invitation (Giấy mời)")
    ANNOUNCEMENT = "TB", _("Notice (Thông báo)")


# Before it is held.
AHEAD = {MeetingState.PREPARED, MeetingState.NOTIFIED}


class Meeting(models.Model):
    """One meeting. What was signed off never changes: the database refuses it too."""

    title = models.CharField(_("title"), max_length=250)
    notice_kind = models.CharField(
        _("kind of notice"), max_length=2, choices=NoticeKind, default=NoticeKind.INVITATION
    )
    starts_at = models.DateTimeField(_("begins"))
    place = models.CharField(_("place"), max_length=250, blank=True)
    link = models.URLField(_("link to the online meeting"), max_length=500, blank=True)
    chair = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("chair"), related_name="meetings_chaired"
    )
    secretary = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("secretary"), related_name="meetings_recorded"
    )
    signer = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("signs the notice"), related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=MeetingState, default=MeetingState.PREPARED
    )
    notified_at = models.DateTimeField(_("notice sent at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    proceedings = models.TextField(_("proceedings"), blank=True)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("signed off by"),
        null=True,
        related_name="+",
    )
    signed_off_at = models.DateTimeField(_("signed off at"), null=True)
    note = models.TextField(_("why it was cancelled"), blank=True)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(place="") | ~Q(link=""), name="meeting_takes_place_somewhere"
            ),
            models.CheckConstraint(
                condition=~Q(state="notified") | Q(notified_at__isnull=False),
                name="meeting_notified_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "minuted"]) | Q(ended_at__isnull=False),
                name="meeting_held_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="minuted")
                | (
                    ~Q(proceedings="")
                    & Q(signed_off_by__isnull=False)
                    & Q(signed_off_at__isnull=False)
                ),
                name="meeting_minuted_has_minutes",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(note=""), name="meeting_cancelled_for_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="meeting_by_day")]

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    meeting = models.ForeignKey(
        Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="agenda"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("item"), max_length=300)
    presenter = models.CharField(_("presented by"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("item of the agenda")
        verbose_name_plural = _("agenda")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="agenda_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class MeetingPaper(models.Model):
    """A document of a meeting, for those invited only; never a document of the site."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="papers"
    )
    title = models.CharField(_("title"), max_length=250)
    file = models.FileField(_("file"), upload_to="meetings/")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("added by"), related_name="+"
    )
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("document of the meeting")
        verbose_name_plural = _("documents of the meeting")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class Presence(models.TextChoices):
    UNKNOWN = "unknown", _("Not recorded")
    PRESENT = "present", _("Present")
    ABSENT = "absent", _("Absent")


class Attendance(models.Model):
    """One person invited: when told, when the notice was opened and acknowledged, whether there."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="attendances"
    )
    appointment = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("invited"), related_name="attendances"
    )
    notified_at = models.DateTimeField(_("notice sent at"), null=True)
    opened_at = models.DateTimeField(_("opened at"), null=True)
    received_at = models.DateTimeField(_("receipt acknowledged at"), null=True)
    presence = models.CharField(
        _("presence"), max_length=8, choices=Presence, default=Presence.UNKNOWN
    )
    # Who came in the place of the person invited, as the register of absences says.
    stand_in = models.ForeignKey(
        Appointment,
        models.PROTECT,
        verbose_name=_("stand-in who came"),
        null=True,
        related_name="attended_for",
    )

    class Meta:
        verbose_name = _("person invited")
        verbose_name_plural = _("people invited")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "appointment"], name="invited_once"),
            models.CheckConstraint(
                condition=Q(notified_at__isnull=False)
                | Q(opened_at__isnull=True, received_at__isnull=True),
                name="receipt_follows_notice",
            ),
            models.CheckConstraint(
                condition=Q(stand_in__isnull=True) | Q(presence="present"),
                name="stand_in_was_there",
            ),
        ]

    def __str__(self) -> str:
        return str(self.appointment)


class Conclusion(models.Model):
    """What the meeting decided, who carries it out and until when."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, verbose_name=_("meeting"), related_name="conclusions"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("conclusion"))
    responsible = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("responsible"), related_name="conclusions"
    )
    due_on = models.DateField(_("deadline"))
    done_at = models.DateTimeField(_("done at"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("reported by"),
        null=True,
        related_name="+",
    )
    result = models.TextField(_("result"), blank=True)

    class Meta:
        verbose_name = _("conclusion")
        verbose_name_plural = _("conclusions")
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="conclusion_numbered_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="conclusion_done_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(done_at__isnull=True), name="conclusion_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"
