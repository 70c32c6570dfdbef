"""Checking what is public, and following what was approved until it is (Art. 5.4.đ).

An item is first checked some days after it became public or changed; what lives on is
checked again every so many days. News is a record of its day and is checked once a version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from portal.rules.values import value
from site_pages.models import AbstractCategoryPage, HomePage

from . import notices
from .authority import deciders, may_screen, screeners, sections_of
from .models import CheckOutcome, Occasion, Publication, PublicationCheck
from .originals import canonical, fingerprint
from .workflow import require_authority, require_text

FIRST, AGAIN = "check.first_days", "check.again_days"
# Pages that are checked once a version; rooms say which of theirs are.
_once: list[type[Page]] = []
Hinter = Callable[[list[Page]], dict[int, list[str]]]
_hinters: list[Hinter] = []


def checked_once(*models: type[Page]) -> None:
    """These tell of a day that is over: unless they change, one check is enough."""
    _once.extend(models)


def register_hint(hinter: Hinter) -> Hinter:
    """Let a room say what may be wrong with public pages, by their numbers."""
    _hinters.append(hinter)
    return hinter


@dataclass(frozen=True)
class Listed:
    """An item in the register, with what may be wrong with it."""

    page: Page
    hints: list[str]

    @property
    def is_late(self) -> bool:
        return self.page.check_due_at is not None and self.page.check_due_at < clock.now()


# --- Verbs -----------------------------------------------------------------------------


@transaction.atomic
def record(
    page_id: int, revision_id: int, outcome: CheckOutcome, note: str, by: User
) -> PublicationCheck:
    """Write down what the member in charge found in the version that they looked at."""
    page = Page.objects.select_for_update().get(pk=page_id).specific
    right = require_authority(by, page)
    if not page.live or page.live_revision_id != revision_id:
        raise ValidationError(_("The item changed meanwhile. Look at what is public now."))
    outcome = CheckOutcome(outcome)
    kept = note.strip() if outcome == CheckOutcome.CORRECT else require_text(note)
    now = clock.now()
    _settle(page, now)
    check = PublicationCheck.objects.create(
        page_id=page.pk,
        revision_id=revision_id,
        sha256=fingerprint(canonical(page.live_revision.content)),
        outcome=outcome,
        note=kept,
        by=by,
        holder=right.holder,
        right=right.right,
        paper=right.paper,
        at=now,
        settled_at=now if outcome == CheckOutcome.CORRECT else None,
    )
    log(page, "editorial.check", user=by, data={"outcome": outcome.value, "note": kept})
    if outcome != CheckOutcome.CORRECT:
        _tell(check, page)
    return check


@transaction.atomic
def note_changed(page: Page) -> int:
    """A new version is public, or the item was taken down: what was asked for is done."""
    return _settle(page, clock.now())


def _settle(page: Page, now: datetime) -> int:
    return PublicationCheck.objects.filter(page=page.pk, settled_at=None).update(settled_at=now)


def _tell(check: PublicationCheck, page: Page) -> None:
    """Who wrote it and the working group; of a withdrawal also who decides on the section."""
    people = [page.owner, *screeners()]
    if check.outcome == CheckOutcome.TO_WITHDRAW:
        people += deciders(page)
    others = [person for person in people if person and person.pk != check.by_id]
    notices.tell(others, Occasion.TO_CORRECT, page, f"check-{check.pk}")


# --- Read side -------------------------------------------------------------------------


def _reach(user: User) -> list[Page] | None:
    """Sections whose items concern a person; None is every section."""
    return None if may_screen(user) else sections_of(user)


def may_read(user: User) -> bool:
    reach = _reach(user)
    return reach is None or bool(reach)


def decides(user: User) -> bool:
    """Someone whose task it is to check; the working group only follows."""
    sections = sections_of(user)
    return sections is None or bool(sections)


def items(user: User) -> QuerySet[Page]:
    """Public items in the sections that concern the person, with their last check."""
    reach = _reach(user)
    rows = Page.objects.filter(live=True, last_published_at__isnull=False, alias_of=None)
    rows = rows.exclude(content_type__in=_frames()).filter(depth__gt=2)
    if reach is not None:
        within = Q(pk__in=[])
        for section in reach:
            within |= Q(path__startswith=section.path)
        rows = rows.filter(within)
    return with_checks(rows)


def with_checks(rows: QuerySet[Page]) -> QuerySet[Page]:
    """`checked_at`, `check_outcome` and `check_due_at` of each page."""
    last = PublicationCheck.objects.filter(page=OuterRef("pk")).order_by("-at", "-pk")
    first, again = (timedelta(days=value(key).integer) for key in (FIRST, AGAIN))
    rows = rows.annotate(
        checked_at=Subquery(last.values("at")[:1]),
        check_outcome=Subquery(last.values("outcome")[:1]),
    )
    unchecked = Q(checked_at__isnull=True) | Q(checked_at__lt=F("last_published_at"))
    return rows.annotate(
        check_due_at=Case(
            When(unchecked, then=_later("last_published_at", first)),
            When(content_type__in=_types(_once), then=Value(None, DateTimeField())),
            default=_later("checked_at", again),
            output_field=DateTimeField(),
        )
    )


def _later(field: str, wait: timedelta) -> ExpressionWrapper:
    moved = F(field) + Value(wait, DurationField())
    return ExpressionWrapper(moved, output_field=DateTimeField())


def due(user: User) -> QuerySet[Page]:
    """Whose check is due by now, the oldest first."""
    rows = items(user).filter(check_due_at__lte=clock.now())
    return rows.order_by("check_due_at", "pk")


def open_tasks(user: User) -> QuerySet[PublicationCheck]:
    """What is to be corrected or withdrawn: of one's own items, or in one's reach."""
    rows = PublicationCheck.objects.filter(settled_at=None).select_related("page", "by")
    reach = _reach(user)
    if reach is not None:
        mine = Q(page__owner=user)
        for section in reach:
            mine |= Q(page__path__startswith=section.path)
        rows = rows.filter(mine)
    return rows.order_by("at", "pk")


def of_page(page: Page) -> QuerySet[PublicationCheck]:
    rows = PublicationCheck.objects.filter(page=page.pk)
    return rows.select_related("by", "holder__user")


def progress(user: User) -> QuerySet[Publication]:
    """Approved versions: first what readers do not see yet, then the newest."""
    rows = Publication.objects.select_related("page")
    reach = _reach(user)
    if reach is not None:
        within = Q(pk__in=[])
        for section in reach:
            within |= Q(page__path__startswith=section.path)
        rows = rows.filter(within)
    waited = ExpressionWrapper(F("public_at") - F("approved_at"), output_field=DurationField())
    rows = rows.annotate(waited=waited)
    return rows.order_by(F("public_at").desc(nulls_first=True), "-approved_at", "-pk")


def listed(pages: Iterable[Page]) -> list[Listed]:
    rows = list(pages)
    found = hints(rows)
    return [Listed(page, found.get(page.pk, [])) for page in rows]


def hints(pages: list[Page]) -> dict[int, list[str]]:
    """What may be wrong with pages, by their numbers; as many queries for many as for one."""
    found: dict[int, list[str]] = {}
    for hinter in _hinters:
        for pk, words in hinter(pages).items():
            found.setdefault(pk, []).extend(words)
    return found


def _frames() -> list[int]:
    """Sections and home pages are no items."""
    return _types([*_concrete(AbstractCategoryPage), HomePage])


def _types(models: list[type[Page]]) -> list[int]:
    return [kind.pk for kind in ContentType.objects.get_for_models(*models).values()]


def _concrete(model: type) -> list[type]:
    found: list[type] = []
    for child in model.__subclasses__():
        found += _concrete(child) if child._meta.abstract else [child, *_concrete(child)]
    return found
