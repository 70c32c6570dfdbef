"""From paragraphs to provisions: the right tree, and never a word lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.structure import Block, Node, of_text, parse, walk, words, words_of


def outline(nodes: list[Node], depth: int = 0) -> list[str]:
    """The tree as lines: kind, label and the first words, moved in by depth."""
    lines = []
    for node in nodes:
        said = (node.heading or node.text).split("\n")[0][:24]
        said = f" {said}" if said else ""
        lines.append(f"{'  ' * depth}{node.kind.value} {node.label}|{said}")
        lines += outline(node.children, depth + 1)
    return lines


def labels(pasted: str) -> list[str]:
    return [f"{node.kind.value}:{node.label}" for node in walk(parse(of_text(pasted)))]


DECISION = """
ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI
QUYẾT ĐỊNH
Ban hành Quy chế phối hợp
Căn cứ Luật Tổ chức chính quyền địa phương;
QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Quy chế phối hợp.
Điều 2. Quyết định này có hiệu lực kể từ ngày ký.
Điều 3. Chánh Văn phòng chịu trách nhiệm thi hành Quyết định này./.
Nơi nhận:
- Như Điều 3;
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
QUY CHẾ
Phối hợp giải quyết thủ tục hành chính
(Ban hành kèm theo Quyết định số .../2026/QĐ-UBND)
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
1. Quy chế này quy định việc phối hợp.
2. Không áp dụng đối với:
a) Hồ sơ mật;
b) Hồ sơ khẩn.
Điều 2. Nguyên tắc
Việc phối hợp tuân theo khoản 1 Điều 5 của Luật.
Chương II
TRÁCH NHIỆM
VÀ QUYỀN HẠN
Mục 1. CƠ QUAN CHỦ TRÌ
Điều 3. Trách nhiệm
1. Chủ trì.
"""


def test_a_decision_with_a_regulation_attached_is_two_trees():
    tree = parse(of_text(DECISION))
    assert outline(tree) == [
        "preamble | ỦY BAN NHÂN DÂN THÀNH PH",
        "article Điều 1.| Ban hành kèm theo Quyết ",
        "article Điều 2.| Quyết định này có hiệu l",
        "article Điều 3.| Chánh Văn phòng chịu trá",
        "plain | Nơi nhận:",
        "document | QUY CHẾ",
        "  chapter Chương I| QUY ĐỊNH CHUNG",
        "    article Điều 1.| Phạm vi điều chỉnh",
        "      clause 1.| Quy chế này quy định việ",
        "      clause 2.| Không áp dụng đối với:",
        "        point a)| Hồ sơ mật;",
        "        point b)| Hồ sơ khẩn.",
        "    article Điều 2.| Nguyên tắc",
        "  chapter Chương II| TRÁCH NHIỆM",
        "    section Mục 1.| CƠ QUAN CHỦ TRÌ",
        "      article Điều 3.| Trách nhiệm",
        "        clause 1.| Chủ trì.",
    ]
    assert tree[5].heading.split("\n")[1] == "Phối hợp giải quyết thủ tục hành chính"
    assert tree[5].children[1].heading == "TRÁCH NHIỆM\nVÀ QUYỀN HẠN"


AMENDING = """
Điều 1. Sửa đổi, bổ sung một số điều của Quyết định số 12/2024/QĐ-UBND như sau:
1. Sửa đổi, bổ sung Điều 5 như sau:
“Điều 5. Trách nhiệm của Sở Nội vụ
1. Chủ trì “một cửa” của Thành phố.
2. Báo cáo:
a) Hằng quý;
b) Hằng năm.”
2. Bổ sung khoản 4 vào sau khoản 3 Điều 7 như sau: “4. Công khai kết quả.”.
3. Thay thế cụm từ “Ủy ban nhân dân cấp huyện” bằng cụm từ “Ủy ban nhân dân cấp xã”.
4. Bãi bỏ Điều 9.
Điều 2. Hiệu lực thi hành
Quyết định này có hiệu lực từ ngày 01 tháng 01 năm 2027.
"""


def test_quoted_provisions_belong_to_the_clause_that_amends():
    tree = parse(of_text(AMENDING))
    assert outline(tree) == [
        "article Điều 1.| Sửa đổi, bổ sung một số ",
        "  clause 1.| Sửa đổi, bổ sung Điều 5 ",
        "  clause 2.| Bổ sung khoản 4 vào sau ",
        "  clause 3.| Thay thế cụm từ “Ủy ban ",
        "  clause 4.| Bãi bỏ Điều 9.",
        "article Điều 2.| Hiệu lực thi hành",
    ]
    assert tree[0].children[0].text.endswith("b) Hằng năm.”")


def test_a_quotation_in_straight_marks_is_one_too():
    pasted = """Điều 1. Sửa đổi như sau:
1. Sửa đổi Điều 2 như sau:
"Điều 2. Tên mới
1. Nội dung."
2. Bãi bỏ Điều 3."""
    assert labels(pasted) == ["article:Điều 1.", "clause:1.", "clause:2."]


def test_a_quotation_that_is_never_closed_swallows_nothing():
    pasted = """Điều 1. Sửa đổi như sau:
1. Sửa đổi Điều 2 như sau: “Điều 2. Tên mới
2. Bãi bỏ Điều 3.
Điều 2. Hiệu lực"""
    assert labels(pasted) == ["article:Điều 1.", "clause:1.", "clause:2.", "article:Điều 2."]


PLAN = """
KẾ HOẠCH
Cải cách hành chính năm 2027
I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
a) Nâng cao chất lượng phục vụ.
b) Rút ngắn thời gian.
2. Yêu cầu
- Rõ người, rõ việc.
- Rõ thời hạn.
II. NHIỆM VỤ
1. Cải cách thể chế
1.1. Rà soát văn bản.
1.2. Công bố kết quả.
2. Chuyển đổi số
III. TỔ CHỨC THỰC HIỆN
"""


def test_a_plan_is_counted_by_roman_numbers():
    tree = parse(of_text(PLAN))
    assert outline(tree) == [
        "preamble | KẾ HOẠCH",
        "section I.| MỤC ĐÍCH, YÊU CẦU",
        "  clause 1.| Mục đích",
        "    point a)| Nâng cao chất lượng phục",
        "    point b)| Rút ngắn thời gian.",
        "  clause 2.| Yêu cầu",
        "section II.| NHIỆM VỤ",
        "  clause 1.| Cải cách thể chế",
        "    clause 1.1.| Rà soát văn bản.",
        "    clause 1.2.| Công bố kết quả.",
        "  clause 2.| Chuyển đổi số",
        "section III.| TỔ CHỨC THỰC HIỆN",
    ]
    assert tree[1].children[1].text == "Yêu cầu\n- Rõ người, rõ việc.\n- Rõ thời hạn."


def test_labels_typed_by_hand_keep_their_odd_spaces_and_nfd_is_composed():
    pasted = unicodedata.normalize(
        "NFD", "Điều  1 .  Phạm vi\n 1 .Nội dung\n2 . Nội dung\na ) Một\nđ) Hai\nĐIỀU 2:Đối tượng"
    )
    tree = parse(of_text(pasted))
    assert [node.label for node in walk(tree)] == [
        "Điều  1 .",
        "1 .",
        "2 .",
        "a )",
        "đ)",
        "ĐIỀU 2:",
    ]
    assert tree[0].heading == "Phạm vi"
    assert tree[1].heading == "Đối tượng"


def test_a_letter_that_the_source_skips_is_skipped():
    pasted = "Điều 1. Nhiệm vụ\n1. Gồm:\n" + "\n".join(
        f"{letter}) Việc {letter};" for letter in "abcdđeghklmn"
    )
    found = [node.label for node in walk(parse(of_text(pasted))) if node.kind.value == "point"]
    assert found == [f"{letter})" for letter in "abcdđeghklmn"]


@pytest.mark.parametrize(
    "line",
    [
        "Điều 12 của Luật này quy định chi tiết.",
        "1.500.000 đồng là mức chi.",
        "2026. Là năm thực hiện.",
        "Chương trình tổng thể gồm ba phần.",
        "Mục tiêu chung là rõ ràng.",
        "Phần mềm dùng chung của Thành phố.",
        "Mục 1 của Chương này áp dụng cho xã.",
        "Phụ lục I ban hành kèm theo Quyết định này là căn cứ.",
        "x) không nối tiếp điểm nào.",
        "Q. Hoàn Kiếm và các phường khác.",
    ],
)
def test_words_that_only_look_like_a_label_open_nothing(line):
    pasted = f"Điều 1. Phạm vi\n1. Khoản một.\n{line}\n2. Khoản hai."
    assert labels(pasted) == ["article:Điều 1.", "clause:1.", "clause:2."]


def test_tables_notes_and_annexes_keep_their_place():
    cells = [[{"text": "TT"}, {"text": "Việc"}], [{"text": "1"}, {"text": "Rà soát"}]]
    blocks = [
        Block("Điều 1. Nhiệm vụ"),
        Block("1. Thực hiện theo bảng[1]:"),
        Block("[1] Theo Kế hoạch năm.", is_note=True),
        Block(cells=cells),
        Block("Bảng này cập nhật hằng quý."),
        Block("2. Báo cáo."),
        Block("PHỤ LỤC I"),
        Block("DANH MỤC NHIỆM VỤ"),
        Block("(Kèm theo Quyết định số 1)"),
        Block(cells=cells),
        Block("PHỤ LỤC II: MẪU PHIẾU"),
    ]
    tree = parse(blocks)
    assert outline(tree) == [
        "article Điều 1.| Nhiệm vụ",
        "  clause 1.| Thực hiện theo bảng[1]:",
        "    note [1]| Theo Kế hoạch năm.",
        "    table |",
        "    plain | Bảng này cập nhật hằng q",
        "  clause 2.| Báo cáo.",
        "annex PHỤ LỤC I| DANH MỤC NHIỆM VỤ",
        "  table |",
        "annex PHỤ LỤC II:| MẪU PHIẾU",
    ]
    assert words(tree) == words_of(blocks)


LINES = st.one_of(
    st.sampled_from(
        [
            *(line for text in (DECISION, AMENDING, PLAN) for line in text.split("\n")),
            "“", "”", '"', "Điều", "Điều 1", "Điều 1.", "1.", "a)", "PHỤ LỤC", "QUY CHẾ", "I.",
            "(Ban hành kèm theo", "Chương I", "Mục 2", "Tiểu mục 1. Tên", "Phần thứ nhất", "1.1.",
            "“Điều 3. Mở ngoặc", "đóng ngoặc.”", "TM. ỦY BAN", "\u00a0 Điều\u00a07 . Tên",
        ]
    ),
    st.text(max_size=30),
)  # fmt: skip
CELLS = st.lists(st.lists(st.text(max_size=8).map(lambda t: {"text": t}), max_size=3), max_size=3)
BLOCKS = st.one_of(
    LINES.map(Block),
    CELLS.map(lambda cells: Block(cells=cells)),
    LINES.map(lambda text: Block(f"[1] {text}", is_note=True)),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(BLOCKS, max_size=40))
def test_no_word_is_ever_lost_nor_moved(blocks):
    assert words(parse(blocks)) == words_of(blocks)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=60))
def test_what_is_pasted_loses_nothing_either(lines):
    pasted = "\n".join(lines)
    assert words(parse(of_text(pasted))) == words_of(of_text(pasted))
