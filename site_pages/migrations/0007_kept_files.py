"""What was public is kept; a picture is found by its address."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("site_pages", "0006_ratings"),
        ("wagtailcore", "0094_alter_page_locale"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]
    operations = [
        migrations.AddField(
            model_name="withdrawal",
            name="revision",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wagtailcore.revision",
            ),
        ),
        migrations.CreateModel(
            name="PublishedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="as_published",
                        to="wagtaildocs.document",
                    ),
                ),
                (
                    "image",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="as_published",
                        to="wagtailimages.image",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("document", None), ("image__isnull", False))
                        | models.Q(("document__isnull", False), ("image", None)),
                        name="published_file_is_one",
                    )
                ],
            },
        ),
        # Wagtail looks a rendition up by its image; a reader asks for it by its address.
        migrations.RunSQL(
            "CREATE INDEX rendition_by_file ON wagtailimages_rendition (file)",
            "DROP INDEX rendition_by_file",
        ),
    ]
