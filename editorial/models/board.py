"""Board, working group and collaborators, each by a paper and for a period (Art. 4, 12.2)."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=models.Model)


class PeriodQuerySet(models.QuerySet[Row]):
    """Rows that hold from `valid_from` to `valid_to`, both days included; no end is open."""

    def in_force(self, day: date) -> PeriodQuerySet[Row]:
        return self.running_in(day, day)

    def running_in(self, first: date, last: date | None) -> PeriodQuerySet[Row]:
        """Rows that share at least one day with the period; no last day is open."""
        rows = self.filter(called_off_on__isnull=True)
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
        return rows if last is None else rows.filter(valid_from__lte=last)


class Period(models.Model):
    """A first day and, once known, a last one."""

    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True, help_text=_("The last day."))
    # What is ended on its first day, or before it, never held for a whole day.
    called_off_on = models.DateField(_("called off on"), null=True, blank=True, editable=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True

    def holds_on(self, day: date) -> bool:
        if self.called_off_on:
            return False
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def _runs_forward(name: str) -> models.CheckConstraint:
    forward = Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
    return models.CheckConstraint(condition=forward, name=f"{name}_runs_forward")


class BoardDecision(models.Model):
    """A decision on the Board or its working group (Art. 4.1: by the City's People's Committee)."""

    number = models.CharField(_("number and symbol"), max_length=60)
    issued_on = models.DateField(_("issued on"))
    about = models.CharField(_("abstract"), max_length=300)
    document = models.ForeignKey(
        "wagtaildocs.Document",
        models.PROTECT,
        verbose_name=_("file"),
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("decision on the Board")
        verbose_name_plural = _("decisions on the Board")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["number", "issued_on"], name="board_decision_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.issued_on:%d/%m/%Y})"


class Post(models.TextChoices):
    """Posts of Article 4, in the order in which they are listed."""

    HEAD = "head", _("Head of the Board")
    STANDING_DEPUTY = "standing-deputy", _("Standing deputy head")
    DEPUTY = "deputy", _("Deputy head")
    MEMBER = "member", _("Member of the Board")
    WORKING_GROUP = "working-group", _("Member of the working group")


# Held by one person at a time (Art. 4.1.a, 4.1.b).
SINGLE_POSTS = {Post.HEAD, Post.STANDING_DEPUTY, Post.DEPUTY}
BOARD_POSTS = {*SINGLE_POSTS, Post.MEMBER}


class Appointment(Period):
    """One person in one post, by a decision."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("person"),
        related_name="appointments",
    )
    post = models.CharField(_("post"), max_length=16, choices=Post)
    decision = models.ForeignKey(
        BoardDecision, models.PROTECT, verbose_name=_("decision"), related_name="appointments"
    )
    office = models.CharField(
        _("office held"),
        max_length=160,
        help_text=_("As it stands in the decision, e.g. “Giám đốc Sở Nội vụ” (Art. 4.1)."),
    )

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["valid_from", "pk"]
        constraints = [
            _runs_forward("appointment"),
            models.UniqueConstraint(
                fields=["post"],
                condition=Q(valid_to__isnull=True, post__in=sorted(SINGLE_POSTS)),
                name="single_post_held_once",
            ),
            models.UniqueConstraint(
                fields=["user", "post", "valid_from"], name="appointment_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user.get_full_name()} – {self.get_post_display()}"


class SectionAssignment(Period):
    """A member is in charge of a section and what lies below it (Art. 5.2.b, 5.4.a)."""

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("member"), related_name="assignments"
    )
    # The Vietnamese page; its translations go with it.
    section = models.ForeignKey(
        "wagtailcore.Page", models.PROTECT, verbose_name=_("section"), related_name="+"
    )
    paper = models.CharField(
        _("assigned by"), max_length=120, help_text=_("Number and date of the Head's assignment.")
    )

    class Meta:
        verbose_name = _("section in charge")
        verbose_name_plural = _("sections in charge")
        ordering = ["valid_from", "pk"]
        constraints = [
            _runs_forward("section_assignment"),
            models.UniqueConstraint(
                fields=["appointment", "section", "valid_from"], name="section_assigned_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} · {self.appointment}"


class Delegation(Period):
    """Ủy quyền: one member decides in the name of another, within a scope (Art. 5.3.a)."""

    giver = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("given by"), related_name="delegations_given"
    )
    taker = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("given to"), related_name="delegations_taken"
    )
    paper = models.CharField(
        _("paper of delegation"),
        max_length=120,
        help_text=_("Number and date; shown with each decision."),
    )
    sections = models.ManyToManyField(
        "wagtailcore.Page",
        verbose_name=_("sections"),
        blank=True,
        related_name="+",
        help_text=_("None chosen: everything that the giver decides."),
    )

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            _runs_forward("delegation"),
            models.CheckConstraint(
                condition=~Q(giver=F("taker")), name="delegation_to_someone_else"
            ),
            # A delegation that nobody ends would outlive its purpose.
            models.CheckConstraint(
                condition=Q(valid_to__isnull=False), name="delegation_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper}: {self.giver} → {self.taker}"


class Absence(Period):
    """A person is away and another stands in, so that the site does not stop (Art. 11.1)."""

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("who is away"), related_name="absences"
    )
    stand_in = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("stand-in"), related_name="stands_in"
    )

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            _runs_forward("absence"),
            models.CheckConstraint(
                condition=~Q(appointment=F("stand_in")), name="absence_has_another_stand_in"
            ),
            models.CheckConstraint(condition=Q(valid_to__isnull=False), name="absence_has_an_end"),
        ]

    def __str__(self) -> str:
        return f"{self.appointment} ({self.valid_from:%d/%m/%Y}–{self.valid_to:%d/%m/%Y})"


class CollaboratorKind(models.TextChoices):
    """The network of Article 12.2."""

    MEDIA = "media", _("Information or press agency")
    REPORTER = "reporter", _("Professional reporter")
    OFFICIAL = "official", _("Official who follows reform in an agency")
    EXPERT = "expert", _("Expert")
    MANAGER = "manager", _("Manager")


class Collaborator(Period):
    """Someone who supplies items, by contract or sent by an agency (Art. 12.2, 13.3.a)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("person"),
        related_name="collaborations",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=CollaboratorKind)
    agency = models.ForeignKey(
        "agencies.Agency",
        models.PROTECT,
        verbose_name=_("agency"),
        null=True,
        blank=True,
        related_name="collaborators",
    )
    paper = models.CharField(
        _("contract or assignment"), max_length=120, help_text=_("Number and date.")
    )
    sections = models.ManyToManyField(
        "wagtailcore.Page",
        verbose_name=_("sections"),
        blank=True,
        related_name="+",
        help_text=_("Where this person may write. None chosen: every section of articles."),
    )

    class Meta:
        verbose_name = _("collaborator")
        verbose_name_plural = _("collaborators")
        ordering = ["valid_from", "pk"]
        constraints = [
            _runs_forward("collaborator"),
            models.UniqueConstraint(fields=["user", "valid_from"], name="collaborator_once_a_day"),
            models.CheckConstraint(
                condition=~Q(kind="official") | Q(agency__isnull=False),
                name="official_has_an_agency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user.get_full_name()} – {self.get_kind_display()}"
