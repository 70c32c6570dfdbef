"""What was published of a synthesis. The database refuses to change it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .consultation import Consultation
from .drafts import DraftText, Provision
from .opinions import Opinion
from .synthesis import Exclusion, PaperOpinion, Result


class Publication(models.Model):
    """All answers of a consultation as they were published at one moment."""

    wagtail_reference_index_ignore = True

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="publications"
    )
    number = models.PositiveSmallIntegerField(_("edition"))
    change_note = models.TextField(_("what changed"), blank=True)
    document_number = models.CharField(
        _("document number"),
        max_length=120,
        blank=True,
        help_text=_("Of the drafting agency's paper that sends the answers, if there is one."),
    )
    final_text = models.ForeignKey(
        DraftText, models.PROTECT, verbose_name=_("final text"), null=True, related_name="+"
    )
    # {"received", "people", "withdrawn", "kinds": {kind: n}, "sources": {source: n},
    #  "results": {result: n rows}, "left_out": {exclusion: n}}
    counts = models.JSONField(_("counts"))
    sha256 = models.CharField("SHA-256", max_length=64, help_text=_("Of the whole table."))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("published by"), related_name="+"
    )
    published_at = models.DateTimeField(_("published at"))
    docx = models.FileField("DOCX", upload_to="consultations/", blank=True)
    xlsx = models.FileField("XLSX", upload_to="consultations/", blank=True)

    class Meta:
        verbose_name = _("publication of answers")
        verbose_name_plural = _("publications of answers")
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="answers_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(change_note=""), name="answers_corrected_with_a_word"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation.code} {self.number}"


class PublishedRow(models.Model):
    """A row of the published table."""

    wagtail_reference_index_ignore = True

    publication = models.ForeignKey(
        Publication, models.PROTECT, verbose_name=_("publication"), related_name="rows"
    )
    position = models.PositiveIntegerField(_("place in the table"))
    row_number = models.PositiveIntegerField(_("number of the row"))
    provision = models.ForeignKey(
        Provision, models.PROTECT, verbose_name=_("provision"), null=True, related_name="+"
    )
    place = models.CharField(_("provision in words"), max_length=320, blank=True)
    summary = models.TextField(_("what the opinions say"))
    taken_from = models.ForeignKey(
        Opinion, models.PROTECT, verbose_name=_("words of"), null=True, related_name="+"
    )
    result = models.CharField(_("result"), max_length=9, choices=Result)
    reasons = models.TextField(_("answer and reasons"))
    changed_where = models.CharField(_("where the text is changed"), max_length=300, blank=True)
    final_provision = models.ForeignKey(
        Provision,
        models.PROTECT,
        verbose_name=_("provision of the final text"),
        null=True,
        related_name="+",
    )
    opinions = models.PositiveIntegerField(_("opinions"))
    people = models.PositiveIntegerField(_("people"))
    texts = models.PositiveIntegerField(_("different texts"))
    kinds = models.JSONField(_("by kind of respondent"))
    # Agencies and organisations; persons and businesses never stand here.
    names = models.JSONField(_("names"), default=list)

    class Meta:
        verbose_name = _("published row")
        verbose_name_plural = _("published rows")
        ordering = ["publication", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "row_number"], name="published_row_once"
            ),
            models.CheckConstraint(
                condition=~Q(result="") & ~Q(reasons=""), name="published_row_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id}: {self.position}"


class PublishedPlace(models.Model):
    """Where an opinion stands in a publication: in a row, or left out for a reason."""

    wagtail_reference_index_ignore = True

    publication = models.ForeignKey(
        Publication, models.PROTECT, verbose_name=_("publication"), related_name="places"
    )
    opinion = models.ForeignKey(
        Opinion, models.PROTECT, verbose_name=_("opinion"), null=True, related_name="places"
    )
    paper = models.ForeignKey(
        PaperOpinion, models.PROTECT, verbose_name=_("paper"), null=True, related_name="places"
    )
    row = models.ForeignKey(
        PublishedRow, models.PROTECT, verbose_name=_("row"), null=True, related_name="places"
    )
    exclusion = models.CharField(
        _("why it is left out"), max_length=9, choices=Exclusion, blank=True
    )
    exclusion_note = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("place of an opinion in the answers")
        verbose_name_plural = _("places of opinions in the answers")
        ordering = ["publication", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "opinion", "row"],
                condition=Q(opinion__isnull=False),
                name="opinion_stands_once_in_a_row",
            ),
            models.CheckConstraint(
                condition=Q(opinion__isnull=False, paper__isnull=True)
                | Q(opinion__isnull=True, paper__isnull=False),
                name="place_of_one_opinion",
            ),
            models.CheckConstraint(
                condition=Q(row__isnull=False, exclusion="")
                | Q(row__isnull=True) & ~Q(exclusion="") & ~Q(exclusion_note=""),
                name="place_in_a_row_or_left_out",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id}: {self.opinion_id or self.paper_id}"
