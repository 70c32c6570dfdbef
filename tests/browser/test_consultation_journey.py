"""From a word on Điều 7 khoản 2 to the paper that the leadership opens, as each clicks it."""

from __future__ import annotations

import io
import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pypdf import PdfReader

from consultations import inviting, mapping
from consultations.commenting.subjects import WHOLE
from consultations.models import (
    Consultation,
    ConsultationPage,
    Opinion,
    RowState,
    SynthesisRow,
    TextState,
    WindowAct,
)
from consultations.moderation import deciding
from consultations.synthesis import answering, publishing, sorting
from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.outbox.draining import drain
from portal.reporting import editions
from portal.reporting.models import Edition
from tests.accounts import staff
from tests.consultations import answers as house
from tests.consultations import factories as make
from tests.consultations import saying
from tests.editorial.office import signed_in

ROOT = "/quan-tri/lay-y-kien/"
SAID = "Khoản 2 cần nêu rõ thời hạn trả kết quả là ba ngày làm việc."
ASKED = "Sở Tài chính đề nghị bổ sung kinh phí thực hiện."
REASONS = "Tiếp thu việc nêu rõ thời hạn; thời hạn là năm ngày vì cần thẩm định."
WHERE = "khoản 2 Điều 7 của Quy chế"
NOW = timezone.now


@pytest.fixture
def place() -> tuple[Consultation, ConsultationPage]:
    """Open since yesterday, read before it is published, with agencies asked."""
    saying.at_once()
    made = make.make_consultation()
    make.open_window(made, opens=NOW() - timedelta(days=1), closes=NOW() + timedelta(days=20))
    make.make_text(made, articles=8)
    official = house.official("can.bo.tai.chinh", "STC")
    (row,) = inviting.invite(
        made.pk,
        [Agency.objects.get(code="STC")],
        document_number="45/SNV-CCHC",
        due_on=clock.today() + timedelta(days=5),
        by=make.organiser(),
    )
    assert inviting.of_official(official).get() == row
    return made, saying.page_of(made)


@pytest.fixture
def enter(citizen, live_server):
    """A person of the office who has signed in; `entered` tries the sign-in page itself."""

    def open_at(user: User, path: str) -> Page:
        page = citizen("/", width=1280, height=900)
        value = signed_in(user).cookies["sessionid"].value
        page.context.add_cookies(
            [{"name": "sessionid", "value": value, "url": live_server.url, "httpOnly": True}]
        )
        page.goto(path)
        return page

    return open_at


@pytest.fixture
def seen(axe, no_sideways_scroll):
    """Fits a phone and a desk, and axe finds nothing; back at the width it had."""

    def check(page: Page) -> None:
        size = page.viewport_size
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            axe(page)
            no_sideways_scroll(page)
        page.set_viewport_size(size)

    return check


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def act(page: Page, code: str, **typed: str) -> None:
    """One of the acts that the admin offers beside a row."""
    form = page.locator(f"form[action$='/{code}/']")
    if form.locator("xpath=ancestor::details[not(@open)]").count():
        form.locator("xpath=ancestor::details/summary").click()
    for name, text in typed.items():
        form.locator(f"[name='{code}-{name}']").fill(text)
    with page.expect_navigation():
        form.locator("button").click()


def comment(phone: Page, page: ConsultationPage, clause) -> str:
    """The receipt's code of what a citizen says."""
    press(phone, f"a[href$='/gop-y/{clause.uuid}/']")
    phone.locator("#id_text").fill(SAID)
    phone.locator("#id_respondent_kind_0").check()
    press(phone, "#form .actions button")
    press(phone, "#form button")
    return phone.locator(".receipt .code").inner_text()


def sign_in(citizen, name: str) -> Page:
    page = citizen("/quan-tri/login/", width=1280)
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill("mat-khau-rat-dai")
    press(page, "button[type=submit]")
    return page


def answer_for_the_agency(citizen, seen) -> None:
    page = sign_in(citizen, "can.bo.tai.chinh")
    page.goto(f"{ROOT}loi-moi/")
    seen(page)
    press(page, "main a[href*='/loi-moi/']")
    seen(page)
    page.locator("#id_text").fill(ASKED)
    press(page, "form:has(#id_text) button[type=submit]")
    assert ASKED in page.content()


def let_in(enter, seen) -> None:
    """The working group reads what waits and publishes it."""
    by = staff("kiem.duyet", "consultations.moderate_opinions")
    page = enter(by, f"{ROOT}y-kien/")
    seen(page)
    press(page, "td.title a")
    seen(page)
    act(page, "dang")
    page.goto(f"{ROOT}y-kien/")
    page.locator("input[name=chon]").first.check()
    press(page, "form[action$='/dang/'] button:not([name])")
    assert not page.locator("input[name=chon]").count()


def answer(enter, seen, consultation: Consultation) -> None:
    """An official of the drafting agency sorts and accepts one in part, with reasons."""
    house.official()
    page = enter(house.official(), f"{ROOT}tong-hop/{consultation.pk}/")
    seen(page)
    act(page, "nhan-y-kien")
    page.goto(f"{ROOT}tong-hop/{consultation.pk}/y-kien/")
    seen(page)
    press(page, f"tr:has-text('{SAID[:20]}') a")
    seen(page)
    press(page, "form:has([name='phan-0']) button[type=submit]")
    page.goto(f"{ROOT}tong-hop/{consultation.pk}/")
    act(page, "xep-con-lai")
    page.goto(f"{ROOT}tong-hop/{consultation.pk}/dong/")
    seen(page)
    for words, result in ((SAID, "partly"), (ASKED, "explained")):
        page.goto(f"{ROOT}tong-hop/{consultation.pk}/dong/")
        press(page, f"tr:has-text('{words[:20]}') a")
        page.locator(f"input[name=result][value={result}]").check()
        page.locator("#id_reasons").fill(REASONS if result == "partly" else "Theo Luật Ngân sách.")
        if result == "partly":
            page.locator("#id_changed_where").fill(WHERE)
            seen(page)
        press(page, "button[name=xong]")
    for address in ("tong-hop/", f"tong-hop/{consultation.pk}/giay/"):
        page.goto(f"{ROOT}{address}")
        seen(page)
    states = set(SynthesisRow.objects.values_list("state", flat=True))
    assert states == {RowState.AGREED}


def publish(enter, seen, consultation: Consultation) -> None:
    page = enter(make.organiser(), f"{ROOT}tong-hop/{consultation.pk}/")
    act(page, "cong-bo", document_number="77/SNV-CCHC")
    consultation.refresh_from_db()
    assert consultation.answered_at
    seen(page)
    drain()


def open_the_paper(enter) -> None:
    """The leadership publishes the frozen table and opens it."""
    edition = Edition.objects.get(kind="consultations.synthesis")
    leader = staff("lanh.dao", "reporting.view_edition", "reporting.publish_edition")
    page = enter(leader, f"/quan-tri/bao-cao/{edition.pk}/")
    act(page, "cong-bo")
    content = page.request.get(f"/quan-tri/bao-cao/{edition.pk}/tep.pdf").body()
    assert content.startswith(b"%PDF")
    told = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages)
    told = re.sub(r"\s+", " ", told)
    for words in ("Điều 7 khoản 2", SAID, REASONS, WHERE, "Tiếp thu một phần"):
        assert words in told, words


def by_verbs(consultation: Consultation) -> None:
    """The office's half, as the views would have it done."""
    asked = consultation.invitations.get()
    speaker = User.objects.get(username="can.bo.tai.chinh")
    given = {"target": WHOLE, "token": uuid.uuid4(), "text": ASKED}
    inviting.answer(asked.pk, speaker, **given)
    group = staff("kiem.duyet", "consultations.moderate_opinions")
    for opinion in consultation.opinions.all():
        deciding.publish(opinion.pk, group)
    make.record(consultation, WindowAct.CLOSE, made_at=NOW())
    by = house.official()
    sorting.sort_rest(consultation.pk, by)
    row = consultation.rows.get(summary=SAID)
    told = house.agreed("partly", reasons=REASONS, changed_where=WHERE)
    answering.answer(row.pk, row.revision, SAID, told, by)
    house.answer_all(consultation, by)
    publishing.publish(consultation.pk, make.organiser())
    drain()
    leader = staff("lanh.dao", "reporting.view_edition", "reporting.publish_edition")
    editions.publish(Edition.objects.get(kind=publishing.KIND).pk, leader)


def read_the_answer(phone: Page, code: str) -> None:
    phone.goto("/gop-y/theo-doi/")
    phone.locator("#ma").fill(code.lower())
    press(phone, "main form button")
    assert REASONS in phone.inner_text("main").replace("\n", " ")


def follow_it_to_the_table(phone: Page) -> None:
    press(phone, "main a[href*='#dong-']")
    row = phone.locator("article:target")
    assert REASONS in row.inner_text()


def test_a_word_on_article_7_clause_2_is_heard_answered_and_put_on_paper(
    citizen, enter, seen, place
):
    consultation, page = place
    clause = consultation.texts.get().provisions.get(name="Điều 7 khoản 2.")
    phone = citizen(page.url)
    code = comment(phone, page, clause)
    assert Opinion.objects.get(receipt_code=code).provision == clause
    answer_for_the_agency(citizen, seen)
    let_in(enter, seen)
    make.record(consultation, WindowAct.CLOSE, made_at=NOW())
    answer(enter, seen, consultation)
    publish(enter, seen, consultation)
    open_the_paper(enter)

    read_the_answer(phone, code)
    seen(phone)
    follow_it_to_the_table(phone)
    for path in ("ket-qua/", "", "y-kien/", "nhat-ky/"):
        phone.goto(page.url + path)
        seen(phone)
    assert phone.request.get(f"{page.url}ket-qua/json/").ok
    phone.goto(f"{page.url}ket-qua/")
    paper = phone.locator(".files a[href$='.pdf']").get_attribute("href")
    assert phone.request.get(paper).body().startswith(b"%PDF")


def test_without_javascript_a_citizen_speaks_and_reads_the_answer(
    citizen, no_sideways_scroll, place
):
    consultation, page = place
    clause = consultation.texts.get().provisions.get(name="Điều 7 khoản 2.")
    phone = citizen(page.url, java_script=False)
    code = comment(phone, page, clause)
    assert Opinion.objects.get(receipt_code=code).provision == clause
    by_verbs(consultation)
    read_the_answer(phone, code)
    no_sideways_scroll(phone)
    follow_it_to_the_table(phone)
    no_sideways_scroll(phone)
    phone.goto(f"{page.url}ket-qua/")
    paper = phone.locator(".files a[href$='.pdf']").get_attribute("href")
    assert phone.request.get(paper).body().startswith(b"%PDF")


def test_who_prepares_a_consultation_sees_screens_that_fit(enter, seen, place):
    consultation, _page = place
    text = make.make_text(consultation, articles=9, state=TextState.PREPARING)
    mapping.propose(text)
    provision = text.provisions.get(name="Điều 7 khoản 2.")
    page = enter(make.organiser(), ROOT)
    for path in (
        "",
        "them/",
        f"{consultation.pk}/",
        f"co-quan/{consultation.pk}/",
        f"ban/{text.pk}/",
        f"ban/{text.pk}/doi-chieu/",
        f"muc/{provision.pk}/",
    ):
        page.goto(ROOT + path)
        seen(page)


def test_overdue_answers_letters_and_the_list_are_open_to_everybody(citizen, seen, place):
    consultation, page = place
    make.make_text(consultation, articles=9)
    make.record(consultation, WindowAct.CLOSE, made_at=NOW())
    consultation.answer_due_on = clock.today() - timedelta(days=3)
    consultation.save()
    reader = citizen("/lay-y-kien/", width=1280)
    for path in (
        "/lay-y-kien/",
        "/lay-y-kien/qua-han-tra-loi/",
        "/nhan-tin-lay-y-kien/",
        "/gop-y/theo-doi/",
        f"{page.url}gop-y/toan-van/",
        f"{page.url}so-sanh/1/2/",
    ):
        reader.goto(path)
        seen(reader)
