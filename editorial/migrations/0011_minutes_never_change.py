"""The database itself refuses to change what the signed-off minutes of a meeting say."""

from django.db import migrations

MESSAGE = "signed-off minutes never change"
SAID = ["number", "text", "responsible_id", "due_on", "meeting_id"]
SIGNED = "SELECT 1 FROM editorial_meeting m WHERE m.id = OLD.meeting_id AND m.state = 'minuted'"
ADDED = "SELECT 1 FROM editorial_meeting m WHERE m.id = NEW.meeting_id AND m.state = 'minuted'"

POSTGRESQL = f"""
CREATE FUNCTION editorial_minutes_frozen() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION '{MESSAGE}';
END $$ LANGUAGE plpgsql;
CREATE FUNCTION editorial_conclusion_frozen() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF EXISTS ({ADDED}) THEN RAISE EXCEPTION '{MESSAGE}'; END IF;
    RETURN NEW;
  END IF;
  IF EXISTS ({SIGNED}) THEN RAISE EXCEPTION '{MESSAGE}'; END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER editorial_meeting_frozen BEFORE UPDATE OR DELETE ON editorial_meeting
  FOR EACH ROW WHEN (OLD.state = 'minuted') EXECUTE FUNCTION editorial_minutes_frozen();
CREATE TRIGGER editorial_conclusion_frozen BEFORE UPDATE ON editorial_conclusion
  FOR EACH ROW WHEN ({" OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in SAID)})
  EXECUTE FUNCTION editorial_conclusion_frozen();
CREATE TRIGGER editorial_conclusion_kept BEFORE INSERT OR DELETE ON editorial_conclusion
  FOR EACH ROW EXECUTE FUNCTION editorial_conclusion_frozen();
"""
POSTGRESQL_BACK = """
DROP TRIGGER editorial_meeting_frozen ON editorial_meeting;
DROP TRIGGER editorial_conclusion_frozen ON editorial_conclusion;
DROP TRIGGER editorial_conclusion_kept ON editorial_conclusion;
DROP FUNCTION editorial_minutes_frozen();
DROP FUNCTION editorial_conclusion_frozen();
"""
ABORT = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
CHANGED = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in SAID)
SQLITE = [
    f"CREATE TRIGGER editorial_meeting_frozen BEFORE UPDATE ON editorial_meeting "
    f"WHEN OLD.state = 'minuted' {ABORT}",
    f"CREATE TRIGGER editorial_meeting_kept BEFORE DELETE ON editorial_meeting "
    f"WHEN OLD.state = 'minuted' {ABORT}",
    f"CREATE TRIGGER editorial_conclusion_frozen BEFORE UPDATE ON editorial_conclusion "
    f"WHEN ({CHANGED}) AND EXISTS ({SIGNED}) {ABORT}",
    f"CREATE TRIGGER editorial_conclusion_kept BEFORE DELETE ON editorial_conclusion "
    f"WHEN EXISTS ({SIGNED}) {ABORT}",
    f"CREATE TRIGGER editorial_conclusion_closed BEFORE INSERT ON editorial_conclusion "
    f"WHEN EXISTS ({ADDED}) {ABORT}",
]
SQLITE_BACK = [
    f"DROP TRIGGER editorial_{name}"
    for name in (
        "meeting_frozen",
        "meeting_kept",
        "conclusion_frozen",
        "conclusion_kept",
        "conclusion_closed",
    )
]


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
    dependencies = [("editorial", "0010_meetings")]
    operations = [migrations.RunPython(freeze, thaw)]
