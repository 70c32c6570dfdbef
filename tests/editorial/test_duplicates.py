"""Art. 3.9: what repeats a published item is found; what only sounds like the office is not."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.template.loader import render_to_string
from wagtail.models import Locale, Page
from wagtail.rich_text import RichText

from editorial import duplicates
from editorial.models import TextMark, TextPrint
from news.models import ArticlePage
from site_pages.models import CategoryPage
from site_pages.withdrawal import put_back, withdraw
from tests.accounts import user
from tests.editorial import corpus

pytestmark = pytest.mark.django_db


@pytest.fixture
def category(home) -> CategoryPage:
    return CategoryPage.objects.get(slug="tinh-hinh-ket-qua", locale__language_code="vi")


def write(category, slug: str, title: str, text: str, *, live: bool = True) -> ArticlePage:
    page = ArticlePage(
        title=title[:255],
        slug=slug,
        author="Lê Ánh",
        abstract_text="",
        locale=category.locale,
        body=[("paragraph", RichText(f"<p>{text}</p>"))],
        live=live,
    )
    return category.add_child(instance=page)


@pytest.fixture
def articles(category) -> dict[str, tuple[str, str]]:
    """Unrelated published articles with the same phrases; the texts of each."""
    rng = random.Random(4)
    texts = {f"tin-{n}": corpus.article(rng) for n in range(16)}
    for slug, (title, text) in texts.items():
        write(category, slug, title, text)
    return texts


def found(page_or_text, **kwargs) -> dict[str, duplicates.Similar]:
    return {row.page.slug: row for row in duplicates.similar(page_or_text, **kwargs)}


CHANGES = {
    "copied": lambda rng, text: text,
    "a fifth reworded": lambda rng, text: corpus.reworded(rng, text, 0.2),
    "reordered": corpus.shuffled,
    "unmarked": lambda rng, text: corpus.unmarked(text).upper(),
    "quoted": lambda rng, text: f"{corpus.article(rng)[1]}. {text}. {corpus.article(rng)[1]}",
    "a half": lambda rng, text: text[len(text) // 4 : len(text) * 3 // 4],
}


def test_a_text_that_repeats_a_published_one_is_found(articles):
    for name, change in CHANGES.items():
        rng = random.Random(7)
        text = change(rng, articles["tin-13"][1])
        rows = found(text, title=" ".join(corpus.words(rng, 12)))
        assert list(rows) == ["tin-13"], name
        assert rows["tin-13"].share_of_body > 0.6, name
        assert rows["tin-13"].share_of_title == 0, name


def test_a_draft_is_compared_as_it_is_in_hand(articles, category):
    page = write(category, "ban-nhap", "Bản nháp", "Chưa có gì.", live=False)
    assert found(page) == {}
    page.body = [("paragraph", RichText(f"<p>{articles['tin-13'][1]}</p>"))]
    assert list(found(page)) == ["tin-13"]


def test_a_title_that_repeats_a_published_one_is_found(articles, category):
    rng = random.Random(8)
    title = corpus.reworded(rng, articles["tin-12"][0], 0.15)
    rows = found(write(category, "ban-nhap", title, corpus.article(rng)[1], live=False))
    assert list(rows) == ["tin-12"]
    assert rows["tin-12"].share_of_title > 0.65
    assert rows["tin-12"].share_of_body == 0


def test_unrelated_texts_with_the_words_of_the_office_are_not_found(articles, category):
    rng = random.Random(9)
    for n in range(20):
        title, text = corpus.article(rng)
        assert found(text, title=title) == {}, n


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Ủy ban nhân dân thành phố Hà Nội kiểm tra cải cách hành chính tại phường Ba Đình",
            "Ủy ban nhân dân thành phố Hà Nội yêu cầu các phường rà soát hồ sơ quá hạn và công "
            "khai lý do chậm trong cải cách hành chính.",
        ),
    ],
)
def test_two_short_items_of_the_same_office_are_not_duplicates(category, title, text):
    write(
        category,
        "ke-hoach",
        "Ủy ban nhân dân thành phố Hà Nội ban hành kế hoạch cải cách hành chính",
        "Ủy ban nhân dân thành phố Hà Nội đặt mục tiêu cắt giảm thời gian cấp phép xây dựng "
        "trong kế hoạch cải cách hành chính.",
    )
    assert found(text, title=title) == {}


def test_a_page_is_not_told_of_itself_nor_of_its_translation(articles, category):
    page = ArticlePage.objects.get(slug="tin-5")
    english = page.copy_for_translation(Locale.objects.get(language_code="en"), copy_parents=True)
    english.save_revision().publish()
    assert TextPrint.objects.filter(pk=english.pk).exists()
    assert found(page) == {}
    assert set(found(articles["tin-5"][1])) == {"tin-5", english.slug}


def test_pages_of_every_room_are_compared(category, home):
    from documents.models import DocumentsPage, LegalDocumentPage

    fields = {
        "doc_type": "ke-hoach",
        "issuer": "UBND thành phố Hà Nội",
        "level": "city",
        "issued_on": date(2026, 3, 2),
        "abstract_text": "Phân công từng nhiệm vụ, thời hạn và sản phẩm của mỗi đơn vị.",
        "locale": category.locale,
    }
    title = "Kế hoạch nâng chỉ số hài lòng của người dân về đăng ký hộ tịch năm 2026"
    register = DocumentsPage.objects.get(locale=category.locale)
    register.add_child(
        instance=LegalDocumentPage(title=title, number="61/KH-UBND", slug="kh-61", **fields)
    )
    again = LegalDocumentPage(title=title, number="62/KH-UBND", slug="kh-62", **fields, live=False)
    row = found(register.add_child(instance=again))["kh-61"]
    assert row.share_of_title == 1
    assert row.share_of_body > 0.6


def test_only_what_readers_see_is_told(articles, category, at):
    at("2026-11-20 09:00")
    boss = user("quantri", is_superuser=True)
    page = ArticlePage.objects.get(slug="tin-5")
    text = articles["tin-5"][1]
    write(category, "chua-dang", "Chưa đăng", text, live=False)
    order = {"authority": "UBND Thành phố", "order_number": "1", "order_date": date(2026, 11, 2)}
    withdraw(page.pk, boss, reason="Sai số liệu.", **order)
    assert found(text) == {}
    assert not TextMark.objects.filter(text_print=page.pk).exists()
    put_back(page.pk, boss)
    assert set(found(text)) == {"tin-5"}


def test_a_published_change_is_compared_as_it_reads_now(articles, category):
    page = ArticlePage.objects.get(slug="tin-5")
    _title, text = corpus.article(random.Random(11))
    page.body = [("paragraph", RichText(f"<p>{text}</p>"))]
    revision = page.save_revision()
    assert set(found(articles["tin-5"][1])) == {"tin-5"}, "a draft changes nothing"
    revision.publish()
    assert found(articles["tin-5"][1]) == {}
    assert set(found(text)) == {"tin-5"}


def test_the_command_writes_everything_anew(articles, capsys):
    before = set(TextMark.objects.values_list("mark", "text_print_id"))
    TextPrint.objects.filter(page__slug__in=["tin-1", "tin-2"]).delete()
    call_command("duplicates_index", "--if-empty")
    assert set(TextMark.objects.values_list("mark", "text_print_id")) != before
    call_command("duplicates_index")
    assert set(TextMark.objects.values_list("mark", "text_print_id")) == before
    assert str(TextPrint.objects.count()) in capsys.readouterr().out


def test_the_newest_of_many_equal_texts_are_told(category):
    """Every row of its words is common: equal all the same."""
    _title, text = corpus.article(random.Random(3), length=60)
    pages = [write(category, f"nhu-nhau-{n}", f"Số {n}", text) for n in range(12)]
    rows = duplicates.similar(text, limit=5)
    assert [row.page.pk for row in rows] == [page.pk for page in reversed(pages)][:5]
    assert all(row.share_of_body == 1 for row in rows)


def test_no_text_is_like_nothing(articles):
    assert duplicates.similar("") == []
    assert duplicates.similar("!!! …", title=" ") == []


def test_the_list_names_pages_and_shares_in_words(articles, rf):
    rows = duplicates.similar(articles["tin-5"][1], title=articles["tin-5"][0])
    html = render_to_string("editorial/admin/duplicates_list.html", {"similar": rows})
    page = ArticlePage.objects.get(slug="tin-5")
    assert page.url in html
    assert html.count("100%") == 2
    assert "Không tìm thấy" in render_to_string(
        "editorial/admin/duplicates_list.html", {"similar": []}
    )


def test_three_statements_whatever_the_number_of_pages(articles, django_assert_num_queries):
    title, text = articles["tin-5"]
    page = ArticlePage.objects.get(slug="tin-9")
    assert page.text_for_search()
    with django_assert_num_queries(2):
        duplicates.similar(text, title=title)
    with django_assert_num_queries(2):
        duplicates.similar(page)


def _copies(template: Page, count: int) -> None:
    """As many published pages as asked, written by the database itself."""
    changed = {
        "path": "%(path)s || lpad(n::text, 8, '0')",
        "slug": "'ban-sao-' || n",
        "url_path": "'/ban-sao-' || n || '/'",
        "translation_key": "gen_random_uuid()",
    }
    names = [f.column for f in Page._meta.concrete_fields if f.column != "id"]
    values = ", ".join(changed.get(name, name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO wagtailcore_page ({', '.join(names)}) SELECT {values} "  # noqa: S608
            "FROM wagtailcore_page, generate_series(1, %(count)s) AS n WHERE id = %(id)s",
            {"path": template.path, "count": count, "id": template.pk},
        )


@pytest.mark.postgres
def test_among_fifty_thousand_only_the_planted_are_found_and_little_is_read(
    articles, category, thrown_away
):
    _copies(ArticlePage.objects.get(slug="tin-0"), 50_000)
    common = duplicates.Text.of(*articles["tin-0"]).body_marks | {
        mark for text in articles.values() for mark in duplicates.Text.of(*text).title_marks
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO editorial_textprint (page_id, title, hashes) "
            "SELECT id, title, '' FROM wagtailcore_page WHERE slug LIKE 'ban-sao-%%'"
        )
        # Each carries six marks that thousands carry, and six of its own.
        cursor.execute(
            "INSERT INTO editorial_textmark (mark, text_print_id) SELECT DISTINCT * FROM ("
            "SELECT (%s::int[])[1 + (hashint8(page_id * 31 + n) & 1023) %% %s], page_id "
            "FROM editorial_textprint, generate_series(1, 6) AS n WHERE hashes = '' UNION ALL "
            "SELECT hashint8(page_id * 17 + n), page_id "
            "FROM editorial_textprint, generate_series(1, 6) AS n WHERE hashes = '') AS made",
            [list(common), len(common)],
        )
        cursor.execute("ANALYZE editorial_textmark")
    rng = random.Random(12)
    _title, text = articles["tin-13"]
    rows = found(corpus.reworded(rng, text, 0.2), title="Tin khác hẳn")
    assert set(rows) == {"tin-13"}
    assert found(corpus.article(rng)[1]) == {}
    carriers = duplicates._carriers(common)
    assert max(len(pages) for pages in carriers.values()) == duplicates.READ_PER_MARK
    with connection.cursor() as cursor:
        # What is left is whether the index gives the newest of a mark by itself.
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "EXPLAIN SELECT mark, text_print_id FROM editorial_textmark WHERE mark = 7 "
            "ORDER BY text_print_id DESC LIMIT 400"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Only Scan" in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan
