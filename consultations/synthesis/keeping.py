"""Published answers are kept by the database itself: neither changed nor deleted.

Only the files of a publication are added later, once the queue has made them.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PUBLICATION, ROW, PLACE = (
    "consultations_publication",
    "consultations_publishedrow",
    "consultations_publishedplace",
)
FROZEN = [
    "id",
    "consultation_id",
    "number",
    "change_note",
    "document_number",
    "final_text_id",
    "counts",
    "sha256",
    "published_by_id",
    "published_at",
]
WHY = "published answers never change"


def _refusals(differs: str, cast: str) -> Iterator[tuple[str, str, str, str]]:
    """(trigger, table, event, when it refuses)"""
    changed = " OR ".join(f"OLD.{name}{cast} {differs} NEW.{name}{cast}" for name in FROZEN)
    yield "answers_no_update", PUBLICATION, "UPDATE", changed
    yield "answers_no_delete", PUBLICATION, "DELETE", ""
    for word, table in (("answer_row", ROW), ("answer_place", PLACE)):
        yield f"{word}_no_update", table, "UPDATE", ""
        yield f"{word}_no_delete", table, "DELETE", ""


def _postgresql() -> Iterator[str]:
    for name, table, event, when in _refusals("IS DISTINCT FROM", "::text"):
        yield f"""
CREATE FUNCTION consultations_{name}() RETURNS trigger AS $$
BEGIN
  IF {when or "TRUE"} THEN RAISE EXCEPTION '{WHY}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN {"OLD" if event == "DELETE" else "NEW"};
END $$ LANGUAGE plpgsql;
CREATE TRIGGER consultations_{name} BEFORE {event} ON {table}
  FOR EACH ROW EXECUTE FUNCTION consultations_{name}();
"""


def _sqlite() -> Iterator[str]:
    for name, table, event, when in _refusals("IS NOT", ""):
        yield f"""CREATE TRIGGER consultations_{name} BEFORE {event} ON {table}
        {f"WHEN {when}" if when else ""} BEGIN SELECT RAISE(ABORT, '{WHY}'); END"""


def freeze(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in _postgresql() if is_postgresql else _sqlite():
        schema_editor.execute(statement, params=None)


def thaw(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, table, _event, _when in _refusals("IS NOT", ""):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS consultations_{name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS consultations_{name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS consultations_{name}")
