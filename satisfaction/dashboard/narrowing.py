"""What readers below full rights may narrow, so that no two looks differ by the few.

Every look is one part of one breakdown whose total is shown: the agencies of a survey, or the
periods, channels, marks or groups of all its answers (for an officer, of the own agency's). The
parts of a breakdown are hidden together (`suppression.hidden`), and breakdowns are not crossed:
so whatever two looks have between them holds k people, or is shown itself.
"""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Count

from .. import results
from ..models import Response, ResponseStatus, Survey
from ..results import Wanted
from ..suppression import hidden
from .filters import Filter
from .sight import Sight

_PLAIN = {"period": None, "channel": None, "with_flagged": True, "question": None}
_COLUMNS = {"period": "period", "channel": "channel", "with_flagged": "is_flagged"}


def allowed(asked: Filter, sight: Sight) -> Filter:
    """The look that this reader gets: one narrowing, and none of an agency among others."""
    if sight.k == 0:
        return asked
    plain = replace(asked, **_PLAIN, code=None)
    if asked.agency is not None and sight.agencies is None:
        return plain
    name = narrowed(asked)
    kept = {} if name is None else {name: getattr(asked, name)}
    return replace(plain, **kept, code=asked.code if name == "question" else None)


def narrowed(asked: Filter) -> str | None:
    """The first of what narrows a look, the agency apart."""
    return next((name for name, plain in _PLAIN.items() if getattr(asked, name) != plain), None)


def may_see_days(asked: Filter, sight: Sight) -> bool:
    """Days and channels are breakdowns too: not crossed with a part of the people, nor with an
    agency among others."""
    if sight.k == 0:
        return True
    return narrowed(asked) is None and (asked.agency is None or sight.agencies is not None)


def hidden_scopes(survey: Survey, asked: Filter, sight: Sight) -> set[str]:
    """Scopes, "" for the whole index, of which this look shows nothing."""
    if sight.k == 0:
        return set()
    secret: set[str] = set()
    if asked.agency is not None:
        people = results.people_by(survey, "agency")
        secret |= _holding(people, asked.agency.pk, sight.k)
    name = narrowed(asked)
    if name == "question":
        secret |= _holding({"": _groups(survey, asked)}, asked.code, sight.k)
    elif name is not None:
        within = Wanted(agency=asked.agency.pk if asked.agency else None)
        part = False if name == "with_flagged" else getattr(asked, name)
        people = results.people_by(survey, _COLUMNS[name], within)
        secret |= _holding(people, part, sight.k)
    return secret


def _holding(people: dict[str, dict[object, int]], part: object, k: int) -> set[str]:
    return {scope for scope, parts in people.items() if part in hidden(parts, k)}


def _groups(survey: Survey, asked: Filter) -> dict[object, int]:
    """People of each group, those who did not say among them."""
    within = Wanted(agency=asked.agency.pk if asked.agency else None)
    rows = Response.objects.filter(
        within.among(), survey=survey, status=ResponseStatus.VALID, rated__gt=0
    )
    path = f"answers__{asked.question.code}"
    made: dict[object, int] = {asked.code: 0}
    for code, n in rows.values_list(path).annotate(n=Count("pk")).order_by(path):
        made[code] = made.get(code, 0) + n
    return made
