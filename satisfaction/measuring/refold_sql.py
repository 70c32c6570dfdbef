"""Folding all responses of a version anew inside PostgreSQL: no response is read out.

The answers become columns of a work table; each question is one grouping of it, each scope
of the index another. Whether a question was shown depends on the answers that conditions
ask for: their combinations are few, so each is walked once in Python and the rows told.

Only what differs from the stored tallies is written: folding anew what is right costs no
writing at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from .. import conditions
from ..models import ResponseStatus, SurveyVersion
from ..paths import shown
from ..questionnaires import ONE_CODE, Kind, Question, Questionnaire, read
from ..tallies import ANSWERED, NOT_SHOWN, SKIPPED
from .columns import column, rows

_BETWEEN = "\x1f"  # between the answers of a combination
_PLACE = ("version_id", "agency_id", "period", "channel", "is_flagged")
_SUMS = ("n", "sy", "sx", "syy", "sxy", "sxx")
_SHOWN = 50  # differences told of each kind
# A temporary table each: work, combinations, fresh cells, tallies and moments.
_TABLES = ("fold_work", "fold_path", "fold_cell", "fold_tally", "fold_moment")


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
        _bring_in("satisfaction_tally", "fold_tally", ("question", "code"), ("n",), version)
        _bring_in("satisfaction_indexmoment", "fold_moment", ("scope",), _SUMS, version)


@transaction.atomic
def differences(version: SurveyVersion) -> list[str]:
    """Where tallies and responses disagree; empty when all is well."""
    with _folded(version, makes_cells=False):
        return [
            *_differences_of_cells(version),
            *_differences(
                "satisfaction_tally", "fold_tally", ("question", "code"), ("n",), version
            ),
            *_differences("satisfaction_indexmoment", "fold_moment", ("scope",), _SUMS, version),
        ]


@contextmanager
def _folded(version: SurveyVersion, *, makes_cells: bool) -> Iterator[None]:
    """Fresh counts in temporary tables, while nobody else counts."""
    questionnaire = read(version.definition)
    # Writers of responses come to the cells before they commit: they wait, readers do not.
    _run("LOCK TABLE satisfaction_cell IN SHARE ROW EXCLUSIVE MODE")
    _run("SET LOCAL work_mem = '128MB'")
    _fold_cells(version, makes_cells=makes_cells)
    key, paths = _lay_paths(version, questionnaire)
    _lay_work(version, questionnaire, key)
    _fold_tallies(questionnaire, paths)
    _fold_moments(questionnaire)
    yield
    _run(f"DROP TABLE {', '.join(_TABLES)}")


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


def _lay_paths(
    version: SurveyVersion, questionnaire: Questionnaire
) -> tuple[str, list[frozenset[str]]]:
    """Each combination of the answers that conditions ask for, with the questions then shown.

    Returns the key of a response's combination in SQL ("" where nothing is conditional), and
    the paths by number.
    """
    asked = sorted(_controlling(questionnaire))
    _run("CREATE TEMP TABLE fold_path (key text, path integer) ON COMMIT DROP")
    if not asked:
        return "", [frozenset(questionnaire.counted)]
    pieces = [f"COALESCE((r.answers -> '{_checked(code)}')::text, '')" for code in asked]
    key = f" || '{_BETWEEN}' || ".join(pieces)
    found = rows(
        f"SELECT DISTINCT {key} FROM satisfaction_response r "  # noqa: S608
        "WHERE r.version_id = %s AND r.status = %s",
        [version.pk, ResponseStatus.VALID],
    )
    numbers: dict[frozenset[str], int] = {}
    numbered = []
    for (combination,) in found:
        pairs = zip(asked, combination.split(_BETWEEN), strict=True)
        answers = {code: json.loads(text) for code, text in pairs if text}
        path = frozenset(shown(questionnaire, answers).counted)
        numbered.append((combination, numbers.setdefault(path, len(numbers))))
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO fold_path VALUES (%s, %s)", numbered)
    return key, list(numbers)


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


def _lay_work(version: SurveyVersion, questionnaire: Questionnaire, key: str) -> None:
    """A row a valid response: its cell, its path, an answer a column."""
    names = questionnaire.counted
    record = ", ".join(f"{column(code)} {_type(question)}" for code, question in names.items())
    chosen = "".join(f", a.{column(code)}" for code in names)
    same = " AND ".join(f"c.{name} = r.{name}" for name in _PLACE)
    _run(
        "CREATE TEMP TABLE fold_work ON COMMIT DROP AS "  # noqa: S608
        f"SELECT c.id AS cell, {'p.path' if key else '0'} AS path{chosen} "
        f"FROM satisfaction_response r JOIN satisfaction_cell c ON {same} "
        f"{f'JOIN fold_path p ON p.key = {key}' if key else ''} "
        f"CROSS JOIN LATERAL jsonb_to_record(r.answers) AS a({record}) "
        "WHERE r.version_id = %s AND r.status = %s",
        [version.pk, ResponseStatus.VALID],
    )
    _run("ANALYZE fold_work (cell)")


def _type(question: Question) -> str:
    if question.type in ONE_CODE:
        return "smallint"
    return "jsonb" if question.type in (Kind.MULTIPLE, Kind.RANKING) else "text"


def _fold_tallies(questionnaire: Questionnaire, paths: list[frozenset[str]]) -> None:
    """What `tallies.codes_of` says, a question at a time."""
    _run(
        "CREATE TEMP TABLE fold_tally "
        "(cell_id bigint, question varchar(20), code smallint, n integer) ON COMMIT DROP"
    )
    for code, question in questionnaire.counted.items():
        on = [str(number) for number, path in enumerate(paths) if code in path]
        is_asked = "TRUE" if len(on) == len(paths) else f"path IN ({', '.join(on) or '-1'})"
        name = column(code)
        _run(
            "INSERT INTO fold_tally SELECT cell, %s, code, COUNT(*) FROM ("  # noqa: S608
            f"SELECT cell, (CASE WHEN NOT {is_asked} THEN {NOT_SHOWN} "
            f"WHEN {name} IS NULL THEN {SKIPPED} ELSE {_first(question, name)} END)::smallint "
            "AS code FROM fold_work) q GROUP BY cell, code",
            [code],
        )
        if question.type is Kind.MULTIPLE:
            _fold_others(question, name, is_asked)


def _first(question: Question, name: str) -> str:
    """The one row that tells an answer from none: see `tallies`."""
    if question.type in ONE_CODE:
        return name
    if question.type is Kind.RANKING:
        return f"({name} ->> 0)::smallint"
    if question.type is Kind.MULTIPLE:
        silent = [str(c.code) for c in question.choices if c.is_no_answer]
        return (
            f"CASE WHEN ({name} ->> 0) IN ({', '.join(map(repr, silent)) or 'NULL'}) "
            f"THEN ({name} ->> 0)::smallint ELSE {ANSWERED} END"
        )
    return str(ANSWERED)


def _fold_others(question: Question, name: str, is_asked: str) -> None:
    """Each code chosen, beside who answered; codes that are no answer stand already."""
    silent = ", ".join(str(c.code) for c in question.choices if c.is_no_answer)
    _run(
        "INSERT INTO fold_tally SELECT cell, %s, chosen::smallint, COUNT(*) "  # noqa: S608
        f"FROM fold_work CROSS JOIN LATERAL jsonb_array_elements_text({name}) chosen "
        f"WHERE {is_asked} {f'AND chosen::smallint NOT IN ({silent})' if silent else ''} "
        "GROUP BY cell, chosen",
        [question.code],
    )


def _fold_moments(questionnaire: Questionnaire) -> None:
    _run(
        "CREATE TEMP TABLE fold_moment (cell_id bigint, scope varchar(20), n integer, "
        "sy integer, sx integer, syy integer, sxy integer, sxx integer) ON COMMIT DROP"
    )
    for scope, items in questionnaire.scopes().items():
        known = [questionnaire.counted[item] for item in items if item in questionnaire.counted]
        if not known:
            continue
        levels = {
            question.code: {c.code for c in question.choices if not c.is_no_answer}
            for question in known
        }
        satisfied = questionnaire.index.satisfied
        y = _how_many({code: found & satisfied for code, found in levels.items()})
        _run(
            "INSERT INTO fold_moment SELECT cell, %s, COUNT(*), SUM(y), SUM(x), SUM(y * y), "  # noqa: S608
            f"SUM(x * y), SUM(x * x) FROM (SELECT cell, {y} AS y, {_how_many(levels)} AS x "
            "FROM fold_work OFFSET 0) q WHERE x > 0 GROUP BY cell",
            [scope],
        )


def _how_many(levels: dict[str, set[int] | frozenset[int]]) -> str:
    return " + ".join(
        f"CASE WHEN {column(code)} IN ({', '.join(map(str, sorted(found)))}) THEN 1 ELSE 0 END"
        if found
        else "0"
        for code, found in levels.items()
    )


def _bring_in(
    table: str, fresh: str, names: tuple[str, ...], sums: tuple[str, ...], version: SurveyVersion
) -> None:
    """Write what differs, and take away what nobody is counted in."""
    same = " AND ".join(f"f.{name} = t.{name}" for name in ("cell_id", *names))
    columns = ", ".join(("cell_id", *names, *sums))
    chosen = ", ".join(f"f.{name}" for name in ("cell_id", *names, *sums))
    changed = " OR ".join(f"t.{name} IS DISTINCT FROM f.{name}" for name in sums)
    _run(
        f"DELETE FROM {table} t USING satisfaction_cell c WHERE c.id = t.cell_id "  # noqa: S608
        f"AND c.version_id = %s AND NOT EXISTS (SELECT 1 FROM {fresh} f WHERE {same})",
        [version.pk],
    )
    _run(
        f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM {fresh} f "  # noqa: S608
        f"LEFT JOIN {table} t ON {same} WHERE {changed} ORDER BY f.cell_id "
        f"ON CONFLICT ({', '.join(('cell_id', *names))}) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in sums)
    )


def _differences_of_cells(version: SurveyVersion) -> list[str]:
    found = rows(
        "SELECT agency_id, period, channel, is_flagged, COALESCE(c.n, 0), COALESCE(f.n, 0) "
        "FROM (SELECT * FROM satisfaction_cell WHERE version_id = %s) c "
        "FULL JOIN fold_cell f USING (version_id, agency_id, period, channel, is_flagged) "
        "WHERE COALESCE(c.n, 0) <> COALESCE(f.n, 0) ORDER BY 1, 2, 3, 4 LIMIT %s",
        [version.pk, _SHOWN],
    )
    return [f"{place}: stored {there}, recomputed {here}" for *place, there, here in found]


def _differences(
    table: str, fresh: str, names: tuple[str, ...], sums: tuple[str, ...], version: SurveyVersion
) -> list[str]:
    keys = ", ".join(("cell_id", *names))
    unlike = " OR ".join(f"COALESCE(t.{name}, 0) <> COALESCE(f.{name}, 0)" for name in sums)
    sides = [", ".join(f"COALESCE({side}.{name}, 0)" for name in sums) for side in ("t", "f")]
    found = rows(
        f"SELECT {keys}, ARRAY[{sides[0]}], ARRAY[{sides[1]}] FROM (SELECT t.* FROM {table} t "  # noqa: S608
        "JOIN satisfaction_cell c ON c.id = t.cell_id WHERE c.version_id = %s) t "
        f"FULL JOIN {fresh} f USING ({keys}) WHERE {unlike} ORDER BY {keys} LIMIT %s",
        [version.pk, _SHOWN],
    )
    return [
        f"cell {' '.join(map(str, key))}: stored {there}, recomputed {here}"
        for *key, there, here in found
    ]
