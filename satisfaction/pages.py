"""The public pages of surveys."""

from __future__ import annotations

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField

from portal import clock
from site_pages.models import TEXT_FEATURES, PublicPage
from site_pages.search.indexing import Facts
from site_pages.search.models import SearchKind

from .models.surveys import Survey


class SurveysPage(RoutablePageMixin, PublicPage):
    """All surveys: open ones first, then those to come, then those that ended."""

    holds_the_frame = True

    parent_page_types = ["site_pages.HomePage"]
    subpage_types = ["satisfaction.SurveyPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("surveys page")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        from .actions.public_views import has_public_actions
        from .listing import listed_surveys

        context = super().get_context(request, *args, **kwargs)
        context["groups"] = listed_surveys(self, clock.now())
        context["has_actions"] = has_public_actions(self)
        return context

    @path("viec-cai-thien/", name="actions")
    def actions_view(self, request: HttpRequest) -> HttpResponse:
        from .actions.public_views import actions

        return actions(request, self)


class SurveyPage(RoutablePageMixin, PublicPage):
    """One survey: what it is, and the way through its questions."""

    survey = models.ForeignKey(
        Survey, models.PROTECT, verbose_name=_("survey"), related_name="pages"
    )
    body = RichTextField(_("text"), features=TEXT_FEATURES, blank=True)

    listing_template = "satisfaction/survey_row.html"
    parent_page_types = ["satisfaction.SurveysPage"]
    subpage_types: list[str] = []
    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("survey"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("survey page")

    def search_facts(self) -> Facts:
        return Facts(SearchKind.SURVEY)

    def text_for_search(self) -> str:
        return f"{super().text_for_search()} {strip_tags(self.body)}"

    @path("")
    def intro_view(self, request: HttpRequest) -> HttpResponse:
        from .answering import intro

        return intro(request, self)

    @path("tra-loi/<slug:slug>/", name="section")
    def section_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        from .answering import answer_section

        return answer_section(request, self, slug)

    @path("kiem-tra/", name="check")
    def check_view(self, request: HttpRequest) -> HttpResponse:
        from .answering import check_answers

        return check_answers(request, self)

    @path("da-gui/", name="receipt")
    def receipt_view(self, request: HttpRequest) -> HttpResponse:
        from .answering import receipt

        return receipt(request, self)

    @path("xoa/", name="give_up")
    def give_up_view(self, request: HttpRequest) -> HttpResponse:
        from .answering import give_up

        return give_up(request, self)

    @path("luu/", name="save")
    def save_view(self, request: HttpRequest) -> HttpResponse:
        from .collecting.visits import save

        return save(request, self)

    @path("lam-tiep/", name="resume")
    def resume_view(self, request: HttpRequest) -> HttpResponse:
        from .collecting.visits import resume

        return resume(request, self)

    @path("q/<str:code>/", name="by_code")
    def code_view(self, request: HttpRequest, code: str) -> HttpResponse:
        from .collecting.visits import by_code

        return by_code(request, self, code)

    @path("moi/<str:token>/", name="invited")
    def invited_view(self, request: HttpRequest, token: str) -> HttpResponse:
        from .collecting.visits import invited

        return invited(request, self, token)

    @path("moi/", name="invited_start")
    def invited_start_view(self, request: HttpRequest) -> HttpResponse:
        from .collecting.visits import invited_start

        return invited_start(request, self)

    @path("da-tham-gia/", name="taken")
    def taken_view(self, request: HttpRequest) -> HttpResponse:
        from .collecting.visits import taken

        return taken(request, self)

    @path("kiosk/<str:code>/", name="kiosk")
    def kiosk_view(self, request: HttpRequest, code: str) -> HttpResponse:
        from .collecting.kiosk import answer

        return answer(request, self, code)

    @path("kiosk/<str:code>/tho/", name="kiosk_worker")
    def kiosk_worker_view(self, request: HttpRequest, code: str) -> HttpResponse:
        from .collecting.kiosk import worker

        return worker(request, self, code)
