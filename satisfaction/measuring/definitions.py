"""Which answers make the index, and how they are pooled: defined, numbered, never edited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.reporting.formats import percent, rounded

from ..models import IndexDefinition, NotApplicable, Pooling, Survey
from ..models.measuring import MOST_DECIMALS
from ..questionnaires import Kind, Questionnaire, read
from ..versions import current_version


@dataclass(frozen=True)
class Definition:
    """A definition as figures are made by it. `number` 0 is what the questionnaire says.

    `weights`: share of each criterion, as text of a decimal, for Pooling.WEIGHTS.
    """

    number: int
    version: str
    items: tuple[str, ...]
    satisfied: frozenset[int]
    basis: str
    pooling: str = Pooling.ANSWERS
    not_applicable: str = NotApplicable.LEFT_OUT
    weights: Mapping[str, str] = field(default_factory=dict)
    decimals: int = 2

    def printed(self, value: Fraction) -> Decimal:
        """The percentage rounded half up, as it is printed and compared."""
        return rounded(value * 100, self.decimals)

    def in_words(self, value: Fraction) -> str:
        return percent(value, self.decimals)

    def as_data(self) -> dict:
        """Plain values for the snapshot of an edition, with their SHA-256."""
        data = asdict(self) | {
            "items": list(self.items),
            "satisfied": sorted(self.satisfied),
            "weights": dict(self.weights),
        }
        text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return data | {"sha256": hashlib.sha256(text.encode()).hexdigest()}


def shipped(questionnaire: Questionnaire) -> Definition:
    """What the questionnaire itself says: top boxes pooled over answers."""
    index = questionnaire.index
    return Definition(
        0, index.version, index.items, index.satisfied, index.basis, decimals=index.decimals
    )


def current(survey: Survey, questionnaire: Questionnaire | None = None) -> Definition:
    """The newest definition of a survey, or its questionnaire's own."""
    row = survey.index_definitions.order_by("-number").first()
    if row:
        return of_row(row)
    return shipped(questionnaire or read(current_version(survey).definition))


def of_row(row: IndexDefinition) -> Definition:
    return Definition(
        row.number,
        f"{row.survey.code}/{row.number}",
        tuple(row.items),
        frozenset(row.satisfied),
        row.basis,
        row.pooling,
        row.not_applicable,
        row.weights,
        row.decimals,
    )


@transaction.atomic
def define(
    survey: Survey,
    user: User,
    *,
    items: Sequence[str],
    satisfied: Sequence[int],
    pooling: str,
    not_applicable: str = NotApplicable.LEFT_OUT,
    weights: Mapping[str, str] | None = None,
    decimals: int = 2,
    basis: str,
) -> IndexDefinition:
    """Lay down how the index is computed from now on. Editions keep the one they were made by."""
    _require(user)
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    kept = {code: str(share) for code, share in (weights or {}).items()}
    row = IndexDefinition(
        survey=locked,
        number=(locked.index_definitions.aggregate(n=Max("number"))["n"] or 0) + 1,
        items=list(dict.fromkeys(items)),
        satisfied=sorted(set(satisfied)),
        pooling=pooling,
        not_applicable=not_applicable,
        weights=kept if pooling == Pooling.WEIGHTS else {},
        decimals=decimals,
        basis=basis.strip(),
        made_at=clock.now(),
        made_by=user,
    )
    _check(row, read(current_version(locked).definition))
    row.save()
    log(row, "satisfaction.index.define", user=user, data={"number": row.number})
    return row


@transaction.atomic
def withdraw(definition_id: int, user: User) -> bool:
    """Take back a definition that no report was made by. False where one was."""
    _require(user)
    row = IndexDefinition.objects.select_for_update().get(pk=definition_id)
    newest = row.survey.index_definitions.order_by("-number").first()
    if row.used_at or row != newest:
        return False
    log(row, "satisfaction.index.withdraw", user=user, data={"number": row.number})
    row.delete()
    return True


def use(survey: Survey, definition: Definition) -> None:
    """A report is made by it: from now on it stands."""
    survey.index_definitions.filter(number=definition.number, used_at=None).update(
        used_at=clock.now()
    )


def _require(user: User) -> None:
    if not user.has_perm("satisfaction.define_measures"):
        raise PermissionDenied


def _check(row: IndexDefinition, questionnaire: Questionnaire) -> None:
    faults = {
        "items": _item_fault(row, questionnaire),
        "satisfied": _level_fault(row, questionnaire),
        "weights": _weight_fault(row, questionnaire),
        "decimals": _("At most %(n)d decimals.") % {"n": MOST_DECIMALS}
        if row.decimals > MOST_DECIMALS
        else "",
        "basis": "" if row.basis else _("Say which decision lays this down."),
        "pooling": "" if row.pooling in Pooling.values else _("Choose what is averaged."),
    }
    found = {name: text for name, text in faults.items() if text}
    if found:
        raise ValidationError(found)


def _item_fault(row: IndexDefinition, questionnaire: Questionnaire) -> str:
    if not row.items:
        return _("Choose the items that make the index.")
    for code in row.items:
        question = questionnaire.counted.get(code)
        if question is None or question.type is not Kind.SCALE:
            return _("%(item)s is not answered on a scale.") % {"item": code}
    if row.pooling in (Pooling.FACTORS, Pooling.WEIGHTS) and not criteria(questionnaire, row.items):
        return _("None of these items belongs to a criterion.")
    return ""


def _level_fault(row: IndexDefinition, questionnaire: Questionnaire) -> str:
    for code in row.items:
        question = questionnaire.counted.get(code)
        levels = {c.code for c in question.choices if not c.is_no_answer} if question else set()
        if not row.satisfied or not set(row.satisfied) <= levels:
            return _("The satisfied levels are not levels of %(item)s.") % {"item": code}
    return ""


def _weight_fault(row: IndexDefinition, questionnaire: Questionnaire) -> str:
    if row.pooling != Pooling.WEIGHTS:
        return ""
    wanted = criteria(questionnaire, row.items)
    if set(row.weights) != set(wanted):
        return _("Give a weight to each criterion: %(codes)s.") % {"codes": ", ".join(wanted)}
    try:
        shares = [Decimal(text) for text in row.weights.values()]
    except InvalidOperation:
        return _("A weight is a number such as 0.6.")
    is_fine = all(share.is_finite() and share >= 0 for share in shares) and sum(shares) > 0
    return "" if is_fine else _("A weight is a number such as 0.6.")


def criteria(questionnaire: Questionnaire, items: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Items by scored section, without sections that have none of them."""
    found = {
        section.code: tuple(q.code for q in section.questions if q.code in items)
        for section in questionnaire.sections
        if section.is_scored
    }
    return {code: inside for code, inside in found.items() if inside}


def parts(
    definition: Definition, questionnaire: Questionnaire
) -> dict[str, tuple[Fraction, tuple[str, ...]]]:
    """The pools that the index is the weighted mean of: share and items of each."""
    if definition.pooling == Pooling.ANSWERS:
        return {"": (Fraction(1), definition.items)}
    if definition.pooling == Pooling.ITEMS:
        return {item: (Fraction(1, len(definition.items)), (item,)) for item in definition.items}
    inside = criteria(questionnaire, definition.items)
    if definition.pooling == Pooling.FACTORS:
        return {code: (Fraction(1, len(inside)), items) for code, items in inside.items()}
    shares = {code: Fraction(definition.weights[code]) for code in inside}
    total = sum(shares.values())
    return {code: (shares[code] / total, items) for code, items in inside.items()}
