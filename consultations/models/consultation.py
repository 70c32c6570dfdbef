"""A consultation: what people are asked about, by whom, and on what terms (Art. 5.5.đ, 7.1)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.agencies.models import Agency
from site_pages.fields import ReformField


class DraftKind(models.TextChoices):
    NORMATIVE = "normative", _("Draft of a normative document")
    OTHER = "other", _("Other draft: plan, regulation of work, individual decision, criteria")
    TOPIC = "topic", _("A topic, without a draft (Art. 7.1)")


class RespondentKind(models.TextChoices):
    PERSON = "person", _("A person")
    BUSINESS = "business", _("A business")
    ORGANISATION = "organisation", _("An organisation")
    AGENCY = "agency", _("A state agency")


def everybody() -> list[str]:
    return list(RespondentKind.values)


class Consultation(models.Model):
    """What is put to the public, and the terms on which opinions are taken.

    Its window stands in append-only records (`window`), its text in versions.
    """

    code = models.SlugField(
        _("code"), max_length=60, unique=True, help_text=_("Stands in the names of files.")
    )
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(
        _("kind"),
        max_length=9,
        choices=DraftKind,
        help_text=_("For drafts of normative documents the law sets a shortest time."),
    )
    reform_field = models.CharField(
        _("field of reform"), max_length=15, choices=ReformField, blank=True
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        verbose_name=_("drafting agency"),
        related_name="consultations",
        help_text=_("Receives the opinions and answers them."),
    )
    request_document = models.CharField(
        _("request to publish"),
        max_length=120,
        help_text=_("Number and date of the drafting agency's document (Art. 8.4.b)."),
    )
    legal_basis = models.CharField(
        _("legal basis"),
        max_length=300,
        blank=True,
        help_text=_("The text that this consultation is held by."),
    )
    respondents = models.JSONField(
        _("who may take part"), default=everybody, help_text=_("At least one.")
    )
    is_moderated = models.BooleanField(
        _("opinions are read before they are published"),
        default=True,
        help_text=_("Otherwise an opinion is public as soon as it is sent."),
    )
    answer_due_on = models.DateField(
        _("answers are due on"),
        null=True,
        blank=True,
        help_text=_("The day by which the drafting agency publishes its answers; public."),
    )
    answered_at = models.DateTimeField(_("answers published at"), null=True, editable=False)
    is_demo = models.BooleanField(_("demonstration data"), default=False)

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-pk"]
        permissions = [
            ("run_consultations", "Can prepare consultations and set their windows"),
            ("follow_consultations", "Can see consultations being prepared"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(request_document=""), name="consultation_asked_for_by_a_document"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_draft(self) -> bool:
        return self.kind != DraftKind.TOPIC

    @property
    def whole(self) -> str:
        """What an opinion is about that is about no provision."""
        return _now("The whole draft") if self.has_draft else _now("The topic")

    def takes(self, respondent: str) -> bool:
        return respondent in self.respondents

    def clean(self) -> None:
        known = set(RespondentKind.values)
        if not isinstance(self.respondents, list) or not self.respondents:
            raise ValidationError({"respondents": _("Say who may take part.")})
        if set(self.respondents) - known:
            raise ValidationError({"respondents": _("Choose from the list.")})


class OfficeQuestion(models.Model):
    """A question of the office's own, asked beside the draft or instead of one."""

    consultation = models.ForeignKey(
        Consultation,
        models.PROTECT,
        verbose_name=_("consultation"),
        related_name="questions",
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("question"), max_length=500)
    text_en = models.CharField(_("question in English"), max_length=500, blank=True)
    hint = models.CharField(_("explanation"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("question of the office")
        verbose_name_plural = _("questions of the office")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="office_question_numbered_once"
            )
        ]

    def __str__(self) -> str:
        return self.text
