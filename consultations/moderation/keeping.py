"""The moderation log and the earlier forms of opinions only grow: the database refuses the rest.

Apart from `keeping`: its tables stood before these.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = {
    "decision": "consultations_decision",
    "revision": "consultations_opinionrevision",
    "reply": "consultations_reply",
}
WHY = "what was decided or said is neither changed nor deleted"


def freeze(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table in TABLES.items():
        for event in ("UPDATE", "DELETE"):
            trigger = f"consultations_{name}_no_{event.lower()}"
            made = _postgresql if is_postgresql else _sqlite
            schema_editor.execute(made(trigger, table, event), params=None)


def thaw(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, table in TABLES.items():
        for event in ("update", "delete"):
            trigger = f"consultations_{name}_no_{event}"
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger} ON {table}")
                schema_editor.execute(f"DROP FUNCTION IF EXISTS {trigger}()")
            else:
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger}")


def _postgresql(trigger: str, table: str, event: str) -> str:
    return f"""
CREATE FUNCTION {trigger}() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION '{WHY}' USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}();
"""


def _sqlite(trigger: str, table: str, event: str) -> str:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
    return f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} {refusal}"
