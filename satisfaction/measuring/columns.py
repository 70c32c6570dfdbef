"""Answers as columns of a derived table, so that the database adds them up.

Codes and names are ours and checked; every value is bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing

from django.db import connection

from ..models import ResponseStatus, Survey
from ..results import ALL, Wanted
from ..versions import pooled

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,13}")
# A person's row beside the answers.
_PLACE = ("version_id", "agency_id", "period", "channel", "is_flagged")


def column(code: str) -> str:
    """The quoted column of a question's answer."""
    if not _CODE.fullmatch(code):
        raise ValueError(f"no code of a question: {code!r}")
    return f'"{code}"'


def answers(survey: Survey, codes: Iterable[str], wanted: Wanted = ALL) -> tuple[str, list]:
    """A derived table of valid responses: place and the codes answered, null where none.

    The questions must be of one code (scale, single, rating).
    """
    return table_of(list(pooled(survey).values_list("pk", flat=True)), codes, wanted)


def table_of(
    version_ids: Sequence[int], codes: Iterable[str], wanted: Wanted = ALL
) -> tuple[str, list]:
    names = list(dict.fromkeys(codes))
    marks = ", ".join(["%s"] * len(version_ids)) or "NULL"
    conditions, params = [f"r.version_id IN ({marks})", "r.status = %s"], [*version_ids]
    params.append(ResponseStatus.VALID)
    for name in ("agency", "period", "channel"):
        if (asked := getattr(wanted, name)) is not None:
            conditions.append(f"r.{name}{'_id' * (name == 'agency')} = %s")
            params.append(asked)
    if not wanted.with_flagged:
        conditions.append("NOT r.is_flagged")
    place = ", ".join(f"r.{name}" for name in _PLACE)
    where = " AND ".join(conditions)
    if is_postgresql():
        # One walk over the JSON gives all columns; the offset keeps it from being repeated.
        record = ", ".join(f"{column(name)} integer" for name in names)
        joined = f"CROSS JOIN LATERAL jsonb_to_record(r.answers) AS a({record})" if names else ""
        chosen = "".join(f", a.{column(name)}" for name in names)
        end = "OFFSET 0"
    else:
        joined = ""
        chosen = "".join(
            f", json_extract(r.answers, '$.{name}') AS {column(name)}" for name in names
        )
        end = "LIMIT -1 OFFSET 0"
    return (
        f"(SELECT {place}{chosen} FROM satisfaction_response r {joined} "  # noqa: S608
        f"WHERE {where} {end})",
        params,
    )


def rows(sql: str, params: Sequence[object]) -> list[tuple]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def among(code: str, levels: Iterable[int]) -> str:
    """The condition that one of these levels was chosen."""
    listed = ", ".join(str(int(level)) for level in sorted(levels))
    return f"t.{column(code)} IN ({listed})" if listed else "1 = 0"


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def barrier() -> str:
    """Keeps PostgreSQL from computing an inner column again wherever it is used."""
    return "OFFSET 0" if is_postgresql() else ""


# Σ of a scope's five products, # being its number.
TERMS = ("y#", "x#", "y# * q.y#", "x# * q.y#", "x# * q.x#")


def tally(items: Mapping[str, object], levels: str) -> str:
    """How many of these items were answered at their `levels` ("satisfied" or "rated")."""
    return " + ".join(
        f"CASE WHEN {among(code, getattr(item, levels))} THEN 1 ELSE 0 END"
        for code, item in items.items()
    )
