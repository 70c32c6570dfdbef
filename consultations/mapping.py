"""What became of each provision in the next version: proposed by likeness, said by an editor."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User

from .models import DraftText, MappingKind, Provision, ProvisionMapping
from .structure import cell_words
from .versions import held_text, previous

# Below this two provisions are not held to be the same one changed.
LIKE = 0.55
# Of texts as long as this the first words decide: comparing is quadratic.
COMPARED = 1200
# How far a provision is looked for from its old place.
NEAR = 150


def forget(text: DraftText) -> None:
    ProvisionMapping.objects.filter(text_version=text).delete()


def propose(text: DraftText) -> int:
    """Propose what became of every provision; identical ones need no second look."""
    before = previous(text)
    if before is None:
        return 0
    forget(text)
    old = list(Provision.objects.filter(text_version=before).order_by("position"))
    new = list(Provision.objects.filter(text_version=text).order_by("position"))
    pairs = _pairs(old, new)
    found = [_mapping(text, row, pairs.get(row.pk)) for row in old]
    taken = {pair[0].pk for pair in pairs.values()}
    found += [
        ProvisionMapping(text_version=text, new=row, kind=MappingKind.ADDED)
        for row in new
        if row.pk not in taken
    ]
    ProvisionMapping.objects.bulk_create(found, batch_size=500)
    return len(found)


Pairs = dict[int, tuple[Provision, float]]


def _mapping(
    text: DraftText, row: Provision, pair: tuple[Provision, float] | None
) -> ProvisionMapping:
    if pair is None:
        return ProvisionMapping(text_version=text, old=row, kind=MappingKind.REMOVED)
    other, likeness = pair
    kind = MappingKind.KEPT if row.sha256 == other.sha256 else MappingKind.CHANGED
    return ProvisionMapping(
        text_version=text, old=row, new=other, kind=kind, likeness=round(likeness * 100)
    )


def _pairs(old: list[Provision], new: list[Provision]) -> Pairs:
    """First what is the same to the letter, then the same place, then the most alike."""
    pairs: Pairs = {}
    left = {row.pk: row for row in new}
    _pair_equal(old, left, pairs, lambda row: (row.sha256, row.name))
    _pair_equal(old, left, pairs, lambda row: (row.sha256,))
    by_name = {row.name: row for row in left.values()}
    for row in old:
        twin = by_name.get(row.name)
        if row.pk in pairs or twin is None or twin.pk not in left:
            continue
        likeness = Said.by(row).alike(Said.by(twin))
        if likeness >= LIKE:
            pairs[row.pk] = (left.pop(twin.pk), likeness)
    _pair_alike([row for row in old if row.pk not in pairs], left, pairs)
    return pairs


def _pair_equal(
    old: list[Provision], left: dict[int, Provision], pairs: Pairs, key: Callable
) -> None:
    waiting: dict[tuple, list[Provision]] = defaultdict(list)
    for row in left.values():
        waiting[key(row)].append(row)
    for row in old:
        if row.pk not in pairs and waiting[key(row)]:
            twin = waiting[key(row)].pop(0)
            pairs[row.pk] = (left.pop(twin.pk), 1.0)


def _pair_alike(old: list[Provision], left: dict[int, Provision], pairs: Pairs) -> None:
    """The most alike first, so that no poor match takes a good one's place."""
    said = {row.pk: Said.by(row) for row in [*old, *left.values()]}
    found = [
        (likeness, row, twin)
        for row in old
        for twin in left.values()
        if row.kind == twin.kind
        and abs(row.position - twin.position) <= NEAR
        and (likeness := said[row.pk].alike(said[twin.pk])) >= LIKE
    ]
    found.sort(key=lambda item: (-item[0], item[1].position, item[2].position))
    for likeness, row, twin in found:
        if row.pk not in pairs and twin.pk in left:
            pairs[row.pk] = (left.pop(twin.pk), likeness)


@dataclass(frozen=True)
class Said:
    """A provision's words, labels apart, and how often each stands there."""

    words: list[str]
    counts: Counter[str]

    @classmethod
    def by(cls, row: Provision) -> Said:
        told = f"{row.heading} {row.text} {' '.join(cell_words(row.cells))}"
        words = told.split()[:COMPARED]
        return cls(words, Counter(words))

    def alike(self, other: Said) -> float:
        """How far the words agree, 0 to 1; 0 at once where they cannot agree enough."""
        total = len(self.words) + len(other.words)
        shared = (self.counts & other.counts).total()
        if not total or 2 * shared / total < LIKE:
            return 0.0
        return SequenceMatcher(None, self.words, other.words, autojunk=False).ratio()


def open_count(text: DraftText) -> int:
    """How many still wait for the editor's word."""
    return ProvisionMapping.objects.filter(text_version=text, confirmed_at=None).count()


def require_confirmed(text: DraftText) -> None:
    if previous(text) and not ProvisionMapping.objects.filter(text_version=text).exists():
        raise ValidationError(_("Map the provisions of the version before first."))
    if open_count(text):
        raise ValidationError(
            _("Confirm what became of each provision of the version before (%(n)d to go).")
            % {"n": open_count(text)}
        )


@transaction.atomic
def propose_again(text_id: int, by: User) -> int:
    """After the tree was corrected: propose anew; what was confirmed is asked again."""
    _held, text = held_text(text_id, by)
    return propose(text)


@transaction.atomic
def confirm(text_id: int, by: User, chosen: dict[int, tuple[str, int | None]]) -> int:
    """Say of each old provision what became of it: {mapping id: (kind, new provision id)}."""
    _held, text = held_text(text_id, by)
    rows = {row.pk: row for row in ProvisionMapping.objects.filter(text_version=text)}
    known = set(Provision.objects.filter(text_version=text).values_list("pk", flat=True))
    problems: list[str] = []
    changed = []
    for mapping_id, (kind, new_id) in chosen.items():
        row = rows.get(mapping_id)
        if row is None or kind not in MappingKind.values:
            continue
        if problem := _apply(row, MappingKind(kind), new_id, known):
            problems.append(problem)
        else:
            row.confirmed_by, row.confirmed_at = by, clock.now()
            changed.append(row)
    if problems:
        raise ValidationError(problems[:5])
    fields = ["kind", "new", "confirmed_by", "confirmed_at"]
    ProvisionMapping.objects.bulk_update(changed, fields, batch_size=500)
    _settle_added(text, by)
    log(text.consultation, "consultations.text.map", user=by, data={"provisions": len(changed)})
    return len(changed)


def _apply(row: ProvisionMapping, kind: MappingKind, new_id: int | None, known: set[int]) -> str:
    """Set what the editor said; the words of what is wrong with it, or ""."""
    if row.old_id is None:
        return "" if kind is MappingKind.ADDED else _("What is new has nothing before it.")
    if kind is MappingKind.ADDED:
        return _("A provision of the version before is not new.")
    if kind is MappingKind.REMOVED:
        row.kind, row.new_id = kind, None
        return ""
    if new_id not in known:
        return _("Choose the provision that “%(name)s” became.") % {"name": row.old.name}
    row.kind, row.new_id = kind, new_id
    if kind is MappingKind.KEPT and row.old.sha256 != row.new.sha256:
        row.kind = MappingKind.CHANGED
    return ""


def _settle_added(text: DraftText, by: User) -> None:
    """What no old provision became is new; what one became is not."""
    rows = ProvisionMapping.objects.filter(text_version=text)
    met = rows.filter(old__isnull=False, new__isnull=False).values("new")
    rows.filter(old=None, new__in=met).delete()
    fresh = Provision.objects.filter(text_version=text).exclude(
        pk__in=rows.filter(new__isnull=False).values("new")
    )
    ProvisionMapping.objects.bulk_create(
        ProvisionMapping(
            text_version=text,
            new=row,
            kind=MappingKind.ADDED,
            confirmed_by=by,
            confirmed_at=clock.now(),
        )
        for row in fresh
    )
