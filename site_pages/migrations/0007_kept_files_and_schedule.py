"""What was public is kept; what is due is published; a picture is found by its address."""

import datetime

import django.db.models.deletion
from django.db import migrations, models

NAME = "site pages: publish what is due"


def add(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.get_or_create(
        name=NAME,
        defaults={
            "func": "site_pages.tasks.publish_due",
            "schedule_type": "I",
            "minutes": 1,
            "repeats": -1,
            "next_run": datetime.datetime.now(datetime.UTC),
        },
    )


def remove(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("site_pages", "0006_ratings"),
        ("wagtailcore", "0094_alter_page_locale"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
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
        migrations.RunPython(add, remove),
    ]
