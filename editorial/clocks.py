"""Clocks of intake (Art. 8.1.a): what a room registers, reasons of lateness, on time and late.

A clock stops when the item is first sent in; where it never was, when it is published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models import DateTimeField as Moment
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from portal.text import clean, collation_key
from site_pages.admin_listing import with_clock
from site_pages.timeliness import Clock, Timeliness, against, arrival, conditions

from .models.late import LateReason
from .models.originals import SuppliedOriginal

Expression = Callable[[], Combinable]
LONGEST_REASON = 500


@dataclass(frozen=True)
class IntakeClock:
    """How one kind of page is timed; its instances tell `timeliness` themselves."""

    model: type[Page]
    rule: str
    began_at: Expression
    # Name of the agency answerable where the sender's is not known.
    agency: Expression

    @property
    def key(self) -> str:
        return self.model._meta.label_lower

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name_plural)


@dataclass(frozen=True)
class Wanted:
    """What a report is narrowed to; empty is everything."""

    room: str = ""
    agency: str = ""
    # The first day of a month.
    month: date | None = None
    state: str = ""


EVERYTHING = Wanted()


@dataclass
class Tally:
    """Items of one agency, month or everything by the state of their clock."""

    on_time: int = 0
    late: int = 0
    running: int = 0
    overdue: int = 0

    @property
    def arrived(self) -> int:
        return self.on_time + self.late

    @property
    def share_on_time(self) -> float | None:
        return self.on_time / self.arrived if self.arrived else None

    def add(self, row: dict[str, object]) -> None:
        for name in asdict(self):
            setattr(self, name, getattr(self, name) + row[name])


_clocks: dict[str, IntakeClock] = {}


def register(model: type[Page], rule: str, began_at: Expression, agency: Expression) -> None:
    """Let a room's pages be timed; called when the room starts."""
    made = IntakeClock(model, rule, began_at, agency)
    _clocks[made.key] = made


def registered() -> list[IntakeClock]:
    return list(_clocks.values())


def sent_at() -> Combinable:
    """When a page was first sent in, for any query on pages."""
    sent = SuppliedOriginal.objects.filter(page_number=OuterRef("pk"))
    return Subquery(sent.values("sent_at")[:1])


def clock_of(page: Page) -> Timeliness | None:
    """Where an item stands, by its newest draft."""
    if page.pk is None or page.specific_class._meta.label_lower not in _clocks:
        return None
    told: Timeliness | None = page.get_latest_revision_as_object().timeliness
    return against(told.due_at, arrival(page)) if told else None


def of_pages(pages: Iterable[Page]) -> dict[int, Timeliness]:
    """Where each of several items stands, in two queries a kind of page."""
    keys: dict[str, list[int]] = {}
    for page in pages:
        keys.setdefault(page.specific_class._meta.label_lower, []).append(page.pk)
    found: dict[int, Timeliness] = {}
    for made in registered():
        if made.key not in keys:
            continue
        rows = with_clock(
            made.model.objects.filter(pk__in=keys[made.key]), made.rule, made.began_at()
        )
        for pk, due_at, arrived_at in rows.values_list("pk", "due_at", "arrived_at"):
            if due_at:
                found[pk] = against(due_at, arrived_at)
    return found


def is_overdue(page: Page) -> bool:
    told = clock_of(page)
    return told is not None and told.state is Clock.OVERDUE


def needs_reason(page: Page) -> bool:
    """Whether the page may not be sent in yet: too late, and nobody said why."""
    return is_overdue(page) and not LateReason.objects.filter(page=page.pk).exists()


def lacks_reason(page: Page) -> bool:
    """Whether an item came or will come late and nobody said why."""
    told = clock_of(page)
    is_late = told is not None and told.state in (Clock.OVERDUE, Clock.LATE)
    return is_late and not LateReason.objects.filter(page=page.pk).exists()


def may_give_reason(user: User, page: Page) -> bool:
    return page.permissions_for_user(user).can_edit()


@transaction.atomic
def give_reason(page_id: int, text: str, user: User) -> LateReason:
    """Say why an item is late; said again before it is sent in, the last words count."""
    page = Page.objects.select_for_update().get(pk=page_id).specific
    if not may_give_reason(user, page):
        raise PermissionDenied
    if not (is_overdue(page) or lacks_reason(page)):
        raise ValidationError(_("This item is not overdue; no reason is asked."))
    text = clean(text)
    if not text:
        raise ValidationError({"text": _("Say why the item is late.")})
    if len(text) > LONGEST_REASON:
        told = _("Use at most %(most)d characters.") % {"most": LONGEST_REASON}
        raise ValidationError({"text": told})
    values = {"text": text, "given_by": user, "given_at": clock.now()}
    reason, _created = LateReason.objects.update_or_create(page_id=page.pk, defaults=values)
    log(page, "editorial.late_reason.give", user=user, data={"reason": text})
    return reason


def items(wanted: Wanted = Wanted()) -> QuerySet:
    """One row an item, as a dictionary, the latest deadline first: one statement for all rooms."""
    rooms = [
        _timed(made, wanted).values(
            "pk",
            "title",
            "room",
            "agency_name",
            "began_at",
            "due_at",
            "arrived_at",
            "state",
            "reason",
        )
        for made in _rooms(wanted)
    ]
    if not rooms:
        return Page.objects.none().values("pk")
    return rooms[0].union(*rooms[1:], all=True).order_by("-due_at", "-pk")


def by_agency(wanted: Wanted) -> dict[str, Tally]:
    return _tallied(wanted, "agency_name")


def by_month(wanted: Wanted) -> dict[date, Tally]:
    return _tallied(wanted, "month")


def agencies() -> list[str]:
    """Every agency that answers for an item."""
    rooms = [_timed(made, EVERYTHING).values_list("agency_name") for made in registered()]
    rows = rooms[0].union(*rooms[1:]) if rooms else []
    return sorted((name for (name,) in rows if name), key=collation_key)


def _rooms(wanted: Wanted) -> Iterable[IntakeClock]:
    return (made for made in registered() if wanted.room in ("", made.key))


def _timed(made: IntakeClock, wanted: Wanted) -> QuerySet:
    """Pages in Vietnamese whose clock ever began; a translation is not another item."""
    pages = made.model.objects.filter(locale__language_code=settings.LANGUAGE_CODE).order_by()
    sender = SuppliedOriginal.objects.filter(page_number=OuterRef("pk"), agency__isnull=False)
    before_midnight = ExpressionWrapper(
        F("began_at") - Value(timedelta(microseconds=1)), output_field=Moment()
    )
    states = [When(condition, then=Value(state.value)) for state, condition in conditions().items()]
    pages = (
        with_clock(pages, made.rule, made.began_at())
        .filter(due_at__isnull=False)
        .annotate(
            room=Value(made.key, output_field=CharField()),
            agency_name=Coalesce(
                Subquery(sender.values("agency__name")[:1]),
                made.agency(),
                Value(""),
                output_field=CharField(),
            ),
            # The end of the 30th is still the 30th's.
            month=TruncMonth(before_midnight, output_field=DateField()),
            state=Case(*states, default=Value(""), output_field=CharField()),
            reason=Coalesce(F("late_reason__text"), Value(""), output_field=CharField()),
        )
    )
    if wanted.agency:
        pages = pages.filter(agency_name=wanted.agency)
    if wanted.month:
        pages = pages.filter(month=wanted.month)
    return pages.filter(state=wanted.state) if wanted.state else pages


def _tallied(wanted: Wanted, name: str) -> dict:
    """Counted in the database, one statement a room."""
    counts = {
        state.name.lower(): Count("pk", filter=Q(state=state.value), distinct=True)
        for state in Clock
    }
    found: dict[object, Tally] = {}
    for made in _rooms(wanted):
        rows = _timed(made, wanted).values(name).annotate(**counts)
        for row in rows:
            found.setdefault(row[name], Tally()).add(row)
    return found


def total(tallies: Iterable[Tally]) -> Tally:
    found = Tally()
    for tally in tallies:
        found.add(asdict(tally))
    return found


def month_of(text: str) -> date | None:
    """'2026-11' → 1 November 2026; None for anything else."""
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        return None
