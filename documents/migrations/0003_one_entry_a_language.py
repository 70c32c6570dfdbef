"""A translation is registered beside its original; drafts wait for a number; 05 is 5."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, OuterRef, Q, Subquery

import documents.models


def tell_languages(apps, schema_editor):
    document = apps.get_model("documents", "LegalDocumentPage")
    locale = apps.get_model("wagtailcore", "Locale")
    code = locale.objects.filter(pk=OuterRef("locale")).values("language_code")
    spoken = document.objects.filter(pk=OuterRef("pk")).annotate(code=Subquery(code)).values("code")
    document.objects.update(language=Subquery(spoken))


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_states_and_imports")]

    operations = [
        migrations.RemoveConstraint("legaldocumentpage", "document_registered_once"),
        migrations.AddField(
            "legaldocumentpage",
            "language",
            models.CharField(default=settings.LANGUAGE_CODE, editable=False, max_length=10),
        ),
        migrations.RunPython(tell_languages, migrations.RunPython.noop),
        migrations.AddConstraint(
            "legaldocumentpage",
            models.UniqueConstraint(
                F("issuer"),
                F("doc_type"),
                documents.models.WithoutLeadingZeros("number"),
                F("issued_on"),
                F("language"),
                condition=~Q(number=""),
                name="document_registered_once",
            ),
        ),
    ]
