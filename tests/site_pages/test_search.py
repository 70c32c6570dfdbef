"""One box over public pages; what is typed is never an operator and never an error."""

import io
import unicodedata
import zipfile
from itertools import islice

import pytest
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction
from weasyprint import HTML

from portal.outbox.draining import drain
from site_pages.search.models import SearchedWords
from site_pages.search.watching import purge, sought
from tests.pages import assert_lean, assert_valid_html
from tests.site_pages.factories import StandardPageFactory


@pytest.fixture
def road(home):
    return StandardPageFactory(parent=home, title="Thủ tục cấp giấy phép Đường thủy")


def found(client, words, **extra):
    response = client.get("/tim-kiem/", {"q": words, **extra})
    assert response.status_code == 200
    if "page_obj" not in response.context:
        return []
    return [entry.title for entry in response.context["page_obj"].object_list]


@pytest.mark.parametrize(
    "words",
    [
        "Đường thủy",
        "duong thuy",
        "ĐƯỜNG THỦY",
        unicodedata.normalize("NFD", "Đường thủy"),
        '"giấy phép"',
    ],
)
def test_a_page_is_found_with_or_without_marks_and_in_any_normal_form(client, road, words):
    assert road.title in found(client, words)


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "'",
        "a\x00b",
        "x" * 10_000,
        "<script>alert(1)</script>",
        "a & b | !c <-> (d):*",
        "AND OR NOT NEAR(",
        "-",
        "*",
        "\u202e\u200b",
        "%s %(x)s {{ 7*7 }}",
        "' OR 1=1 --",
    ],
)
def test_hostile_words_give_an_answer_and_never_markup(client, road, words):
    response = client.get("/tim-kiem/", {"q": words})
    assert response.status_code == 200
    assert_valid_html(response)
    assert_lean(response)
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("words", ["giấy\x00phép", "giấy phép" + " " * 9_000, "GIẤY\u200b phép"])
def test_what_cannot_be_seen_does_not_hide_a_page(client, road, words):
    assert found(client, words) == [road.title]


@pytest.mark.parametrize("page", ["0", "-3", "9" * 60, "²", "1e9", "\x00", "last"])
def test_an_absurd_page_number_is_the_first_or_the_last(client, road, page):
    assert found(client, "giay phep", trang=page) == [road.title]


def test_a_text_of_a_million_different_words_is_found_by_its_first(client, home):
    letters = "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
    words = (f"{a}{b}{c}{d}" for a in letters for b in letters for c in letters for d in letters)
    StandardPageFactory(
        parent=home, title="Phụ lục dài", body=f"<p>mởđầu {' '.join(islice(words, 70_000))}</p>"
    )
    assert found(client, "mởđầu") == ["Phụ lục dài"]


def test_drafts_and_private_pages_are_never_found(client, home):
    StandardPageFactory(parent=home, title="Dự thảo mật vụ", live=False)
    private = StandardPageFactory(parent=home, title="Nội bộ mật vụ")
    private.view_restrictions.create(restriction_type="login")
    assert found(client, "mật vụ") == []


def test_no_result_says_so_and_the_title_carries_the_words(client, home):
    response = client.get("/tim-kiem/", {"q": "khongcogi"})
    tree = assert_valid_html(response)
    assert tree.find("head/title").text.startswith("khongcogi")
    assert "Không tìm thấy kết quả cho “khongcogi”" in response.content.decode()
    assert "/so-do-trang/" in response.content.decode().split("<main")[1].split("</main")[0]


def test_many_results_are_paged_within_the_query_budget(
    client, home, django_assert_max_num_queries
):
    for number in range(30):
        StandardPageFactory(parent=home, title=f"Hộ tịch lưu động {number}")
    client.get("/tim-kiem/", {"q": "ho tich luu dong"})
    with django_assert_max_num_queries(15):
        response = client.get("/tim-kiem/", {"q": "ho tich luu dong", "trang": "2"})
    assert response.context["page_obj"].paginator.count == 30
    assert len(response.context["page_obj"].object_list) == 10


def entry_rows(response):
    return [row.entry.title for row in response.context["rows"]]


def test_marks_decide_the_order_and_a_title_comes_before_a_text(client, home):
    titles = {
        "folded": StandardPageFactory(parent=home, title="Hoa tươi ngày hội"),
        "body": StandardPageFactory(parent=home, title="Ngày hội", body="<p>văn hóa</p>"),
        "title": StandardPageFactory(parent=home, title="Hóa đơn ngày hội"),
    }
    assert found(client, "hóa hội") == [titles[name].title for name in ("title", "body", "folded")]
    assert len(found(client, "hoa hoi")) == 3


def test_as_typed_comes_before_another_spelling_and_that_before_no_marks(client, home):
    titles = ["Hoa thuy tien", "Hoà thuỷ tiên", "Hòa thủy tiên"]
    for n, title in enumerate(titles):
        StandardPageFactory(parent=home, title=title, slug=f"hoa-{n}")
    assert found(client, "hòa thủy") == titles[::-1]
    assert found(client, "hoà thuỷ") == [titles[1], titles[2], titles[0]]


@pytest.mark.parametrize("words", ["kĩ thuật", "kỹ thuật", "ki thuat", "ky thuat", '"kĩ thuật số"'])
def test_i_and_y_are_one_where_both_are_right(client, home, words):
    StandardPageFactory(parent=home, title="Hạ tầng kỹ thuật số")
    assert found(client, words)[0] == "Hạ tầng kỹ thuật số"


def test_words_in_one_piece_come_before_the_same_words_apart(client, home):
    whole = StandardPageFactory(parent=home, title="Cải cách hành chính")
    StandardPageFactory(parent=home, title="Chính sách cải tiến hành trình cách tân")
    for words in ("cải cách hành chính", "cai cach hanh chinh"):
        assert found(client, words)[0] == whole.title


def test_a_phrase_in_quotes_is_one_piece(client, home):
    StandardPageFactory(parent=home, title="Mỹ nghệ thủ công")
    StandardPageFactory(parent=home, title="Thủ công mỹ nghệ Hà Nội")
    assert len(found(client, "thủ công mỹ nghệ")) == 2
    for words in ('"thủ công mỹ nghệ"', "“thu cong my nghe”"):
        assert found(client, words) == ["Thủ công mỹ nghệ Hà Nội"]


def test_a_short_form_finds_the_long_one_and_back(client, home):
    StandardPageFactory(parent=home, title="Quyết định của Ủy ban nhân dân phường")
    StandardPageFactory(parent=home, title="Họp UBND phường")
    for words in ("UBND phường", "ủy ban nhân dân phường", "uy ban nhan dan phuong"):
        assert len(found(client, words)) == 2


def test_an_edited_text_is_not_found_before_it_is_published(client, home):
    page = StandardPageFactory(parent=home, title="Lịch tiếp dân")
    page.body = "<p>chuyện tuyệtmật</p>"
    revision = page.save_revision()
    assert found(client, "tuyệtmật") == []
    revision.publish()
    assert found(client, "tuyệtmật") == ["Lịch tiếp dân"]
    page.refresh_from_db()
    page.unpublish()
    assert found(client, "tuyệtmật") == []


def test_facets_narrow_and_the_address_says_so(client, home):
    about = StandardPageFactory(parent=home, title="Sổ tay hộ tịch")
    StandardPageFactory(parent=about, title="Hộ tịch trong sổ tay")
    other = StandardPageFactory(parent=home, title="Hướng dẫn hộ tịch")
    response = client.get("/tim-kiem/", {"q": "ho tich"})
    facets = dict(response.context["facets"])
    counted = {option.label: option.count for option in facets["Chuyên mục"]}
    assert counted == {"Sổ tay hộ tịch": 2, "Hướng dẫn hộ tịch": 1}
    chosen = client.get("/tim-kiem/", {"q": "ho tich", "muc": other.pk})
    assert entry_rows(chosen) == ["Hướng dẫn hộ tịch"]
    assert_valid_html(chosen)
    # What the choice itself would leave is still told, so that it can be changed.
    again = {option.label: option.count for option in dict(chosen.context["facets"])["Chuyên mục"]}
    assert again == counted


@pytest.mark.parametrize("value", ["'", "0", "-1", "x" * 500, "\x00", "99999999999999999999", "²"])
def test_a_facet_that_cannot_be_is_an_answer_not_an_error(client, road, value):
    for name in ("loai", "muc", "linhvuc", "coquan", "nam", "noiban", "hieuluc", "trang"):
        response = client.get("/tim-kiem/", {"q": "giay phep", name: value})
        assert response.status_code == 200


def test_the_hit_is_marked_where_it_stands(client, road):
    body = client.get("/tim-kiem/", {"q": "duong thuy"}).content.decode()
    assert "<mark>Đường</mark> <mark>thủy</mark>" in body


def test_nothing_found_shows_what_is_near(client, road):
    response = client.get("/tim-kiem/", {"q": "đường ximăng"})
    assert [row.entry.title for row in response.context["nearby"]] == [road.title]
    assert_valid_html(response)


def test_an_english_reader_is_told_of_vietnamese_results(client, road):
    response = client.get("/en/tim-kiem/", {"q": "duong thuy"})
    assert response.context["other_language"] == 1


def test_editors_see_what_was_sought_in_vain(client, road, at):
    at("2026-11-20 09:00")
    personal = ["0912345678", "0912/345/678", "+84 91", "001 090,012;345", "a@b.vn"]
    for words in ("Căn cước", "căn  cước", "duong thuy", "x" * 90, *personal):
        client.get("/tim-kiem/", {"q": words})
    assert list(sought(7, only_unfound=True).values_list("words", "total")) == [("căn cước", 2)]
    assert sought(7, only_unfound=False).count() == 2
    at("2028-01-20 09:00")
    purge()
    assert not SearchedWords.objects.exists()


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_text_inside_a_file_is_found(home, client, kind):
    document = Document(title="Phụ lục")
    document.file.save(f"phu-luc.{kind}", ContentFile(make_file(kind, "Bậc thang thủy điện")))
    document.save()
    body = f'<p><a linktype="document" id="{document.pk}">Phụ lục</a></p>'
    page = StandardPageFactory(parent=home, title="Phụ lục kèm theo", body=body)
    drain()
    assert found(client, "bac thang thuy dien") == [page.title]


def test_the_words_of_a_closed_collection_are_not_found(home, client):
    closed = Collection.get_first_root_node().add_child(name="Nội bộ")
    document = Document(title="Phụ lục", collection=closed)
    document.file.save("phu-luc.docx", ContentFile(make_file("docx", "chuyện tuyệtmật")))
    document.save()
    body = f'<p><a linktype="document" id="{document.pk}">Phụ lục</a></p>'
    page = StandardPageFactory(parent=home, title="Phụ lục kèm theo", body=body)
    drain()
    assert found(client, "tuyệtmật") == [page.title]
    limit = CollectionViewRestriction.objects.create(
        collection=closed, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert found(client, "tuyệtmật") == []
    limit.delete()
    assert found(client, "tuyệtmật") == [page.title]


def test_a_broken_file_is_nobodys_error(home):
    document = Document(title="Hỏng")
    document.file.save("hong.pdf", ContentFile(b"%PDF-1.7 nothing more"))
    document.save()
    drain()
    assert document.file_text.state == "failed"


def make_file(kind: str, text: str) -> bytes:
    if kind == "pdf":
        return HTML(string=f"<p>{text}</p>").write_pdf()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p>'
            "</w:body></w:document>",
        )
    return out.getvalue()
