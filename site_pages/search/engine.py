"""Full-text conditions on search entries, for PostgreSQL and for SQLite's FTS5.

A query is a list of terms that must all be there; a term is a list of alternatives;
an alternative is a phrase, one word or more. Words come from words.py: letters and
digits only, so nothing typed can be an operator.
"""

from __future__ import annotations

from enum import Enum

from django.db import connection
from django.db.models import BooleanField, F, Func

TABLE = "site_pages_searchentry"
WORDS = "site_pages_searchwords"

Phrase = tuple[str, ...]
Query = list[list[Phrase]]


class Where(Enum):
    """Which words are asked: (weights on PostgreSQL, columns on SQLite)."""

    TITLE_ACCENTED = ("A", "ta")
    ACCENTED = ("AB", "ta ba")
    TITLE_FOLDED = ("C", "tf")
    # Every accented word has its folded twin, so this holds whatever the others hold.
    FOLDED = ("", "tf bf")


class Holds(Func):
    """True for entries that hold a query there. Never make it of an empty query."""

    def __init__(self, query: Query, where: Where) -> None:
        super().__init__(F("id"), output_field=BooleanField())
        self.weights, self.columns = where.value
        self.asked = query

    def as_postgresql(self, compiler, connection, **context):
        identity, _params = compiler.compile(self.source_expressions[0])
        # The column stands beside the id, under whatever name the table has in this query.
        column = identity.removesuffix('"id"') + '"words"'
        return f"{column} @@ to_tsquery('simple', %s)", [_tsquery(self.asked, self.weights)]

    def as_sqlite(self, compiler, connection, **context):
        identity, _params = compiler.compile(self.source_expressions[0])
        sql = f"{identity} IN (SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s)"  # noqa: S608
        return sql, [f"{{{self.columns}}} : ({_fts5(self.asked)})"]


def _tsquery(query: Query, weights: str) -> str:
    suffix = f":{weights}" if weights else ""
    return " & ".join(
        "("
        + " | ".join("(" + " <-> ".join(w + suffix for w in words) + ")" for words in term)
        + ")"
        for term in query
    )


def _fts5(query: Query) -> str:
    terms = (" OR ".join('"' + " ".join(words) + '"' for words in term) for term in query)
    return " AND ".join(f"({term})" for term in terms)


# Between title and text: a phrase does not begin in one and end in the other.
_GAP = "khoangcach0khoangcach "


def store(entry_id: int, titles: tuple[str, str], bodies: tuple[str, str]) -> None:
    """Write an entry's words: each pair is (accented, folded), words parted by spaces."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            parts = " || ".join(
                f"setweight(to_tsvector('simple', %s), '{weight}')" for weight in "ABCD"
            )
            cursor.execute(
                f'UPDATE "{TABLE}" SET words = {parts} WHERE id = %s',  # noqa: S608
                [
                    titles[0],
                    _GAP + bodies[0],
                    _GAP + titles[1],
                    _GAP + bodies[1],
                    entry_id,
                ],
            )
            return
        forget(entry_id)
        cursor.execute(
            f"INSERT INTO {WORDS} (rowid, ta, ba, tf, bf) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608
            [entry_id, titles[0], bodies[0], titles[1], bodies[1]],
        )


def forget(entry_id: int) -> None:
    """Drop an entry's words where they do not go with the row itself."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {WORDS} WHERE rowid = %s", [entry_id])  # noqa: S608
