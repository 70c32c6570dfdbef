"""The pages of many items ask as little for ten thousand as for ten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Field
from wagtail.models import Page

from news.models import ArticlePage
from portal import clock
from site_pages import tree
from site_pages.models import CategoryPage
from site_pages.search.models import SearchEntry

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/tin-tuc/",
    "/tin-tuc/?trang=3",
    "/tinh-hinh-ket-qua/",
    "/tinh-hinh-ket-qua/?linhvuc=digital",
    "/rss/tinh-hinh-ket-qua/",
    "/rss/tin-tuc/",
    "/sitemap.xml",
    "/sitemap.xml?trang=2",
    "/so-do-trang/",
    "/en/tin-tuc/",
]


def many(count: int) -> None:
    """One article written as editors write it, and copies of its rows."""
    tree.lay()
    category = CategoryPage.objects.get(slug="tinh-hinh-ket-qua", locale__language_code="vi")
    first = category.add_child(
        instance=ArticlePage(
            title="Tin",
            slug="tin-0",
            author="Lê Á",
            abstract_text="Tóm tắt.",
            reform_field="digital",
            locale=category.locale,
        )
    )
    first.save_revision().publish()
    row = Page.objects.get(pk=first.pk)
    now = clock.now()
    steps = range(2, count + 1)
    Page.objects.bulk_create(
        Page(
            path=category.path + Page._int2str(step).rjust(Page.steplen, "0"),
            depth=first.depth,
            title=f"Tin {step}",
            draft_title=f"Tin {step}",
            slug=f"tin-{step}",
            url_path=f"{category.url_path}tin-{step}/",
            locale_id=row.locale_id,
            content_type_id=row.content_type_id,
            live=True,
            first_published_at=now - timedelta(minutes=step),
            last_published_at=now - timedelta(minutes=step),
        )
        for step in steps
    )
    Page.objects.filter(pk=category.pk).update(numchild=count)
    repeat(ArticlePage, "page_ptr_id", first.pk)
    repeat(SearchEntry, "page_id", first.pk)
    # As the database does by itself some minutes after such a change.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def repeat(model: type, key: str, original: int) -> None:
    """Give every new page the original's row of the model's table."""
    fields: Sequence[Field] = [
        field
        for field in model._meta.local_concrete_fields
        if not field.generated and (field.column == key or not field.primary_key)
    ]
    names = [connection.ops.quote_name(field.column) for field in fields]
    of_each = {key: "p.id", "source": "'page:' || p.id"}
    values = [
        of_each.get(field.column, f"o.{name}") for field, name in zip(fields, names, strict=True)
    ]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} "  # noqa: S608
            f"FROM wagtailcore_page p, {table} o WHERE o.{key} = %s AND p.id <> %s "
            "AND p.slug LIKE 'tin-%%' AND p.slug <> 'tin-tuc'",
            [original, original],
        )


@pytest.mark.parametrize("count", [10, 10_000])
def test_every_list_keeps_its_budget(client, count, django_assert_max_num_queries, thrown_away):
    many(count)
    assert ArticlePage.objects.count() == count
    for url in PAGES:
        cache.clear()
        client.get(url)  # content types are read once a process
        with django_assert_max_num_queries(15):
            response = client.get(url)
        assert response.status_code == 200, url
    listed = client.get("/tinh-hinh-ket-qua/").context["page_obj"].paginator.count
    assert listed == count
