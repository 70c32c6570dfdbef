"""The public pages of consultations."""

from __future__ import annotations

from dataclasses import replace

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import Page

from site_pages.metadata import Metadata
from site_pages.models import TEXT_FEATURES, AbstractCategoryPage, PublicPage
from site_pages.search.indexing import Facts
from site_pages.search.models import SearchKind
from site_pages.visibility import newest_first, readable

from ..commenting.routes import TakesOpinions
from ..synthesis.routes import ShowsAnswers
from .consultation import Consultation
from .drafts import TextState


class ConsultationsPage(AbstractCategoryPage):
    """All consultations at /lay-y-kien/: open, closing soon, closed, answered."""

    parent_page_types = ["site_pages.HomePage"]
    subpage_types = ["consultations.ConsultationPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("consultations page")

    def listed_pages(self) -> models.QuerySet[Page]:
        return newest_first(readable(ConsultationPage.objects.child_of(self)))

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        from ..listing import list_context

        context = PublicPage.get_context(self, request, *args, **kwargs)
        return {**context, "feed": True, **list_context(self, request)}


class ConsultationPage(TakesOpinions, ShowsAnswers, RoutablePageMixin, PublicPage):
    """One consultation: its window, its text with provisions, its documents."""

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, verbose_name=_("consultation"), related_name="pages"
    )
    body = RichTextField(
        _("introduction"),
        features=TEXT_FEATURES,
        blank=True,
        help_text=_("What the draft changes for people and businesses, in plain words."),
    )

    # Made with its consultation (`preparing.prepare`), so that each has one.
    is_creatable = False

    listing_template = "consultations/consultation_row.html"
    body_template = "consultations/consultation_body.html"
    parent_page_types = ["consultations.ConsultationsPage"]
    subpage_types: list[str] = []
    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("consultation", read_only=True),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("consultation page")

    def publication_problems(self) -> dict[str, object]:
        """Nothing is put to the public without its window and its text (Art. 8.4.b)."""
        problems = super().publication_problems()
        if not self.consultation_id:
            return problems
        if not self.consultation.records.exists():
            problems[NON_FIELD_ERRORS] = _(
                "Set the window of the consultation before its page is published (Art. 8.4.b)."
            )
        texts = self.consultation.texts.filter(state=TextState.PUBLISHED)
        if self.consultation.has_draft and not texts.exists():
            problems[NON_FIELD_ERRORS] = _(
                "Publish a version of the draft before its page is published."
            )
        return problems

    def search_facts(self) -> Facts:
        return Facts(
            SearchKind.CONSULTATION,
            reform_field=self.consultation.reform_field,
            issuer=self.consultation.agency.name,
            agencies=[self.consultation.agency_id],
        )

    def text_for_search(self) -> str:
        from ..queries import searched_text

        told = f"{super().text_for_search()} {strip_tags(self.body)}"
        return f"{told} {searched_text(self.consultation_id)}"

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        from ..reading import page_context

        return {**self.frame_context(request), **page_context(self)}

    def frame_context(self, request: HttpRequest) -> dict:
        """What every address of the consultation shares, without its text."""
        return super().get_context(request)

    def printed(self, request: HttpRequest) -> HttpResponse:
        return self._printed(request)

    def metadata(self, url: str) -> Metadata:
        from ..queries import described

        return replace(super().metadata(url), more=described(self.consultation))

    @path("")
    def text_view(self, request: HttpRequest) -> HttpResponse:
        from ..views import consultation

        return consultation(request, self)

    @path("ban/<int:number>/", name="version")
    def version_view(self, request: HttpRequest, number: int) -> HttpResponse:
        from ..views import version

        return version(request, self, number)

    @path("so-sanh/<int:before>/<int:after>/", name="compare")
    def compare_view(self, request: HttpRequest, before: int, after: int) -> HttpResponse:
        from ..views import compare

        return compare(request, self, before, after)

    @path("dieu-khoan/<uuid:uuid>/", name="provision")
    def provision_view(self, request: HttpRequest, uuid) -> HttpResponse:
        from ..views import provision

        return provision(request, self, uuid)

    @path("tep/<int:attachment_id>/", name="file")
    def file_view(self, request: HttpRequest, attachment_id: int) -> HttpResponse:
        from ..views import attachment

        return attachment(request, self, attachment_id)

    @path("lich/", name="calendar")
    def calendar_view(self, request: HttpRequest) -> HttpResponse:
        from ..views import calendar

        return calendar(request, self)
