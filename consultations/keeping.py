"""What the public relied on is kept by the database itself, whatever program writes to it.

- a record of the window is neither changed nor deleted;
- an opinion keeps what it is about, its moment and its receipt, and is never deleted;
- the first opinion locks its version of the text, whose provisions then stay as they are;
- a published version is never deleted.

SQLite makes a table anew to change it, which drops its triggers: a migration that changes
one of these tables begins with RunPython(thaw, freeze) and ends with RunPython(freeze, thaw).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TEXT, PROVISION, OPINION = (
    "consultations_drafttext",
    "consultations_provision",
    "consultations_opinion",
)
RECORD, ATTACHMENT = "consultations_windowrecord", "consultations_attachment"
FROZEN_OPINION = [
    "id",
    "consultation_id",
    "text_version_id",
    "provision_id",
    "provision_sha256",
    "quoted_text",
    "receipt_code",
    "token",
    "received_at",
]
FROZEN_TEXT = [
    "id",
    "consultation_id",
    "number",
    "state",
    "source",
    "source_sha256",
    "sha256",
    "published_at",
    "published_by_id",
    "locked_at",
]
_IS_LOCKED = "locked_at IS NOT NULL"
OLD_LOCKED, NEW_LOCKED = (
    f"EXISTS (SELECT 1 FROM {TEXT} WHERE id = {row}.text_version_id AND {_IS_LOCKED})"  # noqa: S608
    for row in ("OLD", "NEW")
)
STRAYS = (
    f"(NEW.text_version_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {TEXT} t"  # noqa: S608
    " WHERE t.id = NEW.text_version_id AND t.consultation_id = NEW.consultation_id))"
    f" OR (NEW.provision_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {PROVISION} p"
    " WHERE p.id = NEW.provision_id AND p.text_version_id = NEW.text_version_id))"
)
LOCK = (
    f"UPDATE {TEXT} SET locked_at = NEW.received_at"  # noqa: S608
    " WHERE id = NEW.text_version_id AND locked_at IS NULL"
)


def _changed(names: list[str], differs: str) -> str:
    return " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in names)


def _refusals(differs: str) -> list[tuple[str, str, str, str, str]]:
    """(trigger, table, event, when it refuses, why)"""
    locked, lost = "a text with opinions never changes", "what was published is not deleted"
    return [
        ("record_no_update", RECORD, "UPDATE", "", "a record of the window never changes"),
        ("record_no_delete", RECORD, "DELETE", "", "a record of the window never changes"),
        ("opinion_no_delete", OPINION, "DELETE", "", "an opinion is never deleted"),
        (
            "opinion_no_update",
            OPINION,
            "UPDATE",
            _changed(FROZEN_OPINION, differs),
            "what an opinion is about never changes",
        ),
        (
            "opinion_in_place",
            OPINION,
            "INSERT",
            STRAYS,
            "an opinion speaks of the text of its consultation",
        ),
        ("provision_no_insert", PROVISION, "INSERT", NEW_LOCKED, locked),
        ("provision_no_update", PROVISION, "UPDATE", f"{OLD_LOCKED} OR {NEW_LOCKED}", locked),
        ("provision_no_delete", PROVISION, "DELETE", OLD_LOCKED, locked),
        ("attachment_no_update", ATTACHMENT, "UPDATE", OLD_LOCKED, locked),
        ("attachment_no_delete", ATTACHMENT, "DELETE", OLD_LOCKED, locked),
        (
            "text_no_update",
            TEXT,
            "UPDATE",
            f"OLD.locked_at IS NOT NULL AND ({_changed(FROZEN_TEXT, differs)})",
            locked,
        ),
        ("text_no_delete", TEXT, "DELETE", "OLD.state = 'published'", lost),
    ]


def _postgresql() -> Iterator[str]:
    for name, table, event, when, why in _refusals("IS DISTINCT FROM"):
        # WHEN takes no subquery: the condition is asked inside the function.
        kept = "OLD" if event == "DELETE" else "NEW"
        yield f"""
CREATE FUNCTION consultations_{name}() RETURNS trigger AS $$
BEGIN
  IF {when or "TRUE"} THEN RAISE EXCEPTION '{why}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN {kept};
END $$ LANGUAGE plpgsql;
CREATE TRIGGER consultations_{name} BEFORE {event} ON {table}
  FOR EACH ROW EXECUTE FUNCTION consultations_{name}();
"""
    yield f"""
CREATE FUNCTION consultations_opinion_locks() RETURNS trigger AS $$
BEGIN
  {LOCK};
  RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER consultations_opinion_locks AFTER INSERT ON {OPINION}
  FOR EACH ROW EXECUTE FUNCTION consultations_opinion_locks();
"""


def _sqlite() -> Iterator[str]:
    for name, table, event, when, why in _refusals("IS NOT"):
        yield f"""CREATE TRIGGER consultations_{name} BEFORE {event} ON {table}
        {f"WHEN {when}" if when else ""} BEGIN SELECT RAISE(ABORT, '{why}'); END"""
    yield f"""CREATE TRIGGER consultations_opinion_locks AFTER INSERT ON {OPINION}
    BEGIN {LOCK}; END"""


def freeze(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in _postgresql() if is_postgresql else _sqlite():
        schema_editor.execute(statement, params=None)


def thaw(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tables = {name: table for name, table, *_rest in _refusals("IS NOT")}
    tables["opinion_locks"] = OPINION
    for name, table in tables.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS consultations_{name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS consultations_{name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS consultations_{name}")
