"""The answer to every opinion: points in rows, rows with their answers, what was published.

An `Account` says where one opinion stands; a `Row` is what several opinions say of one
provision, with the one answer to it. What is published is copied into rows of its own,
which the database never lets anybody change.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.agencies.models import Agency
from portal.protection.models import QuarantinedFile

from .consultation import Consultation, RespondentKind
from .drafts import DraftText, Provision
from .opinions import Opinion


class SynthesisState(models.TextChoices):
    PREPARING = "preparing", _("Being prepared")
    PUBLISHED = "published", _("Published")
    CORRECTING = "correcting", _("Published; a correction is being prepared")


class Result(models.TextChoices):
    """What the drafting agency does with a point."""

    ACCEPTED = "accepted", pgettext_lazy("opinion", "Accepted")
    PARTLY = "partly", _("Accepted in part")
    EXPLAINED = "explained", _("Not accepted, explained")


# These change the text: the answer says where.
CHANGING = frozenset({Result.ACCEPTED, Result.PARTLY})


class Exclusion(models.TextChoices):
    """Why an opinion stands in no row. Each also needs words of its own."""

    AGREES = "agrees", _("Agrees with the draft, asks for nothing")
    OFF_TOPIC = "off-topic", _("Does not speak of the draft")
    UNCLEAR = "unclear", _("Says nothing that could be answered")
    REPEATED = "repeated", _("The same person sent the same again")
    WITHHELD = "withheld", _("Withheld by moderation, says nothing of the draft")
    MISTAKEN = "mistaken", _("Entered twice by the office")


class PaperSource(models.TextChoices):
    LETTER = "letter", _("Letter on paper")
    MEETING = "meeting", _("Meeting")
    OTHER = "other", _("Other")


class Synthesis(models.Model):
    """The work on the answers of one consultation."""

    wagtail_reference_index_ignore = True

    consultation = models.OneToOneField(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="synthesis"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=SynthesisState, default=SynthesisState.PREPARING
    )
    final_text = models.ForeignKey(
        DraftText,
        models.PROTECT,
        verbose_name=_("final text"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The version that took the opinions in; it is shown beside the answers."),
    )
    # Numbers of rows are never given twice.
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("synthesis of opinions")
        verbose_name_plural = _("syntheses of opinions")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.consultation_id}"

    @property
    def is_open(self) -> bool:
        return self.state != SynthesisState.PUBLISHED


class PaperOpinion(models.Model):
    """An opinion that came by letter or was said in a meeting, entered by the office."""

    wagtail_reference_index_ignore = True

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="papers"
    )
    source = models.CharField(_("source"), max_length=7, choices=PaperSource)
    source_name = models.CharField(
        _("document or meeting"),
        max_length=200,
        help_text=_("Number of the letter, or name and place of the meeting."),
    )
    dated_on = models.DateField(_("dated"))
    respondent_kind = models.CharField(_("who speaks"), max_length=12, choices=RespondentKind)
    name = models.CharField(
        _("name"),
        max_length=200,
        blank=True,
        help_text=_("Agencies and organisations stand in the table by name, persons never."),
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("agency"), null=True, blank=True, related_name="+"
    )
    provision = models.ForeignKey(
        Provision,
        models.PROTECT,
        verbose_name=_("provision"),
        null=True,
        blank=True,
        related_name="papers",
        help_text=_("None: on the whole."),
    )
    text = models.TextField(_("what it says"))
    scan = models.OneToOneField(
        QuarantinedFile,
        models.PROTECT,
        verbose_name=_("scan"),
        null=True,
        blank=True,
        related_name="+",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("entered by"), related_name="+"
    )
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("opinion on paper or from a meeting")
        verbose_name_plural = _("opinions on paper and from meetings")
        ordering = ["consultation", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="paper_opinion_says_something"),
            models.CheckConstraint(
                condition=~Q(source_name=""), name="paper_opinion_names_its_source"
            ),
            models.CheckConstraint(
                condition=Q(agency__isnull=True) | Q(respondent_kind="agency"),
                name="paper_opinion_agency_of_an_agency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.source_name}"


class Account(models.Model):
    """Where one opinion stands: split into points, or left out for a stated reason."""

    wagtail_reference_index_ignore = True

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="accounts"
    )
    opinion = models.OneToOneField(
        Opinion, models.PROTECT, verbose_name=_("opinion"), null=True, related_name="account"
    )
    paper = models.OneToOneField(
        PaperOpinion, models.PROTECT, verbose_name=_("paper"), null=True, related_name="account"
    )
    # Of the words as they were when it was last looked at, and of the same words folded.
    words_sha256 = models.CharField(max_length=64)
    same_text = models.CharField(max_length=64)
    exclusion = models.CharField(
        _("why it is left out"), max_length=9, choices=Exclusion, blank=True
    )
    exclusion_note = models.CharField(
        _("reason"),
        max_length=500,
        blank=True,
        help_text=_("Read by whoever sent the opinion."),
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("sorted by"),
        null=True,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("sorted at"), null=True)

    class Meta:
        verbose_name = _("account of an opinion")
        verbose_name_plural = _("accounts of opinions")
        ordering = ["consultation", "pk"]
        indexes = [
            models.Index(fields=["consultation", "same_text"], name="account_same_text"),
            models.Index(fields=["consultation", "settled_at"], name="account_to_sort"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(opinion__isnull=False, paper__isnull=True)
                | Q(opinion__isnull=True, paper__isnull=False),
                name="account_of_one_opinion",
            ),
            models.CheckConstraint(
                condition=Q(exclusion="", exclusion_note="")
                | ~Q(exclusion="") & ~Q(exclusion_note="") & Q(settled_at__isnull=False),
                name="account_left_out_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opinion or self.paper}"

    @property
    def source(self) -> Opinion | PaperOpinion:
        return self.opinion or self.paper


class RowState(models.TextChoices):
    OPEN = "open", _("To be answered")
    DRAFTED = "drafted", _("Answer drafted")
    AGREED = "agreed", _("Answered")


class SynthesisRow(models.Model):
    """What some opinions say of one provision, and the one answer to it."""

    wagtail_reference_index_ignore = True

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="rows"
    )
    number = models.PositiveIntegerField(_("number"))
    provision = models.ForeignKey(
        Provision,
        models.PROTECT,
        verbose_name=_("provision"),
        null=True,
        blank=True,
        related_name="rows",
        help_text=_("None: on the whole."),
    )
    summary = models.TextField(
        _("what the opinions say"),
        blank=True,
        help_text=_("Public. In the office's words: no names, nothing that was withheld."),
    )
    # The opinion whose words the summary is, until the office words it itself.
    taken_from = models.ForeignKey(
        Opinion, models.PROTECT, verbose_name=_("words of"), null=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=7, choices=RowState, default=RowState.OPEN)
    result = models.CharField(_("result"), max_length=9, choices=Result, blank=True)
    reasons = models.TextField(_("answer and reasons"), blank=True)
    changed_where = models.CharField(
        _("where the text is changed"),
        max_length=300,
        blank=True,
        help_text=_("For example: khoản 2 Điều 7 of the final text."),
    )
    final_provision = models.ForeignKey(
        Provision,
        models.PROTECT,
        verbose_name=_("provision of the final text"),
        null=True,
        blank=True,
        related_name="+",
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("unit"), null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("official"),
        null=True,
        blank=True,
        related_name="+",
    )
    # Counts up with every change, so that nobody writes over what they have not seen.
    revision = models.PositiveIntegerField(default=0)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("answered by"),
        null=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("row of the synthesis")
        verbose_name_plural = _("rows of the synthesis")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="synthesis_row_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "drafted"])
                | ~Q(result="") & ~Q(reasons="") & ~Q(summary=""),
                name="synthesis_row_answered_with_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed", result__in=["accepted", "partly"])
                | ~Q(changed_where=""),
                name="synthesis_row_accepted_says_where",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def place(self) -> str:
        return str(self.provision) if self.provision else ""


class Point(models.Model):
    """A stretch of an opinion's words, [start, end), in a row; in none, it asks for nothing.

    The points of an opinion lie side by side and cover all of it.
    """

    wagtail_reference_index_ignore = True

    account = models.ForeignKey(
        Account, models.CASCADE, verbose_name=_("opinion"), related_name="points"
    )
    row = models.ForeignKey(
        SynthesisRow, models.PROTECT, verbose_name=_("row"), null=True, related_name="points"
    )
    start = models.PositiveIntegerField(_("from"))
    end = models.PositiveIntegerField(_("to"))

    class Meta:
        verbose_name = _("point of an opinion")
        verbose_name_plural = _("points of opinions")
        ordering = ["account", "start"]
        constraints = [
            models.UniqueConstraint(fields=["account", "start"], name="point_begins_once"),
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="point_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.start}–{self.end}"


class AnswerTemplate(models.Model):
    """Words that an agency answers with again and again."""

    wagtail_reference_index_ignore = True

    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("agency"), related_name="answer_templates"
    )
    name = models.CharField(_("name"), max_length=100)
    result = models.CharField(_("result"), max_length=9, choices=Result)
    reasons = models.TextField(_("answer and reasons"))

    class Meta:
        verbose_name = _("template of an answer")
        verbose_name_plural = _("templates of answers")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="answer_template_named_once")
        ]

    def __str__(self) -> str:
        return self.name
