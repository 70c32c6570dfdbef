"""The page checks themselves: each fault is found, a sound page passes."""

import pytest

from tests.pages import assert_valid_html

SOUND = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Khảo sát</title>
<link rel="stylesheet" href="/static/a.css"></head>
<body><main><h1 id="dau">Khảo sát</h1><p id="goi-y">Gợi ý</p>{}</main></body></html>"""


def test_a_sound_page_passes():
    assert_valid_html(
        SOUND.format(
            '<a href="#dau">Lên đầu</a><label for="ten">Tên</label>'
            '<input id="ten" aria-describedby="goi-y"><img src="/a.png" alt="">'
            '<script type="application/json" id="du-lieu">{"a": 1}</script>'
        )
    )


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("<p>a<div>b</p></div>", "line"),
        ('<p id="dau">lần hai</p>', "stands 2 times"),
        ('<label for="khong-co">Tên</label>', "label for no field"),
        ('<label for="dau">Tên</label>', "label for no field"),
        ('<input aria-label="a" aria-describedby="goi-y mat">', "aria-describedby points nowhere"),
        ('<a href="#mat">Xuống</a>', "link to no place"),
        ('<p style="color:red">a</p>', "inline style"),
        ("<script>go()</script>", "inline script"),
        ('<button onclick="go()">a</button>', "inline handler"),
        ('<a href="javascript:go()">a</a>', "script in a link"),
        ('<img src="/a.png">', "no alt"),
        ("<h1>Hai</h1>", "2 <h1>"),
    ],
)
def test_a_fault_is_found(fault, said):
    with pytest.raises(AssertionError, match="not valid") as found:
        assert_valid_html(SOUND.format(fault))
    assert said in str(found.value)
