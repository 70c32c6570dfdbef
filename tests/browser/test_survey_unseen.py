"""The SIPAS survey answered by someone who only hears what is focused and only types.

The person here knows nothing but what Chromium's accessibility tree says of the focused
control and of the groups around it: role, name, description, state.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import CDPSession, Page

from satisfaction.models import Response, ResponseStatus
from tests import ground

from .test_citizen import everything

pytestmark = pytest.mark.django_db(transaction=True)
START = "/khao-sat/hai-long/"
# 320 px; and a window of 1280 px at 200 % zoom, which is 640 px of twice the density.
EYES = [{"width": 320}, {"width": 640, "device_scale_factor": 2}]


@dataclass(frozen=True)
class Heard:
    """What a screen reader announces on arriving at a control."""

    role: str
    name: str
    groups: tuple[str, ...]
    is_invalid: bool
    value: str


class Listener:
    """Moves by the keyboard and hears where it is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.reader: CDPSession = page.context.new_cdp_session(page)
        self.reader.send("Accessibility.enable")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def here(self) -> Heard:
        found = self.reader.send("Runtime.evaluate", {"expression": "document.activeElement"})
        chain = self.reader.send(
            "Accessibility.getAXNodeAndAncestors", {"objectId": found["result"]["objectId"]}
        )["nodes"]
        control, around = chain[0], chain[1:]
        invalid = [p for p in control.get("properties", ()) if p["name"] == "invalid"]
        groups = (node for node in around if _text(node, "role") in ("group", "radiogroup"))
        return Heard(
            _text(control, "role"),
            _text(control, "name"),
            tuple(_text(node, "name") for node in groups),
            bool(invalid) and invalid[0]["value"]["value"] not in ("false", False),
            _text(control, "value"),
        )

    def next(self) -> Heard:
        self.press("Tab")
        return self.here()

    def headings(self) -> list[str]:
        nodes = self.reader.send("Accessibility.getFullAXTree")["nodes"]
        return [_text(node, "name") for node in nodes if _text(node, "role") == "heading"]

    def until(self, role: str, name: str) -> None:
        """Tab to a control; as far as a patient person would."""
        for _ in range(80):
            heard = self.next()
            if heard.role == role and name in heard.name:
                return
        pytest.fail(f"no {role} “{name}” is reached on {self.page.url}")

    def go(self) -> None:
        with self.page.expect_navigation():
            self.press("Enter")


def _text(node: dict, entry: str) -> str:
    return str(node.get(entry, {}).get("value", "")).strip()


@pytest.fixture
def survey(transactional_db) -> str:
    return ground.once("citizen", everything)


def answer(listener: Listener, heard: Heard) -> None:
    """Answer one control by what was heard of it."""
    assert heard.name, f"a {heard.role} without a name on {listener.page.url}"
    if heard.role == "combobox":
        down_to(listener, "Sở Nội vụ")
    elif heard.role == "radio":
        assert "".join(heard.groups[:1]), f"{heard.name}: what is asked is not said"
        choose(listener, "Hài lòng" if heard.name.endswith("hài lòng") else heard.name)
    elif heard.role == "textbox":
        listener.page.keyboard.type("Cần thêm ghế ngồi chờ.")


def down_to(listener: Listener, wanted: str) -> None:
    for _ in range(200):
        listener.press("ArrowDown")
        if listener.here().value == wanted:
            return
    pytest.fail(f"“{wanted}” is not in the list")


def choose(listener: Listener, wanted: str) -> None:
    """Down through the group, as arrows do, to the level that was meant."""
    listener.press("Space")
    for _ in range(8):
        if listener.here().name == wanted:
            return
        listener.press("ArrowDown")
    pytest.fail(f"no level “{wanted}” on {listener.page.url}")


def fill_in(listener: Listener) -> set[str]:
    """Answer a page from top to bottom and go on; the questions that were heard."""
    asked: set[str] = set()
    for _ in range(80):
        heard = listener.next()
        if heard.role == "button" and heard.name in ("Tiếp tục", "Gửi phiếu"):
            listener.go()
            return asked
        if heard.role in ("combobox", "radio", "textbox"):
            answer(listener, heard)
            asked.add(heard.groups[0] if heard.role == "radio" else heard.name)
    pytest.fail(f"the way on is not reached on {listener.page.url}")


@pytest.mark.parametrize("eyes", EYES, ids=["320px", "200%"])
def test_someone_who_hears_and_types_answers_the_survey(
    citizen, axe, no_sideways_scroll, survey, eyes
):
    before = Response.objects.count()
    page = citizen(START, **eyes)
    listener = Listener(page)
    assert any("Đo lường sự hài lòng" in heading for heading in listener.headings())
    listener.until("link", "Bắt đầu")
    listener.go()
    asked: set[str] = set()
    for _ in range(12):
        no_sideways_scroll(page)
        axe(page)
        if "Phiếu đã được ghi nhận" in listener.headings():
            break
        assert "Lỗi" not in page.title()
        asked |= fill_in(listener)
    assert "Phiếu đã được ghi nhận" in listener.headings()
    assert len(asked) >= 20
    assert Response.objects.count() == before + 1
    made = Response.objects.latest("pk")
    assert made.status == ResponseStatus.VALID
    assert made.satisfied == made.rated > 0


def test_a_forgotten_question_is_heard_of_where_it_stands(citizen, survey):
    page = citizen(START + "tra-loi/co-quan/", width=320)
    listener = Listener(page)
    listener.until("button", "Tiếp tục")
    listener.go()
    assert page.title().startswith("Lỗi:")
    listener.until("link", "Chọn cơ quan")
    listener.press("Enter")
    heard = listener.here()
    assert heard.role == "combobox"
    assert heard.is_invalid
