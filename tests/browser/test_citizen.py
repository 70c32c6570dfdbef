"""What a citizen meets in a real browser: every public page, and the way through a survey."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from demo import accounts, content
from news.models import ArticlePage
from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.outbox.draining import drain
from portal.reporting import editions
from portal.reporting.models import Edition
from portal.rules.models import RuleValue
from satisfaction import reports
from satisfaction.actions import remedies
from satisfaction.actions.targets import targets
from satisfaction.models import ActionState, Response, ResponseStatus, Survey
from tests import ground
from tests.accounts import staff
from tests.satisfaction.factories import answers, make_page, make_survey, respond

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = [
    "/",
    "/van-ban/",
    "/van-ban/224-2026-nd-cp/",
    "/tinh-hinh-ket-qua/",
    "/tinh-hinh-ket-qua/ho-so-truc-tuyen-toan-trinh/",
    "/tin-tuc/",
    "/khao-sat/",
    "/khao-sat/hai-long/",
    "/khao-sat/hai-long/tra-loi/co-quan/",
    "/khao-sat/hai-long/xoa/",
    "/khao-sat/viec-cai-thien/",
    "/bao-cao/",
    "/bao-cao/{code}/",
    "/xac-thuc/",
    "/xac-thuc/?ma=sai",
    "/xac-thuc/{code}/",
    "/tim-kiem/?q=thu+tuc",
    "/tim-kiem/?q=khongcogi",
    "/tim-kiem/?q=hanh+chinh&loai=document&nam=2026",
    "/tim-kiem/?q=",
    "/so-do-trang/",
    "/du-lieu-mo/",
    "/lien-he/",
    "/hoat-dong-lanh-dao/kiem-tra-diem-phuc-vu-hanh-chinh-cong/",
    "/tinh-hinh-ket-qua/tra-ket-qua-khong-phu-thuoc-dia-gioi/",
    "/tinh-hinh-ket-qua/tra-ket-qua-khong-phu-thuoc-dia-gioi/?in=1",
    "/tinh-hinh-ket-qua/?linhvuc=digital",
    "/tinh-hinh-ket-qua/?nam=1999",
    "/van-ban/?q=nq76&trang-thai=x",
    "/van-ban/42-2022-nd-cp/?in=1",
    "/kinh-nghiem-mo-hinh/tin-da-rut/",
    "/en/chua-dich/{untranslated}/",
    "/en/kinh-nghiem-mo-hinh/do-luong-trai-nghiem-kinh-nghiem-quoc-te/",
    "/danh-gia/{untranslated}/cam-on/",
    "/khong-co-trang-nay/",
    "/en/khong-co/",
    "/xac-thuc/7K3D-09QW-ZXM4/",
    "/van-ban/?tu=khongcogi&nam=1999",
    "/en/",
    "/en/ban-chi-dao/",
    "/en/khao-sat/hai-long/tra-loi/co-quan/",
]


@pytest.fixture
def code(transactional_db) -> str:
    """A portal with everything a citizen can open; a published report's code."""
    return ground.once("citizen", everything)


def everything() -> str:
    # People take seconds over a form; a test does not.
    RuleValue.objects.filter(
        key__in=["protection.form_min_seconds", "survey.min_duration_seconds"]
    ).update(amount=0)
    now = timezone.now()
    window = {"opens_at": now - timedelta(days=9), "closes_at": now + timedelta(days=9)}
    survey = make_survey(**window)
    make_page(survey)
    content.load_contact()
    content.load_documents()
    content.load_articles()
    call_command("lay")
    accounts.load()
    content.load_home()
    content.load_withdrawn()
    for number in range(24):
        respond(survey, answers(1 + number % 5, ["SNV", "STC"][number % 2], age="2"))
    officer = staff(
        "can.bo",
        "reporting.order_edition",
        "reporting.publish_edition",
        "satisfaction.plan_actions",
    )
    edition = reports.order_report(survey, officer)
    drain()
    edition = editions.publish(edition.pk, officer)
    mend(edition, survey, officer)
    return edition.code


def mend(edition: Edition, survey: Survey, officer: User) -> None:
    """Two public actions, one of them past its deadline and measured again."""
    agency = Agency.objects.get(code="SNV")
    task = "Thêm ghế ngồi chờ; đường dây nóng 1022/lối-đi-dài-không-có-chỗ-ngắt-dòng."
    for target in targets(edition)[:2]:
        due_on = remedies.usual_deadline()
        remedies.assign(edition.pk, target.code, agency.pk, task, due_on, officer, is_public=True)
    action = survey.actions.first()
    figures = {"n": 12, "sy": 60, "sx": 120, "low": "0.41", "high": "0.59"}
    change = {"by": "0.2", "low": "0.05", "high": "0.35", "p": "0.01"}
    later = {"about": "agency", "later": "Quý I/2027", "before": figures, "after": figures}
    action.outcome, action.state = {**later, "change": change}, ActionState.MEASURED
    action.save(update_fields=["outcome", "state"])


def test_every_public_page_is_accessible_and_fits_small_screens(citizen, sound, code):
    untranslated = ArticlePage.objects.get(slug="ho-so-truc-tuyen-toan-trinh").pk
    page = citizen("/")
    for path in PAGES:
        page.goto(path.format(code=code, untranslated=untranslated))
        sound(page)


def test_forced_colours_keep_every_control_visible(citizen, axe, code):
    page = citizen("/", forced_colors="active")
    for path in ("/", "/van-ban/", "/xac-thuc/?ma=sai", f"/bao-cao/{code}/"):
        page.goto(path)
        axe(page)
    page.goto("/khao-sat/hai-long/tra-loi/co-quan/")
    border = page.locator("#id_agency").evaluate("e => getComputedStyle(e).borderTopWidth")
    assert border != "0px"


@pytest.mark.parametrize("java_script", [True, False])
def test_a_citizen_answers_the_survey_on_a_phone(citizen, code, java_script):
    before = Response.objects.count()
    page = citizen("/", java_script=java_script)
    page.get_by_role("link", name="Đo lường sự hài lòng").first.click()
    page.get_by_role("link", name="Bắt đầu").click()
    page.get_by_label("Ông/bà làm thủ tục gần nhất").select_option(label="Phường Ba Đình")
    page.get_by_role("button", name="Tiếp tục").click()
    for _ in range(5):
        for item in page.locator("fieldset.item").all():
            item.get_by_label("Hài lòng", exact=True).check()
        page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Điều gì cần làm tốt hơn?").fill("Đống Đa <b>đông</b> lắm")
    page.get_by_role("button", name="Tiếp tục").click()
    assert "Đống Đa <b>đông</b> lắm" in page.locator("main").inner_text()
    page.get_by_role("button", name="Gửi phiếu").click()
    assert page.get_by_role("heading", name="Phiếu đã được ghi nhận").is_visible()
    receipt = page.locator(".code").inner_text()
    page.go_back()
    page.reload()
    assert page.locator(".code").inner_text() == receipt
    assert Response.objects.count() == before + 1
    assert Response.objects.get(receipt_code=receipt).status == ResponseStatus.VALID


def test_the_keyboard_is_enough_and_errors_are_accessible(citizen, axe, code):
    page = citizen("/khao-sat/hai-long/tra-loi/co-quan/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.get_by_label("Ông/bà làm thủ tục gần nhất").focus()
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.title().startswith("Lỗi:")
    axe(page)
    page.get_by_role("link", name="Chọn cơ quan mà ông/bà đánh giá.").click()
    assert page.evaluate("document.activeElement.id") == "id_agency"
    page.keyboard.type("Sở Nội")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("#id_I15").focus()
    for number in range(4):
        page.keyboard.press("Space" if number == 0 else "ArrowRight")
        for _ in range(number):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.get_by_role("button", name="Tiếp tục").click()
    axe(page)


def test_the_challenge_is_accessible(citizen, axe, code):
    RuleValue.objects.filter(key="protection.form_min_seconds").update(amount=600)
    page = citizen("/khao-sat/hai-long/tra-loi/co-quan/")
    page.get_by_label("Ông/bà làm thủ tục gần nhất").select_option("SNV")
    page.get_by_role("button", name="Tiếp tục").click()
    assert page.get_by_role("group", name="Kiểm tra nhanh").is_visible()
    assert page.locator("#id_agency").input_value() == "SNV"
    axe(page)


def test_the_page_for_printing_leaves_out_what_paper_does_not_need(citizen, code):
    page = citizen(f"/bao-cao/{code}/", width=1280)
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="Menu chính").is_visible()
    assert page.get_by_role("heading", level=1).is_visible()
