"""Columns and filters that the rooms' listings in the admin share."""

from __future__ import annotations

import django_filters
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.models import Page

from .models import CategoryPage
from .timeliness import Clock, Timeliness, against, arrived_at, due_at, in_state
from .withdrawal import Withdrawal


def with_clock(pages: QuerySet, rule: str, began_at: Combinable) -> QuerySet:
    """Pages with `due_at` and `arrived_at`, by which the column and the filter below judge."""
    pages = pages.annotate(began_at=began_at, arrived_at=arrived_at())
    return pages.annotate(due_at=due_at(rule, F("began_at")))


def told(clock: Timeliness) -> str:
    """The clock in words."""
    sentences = {
        Clock.RUNNING: ngettext("%(n)d hour left", "%(n)d hours left", clock.hours),
        Clock.OVERDUE: ngettext("Overdue by %(n)d hour", "Overdue by %(n)d hours", clock.hours),
        Clock.LATE: ngettext("Late by %(n)d hour", "Late by %(n)d hours", clock.hours),
    }
    return sentences.get(clock.state, str(clock.state.label)) % {"n": clock.hours}


class ClockColumn(Column):
    """How long is left, or how late it is; nothing where no clock runs."""

    cell_template_name = "site_pages/admin/clock_cell.html"

    def get_value(self, page: Page) -> Timeliness | None:
        deadline = getattr(page, "due_at", None)
        return against(deadline, page.arrived_at) if deadline else None

    def get_cell_context_data(self, page: Page, parent_context) -> dict:
        context = super().get_cell_context_data(page, parent_context)
        if context["value"]:
            context["words"] = told(context["value"])
        return context


class ClockFilter(django_filters.ChoiceFilter):
    def __init__(self, **kwargs) -> None:
        super().__init__(label=_("Clock (Art. 8.1.a)"), choices=Clock.choices, **kwargs)

    def filter(self, pages: QuerySet, value: str) -> QuerySet:
        return in_state(pages, value) if value else pages


class StateFilter(django_filters.ChoiceFilter):
    """What readers see of a page."""

    CHOICES = [
        ("public", _("Public")),
        ("changed", _("Public, with changes not yet published")),
        ("draft", _("Draft")),
        ("withdrawn", _("Withdrawn by an order")),
    ]

    def __init__(self, **kwargs) -> None:
        super().__init__(label=_("State"), choices=self.CHOICES, **kwargs)

    def filter(self, pages: QuerySet, value: str) -> QuerySet:
        down = Withdrawal.objects.filter(lifted_at=None).values("page")
        wanted = {
            "public": Q(live=True),
            "changed": Q(live=True, has_unpublished_changes=True),
            "draft": Q(live=False) & ~Q(pk__in=down),
            "withdrawn": Q(pk__in=down),
        }
        return pages.filter(wanted[value]) if value else pages


class SectionFilter(django_filters.ModelChoiceFilter):
    def __init__(self, **kwargs) -> None:
        sections = CategoryPage.objects.filter(locale__language_code="vi").order_by("path")
        super().__init__(label=_("Section"), queryset=sections, **kwargs)

    def filter(self, pages: QuerySet, value: CategoryPage | None) -> QuerySet:
        return pages.filter(path__startswith=value.path) if value else pages


class PublicPageFilterSet(PageFilterSet):
    """State and clock first; which site has no meaning on a portal of one."""

    state = StateFilter()
    clock = ClockFilter()
    site = None
    has_child_pages = None

    class Meta(PageFilterSet.Meta):
        pass
