"""The public shell: page tree, categories of Article 6, standard pages, contact."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageViewRestriction, Revision, Site
from wagtail.search import index
from wagtail.url_routing import RouteResult

from portal import clock
from portal.reporting import qr
from portal.reporting import queries as editions
from portal.reporting.extras import DATA
from portal.reporting.kinds import kind_of
from portal.text import clean as tidied
from portal.text import fold

from .blocks import HomeBlocks
from .content_checks import Check, of_texts
from .edition_data import described_edition
from .home import sections
from .kept_files import PublishedFile, remember
from .licence import LICENCE
from .listing import narrowed
from .metadata import ATTRIBUTION, ORGANISATION, Metadata, as_json_ld
from .page_cache import SiteGeneration
from .publishing import require_approval
from .rating import RatingCount
from .search.indexing import Facts, index_page
from .search.models import FileText, SearchedWords, SearchEntry, SearchSynonym
from .top_level import children_of_home, language, remember_home
from .visibility import newest_first, readable
from .withdrawal import KeepingTester, Withdrawal, current

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "blockquote"]
PAGE_SIZE = 20
# What Wagtail's own index takes of a page, which only the admin asks: a tsvector holds 1 MB.
LONGEST_INDEXED = 100_000
__all__ = [
    "FileText",
    "PublishedFile",
    "RatingCount",
    "SearchEntry",
    "SearchSynonym",
    "SearchedWords",
    "SiteGeneration",
    "Withdrawal",
]
_BRACKETS = re.compile(r"[<>]")


class PublicPageForm(WagtailAdminPageForm):
    """What would stop publication is told at its field; a draft may lack it."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.is_deferred_validation or self.errors:
            return
        for name, problem in self.instance.publication_problems().items():
            self.add_error(name if name in self.fields else None, problem)


class PublicPage(Page):
    """What every public page shares: an abstract, a short name for menus, a row in lists."""

    base_form_class = PublicPageForm

    abstract_text = models.TextField(
        _("abstract"),
        max_length=500,
        blank=True,
        help_text=_("Two sentences that stand in lists and search results."),
    )
    menu_title = models.CharField(
        _("short name in menus"), max_length=40, blank=True, help_text=_("Empty: the title.")
    )
    is_demo = models.BooleanField(
        _("demonstration content"),
        default=False,
        help_text=_("Shows a note that the content only illustrates the portal."),
    )

    # Whether a page of this type right below the home page belongs to the fixed frame.
    holds_the_frame = False
    # Rows of lists are drawn by the page's own type: {% include page.listing_template %}.
    listing_template = "site_pages/listing/page.html"
    # The text alone, for the page and for paper; "" where there is nothing to print.
    body_template = ""

    content_panels = [*Page.content_panels, FieldPanel("abstract_text")]
    promote_panels = [*Page.promote_panels, FieldPanel("menu_title"), FieldPanel("is_demo")]
    search_fields = [
        *Page.search_fields,
        index.SearchField("indexed_text"),
    ]

    class Meta:
        abstract = True

    def save(self, clean: bool = True, **kwargs):
        """Nothing goes live that its form would refuse; the search follows in the transaction."""
        # A control character, pasted from elsewhere, would break the feeds' XML.
        self.title, self.abstract_text = tidied(self.title), tidied(self.abstract_text)
        if self._is_going_live(clean, **kwargs) and (problems := self.publication_problems()):
            raise ValidationError(problems)
        result = super().save(clean=clean, **kwargs)
        if self.live:
            remember(self.pk)
        index_page(self.pk)
        return result

    def publish(self, revision: Revision, *args, **kwargs):
        """Every way to publish comes through here: buttons, bulk, translations, schedules."""
        require_approval(revision)
        return super().publish(revision, *args, **kwargs)

    def _get_autogenerated_slug(self, base_slug: str) -> str:
        """Wagtail's address of a title, with đ as d: it would leave the letter out."""
        return super()._get_autogenerated_slug(slugify(fold(self.title)) or base_slug)

    def _is_going_live(self, clean: bool, **kwargs) -> bool:
        """A live copy of a page counts too; an alias only repeats what is public already."""
        is_copy = self._state.adding and self.alias_of_id is None
        return self.live and (clean or is_copy) and kwargs.get("update_fields") is None

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """Those of the page and all above it, or of what an alias repeats, in one query."""
        paths = [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
        own = models.Q(page__path__in=paths)
        repeated = models.Q(page__aliases__path__in=paths)
        return PageViewRestriction.objects.filter(own | repeated).distinct()

    def publication_problems(self) -> dict[str, object]:
        """By field, what the regulation wants before this may be public; rooms add theirs."""
        problems: dict[str, object] = self._problems_of_blocks()
        if self.expire_at:
            problems["expire_at"] = _(
                "A page is withdrawn by an order, not by a date (Art. 8.5). Leave it empty."
            )
        if self.pk and (made := current(self)):
            problems[NON_FIELD_ERRORS] = _(
                "The page is withdrawn by order %(number)s. Use “Publish again” to lift the order."
            ) % {"number": made.order_number}
        return problems

    def _problems_of_blocks(self) -> dict[str, object]:
        """What a draft may lack, such as a picture's text: on the paths without a form too."""
        problems: dict[str, object] = {}
        for field in self._meta.get_fields():
            if not isinstance(field, StreamField):
                continue
            try:
                field.stream_block.clean(field.value_from_object(self))
            except ValidationError:
                problems[field.name] = _(
                    "A block lacks what readers need, such as the text for a picture. "
                    "Open the page and complete the blocks that are marked."
                )
        return problems

    def content_checks(self) -> list[Check]:
        """What would make the page better, for the checker in the editor; rooms add theirs."""
        return of_texts(self.title, self.abstract_text)

    def permissions_for_user(self, user) -> KeepingTester:
        return KeepingTester(user, self)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The address of a withdrawn page still answers, with the order that took it down."""
        if not path_components and not self.live and current(self):
            return RouteResult(self)
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.live and self.body_template and "in" in request.GET:
            return self._printed(request)
        if self.live:
            return super().serve(request, *args, **kwargs)
        context = {"page": self, "withdrawal": current(self)}
        return TemplateResponse(request, "site_pages/tombstone.html", context, status=410)

    def metadata(self, url: str) -> Metadata:
        """What machines are told; rooms name their own schema.org type."""
        return Metadata(
            self.title,
            self.abstract_text,
            url,
            language(),
            published=self.first_published_at,
            modified=self.last_published_at,
        )

    @property
    def updated_at(self) -> datetime | None:
        """When readers got another version than the first; None where there was none."""
        if not self.first_published_at or not self.last_published_at:
            return None
        return self.last_published_at if self.last_published_at > self.first_published_at else None

    def feed_title(self) -> str:
        return self.title

    def _printed(self, request: HttpRequest) -> HttpResponse:
        """The page on paper: text, address as a QR code, the attribution of Article 3.6."""
        context = self.get_context(request)
        context |= {
            "qr": qr.svg(context["address"], context["address"]),
            "printed_at": clock.now(),
        }
        return TemplateResponse(request, "site_pages/print.html", context)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Every page knows its full address and how it is cited."""
        context = super().get_context(request, *args, **kwargs)
        context["address"] = settings.BASE_URL + (self.get_url(request) or "")
        context["citation"] = self.citation(context["address"])
        return context

    def citation(self, address: str) -> str:
        """How to cite the page, with the exact attribution of Article 3.6."""
        day = (
            date_format(localtime(self.first_published_at), "d/m/Y")
            if self.live and self.first_published_at
            else ""
        )
        return ", ".join(part for part in (f"{self.title}. {ATTRIBUTION}", day, address) if part)

    def search_facts(self) -> Facts:
        """What the search shows and filters beside title and text."""
        return Facts()

    def text_for_search(self) -> str:
        """Everything a reader would search for on this page, as plain text."""
        return f"{self.title} {self.abstract_text}"

    def indexed_text(self) -> str:
        """The same with and without marks, so that 'thu tuc' finds 'thủ tục' on every database.

        Angle brackets become spaces: PostgreSQL's parser drops whatever follows "<script>".
        """
        text = _BRACKETS.sub(" ", self.text_for_search())[:LONGEST_INDEXED]
        return f"{text} {fold(text)}"


# Levels below the home page; an address of a thousand parts asks for no more.
DEEPEST = 6


class HomePage(PublicPage):
    """The front: what waits for the reader, then what each room registered."""

    holds_the_frame = True
    # One a language: a second would be a place where pages could be put out of sight.
    max_count = len(settings.LANGUAGES)

    intro = models.TextField(_("introduction"), max_length=400, blank=True)
    blocks = StreamField(HomeBlocks(), verbose_name=_("blocks of the home page"), blank=True)

    content_panels = [*PublicPage.content_panels, FieldPanel("intro"), FieldPanel("blocks")]
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("home page")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Straight to the deepest page of the address, two queries instead of two a level.

        That page resolves what is left (a survey's sections, an edition's code). The sections
        right below were read for the menu, or will be.
        """
        if self.live:
            remember_home(request, self)
        if len(path_components) == 1:
            slug = path_components[0]
            known = (page for page in children_of_home(request) if page.slug == slug)
            if (section := next(known, None)) is not None:
                return section.specific.route(request, [])
        if len(path_components) > 1:
            near = path_components[:DEEPEST]
            paths = [f"{self.url_path}{'/'.join(near[:n])}/" for n in range(1, len(near) + 1)]
            # The slug has an index, the path has none.
            pages = Page.objects.filter(slug__in=near, url_path__in=paths)
            page = pages.order_by("-depth").first()
            if page is not None:
                left = path_components[page.depth - self.depth :]
                return page.specific.route(request, left)
        return super().route(request, path_components)

    def metadata(self, url: str) -> Metadata:
        told = super().metadata(url)
        description = told.description or self.intro
        more = {"about": ORGANISATION}
        return replace(told, description=description, schema_type="WebSite", more=more)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["home_sections"] = sections(request, self)
        context["categories"] = CategoryPage.objects.child_of(self).live().order_by("path")
        return context


class AbstractCategoryPage(PublicPage):
    """A section that lists the live pages below it, newest first, by field and agency."""

    holds_the_frame = True

    class Meta:
        abstract = True

    def listed_pages(self) -> models.QuerySet[Page]:
        """Readable pages below that are no sections themselves, newest first."""
        sections = ContentType.objects.get_for_models(*_sections()).values()
        pages = Page.objects.descendant_of(self).exclude(content_type__in=list(sections))
        return newest_first(readable(pages))

    def newest(self, count: int) -> list[Page]:
        return list(self.listed_pages().specific()[:count])

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        context = super().get_context(request, *args, **kwargs)
        pages, form = narrowed(self.listed_pages(), request)
        paginator = Paginator(pages.specific(), PAGE_SIZE)
        context["page_obj"] = paginator.get_page(request.GET.get("trang"))
        context["form"] = form
        context["subsections"] = readable(CategoryPage.objects.child_of(self)).order_by("path")
        context["feed"] = True
        return context


def _sections() -> list[type[Page]]:
    found: list[type[Page]] = []
    waiting = [AbstractCategoryPage]
    while waiting:
        for model in waiting.pop().__subclasses__():
            waiting.append(model)
            if not model._meta.abstract:
                found.append(model)
    return found


class Group(models.TextChoices):
    """The groups of information of Article 6 that are made of articles."""

    LEADERSHIP = "leadership", _("Activities of the City's leaders (Art. 6.2)")
    STEERING = "steering", _("Steering committee on reform (Art. 6.3)")
    RESULTS = "results", _("State and results of reform (Art. 6.4)")
    EXPERIENCE = "experience", _("Experience and models (Art. 6.5)")


class CategoryPage(AbstractCategoryPage):
    """One of the groups of Article 6, or a sub-section below it."""

    group = models.CharField(_("group of Article 6"), max_length=12, choices=Group)

    content_panels = [*AbstractCategoryPage.content_panels, FieldPanel("group")]
    # The groups of Article 6 are fixed and laid by tree.lay(); editors add below them.
    parent_page_types = ["site_pages.CategoryPage"]

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class StandardPage(PublicPage):
    """A page that stays: about, contact, accessibility, privacy."""

    body_template = "site_pages/standard_body.html"
    body = RichTextField(_("text"), features=TEXT_FEATURES, blank=True)
    shows_contact = models.BooleanField(_("show the agency's contact details"), default=False)

    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("body"),
        FieldPanel("shows_contact"),
    ]
    parent_page_types = ["site_pages.HomePage", "site_pages.StandardPage"]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")

    def text_for_search(self) -> str:
        return f"{super().text_for_search()} {strip_tags(self.body)}"


class ReportsPage(RoutablePageMixin, PublicPage):
    """Published editions of reports, each at its own address (Art. 5.1.g, 5.5.d)."""

    holds_the_frame = True

    parent_page_types = ["site_pages.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("reports")

    @path("")
    def index_view(self, request: HttpRequest) -> HttpResponse:
        paginator = Paginator(editions.published(), PAGE_SIZE)
        page = paginator.get_page(request.GET.get("trang"))
        return self.render(request, context_overrides={"page_obj": page})

    @path("<str:code>/", name="edition")
    def edition_view(self, request: HttpRequest, code: str) -> HttpResponse:
        edition = editions.published_by_code(code)
        if edition is None:
            raise Http404
        kind = kind_of(edition.kind)
        return self.render(
            request,
            template="site_pages/edition.html",
            context_overrides={
                **kind.context(edition.snapshot),
                "edition": edition,
                "gives_files": editions.gives_files(edition),
                "body_template": kind.web_template,
                "correction": editions.correction_of(edition),
                "licence": LICENCE,
                "structured_data": [as_json_ld(described_edition(edition))]
                if any(file.kind in DATA for file in edition.files.all())
                else [],
                "extra_crumbs": [(edition.title, "")],
            },
        )


@register_setting(icon="mail")
class SiteContact(BaseSiteSetting):
    """Who answers for the portal and how to reach them (Art. 8.1.a)."""

    agency = models.CharField(_("agency"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    hours = models.CharField(_("office hours"), max_length=200, blank=True)
    agency_en = models.CharField(_("agency, in English"), max_length=200, blank=True)
    address_en = models.CharField(_("address, in English"), max_length=300, blank=True)
    hours_en = models.CharField(_("office hours, in English"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("contact details")

    @property
    def spoken(self) -> dict[str, str]:
        """What is said in words, in the reader's language or else in Vietnamese, and in which."""
        in_english = language() == "en" and bool(self.agency_en)
        ending = "_en" if in_english else ""
        words = {
            name: getattr(self, name + ending) or getattr(self, name)
            for name in ("agency", "address", "hours")
        }
        return {**words, "language": "en" if in_english else "vi"}

    @classmethod
    def for_site(cls, site: Site) -> SiteContact:
        """Reading a page writes nothing: until an officer fills it in, a blank one stands in."""
        return cls.base_queryset().filter(site=site).first() or cls(site=site)

    def clean(self) -> None:
        if not (self.phone or self.email):
            raise ValidationError(_("Give at least a telephone number or an e-mail address."))
