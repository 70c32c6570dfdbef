"""Four drafts of different shape become the right trees; files that bite are refused."""

from __future__ import annotations

import io
import unicodedata
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from consultations.docx_numbering import formatted
from consultations.docx_reading import Unreadable, read_docx
from consultations.structure import parse, walk, words, words_of
from portal.protection import uploads
from tests.consultations.drafts import DRAFTS, FOLDER
from tests.consultations.test_structure import outline
from tests.consultations.word import cell, docx, p, run, table


def tree_of(name: str):
    return parse(read_docx(io.BytesIO(DRAFTS[name]())))


def blocks_of(content: bytes) -> list:
    return read_docx(io.BytesIO(content))


@pytest.mark.parametrize("name", DRAFTS)
def test_every_draft_says_in_its_tree_what_it_says_in_the_file(name):
    blocks = blocks_of(DRAFTS[name]())
    assert words(parse(blocks)) == words_of(blocks)
    assert len(words_of(blocks)) > 400


@pytest.mark.parametrize("name", DRAFTS)
def test_the_files_in_the_house_are_the_script_s(name):
    assert (FOLDER / name).read_bytes() == DRAFTS[name]()


def test_the_decision_and_its_regulation_count_their_articles_apart():
    tree = tree_of("quyet-dinh-kem-quy-che.docx")
    assert outline(tree)[:9] == [
        "table |",
        "preamble | QUYẾT ĐỊNH",
        "article Điều 1.| Ban hành kèm theo Quyết ",
        "article Điều 2.| Quyết định này có hiệu l",
        "article Điều 3.| Chánh Văn phòng Ủy ban n",
        "table |",
        "document | QUY CHẾ",
        "  chapter Chương I| QUY ĐỊNH CHUNG",
        "    article Điều 1.| Phạm vi điều chỉnh, đối ",
    ]
    regulation = tree[6]
    articles = [n.label for n in walk([regulation]) if n.kind.value == "article"]
    assert articles == [f"Điều {number}." for number in range(1, 8)]
    points = [n.label for n in walk([regulation]) if n.kind.value == "point"]
    assert points[5:] == [f"{letter})" for letter in "abcdđeghklmn"]
    assert outline(regulation.children[-1:]) == [
        "annex PHỤ LỤC| MẪU BÁO CÁO TÌNH HÌNH PH",
        "  table |",
        "  plain | Ghi chú: báo cáo gửi trư",
    ]


def test_a_footnote_stands_with_the_clause_that_calls_it():
    tree = tree_of("quyet-dinh-kem-quy-che.docx")
    clause = next(n for n in walk(tree) if n.text.startswith("Hồ sơ liên thông"))
    assert clause.text.endswith("trở lên[1].")
    assert [(n.kind.value, n.label, n.text) for n in clause.children] == [
        ("note", "[1]", "Không bao gồm hồ sơ chỉ lấy ý kiến trong nội bộ một cơ quan.")
    ]


def test_the_amending_decision_keeps_what_it_quotes_in_its_clauses():
    tree = tree_of("quyet-dinh-sua-doi.docx")
    assert outline(tree)[2:] == [
        "article Điều 1.| Sửa đổi, bổ sung một số ",
        "  clause 1.| Sửa đổi, bổ sung Điều 5 ",
        "  clause 2.| Bổ sung khoản 4 vào sau ",
        "    table |",
        "    plain | và được ghi hình khi côn",
        "  clause 3.| Thay thế cụm từ “Ủy ban ",
        "  clause 4.| Bãi bỏ khoản 2 Điều 11.",
        "article Điều 2.| Điều khoản thi hành",
        "  clause 1.| Quyết định này có hiệu l",
        "  clause 2.| Chánh Văn phòng Ủy ban n",
        "table |",
    ]


def test_the_plan_has_its_table_in_place_with_merged_cells():
    tree = tree_of("ke-hoach-co-bang.docx")
    assert [line for line in outline(tree) if "table" not in line] == [
        "preamble | KẾ HOẠCH",
        "section I.| MỤC ĐÍCH, YÊU CẦU",
        "  clause 1.| Mục đích",
        "  clause 2.| Yêu cầu",
        "section II.| NHIỆM VỤ",
        "  clause 1.| Cải cách thể chế",
        "    clause 1.1.| Rà soát văn bản quy phạm",
        "    clause 1.2.| Công bố văn bản hết hiệu",
        "  clause 2.| Cải cách thủ tục hành ch",
        "    plain | Bảng trên được cập nhật ",
        "section III.| TỔ CHỨC THỰC HIỆN",
        "  clause 1.| Sở Nội vụ theo dõi, đôn ",
        "  clause 2.| Sở Tài chính bố trí kinh",
        "annex PHỤ LỤC 01| CHỈ TIÊU NĂM 2027",
        "annex PHỤ LỤC 02:| DANH MỤC VĂN BẢN RÀ SOÁT",
        "  clause 1.| Quyết định số 12/2024/QĐ",
        "  clause 2.| Quyết định số 20/2024/QĐ",
    ]
    tasks = next(n.cells for n in walk(tree) if n.cells and len(n.cells) == 4)
    assert all(head["is_head"] for head in tasks[0])
    assert tasks[1][0] == {"text": "1", "rows": 2}
    assert len(tasks[2]) == 3
    assert tasks[3][1] == {"text": "Số hóa kết quả còn hiệu lực", "columns": 2}


def test_the_badly_formatted_one_keeps_its_labels_and_comes_out_composed():
    tree = tree_of("dinh-dang-bang-tay.docx")
    assert outline(tree) == [
        "preamble | QUY ĐỊNH",
        "chapter Chương  I| NHỮNG QUY ĐỊNH CHUNG",
        "  article Điều\u00a01 .| Phạm vi",
        "    clause 1.| Phản ánh qua ứng dụng.",
        "    clause 2 .| Kiến nghị bằng văn bản.",
        "  article Điều 2:| Thời hạn",
        "    clause 1-| Mười ngày làm việc đối v",
        "    clause 2.| Thời hạn trả lời là:",
        "      point a )| 05 ngày đối với phản ánh",
        "      point b).| 10 ngày đối với kiến ngh",
        "      point đ)| 15 ngày đối với việc phứ",
        "    clause 3.| Hết thời hạn mà chưa xử ",
        "  article ĐIỀU 3| Trách nhiệm",
        "    clause 1.| Người đứng đầu chịu trác",
        "    clause 2.| Công khai kết quả.",
        "  article Điều 4.| Hiệu lực: từ ngày ký.",
    ]
    said = words(tree)
    assert said == unicodedata.normalize("NFC", said)


def test_what_was_struck_out_or_hidden_is_not_the_text():
    said = words(tree_of("dinh-dang-bang-tay.docx"))
    assert "Trườnghợpgấp:bangày." in said
    assert "mộtngày" not in said
    assert "nộibộ" not in said
    # A text box stands in the file twice.
    assert said.count("Sơđồ:tiếpnhận") == 1


def test_word_s_own_numbers_are_written_as_they_are_printed():
    assert [formatted(number, "lowerLetter") for number in (1, 5, 26, 27)] == ["a", "e", "z", "aa"]
    assert [formatted(number, "upperRoman") for number in (1, 4, 9, 14, 40)] == [
        "I",
        "IV",
        "IX",
        "XIV",
        "XL",
    ]
    assert formatted(7, "decimalZero") == "07"


def test_a_list_goes_on_after_other_paragraphs_and_begins_anew_below_the_next_head():
    blocks = blocks_of(
        docx(
            p("Một", list_=(1, 0)),
            p("hai", list_=(1, 1)),
            p("xen giữa"),
            p("ba", list_=(1, 1)),
            p("Bốn", list_=(1, 0)),
            p("năm", list_=(1, 1)),
            p("", list_=(1, 1)),
            p("thôi đếm", style="Khoan", list_=(0, 0)),
        )
    )
    assert [block.text for block in blocks] == [
        "Điều 1. Một",
        "1. hai",
        "xen giữa",
        "2. ba",
        "Điều 2. Bốn",
        "1. năm",
        "thôi đếm",
    ]


# --- Files that bite --------------------------------------------------------------------

_BOMB = """<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
<w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"""
_OUTSIDE = _BOMB.replace('"ha"', 'SYSTEM "file:///etc/passwd"')
_DEEP = docx(*["<w:sdt><w:sdtContent>" * 500 + p("sâu") + "</w:sdtContent></w:sdt>" * 500])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 not a zip",
        docx(document="<w:document"),
        docx(document="<a/>"),
        docx(document=_BOMB),
        docx(document=_OUTSIDE),
        _DEEP,
    ],
    ids=["empty", "no zip", "cut", "no body", "entities", "fetching", "deep"],
)
def test_what_is_no_honest_draft_is_refused_in_words(content):
    with pytest.raises(Unreadable) as refused:
        blocks_of(content)
    assert len(str(refused.value)) > 30


def test_a_part_that_swells_is_not_unpacked(monkeypatch):
    monkeypatch.setattr("consultations.docx_reading.LARGEST_PART", 10_000)
    with pytest.raises(Unreadable):
        blocks_of(docx(p("a" * 20_000)))


@pytest.mark.parametrize("extra", ["word/vbaProject.bin", "word/activeX/activeX1.xml"])
def test_macros_are_refused_at_the_door(extra):
    made = io.BytesIO(docx(p("Điều 1. Tên")))
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(extra, b"x")
    upload = SimpleUploadedFile("du-thao.docx", made.getvalue(), "")
    with pytest.raises(ValidationError, match=r"(?i)macro"):
        uploads.check(upload)


def test_an_honest_draft_passes_the_door():
    for name, make in DRAFTS.items():
        uploads.check(SimpleUploadedFile(name, make(), ""))


def test_odd_numbers_in_a_file_break_nothing():
    odd = '<w:pPr><w:numPr><w:ilvl w:val="99"/><w:numId w:val="x"/></w:numPr></w:pPr>'
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="-5"/></w:tcPr>' + p("ô") + "</w:tc>"
    blocks = blocks_of(
        docx(f"<w:p>{odd}{run('chữ')}</w:p>", table([wide, cell("hai", merge="continue")]))
    )
    assert blocks[0].text == "chữ"
    assert blocks[1].cells == [[{"text": "ô"}, {"text": "hai"}]]
