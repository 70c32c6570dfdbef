"""Who covers what: sections with items and people in charge, agencies with collaborators.

Art. 5.2.b gives every section to somebody; Art. 13.3.a asks every agency for a collaborator.
Each table is a fixed number of queries, however many rows it has.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, Q
from django.db.models.functions import Length, Substr
from django.utils import timezone
from wagtail.models import Page

from portal import clock
from portal.agencies.models import Agency, Membership

from .models import Absence, Collaborator, SectionAssignment
from .models.board import Appointment
from .sections import in_charge

RECENT, QUARTER = 30, 90
SOON, LATER = 30, 60


@dataclass
class SectionRow:
    section: Page
    people: list[Appointment] = field(default_factory=list)
    stand_ins: list[Appointment] = field(default_factory=list)
    is_inherited: bool = False
    recent: int = 0
    quarter: int = 0
    last: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return self.last is None

    @property
    def has_gap(self) -> bool:
        """Nobody in charge, or nothing new for a quarter."""
        return not self.people or not self.quarter


@dataclass
class AgencyRow:
    agency: Agency
    collaborators: list[Collaborator] = field(default_factory=list)
    ends_on: date | None = None
    days_left: int | None = None
    year: int = 0
    last: datetime | None = None

    @property
    def ends_very_soon(self) -> bool:
        return self.days_left is not None and self.days_left <= SOON

    @property
    def ends_soon(self) -> bool:
        return self.days_left is not None and self.days_left <= LATER

    @property
    def has_gap(self) -> bool:
        """Nobody sent, a contract that ends soon, or nothing written this year."""
        return not self.collaborators or self.ends_soon or not self.year


# --- Sections --------------------------------------------------------------------------


def sections(day: date | None = None) -> list[SectionRow]:
    """Every section of the portal in the order of its tree."""
    day = day or clock.today()
    rows = [SectionRow(section) for section in in_charge()]
    _put_items(rows)
    _put_people(rows, day)
    return rows


def _put_items(rows: list[SectionRow]) -> None:
    """Items public in a section, those of its sub-sections in them too."""
    now = clock.now()
    frames = {row.section.content_type_id for row in rows}
    pages = Page.objects.filter(live=True, first_published_at__isnull=False, alias_of=None)
    pages = pages.exclude(content_type__in=frames)
    # Counted in the database: one line a place, not one a page.
    places = pages.annotate(place=Substr("path", 1, Length("path") - Page.steplen))
    counted = (
        places.order_by()
        .values_list("place")
        .annotate(
            newest=Max("first_published_at"),
            recent=Count("pk", filter=Q(first_published_at__gt=now - timedelta(days=RECENT))),
            quarter=Count("pk", filter=Q(first_published_at__gt=now - timedelta(days=QUARTER))),
        )
    )
    for place, newest, recent, quarter in counted:
        for row in rows:
            if place.startswith(row.section.path):
                row.last = max(row.last or newest, newest)
                row.recent += recent
                row.quarter += quarter


def _put_people(rows: list[SectionRow], day: date) -> None:
    """Who is in charge, of the section itself or of one above it; who stands in today."""
    posts = Appointment.objects.in_force(day)
    given = SectionAssignment.objects.in_force(day).filter(appointment__in=posts)
    holders = defaultdict(list)
    for assigned in given.select_related("appointment__user"):
        holders[assigned.section_id].append(assigned.appointment)
    away = Absence.objects.in_force(day).select_related("stand_in__user")
    stand_ins = {absence.appointment_id: absence.stand_in for absence in away}
    above: list[SectionRow] = []
    for row in rows:
        above = [other for other in above if row.section.path.startswith(other.section.path)]
        row.people = holders.get(row.section.pk, [])
        if not row.people and above:
            row.people, row.is_inherited = above[-1].people, bool(above[-1].people)
        row.stand_ins = [stand_ins[held.pk] for held in row.people if held.pk in stand_ins]
        above.append(row)


# --- Agencies --------------------------------------------------------------------------


def agencies(day: date | None = None) -> list[AgencyRow]:
    """Every agency that exists, in official order, with its collaborators and their items."""
    day = day or clock.today()
    rows = {agency.pk: AgencyRow(agency) for agency in Agency.objects.valid_on(day)}
    writers: dict[int, set[int]] = defaultdict(set)
    network = Collaborator.objects.filter(agency__in=rows).select_related("user")
    for contract in network:
        writers[contract.user_id].add(contract.agency_id)
        if contract.holds_on(day):
            rows[contract.agency_id].collaborators.append(contract)
    for user, agency in Membership.objects.filter(agency__in=rows).values_list("user", "agency"):
        writers[user].add(agency)
    for row in rows.values():
        _put_end(row, day)
    _put_work(rows, writers, day)
    return list(rows.values())


def _put_end(row: AgencyRow, day: date) -> None:
    """The day from which nobody is there: an open contract outlives all others."""
    ends = [contract.valid_to for contract in row.collaborators]
    if ends and None not in ends:
        row.ends_on = max(ends)
        row.days_left = (row.ends_on - day).days


def _put_work(rows: dict[int, AgencyRow], writers: dict[int, set[int]], day: date) -> None:
    """What people of an agency wrote and is public."""
    pages = Page.objects.filter(owner__in=writers, live=True, first_published_at__isnull=False)
    begins, ends = (
        timezone.make_aware(datetime.combine(date(year, 1, 1), time.min))
        for year in (day.year, day.year + 1)
    )
    this_year = Q(first_published_at__gte=begins, first_published_at__lt=ends)
    counted = (
        pages.order_by()
        .values_list("owner")
        .annotate(newest=Max("first_published_at"), year=Count("pk", filter=this_year))
    )
    for owner, newest, year in counted:
        for agency in writers[owner]:
            row = rows[agency]
            row.last = max(row.last or newest, newest)
            row.year += year
