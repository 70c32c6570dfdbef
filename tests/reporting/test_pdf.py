"""The PDF fetches nothing, embeds its fonts and keeps to Decree 30."""

from __future__ import annotations

import io
import socket
import threading
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from portal.reporting import formats
from portal.reporting.charts import IntervalRow, LikertRow, intervals, likert
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
