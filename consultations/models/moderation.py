"""What is decided about opinions, what readers see of them, and what is said back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from editorial.models import Ground
from portal.agencies.models import Agency

from .consultation import Consultation, RespondentKind
from .drafts import DraftText, Provision
from .opinions import Opinion

# Of the nine grounds of Article 3.9 those that fit an opinion. Repeating what others said,
# plain language or an unknown author are no reason not to be heard.
FITTING_GROUNDS = [
    Ground.OUT_OF_SCOPE,
    Ground.AGAINST_POLICY,
    Ground.SECRET,
    Ground.NOT_YET_PUBLIC,
    Ground.UNTRUE,
    Ground.UNDER_VERIFICATION,
]


class DecisionKind(models.TextChoices):
    PUBLISH = "publish", pgettext_lazy("opinion", "Published")
    WITHHOLD = "withhold", _("Withheld")
    UPHOLD = "uphold", _("Appeal decided: stays withheld")
    OVERTURN = "overturn", _("Appeal decided: published")
    WITHDRAW = "withdraw", _("Withdrawn by its author")
    CORRECT = "correct", _("Corrected by its author")


class Decision(models.Model):
    """One line of the moderation log: neither changed nor deleted, without a word of content."""

    wagtail_reference_index_ignore = True

    opinion = models.ForeignKey(
        Opinion, models.PROTECT, verbose_name=_("opinion"), related_name="decisions"
    )
    kind = models.CharField(_("decision"), max_length=8, choices=DecisionKind)
    grounds = models.JSONField(_("grounds (Art. 3.9)"), default=list, blank=True)
    reason = models.TextField(
        _("reason to the sender"),
        blank=True,
        help_text=_("Read by the sender with the receipt code; not public."),
    )
    # None: the portal itself, where opinions are not read before they are published.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("decided by"),
        null=True,
        related_name="+",
    )
    made_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("decision on an opinion")
        verbose_name_plural = _("decisions on opinions")
        ordering = ["-made_at", "-pk"]
        permissions = [("moderate_opinions", "Can decide which opinions are published")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["withhold", "uphold"])
                | ~Q(reason="") & Q(made_by__isnull=False),
                name="opinion_withheld_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def ground_labels(self) -> list[str]:
        return [str(Ground(code).label) for code in self.grounds]


class Appeal(models.Model):
    """The sender asks once that a withheld opinion be looked at by another person."""

    wagtail_reference_index_ignore = True

    opinion = models.OneToOneField(
        Opinion, models.PROTECT, verbose_name=_("opinion"), related_name="appeal"
    )
    text = models.TextField(_("what the sender says"))
    sent_at = models.DateTimeField(_("sent at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("decided by"),
        null=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="appeal_decided_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class PublicOpinion(models.Model):
    """What readers see of an opinion, personal data masked. Its row is there while, and only
    while, the opinion is published: pages, feeds, files and search read no other table."""

    wagtail_reference_index_ignore = True

    opinion = models.OneToOneField(Opinion, models.PROTECT, primary_key=True, related_name="public")
    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="public_opinions"
    )
    text_version = models.ForeignKey(
        DraftText, models.PROTECT, verbose_name=_("version"), null=True, related_name="+"
    )
    provision = models.ForeignKey(
        Provision,
        models.PROTECT,
        verbose_name=_("provision"),
        null=True,
        related_name="public_opinions",
    )
    respondent_kind = models.CharField(_("sent as"), max_length=12, choices=RespondentKind)
    name = models.CharField(
        _("name"), max_length=150, blank=True, help_text=_("Empty: its author withholds it.")
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("agency"), null=True, related_name="+"
    )
    quoted_text = models.TextField(_("text spoken of"), blank=True)
    text = models.TextField(_("opinion"), blank=True)
    suggested_text = models.TextField(_("suggested wording"), blank=True)
    # [{"number", "question", "text"}] in the order of the questions.
    answers = models.JSONField(_("answers"), default=list, blank=True)
    received_at = models.DateTimeField(_("received at"))
    published_at = models.DateTimeField(_("published at"))
    # The published or unpublished opinion that nearly the same words are counted under.
    group = models.PositiveBigIntegerField(_("group of the same text"), db_index=True)

    class Meta:
        verbose_name = _("published opinion")
        verbose_name_plural = _("published opinions")
        ordering = ["-received_at", "-opinion_id"]
        indexes = [
            models.Index(
                fields=["consultation", "provision", "-received_at"], name="public_opinion_beside"
            ),
            models.Index(fields=["consultation", "-received_at"], name="public_opinion_newest"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Reply(models.Model):
    """What the office says to an opinion. It stays where the opinion is hidden later."""

    wagtail_reference_index_ignore = True

    opinion = models.ForeignKey(
        Opinion, models.PROTECT, verbose_name=_("opinion"), related_name="replies"
    )
    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="replies"
    )
    provision = models.ForeignKey(
        Provision, models.PROTECT, verbose_name=_("provision"), null=True, related_name="replies"
    )
    text = models.TextField(_("reply"))
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("agency that replies"), related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("replied by"), related_name="+"
    )
    made_at = models.DateTimeField(_("replied at"))

    class Meta:
        verbose_name = _("reply to an opinion")
        verbose_name_plural = _("replies to opinions")
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class AbuseKind(models.TextChoices):
    PERSONAL = "personal", _("It shows somebody's personal data")
    INSULT = "insult", _("It insults or threatens")
    UNTRUE = "untrue", _("It says what is not true")
    ADVERT = "advert", _("It advertises")
    OTHER = "other", _("Something else")


class AbuseReport(models.Model):
    """A reader says that a published opinion should not be; the working group looks."""

    wagtail_reference_index_ignore = True

    opinion = models.ForeignKey(
        Opinion, models.PROTECT, verbose_name=_("opinion"), related_name="abuse_reports"
    )
    kind = models.CharField(_("what is wrong"), max_length=8, choices=AbuseKind)
    text = models.CharField(_("explanation"), max_length=500, blank=True)
    token = models.UUIDField(unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("settled by"),
        null=True,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("settled at"), null=True)

    class Meta:
        verbose_name = _("report by a reader")
        verbose_name_plural = _("reports by readers")
        ordering = ["sent_at", "pk"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
