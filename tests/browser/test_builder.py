"""The builder of surveys in a real browser: made and tried; axe on its rooms."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.agencies.models import Agency
from portal.outbox.draining import drain
from portal.reporting import editions
from portal.rules.models import RuleValue
from satisfaction import reports
from satisfaction.actions import remedies
from satisfaction.actions.targets import targets
from satisfaction.collecting import collectors, posters
from satisfaction.collecting.collectors import Place
from satisfaction.models import Audience, Channel, Collector, Response, Survey, SurveyPage
from site_pages import tree
from tests.accounts import user
from tests.satisfaction.crowds import crowd
from tests.satisfaction.factories import answers, make_page, make_survey, respond

pytestmark = pytest.mark.django_db(transaction=True)
# What each survey of the register has, and the survey's own pages below it.
REGISTER = ("", "lap/", "mang/", "bang-so-lieu/", "viec-cai-thien/")
OF_A_SURVEY = (
    "", "phieu/", "thiet-lap/", "thoi-han/", "ho-so/", "phieu-hoi/", "phieu-hoi/chung/",
    "phieu-hoi/chi-so/", "phieu-hoi/thang-do/", "phieu-hoi/thang-do/them/", "phieu-hoi/cong-bo/",
    "phieu-hoi/phan/them/", "phieu-hoi/phan/I/", "phieu-hoi/phan/I/them-cau/",
    "phieu-hoi/phan/I/them-cau/?loai=multiple", "phieu-hoi/cau/I15/",
    "phieu-hoi/dieu-kien/cau/I15/", "thu-dien-thoai/", "nhap-bang-hoi/", "thuc-dia/", "kenh/",
    "giay/", "giay/nhap/", "mau/", "cach-tinh/", "cach-tinh/moi/", "cach-tinh/quyen-so/",
    "bang-so-lieu/", "bang-so-lieu/SNV/", "bang-so-lieu/tieu-chi/I/", "bao-cao/",
    "xuat-so-lieu/", "chu-de/", "viec-cai-thien/",
)  # fmt: skip


def sign_in(citizen, name: str) -> Page:
    page = citizen("/quan-tri/login/", width=1280)
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill("mat-khau-rat-dai")
    with page.expect_navigation():
        page.locator("button[type=submit]").click()
    return page


@pytest.fixture
def editor(transactional_db, citizen) -> Page:
    tree.lay()
    RuleValue.objects.filter(
        key__in=["protection.form_min_seconds", "survey.min_duration_seconds"]
    ).update(amount=0)
    user("bien.soan", is_superuser=True)
    return sign_in(citizen, "bien.soan")


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def make(page: Page) -> Survey:
    now = timezone.localtime()
    page.goto("/quan-tri/khao-sat/lap/")
    page.locator("#id_title").fill("Ý kiến về bộ phận một cửa phường Ba Đình")
    page.locator("#id_opens_at").fill(f"{now + timedelta(days=1):%d/%m/%Y} 08:00")
    page.locator("#id_closes_at").fill(f"{now + timedelta(days=30):%d/%m/%Y} 17:00")
    page.locator("#id_title").click()
    press(page, "Lập khảo sát")
    return Survey.objects.get()


def add_question(page: Page, kind: str, label: str, **typed: str) -> None:
    page.locator(".build-section").last.get_by_role("link", name="Thêm câu hỏi").click()
    with page.expect_navigation():
        page.get_by_role("link", name=kind, exact=True).click()
    page.locator("#id_label_vi").fill(label)
    for name, text in typed.items():
        field = page.locator(f"#id_{name}")
        if name == "scale":
            field.select_option(text)
        else:
            field.fill(text)
    press(page, "Lưu")


def add_section(page: Page, survey: Survey, title: str) -> None:
    page.goto(f"/quan-tri/khao-sat/{survey.pk}/phieu-hoi/phan/them/")
    page.locator("#id_title_vi").fill(title)
    press(page, "Lưu")


def test_a_survey_is_built_tried_published_answered_and_counted(editor, citizen, axe):
    survey = make(editor)
    build = f"/quan-tri/khao-sat/{survey.pk}/phieu-hoi/"
    editor.goto(build)
    add_question(editor, "Chọn một", "Ông/bà có phải chờ không?", new_choices="Có\nKhông")
    add_section(editor, survey, "Lần chờ đó")
    editor.goto(build)
    add_question(editor, "Số", "Ông/bà chờ bao lâu?", min="0", max="600", unit_vi="phút")
    add_question(editor, "Thang đo", "Ông/bà thấy thế nào?", scale="hai-long-5")
    add_question(editor, "Trả lời dài", "Ông/bà góp ý gì thêm?")
    only_who_waited(editor, survey)
    try_it(editor, survey, axe)
    assert not Response.objects.exists()
    lay_down_the_index(editor, survey)
    publish(editor, survey)
    answer_as_a_citizen(citizen, survey)
    editor.goto(f"/quan-tri/khao-sat/{survey.pk}/bang-so-lieu/")
    expect(editor.get_by_text("1 phiếu hợp lệ; chỉ số 100,00%")).to_be_visible()


def lay_down_the_index(page: Page, survey: Survey) -> None:
    page.goto(f"/quan-tri/khao-sat/{survey.pk}/phieu-hoi/chi-so/")
    page.get_by_label("Q3 – Ông/bà thấy thế nào?").check()
    for level in ("4 – Hài lòng", "5 – Rất hài lòng"):
        page.get_by_label(level, exact=True).check()
    page.locator("#id_version").fill("mot-cua/1")
    page.locator("#id_basis").fill("Tỷ lệ câu trả lời ở hai mức cao nhất")
    press(page, "Lưu")


def publish(page: Page, survey: Survey) -> None:
    page.goto(f"/quan-tri/khao-sat/{survey.pk}/phieu-hoi/cong-bo/")
    press(page, "Công bố phiên bản 1")
    assert survey.versions.get().number == 1


def answer_as_a_citizen(citizen, survey: Survey) -> None:
    """Its page is approved (the desk's own journey), the day has come, somebody answers."""
    home = SurveyPage.objects.get(survey=survey, locale__language_code="vi")
    home.get_latest_revision().publish()
    Survey.objects.filter(pk=survey.pk).update(opens_at=timezone.now() - timedelta(hours=1))
    page = citizen(home.get_url())
    with page.expect_navigation():
        page.get_by_role("link", name="Bắt đầu").click()
    answer(page, "Có")
    page.get_by_label("Ông/bà chờ bao lâu?").fill("45")
    finish(page)
    response = Response.objects.get()
    assert response.answers == {"Q1": 1, "Q2": "45", "Q3": 4}
    expect(page.get_by_text(response.receipt_code).first).to_be_visible()


def only_who_waited(page: Page, survey: Survey) -> None:
    page.goto(f"/quan-tri/khao-sat/{survey.pk}/phieu-hoi/dieu-kien/cau/Q2/")
    page.locator("#cau-them").select_option("Q1")
    press(page, "Chọn")
    page.get_by_label("Có", exact=True).check()
    press(page, "Lưu")
    assert page.get_by_text("Q1 “Ông/bà có phải chờ không?”").first.is_visible()


def try_it(page: Page, survey: Survey, axe) -> None:
    """As a citizen would, and nothing of it counts."""
    page.goto(f"/quan-tri/khao-sat/{survey.pk}/thu/vi/")
    press(page, "Bắt đầu")
    answer(page, "Có")
    expect(page.get_by_label("Ông/bà chờ bao lâu?")).to_be_visible()
    axe(page)
    page.get_by_label("Ông/bà chờ bao lâu?").fill("45")
    finish(page)


def answer(page: Page, choice: str) -> None:
    page.locator("#id_agency").select_option("SNV")
    page.get_by_label(choice, exact=True).check()
    press(page, "Tiếp tục")


def finish(page: Page) -> None:
    page.get_by_label("Hài lòng", exact=True).check()
    page.get_by_label("Ông/bà góp ý gì thêm?").fill("Thêm ghế ngồi chờ.")
    press(page, "Tiếp tục")
    press(page, "Gửi phiếu")


@pytest.fixture
def worked(editor) -> tuple[Page, Survey]:
    """A survey with answers, a published report, an action, a counter and its poster."""
    now = timezone.now()
    survey = make_survey(opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=9))
    make_page(survey)
    crowd(survey, {"SNV": 14, "STC": 14})
    respond(survey, answers(2, "SNV", comment="Cần ghế."))
    boss = user("lanh.dao", is_superuser=True)
    edition = reports.order_report(survey, boss)
    drain()
    edition = editions.publish(edition.pk, boss)
    agency = Agency.objects.get(code="SNV")
    collectors.create(survey, agency, Place(Channel.QR, place="Quầy 1"), boss)
    posters.order(survey, Collector.objects.all(), boss)
    due_on = remedies.usual_deadline()
    remedies.assign(edition.pk, targets(edition)[0].code, agency.pk, "Thêm ghế.", due_on, boss)
    drain()
    return editor, survey


def test_every_room_of_the_surveys_is_accessible_and_fits(worked, axe, no_sideways_scroll):
    page, survey = worked
    action = survey.actions.get()
    paths = [
        *REGISTER,
        f"viec-cai-thien/{action.pk}/",
        *(f"{survey.pk}/{rest}" for rest in OF_A_SURVEY),
    ]
    looked_at(page, [f"/quan-tri/khao-sat/{path}" for path in paths], axe, no_sideways_scroll)


def looked_at(page: Page, addresses: list[str], axe, no_sideways_scroll) -> None:
    """axe reads each page once, on a telephone; on a wide screen it is measured."""
    page.set_viewport_size({"width": 360, "height": 740})
    for address in addresses:
        answered = page.goto(address, wait_until="domcontentloaded")
        assert answered is not None
        assert answered.status == 200, address
        axe(page)
        no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 740})
    no_sideways_scroll(page)


def test_the_rooms_of_a_closed_survey_are_accessible(editor, axe, no_sideways_scroll):
    now = timezone.now()
    invited = make_survey(
        "can-bo",
        audience=Audience.INVITED,
        opens_at=now + timedelta(days=1),
        closes_at=now + timedelta(days=9),
    )
    addresses = [f"/quan-tri/khao-sat/{invited.pk}/{path}" for path in ("thuc-dia/", "moi/")]
    looked_at(editor, addresses, axe, no_sideways_scroll)


def test_a_date_of_the_past_is_told_and_kept(editor):
    editor.goto("/quan-tri/khao-sat/lap/")
    editor.locator("#id_title").fill("Khảo sát")
    editor.locator("#id_opens_at").fill("01/12/2026 08:00")
    editor.locator("#id_closes_at").fill(f"{date(2026, 11, 1):%d/%m/%Y} 08:00")
    editor.locator("#id_title").click()
    editor.get_by_role("button", name="Lập khảo sát").click()
    expect(editor.locator(".build-errors, .error-message").first).to_be_visible()
    assert editor.locator("#id_closes_at").input_value() == "01/11/2026 08:00"
    assert not Survey.objects.exists()
