"""Where the words of search entries stand: a tsvector column, or an FTS5 table on SQLite."""

from django.db import migrations

TABLE = "site_pages_searchentry"
WORDS = "site_pages_searchwords"

SYNONYMS = [
    ("CCHC", "cải cách hành chính"),
    ("TTHC", "thủ tục hành chính"),
    ("UBND", "ủy ban nhân dân"),
    ("HĐND", "hội đồng nhân dân"),
    ("CĐS", "chuyển đổi số"),
    ("CNTT", "công nghệ thông tin"),
    ("DVC", "dịch vụ công"),
    ("DVCTT", "dịch vụ công trực tuyến"),
    ("PAKN", "phản ánh, kiến nghị"),
    ("CBCC", "cán bộ, công chức"),
    ("CBCCVC", "cán bộ, công chức, viên chức"),
    ("VPUBND", "văn phòng ủy ban nhân dân"),
    ("SNV", "Sở Nội vụ"),
    ("NĐ", "nghị định"),
    ("NQ", "nghị quyết"),
    ("QĐ", "quyết định"),
    ("KH", "kế hoạch"),
    ("SIPAS", "chỉ số hài lòng"),
    ("PAR INDEX", "chỉ số cải cách hành chính"),
]


def lay(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'ALTER TABLE "{TABLE}" ADD COLUMN words tsvector')
        schema_editor.execute(f'CREATE INDEX search_words ON "{TABLE}" USING gin (words)')
    else:
        schema_editor.execute(
            f"CREATE VIRTUAL TABLE {WORDS} USING fts5(ta, ba, tf, bf, "
            'tokenize = "unicode61 remove_diacritics 0")'
        )


def clear_away(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'ALTER TABLE "{TABLE}" DROP COLUMN words')
    else:
        schema_editor.execute(f"DROP TABLE {WORDS}")


def seed(apps, schema_editor):
    model = apps.get_model("site_pages", "SearchSynonym")
    for short, long in SYNONYMS:
        model.objects.get_or_create(short=short, long=long)


class Migration(migrations.Migration):
    dependencies = [("site_pages", "0002_search")]

    operations = [
        migrations.RunPython(lay, clear_away),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
