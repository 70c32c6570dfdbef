"""An item's whole way, as each of its people clicks it."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from demo import accounts
from news.models import ArticlePage
from portal import clock
from site_pages.models import CategoryPage

TITLE = "Phường Cửa Nam mở quầy “không hẹn ngày trả”"


@pytest.fixture
def office(transactional_db):
    call_command("lay")
    accounts.load()
    accounts.load_board()


@pytest.fixture
def signed_in(citizen, office):
    def enter(name: str) -> Page:
        page = citizen("/quan-tri/login/", width=1280, height=900)
        page.locator("input[name=username]").fill(name)
        page.locator("input[name=password]").fill(accounts.PASSWORD)
        with page.expect_navigation():
            page.locator("button[type=submit]").click()
        return page

    return enter


def handed_in() -> ArticlePage:
    section = CategoryPage.objects.get(slug="tinh-hinh-ket-qua", locale__language_code="vi")
    writer = accounts.User.objects.get(username="bientap")
    page = section.add_child(
        instance=ArticlePage(
            title=TITLE,
            slug="quay-khong-hen-ngay-tra",
            abstract_text="Người dân nhận kết quả ngay tại quầy.",
            author="Trần Thu Hà",
            event_at=clock.now(),
            live=False,
            owner=writer,
        )
    )
    page.save_revision(user=writer)
    return page


def open_item(page: Page) -> None:
    page.goto("/quan-tri/bien-tap/viec-cua-toi/")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("heading", name=TITLE).first.wait_for()


def hand_in_again(page: Page, item: ArticlePage) -> None:
    page.goto(f"/quan-tri/pages/{item.pk}/edit/")
    page.locator("#page-edit-form .footer [data-w-dropdown-target='toggle']").last.click()
    with page.expect_navigation():
        page.locator("button[name=action-submit]").click()


def test_returned_refused_corrected_and_public_at_once(signed_in, axe):
    item = handed_in()
    writer, group, member = (signed_in(name) for name in ("bientap", "tocongtac", "thanhvien"))
    hand_in_again(writer, item)

    open_item(group)
    axe(group)
    group.get_by_text("Trả lại để chỉnh sửa", exact=True).first.click()
    group.get_by_label("Nội dung cần chỉnh sửa").fill("Nêu rõ số hồ sơ đã tiếp nhận.")
    group.get_by_role("button", name="Trả lại để chỉnh sửa").click()
    group.get_by_text("Đã trả lại và báo cho người gửi.").wait_for()

    writer.goto("/quan-tri/bien-tap/viec-cua-toi/")
    writer.get_by_text("Nêu rõ số hồ sơ đã tiếp nhận.").first.wait_for()
    hand_in_again(writer, item)
    screen(group)

    open_item(member)
    axe(member)
    member.get_by_text("Từ chối đăng tải", exact=True).first.click()
    member.get_by_label("Không đúng sự thật").check()
    member.get_by_label("Không rõ nguồn gốc").check()
    member.get_by_label("Lý do").fill("Số liệu chưa có nguồn.")
    member.get_by_role("button", name="Từ chối đăng tải").click()
    member.get_by_text("Đã từ chối và báo cho người gửi").wait_for()

    hand_in_again(writer, item)
    screen(group)
    open_item(member)
    member.get_by_role("button", name="Phê duyệt và đăng").click()
    member.get_by_text("Đã phê duyệt và đăng tải.").wait_for()
    reader = writer.context.new_page()
    assert reader.goto(ArticlePage.objects.get(pk=item.pk).url).status == 200


def screen(group: Page) -> None:
    open_item(group)
    group.get_by_label("Mục đích thông tin").fill("Kết quả phục vụ người dân")
    group.get_by_label("Tôi đã kiểm tra").check()
    group.get_by_role("button", name="Trình phê duyệt").click()
    group.get_by_text("Đã trình thành viên phụ trách.").wait_for()
