"""Everybody's desk: what waits for me, what is mine, what came back, what is asked of me.

Slices of the editorial room register panels:

    @register_panel(30)
    def orders(request) -> Panel | None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState, WorkflowState

from portal.accounts.models import User
from site_pages.admin_listing import told
from site_pages.models import AbstractCategoryPage, CategoryPage
from site_pages.timeliness import Clock, Timeliness

from . import clocks
from .authority import at_one_look
from .handing_over import in_review_of
from .sections import writable

PAGE_SIZE = 30


@dataclass(frozen=True)
class Panel:
    title: str
    template: str
    context: dict[str, object] = field(default_factory=dict)


PanelMaker = Callable[[HttpRequest], Panel | None]
_panels: list[tuple[int, PanelMaker]] = []


def register_panel(order: int) -> Callable[[PanelMaker], PanelMaker]:
    """Show what the function makes on the desk, lower orders first; None shows nothing."""

    def register(make: PanelMaker) -> PanelMaker:
        _panels.append((order, make))
        return make

    return register


def panels(request: HttpRequest) -> list[Panel]:
    with at_one_look(request.user):
        made = [make(request) for _order, make in sorted(_panels, key=lambda entry: entry[0])]
    return [panel for panel in made if panel]


@dataclass(frozen=True)
class Beginning:
    """One button: a new page of a kind in a section."""

    section: CategoryPage
    model: type[Page]

    @property
    def label(self) -> str:
        kind = str(self.model._meta.verbose_name)
        return _("%(section)s: new %(kind)s") % {"section": self.section.title, "kind": kind}

    @property
    def url(self) -> str:
        names = [self.model._meta.app_label, self.model._meta.model_name, self.section.pk]
        return reverse("wagtailadmin_pages:add", args=names)


def beginnings(user: User) -> list[Beginning]:
    return [
        Beginning(section, model)
        for section in writable(user)
        for model in writable_models(section)
    ]


def writable_models(section: CategoryPage) -> list[type[Page]]:
    """Items, never sub-sections."""
    models = section.specific_class.creatable_subpage_models()
    return [model for model in models if not issubclass(model, AbstractCategoryPage)]


@dataclass(frozen=True)
class Item:
    """One of my pages as the desk shows it."""

    page: Page
    state: str
    is_returned: bool
    note: TaskState | None
    clock: Timeliness | None

    @property
    def clock_words(self) -> str:
        return told(self.clock) if self.clock else ""

    @property
    def is_late(self) -> bool:
        return bool(self.clock) and self.clock.state in (Clock.OVERDUE, Clock.LATE)


def items(pages: list[Page], user: User) -> list[Item]:
    reviews = {state.object_id: state for state in in_review_of(user)}
    notes = _notes([state.pk for state in reviews.values()])
    timed = clocks.of_pages(pages)
    return [_item(page, reviews.get(str(page.pk)), notes, timed.get(page.pk)) for page in pages]


def _item(
    page: Page,
    review: WorkflowState | None,
    notes: dict[int, TaskState],
    clock: Timeliness | None,
) -> Item:
    returned = bool(review) and review.status == WorkflowState.STATUS_NEEDS_CHANGES
    note = notes.get(review.pk) if returned else None
    return Item(page, _state(page, review), returned, note, clock)


def _state(page: Page, review: WorkflowState | None) -> str:
    if review and review.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return _("Returned to you")
    if review:
        return _("In review")
    if page.live:
        return _("Public, with a draft") if page.has_unpublished_changes else _("Public")
    return _("Draft")


def _notes(reviews: list[int]) -> dict[int, TaskState]:
    """The latest return of each review, with its note."""
    returned = TaskState.objects.filter(
        workflow_state__in=reviews, status=TaskState.STATUS_REJECTED
    ).select_related("finished_by")
    return {task.workflow_state_id: task for task in returned.order_by("finished_at", "pk")}


@register_panel(10)
def what_came_back(request: HttpRequest) -> Panel | None:
    """Returned items first, each with its note."""
    states = in_review_of(request.user).filter(status=WorkflowState.STATUS_NEEDS_CHANGES)
    keys = [int(state.object_id) for state in states.order_by("pk")[:PAGE_SIZE]]
    pages = Page.objects.filter(pk__in=keys, owner=request.user)
    pages = list(pages.specific().order_by("latest_revision_created_at"))
    if not pages:
        return None
    return Panel(
        _("Returned to you, with notes"),
        "editorial/admin/desk_returned.html",
        {"rows": items(pages, request.user)},
    )


@register_panel(50)
def my_items(request: HttpRequest) -> Panel | None:
    """Drafts and items in review before what is public, the newest first."""
    pages = Page.objects.filter(owner=request.user)
    if not pages.exists() and not writable(request.user):
        return None
    pages = pages.order_by("live", "-latest_revision_created_at", "-pk")
    shown = Paginator(pages.specific(), PAGE_SIZE).get_page(request.GET.get("p"))
    return Panel(
        _("My items"),
        "editorial/admin/desk_items.html",
        {"rows": items(list(shown), request.user), "page_obj": shown},
    )
