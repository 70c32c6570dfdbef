"""Sorting: each opinion into rows, whole or in points, or left out for a stated reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.text import clean

from ..models import (
    Account,
    Exclusion,
    OpinionState,
    Point,
    Provision,
    RowState,
    Synthesis,
    SynthesisRow,
)
from ..window import Held
from . import rights
from .places import Places
from .taking_in import BATCH, refresh
from .words import shown_words, still_tells, words_of

LONGEST_NOTE = 500
LONGEST_SUMMARY = 3000


@dataclass(frozen=True)
class Piece:
    """A stretch of an opinion and where it goes: a row's number, a new row's letter, nowhere."""

    start: int
    end: int
    row: int | str | None


def _begin(consultation_id: int, by: User) -> tuple[Held, Synthesis]:
    held, synthesis = rights.opened(consultation_id)
    rights.require(rights.may_sort(by, held.consultation))
    return held, synthesis


def _accounts(consultation_id: int, account_ids: Iterable[int]) -> list[Account]:
    rows = Account.objects.filter(consultation=consultation_id, pk__in=set(account_ids))
    return list(with_words(rows).order_by("pk"))


def with_words(rows: QuerySet[Account]) -> QuerySet[Account]:
    """With everything that `words_of` and `shown_words` ask."""
    return rows.select_related("opinion__public", "paper").prefetch_related("opinion__answers")


def new_row(
    synthesis: Synthesis, provision_id: int | None, account: Account | None
) -> SynthesisRow:
    """A row with the next number; its first words are those of a published opinion."""
    words = shown_words(account.source)[:LONGEST_SUMMARY] if account else ""
    Synthesis.objects.filter(pk=synthesis.pk).update(last_number=F("last_number") + 1)
    synthesis.refresh_from_db(fields=["last_number"])
    return SynthesisRow.objects.create(
        consultation_id=synthesis.consultation_id,
        number=synthesis.last_number,
        provision_id=provision_id,
        summary=words,
        taken_from_id=account.opinion_id if account and words else None,
    )


def _provision(consultation_id: int, provision_id: int | None) -> int | None:
    if provision_id is None:
        return None
    known = Provision.objects.filter(text_version__consultation=consultation_id, pk=provision_id)
    if not known.exists():
        raise ValidationError(_("This provision belongs to another text."))
    return provision_id


def _row(consultation_id: int, number: int) -> SynthesisRow:
    row = SynthesisRow.objects.filter(consultation=consultation_id, number=number).first()
    if row is None:
        raise ValidationError(_("There is no row %(number)s."), params={"number": number})
    return row


def _touched(rows: Iterable[SynthesisRow]) -> None:
    """What a row holds changed: an answer that was ready is to be looked at again."""
    keys = {row.pk for row in rows}
    found = SynthesisRow.objects.filter(pk__in=keys)
    found.update(revision=F("revision") + 1)
    found.filter(state=RowState.AGREED).update(state=RowState.DRAFTED)


def _settle(accounts: Sequence[Account], held: Held, by: User) -> None:
    Point.objects.filter(account__in=[account.pk for account in accounts]).delete()
    for account in accounts:
        account.exclusion = account.exclusion_note = ""
        account.settled_by, account.settled_at = by, held.now


def _save(accounts: Sequence[Account]) -> None:
    names = ["exclusion", "exclusion_note", "settled_by", "settled_at"]
    Account.objects.bulk_update(accounts, names, batch_size=BATCH)


def _log(synthesis: Synthesis, act: str, by: User, **data: object) -> None:
    log(synthesis, f"consultations.synthesis.{act}", user=by, data=data)


@transaction.atomic
def place(
    consultation_id: int,
    account_ids: Iterable[int],
    by: User,
    row: int | None = None,
    provision_id: int | None = None,
) -> SynthesisRow:
    """Whole opinions into one row: the one of this number, or a new one on a provision."""
    held, synthesis = _begin(consultation_id, by)
    accounts = _accounts(consultation_id, account_ids)
    if not accounts:
        raise ValidationError(_("Choose at least one opinion."))
    if row is not None:
        target = _row(consultation_id, row)
    else:
        model = next((a for a in accounts if shown_words(a.source)), accounts[0])
        target = new_row(synthesis, _provision(consultation_id, provision_id), model)
    _settle(accounts, held, by)
    Point.objects.bulk_create(_whole(accounts, target), batch_size=BATCH)
    _save(accounts)
    _touched([target])
    _log(synthesis, "place", by, row=target.number, opinions=len(accounts))
    return target


def _whole(accounts: Iterable[Account], row: SynthesisRow) -> list[Point]:
    return [
        Point(account=account, row=row, start=0, end=len(words_of(account.source)))
        for account in accounts
    ]


@transaction.atomic
def split(
    account_id: int,
    pieces: Sequence[Piece],
    by: User,
    new_places: Mapping[str, int | None] | None = None,
) -> list[Point]:
    """One opinion into points. The pieces lie side by side and cover all of its words."""
    account = Account.objects.get(pk=account_id)
    held, synthesis = _begin(account.consultation_id, by)
    account = _accounts(account.consultation_id, [account_id])[0]
    words = words_of(account.source)
    joined = _joined(pieces)
    _check_cover(joined, words)
    rows = {
        piece.row: _target(synthesis, piece, account, new_places or {})
        for piece in joined
        if piece.row is not None
    }
    if not rows:
        raise ValidationError(
            _("Put at least one part into a row, or leave the opinion out with a reason.")
        )
    _settle([account], held, by)
    points = [
        Point(account=account, row=rows.get(piece.row), start=piece.start, end=piece.end)
        for piece in joined
    ]
    made = Point.objects.bulk_create(points)
    _save([account])
    _touched(rows.values())
    _log(synthesis, "split", by, account=account.pk, rows=[row.number for row in rows.values()])
    return made


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours that go to the same place are one piece."""
    made: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if made and made[-1].row == piece.row and made[-1].end == piece.start:
            made[-1] = Piece(made[-1].start, piece.end, piece.row)
        else:
            made.append(piece)
    return made


def _check_cover(pieces: Sequence[Piece], words: str) -> None:
    at = 0
    for piece in pieces:
        if piece.start != at or piece.end <= piece.start:
            raise ValidationError(_("The parts do not cover the opinion word for word."))
        at = piece.end
    if at != len(words):
        raise ValidationError(_("The opinion has changed meanwhile. Sort it as it stands now."))


def _target(
    synthesis: Synthesis, piece: Piece, account: Account, new_places: Mapping[str, int | None]
) -> SynthesisRow:
    if isinstance(piece.row, int):
        return _row(synthesis.consultation_id, piece.row)
    provision_id = _provision(synthesis.consultation_id, new_places.get(piece.row))
    row = new_row(synthesis, provision_id, account)
    if row.taken_from_id:
        words = words_of(account.source)
        # Where something of it is masked, its stretches are not those that readers see.
        is_whole = row.summary == words[:LONGEST_SUMMARY]
        part = words[piece.start : piece.end].strip() if is_whole else ""
        row.summary = part[:LONGEST_SUMMARY]
        row.taken_from = row.taken_from if part else None
        row.save(update_fields=["summary", "taken_from"])
    return row


@transaction.atomic
def leave_out(
    consultation_id: int, account_ids: Iterable[int], exclusion: str, note: str, by: User
) -> int:
    """State why opinions stand in no row."""
    held, synthesis = _begin(consultation_id, by)
    note = clean(note)[:LONGEST_NOTE]
    if exclusion not in Exclusion.values:
        raise ValidationError({"exclusion": _("Choose why the opinion is left out.")})
    if not note:
        raise ValidationError({"note": _("Write the reason: whoever sent the opinion reads it.")})
    accounts = _accounts(consultation_id, account_ids)
    if not accounts:
        raise ValidationError(_("Choose at least one opinion."))
    _settle(accounts, held, by)
    for account in accounts:
        account.exclusion, account.exclusion_note = exclusion, note
    _save(accounts)
    _log(synthesis, "leave_out", by, exclusion=exclusion, opinions=len(accounts))
    return len(accounts)


@transaction.atomic
def take_back(consultation_id: int, account_ids: Iterable[int], by: User) -> int:
    """Opinions out of their rows again, to be sorted anew."""
    held, synthesis = _begin(consultation_id, by)
    accounts = _accounts(consultation_id, account_ids)
    keys = [account.pk for account in accounts]
    _touched(SynthesisRow.objects.filter(points__account__in=keys).distinct())
    _settle(accounts, held, by)
    for account in accounts:
        account.settled_by = account.settled_at = None
    _save(accounts)
    _log(synthesis, "take_back", by, opinions=len(accounts))
    return len(accounts)


def unsorted(consultation_id: int) -> QuerySet[Account]:
    """Accounts of what counts that stand nowhere yet."""
    rows = Account.objects.filter(consultation=consultation_id, settled_at=None)
    return rows.exclude(opinion__state=OpinionState.WITHDRAWN)


@transaction.atomic
def sort_rest(consultation_id: int, by: User) -> int:
    """What stands nowhere goes into rows: the same text on the same provision is one row."""
    held, synthesis = _begin(consultation_id, by)
    refresh(consultation_id)
    places = Places(consultation_id)
    groups: dict[tuple[int | None, str], list[Account]] = {}
    for account in with_words(unsorted(consultation_id)).order_by("pk"):
        where = places.current(account.source.provision_id)
        groups.setdefault((where, account.same_text), []).append(account)
    rows = _rows_for(synthesis, groups)
    accounts = [account for group in groups.values() for account in group]
    _settle(accounts, held, by)
    points = [point for key, group in groups.items() for point in _whole(group, rows[key])]
    Point.objects.bulk_create(points, batch_size=BATCH)
    _save_alike(accounts, held, by)
    if accounts:
        _log(synthesis, "sort_rest", by, opinions=len(accounts), rows=len(rows))
    return len(accounts)


def _save_alike(accounts: Sequence[Account], held: Held, by: User) -> None:
    for start in range(0, len(accounts), BATCH):
        keys = [account.pk for account in accounts[start : start + BATCH]]
        Account.objects.filter(pk__in=keys).update(settled_by=by, settled_at=held.now)


def _rows_for(
    synthesis: Synthesis, groups: Mapping[tuple[int | None, str], list[Account]]
) -> dict[tuple[int | None, str], SynthesisRow]:
    """Rows that hold the same text already, and new ones for the rest."""
    known = {
        (row.provision_id, same): row for row, same in _rows_by_text(synthesis.consultation_id)
    }
    made = {}
    for key, group in groups.items():
        if key in known:
            continue
        model = next((account for account in group if shown_words(account.source)), None)
        synthesis.last_number += 1
        made[key] = SynthesisRow(
            consultation_id=synthesis.consultation_id,
            number=synthesis.last_number,
            provision_id=key[0],
            summary=shown_words(model.source)[:LONGEST_SUMMARY] if model else "",
            taken_from=model.opinion if model else None,
        )
    SynthesisRow.objects.bulk_create(made.values(), batch_size=BATCH)
    synthesis.save(update_fields=["last_number"])
    used = {key: known[key] for key in groups if key in known}
    _touched(used.values())
    return used | made


def _rows_by_text(consultation_id: int) -> Iterable[tuple[SynthesisRow, str]]:
    """Rows that hold whole opinions, with the text of those."""
    points = Point.objects.filter(row__consultation=consultation_id, start=0)
    pairs = dict(points.order_by("row").values_list("row", "account__same_text"))
    rows = SynthesisRow.objects.in_bulk(pairs)
    return [(rows[key], same) for key, same in pairs.items()]


@transaction.atomic
def merge(consultation_id: int, row_ids: Iterable[int], into: int, by: User) -> SynthesisRow:
    """Rows that say the same become one, the one of this number."""
    _held, synthesis = _begin(consultation_id, by)
    target = _row(consultation_id, into)
    others = SynthesisRow.objects.filter(consultation=consultation_id, pk__in=set(row_ids))
    others = list(others.exclude(pk=target.pk).select_related("taken_from"))
    if not others:
        raise ValidationError(_("Choose the rows that say the same."))
    _keep_source(target, others)
    Point.objects.filter(row__in=others).update(row=target)
    _touched([target])
    numbers = [row.number for row in others]
    SynthesisRow.objects.filter(pk__in=[row.pk for row in others]).delete()
    _log(synthesis, "merge", by, row=target.number, merged=numbers)
    return target


def _keep_source(target: SynthesisRow, others: Iterable[SynthesisRow]) -> None:
    """A row that took over the words of another is known to be in the words of that opinion."""
    if target.taken_from_id:
        return
    sources = (row.taken_from for row in others if row.taken_from)
    target.taken_from = next((row for row in sources if still_tells(target.summary, row)), None)
    target.save(update_fields=["taken_from"])


@transaction.atomic
def move(consultation_id: int, row_ids: Iterable[int], provision_id: int | None, by: User) -> int:
    """Rows to another provision, or to the whole."""
    _held, synthesis = _begin(consultation_id, by)
    rows = SynthesisRow.objects.filter(consultation=consultation_id, pk__in=set(row_ids))
    where = _provision(consultation_id, provision_id)
    numbers = list(rows.values_list("number", flat=True))
    if not numbers:
        raise ValidationError(_("Choose at least one row."))
    rows.update(provision=where, revision=F("revision") + 1)
    _log(synthesis, "move", by, rows=numbers)
    return len(numbers)
