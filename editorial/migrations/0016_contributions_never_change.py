"""The database itself refuses to change what was sent in; it may only be emptied in its time."""

from django.db import migrations

TABLE = "editorial_contribution"
FROZEN = [
    "id", "code", "sender_kind", "event_on", "declaration", "declaration_version", "sent_at",
]
# Personal data goes some time after the decision, and with it the text of what was refused.
ERASED = ["sender_name", "email", "phone", "title", "text"]
MESSAGE = "an item as sent in never changes"


def _changed(differs):
    kept = [f"OLD.{name} {differs} NEW.{name}" for name in FROZEN]
    erased = [f"(NEW.{name} <> '' AND OLD.{name} {differs} NEW.{name})" for name in ERASED]
    return " OR ".join(kept + erased)


POSTGRESQL = f"""
CREATE FUNCTION {TABLE}_frozen() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION '{MESSAGE}';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE}
  FOR EACH ROW WHEN ({_changed("IS DISTINCT FROM")}) EXECUTE FUNCTION {TABLE}_frozen();
CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE}
  FOR EACH ROW EXECUTE FUNCTION {TABLE}_frozen();
"""
POSTGRESQL_BACK = f"""
DROP TRIGGER {TABLE}_no_update ON {TABLE};
DROP TRIGGER {TABLE}_no_delete ON {TABLE};
DROP FUNCTION {TABLE}_frozen();
"""
SQLITE = [
    f"""CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} WHEN {_changed("IS NOT")}
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    f"""CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE}
    BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
]
SQLITE_BACK = [f"DROP TRIGGER {TABLE}_no_update", f"DROP TRIGGER {TABLE}_no_delete"]


def _run(schema_editor, postgresql, sqlite):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(postgresql, params=None)
    else:
        for statement in sqlite:
            schema_editor.execute(statement, params=None)


def freeze(apps, schema_editor):
    _run(schema_editor, POSTGRESQL, SQLITE)


def thaw(apps, schema_editor):
    _run(schema_editor, POSTGRESQL_BACK, SQLITE_BACK)


class Migration(migrations.Migration):
    dependencies = [("editorial", "0015_contributions")]
    operations = [migrations.RunPython(freeze, thaw)]
