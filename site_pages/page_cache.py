"""How fresh public pages are: one counter for the whole site, moved on by whatever is public.

A page's ETag is the counter's state, so an unchanged site answers a conditional GET
with one query and no page is ever older than the last change:

- a change moves the counter on after its commit; a reader takes the counter before
  reading anything else, so what it stamps is never newer than what it read;
- time itself is a change: the counter knows the next moment at which some page shows
  something else (a survey opens, a day begins) and the first reader after it moves it on;
- rows that readers never see say so (never_shown); whatever is forgotten moves the
  counter for nothing, which costs a page or two and is never wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.apps import apps
from django.core.cache import cache
from django.db import connection, models, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from portal import clock

# What nginx may keep, in seconds, and show a moment longer while it asks again.
FRESH = 5
STALE = 10
# How long a page may stand in for one that fails.
STALE_IF_ERROR = 86_400

Boundary = Callable[[datetime], datetime | None]


class SiteGeneration(models.Model):
    """The state of everything public; one row."""

    number = models.PositiveBigIntegerField(default=1)
    changed_at = models.DateTimeField()
    # None: not worked out since the last change.
    next_change_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "site_pages"

    def __str__(self) -> str:
        return str(self.number)

    @property
    def etag(self) -> str:
        """Weak: a proxy may compress. The moment tells a restored database from the lost one."""
        return f'W/"{self.number}-{int(self.changed_at.timestamp() * 1000):x}"'

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds in which no page changes by the clock alone."""
        if self.next_change_at is None:
            return 0
        return max(0, int((self.next_change_at - now).total_seconds()))


_boundaries: list[Boundary] = []
_never_shown: set[type[models.Model]] = set()
# Libraries whose rows a public page can show.
_SHOWN_LIBRARIES = {
    "taggit",
    "wagtailcore",
    "wagtaildocs",
    "wagtailimages",
    "wagtailredirects",
}
# Of those, what belongs to the editors.
_EDITORS_OWN = {
    "comment",
    "commentreply",
    "editingsession",
    "grouppagepermission",
    "groupcollectionpermission",
    "groupsitepermission",
    "modellogentry",
    "pagelogentry",
    "pagesubscription",
    "referenceindex",
    "revision",
    "task",
    "taskstate",
    "uploadeddocument",
    "uploadedfile",
    "uploadedimage",
    "workflow",
    "workflowcontenttype",
    "workflowpage",
    "workflowstate",
    "workflowtask",
}


def register_boundary(find: Boundary) -> Boundary:
    """Let a room tell the next moment at which its pages change by the clock alone."""
    _boundaries.append(find)
    return find


def never_shown(*kinds: type[models.Model]) -> None:
    """Let a room name rows that no public page shows: they are written without a trace here."""
    _never_shown.update(kinds)


def is_shown(model: type[models.Model]) -> bool:
    """Whether a public page can show rows of this model."""
    meta = model._meta
    # Migrations save rows of models that only live in them, before our table does.
    if meta.apps is not apps or model in _never_shown or model is SiteGeneration:
        return False
    if "site-packages" in apps.get_app_config(meta.app_label).path:
        return meta.app_label in _SHOWN_LIBRARIES and meta.model_name not in _EDITORS_OWN
    return True


def changed() -> None:
    """Something public changed in this transaction: move the counter on when it commits."""
    waiting = getattr(connection, "run_on_commit", ())
    # Once a transaction: an import saves thousands of rows.
    if not any(call[1] is bump for call in waiting):
        transaction.on_commit(bump, robust=True)


def bump() -> None:
    """Move the counter on."""
    now = clock.now()
    moved = {"number": F("number") + 1, "changed_at": now, "next_change_at": None}
    if not SiteGeneration.objects.filter(pk=1).update(**moved):
        SiteGeneration.objects.get_or_create(pk=1, defaults={"changed_at": now})


def current(now: datetime) -> SiteGeneration:
    """The counter at this moment; moved on first where the clock has changed a page."""
    state = _state(now)
    if state.next_change_at and now < state.next_change_at:
        return state
    moved = {"number": state.number + 1, "changed_at": now, "next_change_at": next_boundary(now)}
    # Only from the state that was seen: a change that comes between has the last word.
    if not SiteGeneration.objects.filter(pk=1, number=state.number).update(**moved):
        return _state(now)
    return SiteGeneration(pk=1, **moved)


def remembered(request: HttpRequest, name: str, make: Callable[[], object]) -> object:
    """What hardly ever changes is read once for each state of the site, in each process."""
    state: SiteGeneration | None = getattr(request, "site_generation", None)
    if state is None:
        return make()
    return cache.get_or_set(f"site:{state.etag}:{name}", make, timeout=None)


def _state(now: datetime) -> SiteGeneration:
    state = SiteGeneration.objects.filter(pk=1).first()
    if state is None:
        state, _created = SiteGeneration.objects.get_or_create(pk=1, defaults={"changed_at": now})
    return state


def next_boundary(now: datetime) -> datetime:
    """When a page next changes by the clock alone; at the latest as the day ends in Hanoi."""
    moments = (find(now) for find in _boundaries)
    return min(moment for moment in (_midnight(now), *moments) if moment)


def _midnight(now: datetime) -> datetime:
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time()))
