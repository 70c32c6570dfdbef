"""Folding all responses of a version anew inside PostgreSQL: no response is read out.

The answers are walked once: a row a cell, in it a column for each code of each question and
for each sum of the index, which both cores of a small server count together. Those rows are
turned into tallies and moments, and only what differs from the stored ones is written.

Whether a question was shown depends on the answers that conditions ask for: their
combinations are few, so each is walked once in Python and the database told.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from .. import conditions
from ..models import ResponseStatus, SurveyVersion
from ..paths import shown
from ..questionnaires import ONE_CODE, Kind, Question, Questionnaire, read
from ..tallies import ANSWERED, NOT_SHOWN, SKIPPED
from .columns import column, rows

_BETWEEN = "\x1f"  # between the answers of a combination
_PLACE = ("version_id", "agency_id", "period", "channel", "is_flagged")
_ALWAYS = "TRUE"
_TOLD = 50  # differences told of each kind
_WIDEST = 600  # a row of PostgreSQL holds 8 KB: a thousand counts


@dataclass(frozen=True)
class _Kept:
    """A table of counts: where they are stored, kept apart by what, counting what."""

    table: str
    fresh: str
    changed: str
    keys: tuple[str, ...]
    sums: tuple[str, ...]


_TALLIES = _Kept(
    "satisfaction_tally",
    "fold_tally",
    "fold_tally_changed",
    ("cell_id", "question", "code"),
    ("n",),
)
_MOMENTS = _Kept(
    "satisfaction_indexmoment",
    "fold_moment",
    "fold_moment_changed",
    ("cell_id", "scope"),
    ("n", "sy", "sx", "syy", "sxy", "sxx"),
)
# What a person adds to each sum; # is the scope's number. No question's code begins with "_".
_TERMS = (
    "COUNT(*) FILTER (WHERE _x# > 0)",
    "SUM(_y#)",
    "SUM(_x#)",
    "SUM(_y# * _y#)",
    "SUM(_x# * _y#)",
    "SUM(_x# * _x#)",
)


@transaction.atomic
def refold(version: SurveyVersion) -> None:
    """Make the tallies of a version what its responses say."""
    with _folded(version, makes_cells=True):
        _run(
            "UPDATE satisfaction_cell c SET n = COALESCE(f.n, 0) FROM satisfaction_cell k "
            "LEFT JOIN fold_cell f USING (version_id, agency_id, period, channel, is_flagged) "
            "WHERE k.id = c.id AND c.version_id = %s AND c.n <> COALESCE(f.n, 0)",
            [version.pk],
        )
        _bring_in(_TALLIES)
        _bring_in(_MOMENTS)


@transaction.atomic
def differences(version: SurveyVersion) -> list[str]:
    """Where tallies and responses disagree; empty when all is well."""
    with _folded(version, makes_cells=False):
        return [*_differences_of_cells(version), *_differences(_TALLIES), *_differences(_MOMENTS)]


@contextmanager
def _folded(version: SurveyVersion, *, makes_cells: bool) -> Iterator[None]:
    """Fresh counts in temporary tables, and what of them differs, while nobody else counts."""
    questionnaire = read(version.definition)
    # Writers of responses come to the cells before they commit: they wait, readers do not.
    _run("LOCK TABLE satisfaction_cell IN SHARE ROW EXCLUSIVE MODE")
    _run("SET LOCAL work_mem = '128MB'")
    _fold_cells(version, makes_cells=makes_cells)
    source = _source(version, questionnaire)
    _fold(questionnaire, source)
    for kept in (_TALLIES, _MOMENTS):
        _compare(kept, version)
    yield
    made = [
        "fold_cell",
        *(name for kept in (_TALLIES, _MOMENTS) for name in (kept.fresh, kept.changed)),
    ]
    _run(f"DROP TABLE {', '.join(made)}")


def _run(sql: str, params: list | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)


def _fold_cells(version: SurveyVersion, *, makes_cells: bool) -> None:
    keys = ", ".join(_PLACE)
    _run(
        f"CREATE TEMP TABLE fold_cell ON COMMIT DROP AS SELECT {keys}, COUNT(*)::integer AS n "  # noqa: S608
        f"FROM satisfaction_response WHERE version_id = %s AND status = %s GROUP BY {keys}",
        [version.pk, ResponseStatus.VALID],
    )
    if makes_cells:
        _run(
            f"INSERT INTO satisfaction_cell ({keys}, n) SELECT {keys}, n FROM fold_cell "  # noqa: S608
            f"ORDER BY {keys} ON CONFLICT DO NOTHING"
        )


@dataclass(frozen=True)
class _Source:
    """Valid responses with their cell, path and answers as columns, to select from.

    It reads no temporary table: PostgreSQL walks those with one process only.
    """

    sql: str
    params: list
    paths: list[frozenset[str]]

    def is_asked(self, code: str) -> str:
        """The condition that this question was shown."""
        on = [str(number) for number, path in enumerate(self.paths) if code in path]
        if len(on) == len(self.paths):
            return _ALWAYS
        return f"_path IN ({', '.join(on)})" if on else "FALSE"


def _source(version: SurveyVersion, questionnaire: Questionnaire) -> _Source:
    names = questionnaire.counted
    record = ", ".join(f"{column(code)} {_type(question)}" for code, question in names.items())
    same = " AND ".join(f"c.{name} = r.{name}" for name in _PLACE)
    path, joined, params, paths = _paths(version, questionnaire)
    return _Source(
        f"SELECT c.id AS _cell, {path} AS _path, a.* FROM satisfaction_response r "  # noqa: S608
        f"JOIN satisfaction_cell c ON {same} {joined} "
        f"CROSS JOIN LATERAL jsonb_to_record(r.answers) AS a({record}) "
        "WHERE r.version_id = %s AND r.status = %s",
        [*params, version.pk, ResponseStatus.VALID],
        paths,
    )


def _paths(
    version: SurveyVersion, questionnaire: Questionnaire
) -> tuple[str, str, list, list[frozenset[str]]]:
    """Each combination of the answers that conditions ask for, with the questions then shown.

    Returns the number of a response's path in SQL, the join that gives it with its values,
    and the paths by number.
    """
    asked = sorted(_controlling(questionnaire))
    if not asked:
        return "0", "", [], [frozenset(questionnaire.counted)]
    pieces = [f"COALESCE((r.answers -> '{_checked(code)}')::text, '')" for code in asked]
    key = f" || '{_BETWEEN}' || ".join(pieces)
    found = rows(
        f"SELECT DISTINCT {key} FROM satisfaction_response r "  # noqa: S608
        "WHERE r.version_id = %s AND r.status = %s",
        [version.pk, ResponseStatus.VALID],
    )
    numbers: dict[frozenset[str], int] = {}
    params: list = []
    for (combination,) in found:
        pairs = zip(asked, combination.split(_BETWEEN), strict=True)
        answers = {code: json.loads(text) for code, text in pairs if text}
        path = frozenset(shown(questionnaire, answers).counted)
        params += [combination, numbers.setdefault(path, len(numbers))]
    marks = ", ".join(["(%s, %s)"] * len(found)) or "(NULL, 0)"
    return (
        "p.path",
        f"JOIN (VALUES {marks}) AS p(key, path) ON p.key = {key}",
        params,
        list(numbers),
    )


def _checked(code: str) -> str:
    return column(code).strip('"')


def _controlling(questionnaire: Questionnaire) -> set[str]:
    parts = (*questionnaire.sections, *questionnaire.questions())
    return {
        code
        for part in parts
        if part.show_if is not None
        for code in conditions.questions(part.show_if)
        if code in questionnaire.counted
    }


def _type(question: Question) -> str:
    if question.type in ONE_CODE:
        return "smallint"
    return "jsonb" if question.type in (Kind.MULTIPLE, Kind.RANKING) else "text"


def _fold(questionnaire: Questionnaire, source: _Source) -> None:
    _run(
        "CREATE TEMP TABLE fold_tally "
        "(cell_id bigint, question varchar(20), code smallint, n integer) ON COMMIT DROP"
    )
    _run(
        "CREATE TEMP TABLE fold_moment (cell_id bigint, scope varchar(20), n integer, "
        "sy integer, sx integer, syy integer, sxy integer, sxx integer) ON COMMIT DROP"
    )
    wanted = [
        (name, code, condition)
        for name, question in questionnaire.counted.items()
        for code, condition in _counted_when(question, source.is_asked(name))
    ]
    scopes = _scopes(questionnaire)
    for start in range(0, len(wanted), _WIDEST):
        # The sums ride with the first codes: the answers are walked once.
        _fold_part(source, wanted[start : start + _WIDEST], {} if start else scopes)


def _fold_part(
    source: _Source,
    wanted: Sequence[tuple[str, int, str]],
    scopes: Mapping[str, tuple[str, str]],
) -> None:
    pairs = "".join(f", {y} AS _y{at}, {x} AS _x{at}" for at, (y, x) in enumerate(scopes.values()))
    counts = [f"COUNT(*) FILTER (WHERE {condition})" for _name, _code, condition in wanted]
    sums = [term.replace("#", str(at)) for at in range(len(scopes)) for term in _TERMS]
    columns = "".join(f", {sql} AS w{at}" for at, sql in enumerate((*counts, *sums)))
    _run(
        f"CREATE TEMP TABLE fold_wide ON COMMIT DROP AS SELECT _cell AS cell{columns} "  # noqa: S608
        # The offset keeps a person's sums from being computed again wherever they are used.
        f"FROM (SELECT s.*{pairs} FROM ({source.sql}) s OFFSET 0) q GROUP BY _cell",
        source.params,
    )
    codes = ", ".join(f"('{name}', {code}, w{at})" for at, (name, code, _c) in enumerate(wanted))
    _run(
        "INSERT INTO fold_tally SELECT cell, v.* FROM fold_wide "  # noqa: S608
        f"CROSS JOIN LATERAL (VALUES {codes}) AS v(question, code, n) WHERE v.n > 0"
    )
    if scopes:
        width = len(_TERMS)
        told = ", ".join(
            f"('{scope}', {', '.join(f'w{at + number}' for number in range(width))})"
            for at, scope in zip(itertools.count(len(counts), width), scopes, strict=False)
        )
        _run(
            "INSERT INTO fold_moment SELECT cell, v.* FROM fold_wide "  # noqa: S608
            f"CROSS JOIN LATERAL (VALUES {told}) AS v(scope, {', '.join(_MOMENTS.sums)}) "
            "WHERE v.n > 0"
        )
    _run("DROP TABLE fold_wide")


def _counted_when(question: Question, is_asked: str) -> Iterator[tuple[int, str]]:
    """The rows of a question, each with the condition in SQL of being counted in it."""
    yield from (
        (code, f"{is_asked} AND {condition}")
        for code, condition in ((SKIPPED, f"{column(question.code)} IS NULL"), *_given(question))
    )
    if is_asked != _ALWAYS:
        yield NOT_SHOWN, f"NOT {is_asked}"


def _given(question: Question) -> Iterator[tuple[int, str]]:
    """What `tallies.codes_of` says of an answer that was given."""
    name = column(question.code)
    if question.type is Kind.MULTIPLE:
        silent = ", ".join(f"'{c.code}'" for c in question.choices if c.is_no_answer) or "''"
        yield ANSWERED, f"{name} ->> 0 NOT IN ({silent})"
    elif question.type not in ONE_CODE and question.type is not Kind.RANKING:
        yield ANSWERED, f"{name} IS NOT NULL"
    chosen = {Kind.MULTIPLE: "{} @> '{}'", Kind.RANKING: "{} ->> 0 = '{}'"}
    form = chosen.get(question.type, "{} = {}")
    yield from ((choice.code, form.format(name, choice.code)) for choice in question.choices)


def _scopes(questionnaire: Questionnaire) -> dict[str, tuple[str, str]]:
    """By scope what a person adds in SQL: y satisfied answers among x rated ones."""
    found = {}
    for scope, items in questionnaire.scopes().items():
        levels = {
            item: {c.code for c in questionnaire.counted[item].choices if not c.is_no_answer}
            for item in items
            if item in questionnaire.counted
        }
        satisfied = {item: of & questionnaire.index.satisfied for item, of in levels.items()}
        if levels:
            found[scope and _checked(scope)] = (_how_many(satisfied), _how_many(levels))
    return found


def _how_many(levels: Mapping[str, set[int]]) -> str:
    return " + ".join(
        f"CASE WHEN {column(code)} IN ({', '.join(map(str, sorted(found)))}) THEN 1 ELSE 0 END"
        if found
        else "0"
        for code, found in levels.items()
    )


def _compare(kept: _Kept, version: SurveyVersion) -> None:
    """Rows that are not as they should be: stored beside fresh, null where there is none."""
    keys = ", ".join(kept.keys)
    sides = "".join(f", t.{name} AS was_{name}, f.{name}" for name in kept.sums)
    unlike = " OR ".join(f"t.{name} IS DISTINCT FROM f.{name}" for name in kept.sums)
    _run(
        f"CREATE TEMP TABLE {kept.changed} ON COMMIT DROP AS "  # noqa: S608
        f"SELECT {keys}{sides} FROM (SELECT t.* FROM {kept.table} t "
        "JOIN satisfaction_cell c ON c.id = t.cell_id WHERE c.version_id = %s) t "
        f"FULL JOIN {kept.fresh} f USING ({keys}) WHERE {unlike}",
        [version.pk],
    )


def _bring_in(kept: _Kept) -> None:
    """Write what differs, and take away what nobody is counted in.

    Nobody else writes while this does, so that what is new needs no look for a conflict.
    """
    first = kept.sums[0]
    same = " AND ".join(f"t.{name} = d.{name}" for name in kept.keys)
    columns = ", ".join((*kept.keys, *kept.sums))
    _run(f"DELETE FROM {kept.table} t USING {kept.changed} d WHERE {same} AND d.{first} IS NULL")  # noqa: S608
    _run(
        f"UPDATE {kept.table} t SET {', '.join(f'{name} = d.{name}' for name in kept.sums)} "  # noqa: S608
        f"FROM {kept.changed} d WHERE {same} "
        f"AND d.{first} IS NOT NULL AND d.was_{first} IS NOT NULL"
    )
    _run(
        f"INSERT INTO {kept.table} ({columns}) SELECT {columns} FROM {kept.changed} "  # noqa: S608
        f"WHERE was_{first} IS NULL ORDER BY cell_id"
    )


def _differences_of_cells(version: SurveyVersion) -> list[str]:
    found = rows(
        "SELECT agency_id, period, channel, is_flagged, COALESCE(c.n, 0), COALESCE(f.n, 0) "
        "FROM (SELECT * FROM satisfaction_cell WHERE version_id = %s) c "
        "FULL JOIN fold_cell f USING (version_id, agency_id, period, channel, is_flagged) "
        "WHERE COALESCE(c.n, 0) <> COALESCE(f.n, 0) ORDER BY 1, 2, 3, 4 LIMIT %s",
        [version.pk, _TOLD],
    )
    return [f"{place}: stored {there}, recomputed {here}" for *place, there, here in found]


def _differences(kept: _Kept) -> list[str]:
    """Rows that came down to nobody are as good as none."""
    keys = ", ".join(kept.keys)
    stored, fresh = (
        ", ".join(f"COALESCE({side}{name}, 0)" for name in kept.sums) for side in ("was_", "")
    )
    found = rows(
        f"SELECT {keys}, ARRAY[{stored}], ARRAY[{fresh}] FROM {kept.changed} "  # noqa: S608
        f"WHERE ROW({stored}) <> ROW({fresh}) ORDER BY {keys} LIMIT %s",
        [_TOLD],
    )
    return [
        f"cell {' '.join(map(str, key))}: stored {there}, recomputed {here}"
        for *key, there, here in found
    ]
