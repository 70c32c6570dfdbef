"""The PDF fetches nothing, embeds its fonts and keeps to Decree 30."""

from __future__ import annotations

import io
import re
import socket
import threading
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import NullObject
from weasyprint import HTML

from portal.reporting import formats, pdf, tagging
from portal.reporting.charts import IntervalRow, LikertRow, intervals, level_cells, likert
from portal.reporting.pdf import to_pdf

NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
LETTERS = "ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"


def page(body: str) -> str:
    return (
        '<html lang="vi"><head><title>Thử</title><style>@font-face{font-family:Tinos;'
        'src:url("bundled:Tinos-Regular.ttf")} body{font-family:Tinos}</style></head>'
        f"<body>{body}</body></html>"
    )


def test_a_planted_address_is_never_called():
    called = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        port = server.getsockname()[1]

        def wait() -> None:
            try:
                server.accept()
                called.set()
            except TimeoutError:
                pass

        watcher = threading.Thread(target=wait)
        watcher.start()
        body = (
            f'<p>Chữ</p><img alt="x" src="http://127.0.0.1:{port}/a.png">'
            '<img alt="y" src="file:///etc/hostname"><link rel="stylesheet" '
            f'href="http://127.0.0.1:{port}/a.css"><img alt="z" src="bundled:../pdf.py">'
        )
        assert to_pdf(page(body), now=NOW).startswith(b"%PDF")
        watcher.join()
    assert not called.is_set()


def test_every_vietnamese_letter_is_in_the_embedded_font():
    text = LETTERS + LETTERS.upper() + "₫"
    reader = PdfReader(io.BytesIO(to_pdf(page(f"<p>{text}</p>"), now=NOW)))
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    assert all("Tinos" in str(font.get_object()["/BaseFont"]) for font in fonts)
    assert reader.pages[0].extract_text().replace("\n", "").replace(" ", "") == text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_dates_carry_zeros_as_decree_30_says(value, words):
    assert formats.day_in_words(value).replace("\u00a0", " ") == words


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_rounding_is_half_up_and_exact(x, places):
    unit = Fraction(1, 10**places)
    rounded = Fraction(formats.rounded(x, places))
    assert abs(rounded - x) <= unit / 2
    if abs(rounded - x) == unit / 2:
        assert abs(rounded) > abs(x)


def test_numbers_stand_as_in_vietnamese():
    assert formats.number(Fraction(12345, 10), 1) == "1.234,5"
    assert formats.percent(Fraction(8357, 10000)) == "83,57%"
    assert formats.percent(Fraction(1, 200), 0) == "1%"


def charts():
    rows = [LikertRow("Nội dung <b>rất dài</b> " * 6, [1, 2, 3, 40, 50]), LikertRow("Ít", None)]
    levels = ["Một", "Hai", "Ba", "Bốn", "Năm"]
    yield likert(rows, levels, title='Phát hiện "1"', source="Nguồn", chart_id="a")
    lines = [IntervalRow("Sở <i>A</i>", Fraction(4, 5), 0.7, 0.9), IntervalRow("B", None)]
    yield intervals(lines, title="Phát hiện", source="Nguồn", chart_id="b", reference=0.8)


@pytest.mark.parametrize("chart", list(charts()))
def test_a_chart_is_titled_svg_without_inline_style(chart):
    root = ElementTree.fromstring(chart.svg)
    assert root.attrib["role"] == "img"
    assert root[0].text == chart.title
    assert "style" not in chart.svg.replace("font-style", "")
    assert not any("<" in (node.text or "") and node.tag.endswith("b") for node in root.iter())
    assert len(chart.rows) == 2
    assert chart.rows[1][1] == "–"


def structure(reader: PdfReader) -> list:
    """Every element of the structure tree, parents first."""
    found = []

    def walk(node) -> None:
        node = node.get_object()
        for kid in node if isinstance(node, list) else [node]:
            kid = kid.get_object()
            if isinstance(kid, dict) and "/S" in kid:
                found.append(kid)
                walk(kid["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def long_table(rows: int) -> str:
    body = "".join(f'<tr><th scope="row">Cơ quan {n}</th><td>{n}</td></tr>' for n in range(rows))
    return (
        "<table><caption>Bảng dài</caption>"
        "<thead><tr><th>Cơ quan</th><th>Số phiếu</th></tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def test_a_table_over_three_pages_is_one_table_with_scopes():
    body = long_table(120) + long_table(3)
    style = "<style>thead{display:table-header-group}</style>"
    reader = PdfReader(io.BytesIO(to_pdf(page(style + body), now=NOW)))
    assert len(reader.pages) >= 3
    assert "Số phiếu" in reader.pages[1].extract_text()
    elements = structure(reader)
    tables = [element for element in elements if element["/S"] == "/Table"]
    assert len(tables) == 2
    kinds = [element["/S"] for element in elements]
    assert (kinds.count("/TR"), kinds.count("/TD")) == (121 + 4, 123)
    heads = [element["/A"] for element in elements if element["/S"] == "/TH"]
    scopes = [head["/Scope"] for head in heads]
    assert (scopes.count("/Column"), scopes.count("/Row")) == (4, 123)
    names = {element["/ID"] for element in elements if "/ID" in element}
    for element in elements:
        if element["/S"] == "/TD":
            assert len(element["/A"]["/Headers"]) == 2
            assert set(element["/A"]["/Headers"]) <= names


def test_a_repeated_header_is_page_furniture_and_everything_else_is_mapped():
    style = "<style>thead{display:table-header-group}</style>"
    reader = PdfReader(io.BytesIO(to_pdf(page(style + long_table(120)), now=NOW)))
    nums = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for number, sheet in enumerate(reader.pages):
        content = sheet.get_contents().get_data()
        mapped = nums[2 * number + 1]
        marked = {int(found) for found in re.findall(rb"/MCID (\d+)", content)}
        owners = [owner.get_object() for owner in mapped]
        assert marked == {n for n, owner in enumerate(owners) if not isinstance(owner, NullObject)}
        assert content.count(b"BMC") + content.count(b"BDC") == content.count(b"EMC")


def test_a_figure_is_boxed_in_points_on_its_page():
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><title>Hình</title></svg>'
    )
    reader = PdfReader(io.BytesIO(to_pdf(page(drawing), now=NOW)))
    (figure,) = [element for element in structure(reader) if element["/S"] == "/Figure"]
    left, bottom, right, top = (float(side) for side in figure["/A"]["/BBox"])
    height = float(reader.pages[0].mediabox.height)
    assert figure["/Alt"] == "Hình"
    assert (right - left, top - bottom) == pytest.approx((75, 37.5))
    assert height / 2 < bottom < top <= height


def test_merged_levels_share_a_cell_and_tell_so():
    assert level_cells([26, 244, 1626], [2, 1, 2]) == ["*", "1,37%*", "12,87%", "85,76%*", "*"]
    assert level_cells([1, 1, 1, 1, 0], [1] * 5)[4] == "0,00%"
    chart = likert(
        [LikertRow("A", [26, 244, 1626], [2, 1, 2])],
        ["Một", "Hai", "Ba", "Bốn", "Năm"],
        title="Phát hiện",
        source="Nguồn",
        chart_id="c",
    )
    assert chart.svg.count("<rect") == 5 + 3
    assert chart.rows == [["A", "*", "1,4%*", "12,9%", "85,8%*", "*", "1.896"]]


def test_what_is_left_out_while_drawing_changes_no_byte(monkeypatch):
    body = (
        f"<h1>Bảng</h1><ul><li>một<ol><li>hai</li></ol></li></ul>{long_table(90)}"
        '<p><a href="https://example.org/">Nơi gửi</a> <q>trích</q><br>dòng sau</p>'
        f"<figure>{next(charts())}</figure>"
    )
    ours = to_pdf(page(body), now=NOW)
    monkeypatch.setattr(pdf, "Paper", HTML)
    monkeypatch.setattr(tagging, "say_once", lambda _pdf: None)
    assert ours == to_pdf(page(body), now=NOW)
