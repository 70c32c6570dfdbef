"""Legal and administrative documents (Art. 6.1, 8) and their register."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from portal import clock
from site_pages.fields import ReformField
from site_pages.models import AbstractCategoryPage, PublicPage

from .numbers import is_document_number, tidy


class Level(models.TextChoices):
    CENTRAL = "central", _("Central")
    CITY = "city", _("City")


class DocumentType(models.TextChoices):
    LAW = "luat", _("Law")
    RESOLUTION = "nghi-quyet", _("Resolution")
    DECREE = "nghi-dinh", _("Decree")
    DECISION = "quyet-dinh", _("Decision")
    DIRECTIVE = "chi-thi", _("Directive")
    CIRCULAR = "thong-tu", _("Circular")
    PLAN = "ke-hoach", _("Plan")
    PROGRAMME = "chuong-trinh", _("Programme")
    GUIDANCE = "huong-dan", _("Guidance")
    LETTER = "cong-van", _("Official letter")
    REPORT = "bao-cao", _("Report")
    NOTICE = "thong-bao", _("Notice")


class Force(models.TextChoices):
    """State of a document on a day."""

    NOT_YET = "not-yet", _("Not yet in force")
    IN_FORCE = "in-force", _("In force")
    EXPIRED = "expired", _("Expired")


class DocumentsPage(AbstractCategoryPage):
    """The register of documents at /van-ban/ (Art. 6.1)."""

    parent_page_types = ["site_pages.HomePage"]
    subpage_types = ["documents.LegalDocumentPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("document register")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        from .register import register_context

        context = super().get_context(request, *args, **kwargs)
        return {**context, **register_context(self, request)}

    def listed_pages(self, request: HttpRequest) -> models.QuerySet[LegalDocumentPage]:
        return LegalDocumentPage.objects.none()


class LegalDocumentPage(PublicPage):
    """One document: its number, dates, state, files and relations."""

    number = models.CharField(
        _("number and symbol"),
        max_length=60,
        help_text=_("As printed, e.g. 224/2026/NĐ-CP or 76/NQ-CP."),
    )
    doc_type = models.CharField(_("type"), max_length=15, choices=DocumentType)
    issuer = models.CharField(_("issuer"), max_length=200)
    level = models.CharField(_("level"), max_length=8, choices=Level)
    issued_on = models.DateField(_("issued on"))
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    expires_on = models.DateField(
        _("expired from"), null=True, blank=True, help_text=_("First day without force.")
    )
    signer = models.CharField(_("signed by"), max_length=120, blank=True)
    reform_field = models.CharField(
        _("field of reform"), max_length=15, choices=ReformField, blank=True
    )

    listing_template = "documents/document_row.html"
    parent_page_types = ["documents.DocumentsPage"]
    subpage_types: list[str] = []
    content_panels = [
        *PublicPage.content_panels,
        FieldRowPanel([FieldPanel("number"), FieldPanel("doc_type")]),
        FieldRowPanel([FieldPanel("issuer"), FieldPanel("level")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("issued_on"), FieldPanel("effective_on")]),
                FieldRowPanel([FieldPanel("expires_on"), FieldPanel("signer")]),
            ],
            heading=_("Dates and signature"),
        ),
        FieldPanel("reform_field"),
        InlinePanel("files", label=_("File")),
        InlinePanel("relations", label=_("Relation")),
    ]
    search_fields = [
        *PublicPage.search_fields,
        index.SearchField("number", boost=3),
        index.FilterField("doc_type"),
        index.FilterField("level"),
        index.FilterField("issued_on"),
    ]

    class Meta:
        verbose_name = _("legal document")
        verbose_name_plural = _("legal documents")
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "doc_type", "number", "issued_on"],
                name="document_registered_once",
            )
        ]

    def clean(self) -> None:
        super().clean()
        self.number = tidy(self.number or "")
        errors = {}
        if self.number and not is_document_number(self.number):
            errors["number"] = _("Write the number as printed, e.g. 224/2026/NĐ-CP or 76/NQ-CP.")
        if self.effective_on and self.issued_on and self.effective_on < self.issued_on:
            errors["effective_on"] = _("A document is not in force before it is issued.")
        if self.expires_on and self.effective_on and self.expires_on < self.effective_on:
            errors["expires_on"] = _("A document does not expire before it is in force.")
        if self._is_registered_already():
            errors["number"] = _("This document is registered already.")
        if errors:
            raise ValidationError(errors)

    def _is_registered_already(self) -> bool:
        return (
            LegalDocumentPage.objects.filter(
                issuer=self.issuer,
                doc_type=self.doc_type,
                number=self.number,
                issued_on=self.issued_on,
            )
            .exclude(pk=self.pk)
            .exists()
        )

    def text_for_search(self) -> str:
        return f"{super().text_for_search()} {self.number} {self.issuer} {self.signer}"

    def force_on(self, day: date) -> Force:
        """The state on a day, from the dates alone."""
        if self.expires_on and day >= self.expires_on:
            return Force.EXPIRED
        if self.effective_on and day < self.effective_on:
            return Force.NOT_YET
        return Force.IN_FORCE

    @property
    def force(self) -> Force:
        return self.force_on(clock.today())

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["files"] = self.files.select_related("document")
        context["relations"] = self.relations.select_related("target")
        context["relations_back"] = self.relations_back.filter(source__live=True).select_related(
            "source"
        )
        return context


class DocumentFile(Orderable):
    page = ParentalKey(LegalDocumentPage, on_delete=models.CASCADE, related_name="files")
    document = models.ForeignKey(
        "wagtaildocs.Document", models.PROTECT, verbose_name=_("file"), related_name="+"
    )
    title = models.CharField(_("title"), max_length=200, blank=True)

    panels = [FieldPanel("document"), FieldPanel("title")]

    def __str__(self) -> str:
        return self.title or self.document.title


class RelationKind(models.TextChoices):
    REPLACES = "replaces", _("replaces")
    AMENDS = "amends", _("amends")
    REPEALS = "repeals", _("repeals")
    GUIDES = "guides", _("guides")
    BASED_ON = "based-on", _("is based on")


BACKWARDS = {
    RelationKind.REPLACES: _("is replaced by"),
    RelationKind.AMENDS: _("is amended by"),
    RelationKind.REPEALS: _("is repealed by"),
    RelationKind.GUIDES: _("is guided by"),
    RelationKind.BASED_ON: _("is the basis of"),
}


class DocumentRelation(Orderable):
    source = ParentalKey(LegalDocumentPage, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(_("relation"), max_length=10, choices=RelationKind)
    target = models.ForeignKey(
        LegalDocumentPage,
        models.PROTECT,
        verbose_name=_("other document"),
        related_name="relations_back",
    )

    panels = [FieldPanel("kind"), FieldPanel("target")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "target"], name="document_relation_once"
            ),
            models.CheckConstraint(
                condition=~Q(source=models.F("target")), name="document_not_related_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display()} {self.target}"

    @property
    def kind_backwards(self) -> str:
        return BACKWARDS[RelationKind(self.kind)]
