"""A person sends an item with a file on a phone, and follows it by its code."""

from __future__ import annotations

import pytest

from editorial import turning_down
from editorial.models import Contribution, Post
from portal.rules.models import RuleValue
from tests.editorial.office import appoint
from tests.protection.files import picture

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ["", "noi-dung/", "theo-doi/", "xoa/"]


@pytest.fixture(autouse=True)
def _unhurried() -> None:
    RuleValue.objects.filter(key="protection.form_min_seconds").update(amount=0)


def test_the_pages_of_the_way_in_are_accessible_and_fit_small_screens(citizen, sound):
    page = citizen("/gui-tin-bai/")
    for path in [f"/gui-tin-bai/{name}" for name in PAGES] + ["/en/gui-tin-bai/"]:
        page.goto(path)
        sound(page)


@pytest.mark.parametrize("java_script", [True, False])
def test_an_item_is_sent_and_followed_on_a_phone(
    citizen, axe, no_sideways_scroll, tmp_path, java_script
):
    def look() -> None:
        no_sideways_scroll(page)
        if java_script:
            axe(page)

    page = citizen("/", java_script=java_script)
    page.get_by_role("link", name="Gửi tin, bài").click()
    page.get_by_role("link", name="Bắt đầu").click()
    page.get_by_role("button", name="Tiếp tục").click()
    assert page.title().startswith("Lỗi:")
    look()
    page.get_by_label("Cá nhân").check()
    page.get_by_label("Họ và tên hoặc tên tổ chức").fill("Đỗ Thị Ánh")
    page.get_by_label("Thư điện tử").fill("anh@dan.example")
    page.get_by_label("Tiêu đề").fill("Phường trả kết quả tại nhà")
    page.get_by_label("Nội dung", exact=True).fill("Đoạn một.\n\nĐoạn hai.")
    page.get_by_role("button", name="Tiếp tục").click()
    (tmp_path / "ảnh lễ.jpg").write_bytes(picture())
    (tmp_path / "chương trình.exe").write_bytes(b"MZ")
    page.locator("#id_tep").set_input_files(
        [tmp_path / "ảnh lễ.jpg", tmp_path / "chương trình.exe"]
    )
    page.get_by_role("button", name="Tiếp tục").click()
    assert "chương trình.exe: " in page.locator(".error-summary").inner_text()
    assert page.get_by_role("button", name="Bỏ ảnh lễ.jpg").is_visible()
    look()
    page.get_by_role("button", name="Tiếp tục").click()
    look()
    page.get_by_role("button", name="Gửi", exact=True).click()
    assert page.title().startswith("Lỗi:")
    look()
    page.locator("#id_declares").check()
    page.get_by_role("button", name="Gửi", exact=True).click()
    code = page.locator(".code").inner_text()
    look()
    row = Contribution.objects.get(code=code)
    group = appoint("to.cong.tac", Post.WORKING_GROUP)
    turning_down.turn_down(row.pk, ["untrue"], "Thiếu nguồn tin.", group.user)
    page.get_by_role("link", name="Theo dõi tin, bài bằng mã biên nhận").click()
    page.get_by_label("Mã biên nhận").fill(code.lower())
    page.get_by_role("button", name="Xem kết quả").click()
    assert "Thiếu nguồn tin." in page.locator("main").inner_text()
    look()
