"""The yearly plan, its topics, and what is ordered from collaborators (Art. 5.2.c, 8.1.b)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .board import Appointment, Collaborator


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Being drawn up")
    SUBMITTED = "submitted", _("Waiting for the Head's approval")
    APPROVED = "approved", _("Approved")


class YearPlan(models.Model):
    """A year's plan, drawn up by the working group, approved by the Head (Art. 5.2.c, 5.5.a)."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    direction = models.TextField(
        _("direction of the year"),
        blank=True,
        help_text=_("What the site works towards in the year (Art. 5.1.a, 5.2.c)."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=PlanState, default=PlanState.DRAFT, editable=False
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("submitted by"),
        null=True,
        editable=False,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    return_note = models.TextField(_("why it was returned"), blank=True, editable=False)
    number = models.CharField(_("number and symbol"), max_length=60, blank=True, editable=False)
    approved_on = models.DateField(_("date of approval"), null=True, editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    approved_by = models.ForeignKey(
        Appointment,
        models.PROTECT,
        verbose_name=_("approved by"),
        null=True,
        editable=False,
        related_name="+",
    )
    approval_paper = models.CharField(
        _("paper of delegation"), max_length=120, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("yearly plan")
        verbose_name_plural = _("yearly plans")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (
                    ~Q(number="")
                    & Q(approved_on__isnull=False)
                    & Q(approved_at__isnull=False)
                    & Q(approved_by__isnull=False)
                ),
                name="plan_approved_by_a_paper",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_by__isnull=False),
                name="plan_submitted_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2020, year__lte=2100), name="plan_year_is_a_year"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Plan of %(year)s") % {"year": self.year})


class Quarter(models.IntegerChoices):
    FIRST = 1, _("Quarter I")
    SECOND = 2, _("Quarter II")
    THIRD = 3, _("Quarter III")
    FOURTH = 4, _("Quarter IV")


class PlanTopic(models.Model):
    """One topic to be covered: where, what and in which quarter (Art. 8.1.b)."""

    plan = models.ForeignKey(
        YearPlan, models.PROTECT, verbose_name=_("plan"), related_name="topics", editable=False
    )
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    name = models.CharField(_("topic"), max_length=250)
    section = models.ForeignKey(
        "wagtailcore.Page", models.PROTECT, verbose_name=_("section"), related_name="+"
    )
    wanted = models.TextField(
        _("content wanted"), help_text=_("Content and requirements to be collected (Art. 8.1.b).")
    )
    quarter = models.PositiveSmallIntegerField(_("quarter"), choices=Quarter)
    is_late_addition = models.BooleanField(_("added after approval"), default=False, editable=False)

    class Meta:
        verbose_name = _("topic of the plan")
        verbose_name_plural = _("topics of the plan")
        ordering = ["quarter", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="topic_numbered_once"),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4), name="topic_in_a_quarter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class OrderState(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for the collaborator's answer")
    COUNTERED = "countered", _("Collaborator asks for another deadline")
    AGREED = "agreed", _("Deadline agreed")
    DECLINED = "declined", _("Declined by the collaborator")
    DELIVERED = "delivered", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")


# Ordered and not delivered.
OPEN = {OrderState.PROPOSED, OrderState.COUNTERED, OrderState.AGREED}
# The collaborator is to do something.
AWAITED = {OrderState.PROPOSED, OrderState.AGREED}


class Order(models.Model):
    """An item ordered from a collaborator by a deadline on which both agree (Art. 8.1.b)."""

    topic = models.ForeignKey(
        PlanTopic, models.PROTECT, verbose_name=_("topic"), related_name="orders"
    )
    collaborator = models.ForeignKey(
        Collaborator, models.PROTECT, verbose_name=_("collaborator"), related_name="orders"
    )
    wanted = models.TextField(_("what is ordered"))
    due_at = models.DateTimeField(_("deadline"))
    counter_due_at = models.DateTimeField(_("deadline asked for"), null=True)
    state = models.CharField(
        _("state"), max_length=10, choices=OrderState, default=OrderState.PROPOSED
    )
    # Until when the collaborator is to answer or to deliver; reminders follow it.
    waits_until = models.DateTimeField(_("awaited until"), null=True)
    note = models.TextField(_("reason"), blank=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("ordered by"), related_name="+"
    )
    ordered_at = models.DateTimeField(_("ordered at"))
    answered_at = models.DateTimeField(_("answered at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("order to a collaborator")
        verbose_name_plural = _("orders to collaborators")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "collaborator"],
                condition=Q(state__in=sorted(OPEN)),
                name="order_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(AWAITED), waits_until__isnull=False)
                | (~Q(state__in=sorted(AWAITED)) & Q(waits_until__isnull=True)),
                name="order_awaited_while_asked",
            ),
            models.CheckConstraint(
                condition=~Q(state="countered") | Q(counter_due_at__isnull=False),
                name="order_counter_names_a_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "cancelled"]) | ~Q(note=""),
                name="order_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OPEN), closed_at__isnull=True)
                | (~Q(state__in=sorted(OPEN)) & Q(closed_at__isnull=False)),
                name="order_closed_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="order_by_deadline"),
            models.Index(
                fields=["waits_until"],
                condition=Q(waits_until__isnull=False),
                name="order_awaited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic.name} – {self.collaborator.user.get_full_name()}"


class Delivery(models.Model):
    """A page that answers an order. A draft thrown away leaves its title here."""

    order = models.ForeignKey(
        Order, models.PROTECT, verbose_name=_("order"), related_name="deliveries"
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        models.SET_NULL,
        verbose_name=_("page"),
        null=True,
        related_name="+",
    )
    title = models.CharField(_("title"), max_length=255)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("linked by"), related_name="+"
    )
    linked_at = models.DateTimeField(_("linked at"))

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "page"], name="delivery_of_a_page_once")
        ]

    def __str__(self) -> str:
        return self.title


class ReminderLevel(models.IntegerChoices):
    """Whom a reminder reaches; each level reaches those before it too."""

    COLLABORATOR = 1, _("The collaborator")
    AGENCY = 2, _("The agency's officers and the working group")
    BOARD = 3, _("The member in charge and the Head of the Board")


class Nudge(models.TextChoices):
    BEFORE = "before", _("Deadline comes near")
    PASSED = "passed", _("Deadline has passed")
    MANUAL = "manual", _("Reminded by hand")


class Reminder(models.Model):
    """Đôn đốc (Art. 5.2.d, 5.4.d): who was reminded of an order, when and how high."""

    order = models.ForeignKey(
        Order, models.PROTECT, verbose_name=_("order"), related_name="reminders"
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=ReminderLevel)
    occasion = models.CharField(_("occasion"), max_length=6, choices=Nudge)
    # The deadline that was reminded of: a new one starts the ladder anew.
    waited_until = models.DateTimeField(_("deadline"))
    recipients = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("recipients"), related_name="+"
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("sent by"),
        null=True,
        related_name="+",
        help_text=_("Nobody: sent by the portal itself."),
    )
    sent_at = models.DateTimeField(_("sent at"))
    sent_on = models.DateField(_("sent on"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "level", "occasion", "waited_until"],
                condition=~Q(occasion="manual"),
                name="reminder_of_a_deadline_once",
            ),
            models.UniqueConstraint(
                fields=["order", "level", "sent_on"],
                condition=Q(occasion="manual"),
                name="reminder_by_hand_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(occasion="manual", sent_by__isnull=False)
                | (~Q(occasion="manual") & Q(sent_by__isnull=True)),
                name="reminder_by_hand_has_a_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()}: {self.get_level_display()}"
