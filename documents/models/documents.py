"""Legal and administrative documents (Art. 6.1, 8) and their register."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Least
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from portal import clock
from site_pages.content_checks import Check
from site_pages.fields import ReformField
from site_pages.metadata import Metadata
from site_pages.models import AbstractCategoryPage, PublicPage
from site_pages.search.indexing import Facts, index_page
from site_pages.search.models import SearchKind
from site_pages.timeliness import Timeliness, arrival, end_of, timeliness
from site_pages.visibility import readable, restriction_on

from ..issuers import canonical
from ..numbers import NumberKind, as_printed, parse, search_keys
from ..timeline import events
from .vocabulary import (
    BACKWARDS,
    CHANGING,
    ENDING,
    LEGAL_FORCE,
    NEVER,
    DocumentType,
    Force,
    Level,
    RelationKind,
)


class LegalDocumentQuerySet(PageQuerySet):
    """Documents with the days on which their force begins, changes and ends."""

    def with_force(self) -> LegalDocumentQuerySet:
        """Annotate `ends_on` and `changed_on` (first day, or NEVER), relations counted in.

        A relation works from the day its own document is in force, once that is public;
        a document that was ended before that day ends nothing.
        """
        return self.annotate(
            ends_on=Least(Coalesce("expires_on", Value(NEVER)), _first_day(ENDING)),
            changed_on=_first_day(CHANGING),
        )

    def issuers(self) -> list[str]:
        """Every issuer in the register, as it is spelled there."""
        return list(self.order_by("issuer").values_list("issuer", flat=True).distinct())

    def in_state(self, force: Force, day: date) -> LegalDocumentQuerySet:
        """Those whose state on the day is this one; the same as force_on() tells of each."""
        begun = Q(effective_on__isnull=True) | Q(effective_on__lte=day)
        living = self.with_force().filter(ends_on__gt=day)
        if force is Force.EXPIRED:
            return self.with_force().filter(ends_on__lte=day)
        if force is Force.NOT_YET:
            return living.exclude(begun)
        if force is Force.PARTLY:
            return living.filter(begun, changed_on__lte=day)
        return living.filter(begun, changed_on__gt=day)


def _first_day(kinds: tuple[RelationKind, ...]) -> Coalesce:
    begun = (
        _working(kinds)
        .filter(target__translation_key=OuterRef("translation_key"))
        .order_by("day")
        .values("day")[:1]
    )
    return Coalesce(Subquery(begun), Value(NEVER), output_field=models.DateField())


def _working(kinds: tuple[RelationKind, ...]) -> models.QuerySet[DocumentRelation]:
    """Relations that count, with the `day` on which they begin to work.

    Their document is public, and was not itself ended before its first day. The register
    in the portal's own language decides for the translations too.
    """
    relations = DocumentRelation.objects.filter(
        ~restriction_on("source__path"),
        kind__in=kinds,
        source__live=True,
        source__language=settings.LANGUAGE_CODE,
    ).annotate(day=Coalesce("source__effective_on", "source__issued_on"))
    stillborn = (
        DocumentRelation.objects.filter(
            ~restriction_on("source__path"),
            kind__in=ENDING,
            source__live=True,
            source__language=settings.LANGUAGE_CODE,
            target=OuterRef("source"),
        )
        .annotate(end=Coalesce("source__effective_on", "source__issued_on"))
        .filter(end__lt=OuterRef("day"))
    )
    return relations.filter(~Exists(stillborn))


class WithoutLeadingZeros(Func):
    """05/KH-UBND and 5/KH-UBND are one document."""

    function = "LTRIM"
    template = "%(function)s(%(expressions)s, '0')"
    output_field = models.CharField()


class DocumentsPage(AbstractCategoryPage):
    """The register of documents at /van-ban/ (Art. 6.1)."""

    parent_page_types = ["site_pages.HomePage"]
    subpage_types = ["documents.LegalDocumentPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("document register")

    def listed_pages(self) -> LegalDocumentQuerySet:
        documents = readable(LegalDocumentPage.objects.child_of(self)).with_force()
        return documents.order_by("-issued_on", "-pk")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        from ..register import register_context

        context = PublicPage.get_context(self, request, *args, **kwargs)
        return {**context, "feed": True, **register_context(self, request)}


class LegalDocumentPage(PublicPage):
    """One document: its number, dates, state, files and relations."""

    number = models.CharField(
        _("number and symbol"),
        max_length=60,
        help_text=_("As printed, e.g. 224/2026/NĐ-CP or 76/NQ-CP."),
    )
    doc_type = models.CharField(_("type"), max_length=20, choices=DocumentType)
    issuer = models.CharField(_("issuer"), max_length=200)
    level = models.CharField(_("level"), max_length=8, choices=Level)
    issued_on = models.DateField(_("issued on"))
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    expires_on = models.DateField(
        _("expired from"), null=True, blank=True, help_text=_("First day without force.")
    )
    signer = models.CharField(_("signed by"), max_length=120, blank=True)
    signer_post = models.CharField(_("post of who signed"), max_length=120, blank=True)
    reform_field = models.CharField(
        _("field of reform"), max_length=15, choices=ReformField, blank=True
    )
    # The locale's, beside the number: a document and its translation are registered once each.
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE, editable=False)

    listing_template = "documents/document_row.html"
    body_template = "documents/legal_document_body.html"
    parent_page_types = ["documents.DocumentsPage"]
    subpage_types: list[str] = []
    content_panels = [
        *PublicPage.content_panels,
        FieldRowPanel([FieldPanel("number"), FieldPanel("doc_type")]),
        FieldRowPanel([FieldPanel("issuer"), FieldPanel("level")]),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [FieldPanel("issued_on", required_on_save=True), FieldPanel("effective_on")]
                ),
                FieldPanel("expires_on"),
                FieldRowPanel([FieldPanel("signer"), FieldPanel("signer_post")]),
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

    objects = PageManager.from_queryset(LegalDocumentQuerySet)()

    class Meta:
        verbose_name = _("legal document")
        verbose_name_plural = _("legal documents")
        constraints = [
            models.UniqueConstraint(
                F("issuer"),
                F("doc_type"),
                WithoutLeadingZeros("number"),
                F("issued_on"),
                F("language"),
                # Drafts wait for their number.
                condition=~Q(number=""),
                name="document_registered_once",
            )
        ]

    def clean(self) -> None:
        """Dates run forward, the number is one and fits the type, nothing is there twice."""
        super().clean()
        self.number = as_printed(self.number or "")
        self.issuer = canonical(self.issuer or "", LegalDocumentPage.objects.issuers())
        errors = {**self.wrong_number(), **self.wrong_dates()}
        if self._is_registered_already():
            errors["number"] = _("This document is registered already.")
        if errors:
            raise ValidationError(errors)
        for relation in self.relations.all():
            relation.clean()

    def content_checks(self) -> list[Check]:
        found = super().content_checks()
        if not self.files.exists():
            found.append(Check.NO_FILES)
        if not self.signer:
            found.append(Check.NO_SIGNER)
        return found

    def wrong_dates(self) -> dict[str, object]:
        """What is wrong with the dates, by field."""
        errors: dict[str, object] = {}
        if self.effective_on and self.issued_on and self.effective_on < self.issued_on:
            errors["effective_on"] = _("A document is not in force before it is issued.")
        begins_on = self.effective_on or self.issued_on
        if self.expires_on and begins_on and self.expires_on < begins_on:
            errors["expires_on"] = _("A document does not expire before it is in force.")
        return errors

    def wrong_number(self) -> dict[str, object]:
        """What is wrong with the number, its type and its year, by field."""
        if not self.number:
            return {}
        number = parse(self.number)
        if number is None:
            return {"number": _("Write the number as printed, e.g. 224/2026/NĐ-CP or 76/NQ-CP.")}
        if self.doc_type and number.doc_types and self.doc_type not in number.doc_types:
            told = DocumentType(number.doc_type).label
            return {"doc_type": _("The symbol says “%(type)s”. Check both.") % {"type": told}}
        has_year = number.kind in (NumberKind.NORMATIVE, NumberKind.LAW) and self.issued_on
        if has_year and number.year != self.issued_on.year:
            return {"number": _("The year in the number is not the year of issue.")}
        return {}

    def _is_registered_already(self) -> bool:
        if not (self.number and self.issued_on):
            return False
        same = LegalDocumentPage.objects.annotate(bare=WithoutLeadingZeros("number")).filter(
            issuer=self.issuer,
            doc_type=self.doc_type,
            bare=self.number.lstrip("0"),
            issued_on=self.issued_on,
            language=self.locale.language_code if self.locale_id else settings.LANGUAGE_CODE,
        )
        return same.exclude(pk=self.pk).exists()

    def text_for_search(self) -> str:
        names = f"{self.number} {self.issuer} {self.signer}"
        return f"{super().text_for_search()} {names}"

    def metadata(self, url: str) -> Metadata:
        more: dict[str, object] = {
            "legislationIdentifier": self.number,
            "legislationType": self.get_doc_type_display(),
            "legislationPassedBy": {"@type": "Organization", "name": self.issuer},
            "legislationDate": self.issued_on.isoformat(),
            "legislationLegalForce": f"https://schema.org/{LEGAL_FORCE[self.force]}",
        }
        if self.effective_on:
            more["legislationDateVersion"] = self.effective_on.isoformat()
        return replace(
            super().metadata(url),
            title=f"{self.number} – {self.title}",
            creator=self.issuer,
            published=self.issued_on,
            schema_type="Legislation",
            more=more,
        )

    def feed_title(self) -> str:
        return f"{self.number} – {self.title}"

    def search_facts(self) -> Facts:
        """Its number leads; its days tell its state."""
        ends_on, changed_on = self._days_of_force()
        return Facts(
            SearchKind.DOCUMENT,
            title=f"{self.number} – {self.title}",
            number=self.number,
            keys=search_keys(self.number),
            reform_field=self.reform_field,
            issuer=self.issuer,
            dated=self.issued_on,
            begins_on=self.effective_on or self.issued_on,
            changed_on=changed_on,
            ends_on=ends_on,
        )

    def save(self, *args, **kwargs):
        """What this document ends or changes has another state from now on."""
        if self.locale_id:
            self.language = self.locale.language_code
        result = super().save(*args, **kwargs)
        index_changed_by({self.pk})
        return result

    def force_on(self, day: date) -> Force:
        """The state on a day, from its dates and from what replaces, repeals or amends it."""
        ends_on, changed_on = self._days_of_force()
        if day >= ends_on:
            return Force.EXPIRED
        if self.effective_on and day < self.effective_on:
            return Force.NOT_YET
        return Force.PARTLY if day >= changed_on else Force.IN_FORCE

    def _days_of_force(self) -> tuple[date, date]:
        if "ends_on" in self.__dict__:
            return self.ends_on, self.changed_on
        ends_on = self.expires_on or NEVER
        if not self.pk:
            return ends_on, NEVER
        # What the editor typed counts for this document; what others do to it is in the rows.
        stored = LegalDocumentPage.objects.filter(pk=self.pk).annotate(
            ending=_first_day(ENDING), changing=_first_day(CHANGING)
        )
        ending, changing = stored.values_list("ending", "changing").get()
        return min(ends_on, ending), changing

    @property
    def force(self) -> Force:
        return self.force_on(clock.today())

    @property
    def timeliness(self) -> Timeliness | None:
        """72 hours from the end of the day of issue (Art. 8.1.a)."""
        began_at = end_of(self.issued_on)
        return timeliness("documents.intake_hours", began_at, arrival(self))

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        # Read once: the state, the timeline and the metadata all ask for them.
        self.ends_on, self.changed_on = self._days_of_force()
        context = super().get_context(request, *args, **kwargs)
        context["files"] = self.files.select_related("document")
        context["timeline"] = events(self)
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


class DocumentRelation(Orderable):
    source = ParentalKey(LegalDocumentPage, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(_("relation"), max_length=12, choices=RelationKind)
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
                condition=~Q(source=F("target")), name="document_not_related_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display()} {self.target}"

    def clean(self) -> None:
        """No document takes force from a later one, or from itself."""
        if not self.target_id or not self.source.issued_on:
            return
        if self.target_id == self.source.pk:
            raise ValidationError(_("A document has no relation to itself."))
        if self.kind in ENDING and self._is_mutual():
            message = _("“%(number)s” ends this document already.")
            raise ValidationError({"target": message % {"number": self.target.number}})
        backward = self.target.issued_on > self.source.issued_on
        if backward and self.kind in (*ENDING, *CHANGING):
            message = _("A document cannot end or change “%(number)s”, which is newer.")
            raise ValidationError({"target": message % {"number": self.target.number}})

    def _is_mutual(self) -> bool:
        back = DocumentRelation.objects.filter(source=self.target_id, target=self.source.pk)
        return self.source.pk is not None and back.filter(kind__in=ENDING).exists()

    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        index_changed_by({self.source_id})

    def delete(self, *args, **kwargs):
        result = super().delete(*args, **kwargs)
        index_changed({self.target_id})
        return result

    @property
    def works_on_its_day(self) -> bool:
        """Whether it changes the other document, from the day its own is in force."""
        return self.kind in (*ENDING, *CHANGING)

    @property
    def kind_backwards(self) -> str:
        return BACKWARDS[RelationKind(self.kind)]


def index_changed_by(source_ids: set[int]) -> None:
    """Write anew the entries of what these documents end or change."""
    ended = DocumentRelation.objects.filter(source__in=source_ids)
    index_changed(set(ended.values_list("target", flat=True)))


def index_changed(page_ids: set[int]) -> None:
    """Write these documents' entries anew, with what they end in turn and every translation."""
    if not page_ids:
        return
    further = DocumentRelation.objects.filter(source__in=page_ids).values_list("target", flat=True)
    all_ids = page_ids | set(further)
    keys = LegalDocumentPage.objects.filter(pk__in=all_ids).values("translation_key")
    twins = LegalDocumentPage.objects.filter(translation_key__in=keys)
    for page_id in twins.values_list("pk", flat=True):
        index_page(page_id)
