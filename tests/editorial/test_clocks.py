"""Art. 8.1.a: what comes late is accepted with a reason, and the report tells by whom and when."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import GroupPagePermission, Locale, PageLogEntry

from documents.models import DocumentsPage, LegalDocumentPage
from editorial import clocks
from editorial.models import (
    Appointment,
    BoardDecision,
    Collaborator,
    CollaboratorKind,
    LateReason,
    Post,
)
from news.models import ArticlePage
from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency
from site_pages.models import CategoryPage
from tests.accounts import staff

pytestmark = pytest.mark.django_db
NOW = "2026-11-20 09:00"
# Late, as a spreadsheet would read it.
TITLE = "=Tin <script> muộn"


@pytest.fixture
def category(home, at) -> CategoryPage:
    at(NOW)
    return CategoryPage.objects.get(slug="tinh-hinh-ket-qua", locale__language_code="vi")


@pytest.fixture
def editor(category) -> User:
    made = staff("bien.tap")
    group = made.groups.create(name="bien-tap")
    for codename in ("add_page", "change_page"):
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore", codename=codename
        )
        GroupPagePermission.objects.create(group=group, page=category, permission=permission)
    return made


def appointed(name: str, post: Post) -> User:
    made = staff(name)
    decision, _created = BoardDecision.objects.get_or_create(
        number="1/QĐ-UBND", issued_on=date(2026, 1, 5), about="Thành lập"
    )
    Appointment.objects.create(
        user=made, post=post, decision=decision, office="Sở Nội vụ", valid_from=date(2026, 1, 5)
    )
    return made


def write(category, slug: str, hours_ago: float | None, *, live: bool = False, **fields):
    event_at = None if hours_ago is None else clock.now() - timedelta(hours=hours_ago)
    page = ArticlePage(
        title=fields.pop("title", f"Tin {slug}"),
        slug=slug,
        author="Lê Ánh",
        abstract_text="Tóm tắt.",
        event_at=event_at,
        locale=category.locale,
        live=live,
        first_published_at=clock.now() if live else None,
        **fields,
    )
    return category.add_child(instance=page)


def send_in(page: ArticlePage, user: User) -> None:
    page.save_revision(user=user)
    page.get_workflow().start(page, user)


def test_only_an_overdue_item_wants_a_reason(category):
    assert not clocks.needs_reason(write(category, "con-han", 47))
    assert not clocks.needs_reason(write(category, "khong-su-kien", None))
    assert not clocks.needs_reason(write(category, "da-dang", 60, live=True))
    assert not clocks.needs_reason(category)
    assert clocks.needs_reason(write(category, "qua-han", 49))


def test_the_newest_draft_decides_whether_it_is_late(category, editor):
    page = write(category, "tin", 47)
    page.event_at = clock.now() - timedelta(hours=50)
    page.save_revision()
    assert clocks.needs_reason(ArticlePage.objects.get(pk=page.pk))


def test_the_reason_is_asked_kept_and_leads_back(client, category, editor):
    page = write(category, "qua-han", 50)
    client.force_login(editor)
    url = reverse("late_reason", args=[page.pk])
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert url in edit
    html = client.get(url).content.decode()
    assert "Hạn gửi tin bài này là" in html
    assert "khoản 1 Điều 8" in html
    html = client.post(url, {"text": "  ", "next": "/quan-tri/"}).content.decode()
    assert 'value="/quan-tri/"' in html
    assert not LateReason.objects.exists()
    response = client.post(url, {"text": "Phóng viên đi <cơ sở>", "next": "/quan-tri/"})
    assert (response.status_code, response.url) == (302, "/quan-tri/")
    kept = LateReason.objects.get()
    assert (kept.page_id, kept.text, kept.given_by) == (page.pk, "Phóng viên đi <cơ sở>", editor)
    assert not clocks.needs_reason(page)
    entry = PageLogEntry.objects.get(page=page.pk, action="editorial.late_reason.give")
    assert entry.data["reason"] == "Phóng viên đi <cơ sở>"
    assert "Phóng viên đi &lt;cơ sở&gt;" in client.get(url).content.decode()


def test_it_leads_nowhere_else(client, category, editor):
    page = write(category, "qua-han", 50)
    client.force_login(editor)
    url = reverse("late_reason", args=[page.pk])
    response = client.post(url, {"text": "Bận", "next": "https://ke-xau.example/"})
    assert response.url == reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_a_reason_may_be_said_again_until_the_item_is_sent_in(category, editor):
    page = write(category, "qua-han", 50)
    clocks.give_reason(page.pk, "Một", editor)
    clocks.give_reason(page.pk, "Hai", editor)
    assert LateReason.objects.get().text == "Hai"
    send_in(page, editor)
    with pytest.raises(ValidationError):
        clocks.give_reason(page.pk, "Ba", editor)
    assert LateReason.objects.get().text == "Hai"


@pytest.mark.parametrize("text", ["", " \n", "x" * 501])
def test_a_reason_says_something_short(category, editor, text):
    page = write(category, "qua-han", 50)
    with pytest.raises(ValidationError):
        clocks.give_reason(page.pk, text, editor)
    assert not LateReason.objects.exists()


def test_only_who_may_edit_gives_a_reason(client, category):
    page = write(category, "qua-han", 50)
    other = staff("ai.do")
    with pytest.raises(PermissionDenied):
        clocks.give_reason(page.pk, "Bận", other)
    client.force_login(other)
    assert client.get(reverse("late_reason", args=[page.pk])).status_code == 302
    assert client.post(reverse("late_reason", args=[page.pk]), {"text": "x"}).status_code == 302
    assert not LateReason.objects.exists()


def test_the_clock_stops_when_the_item_is_sent_in_not_when_it_is_published(
    client, category, editor, at
):
    page = write(category, "gui-som", 40)
    send_in(page, editor)
    at("2026-11-21 09:00")
    page.get_latest_revision().publish()
    page = ArticlePage.objects.get(pk=page.pk)
    assert page.timeliness.state == "on-time"
    assert clocks.by_agency(clocks.Wanted()) == {"": clocks.Tally(on_time=1)}
    client.force_login(_boss())
    html = client.get(reverse("articles:index"), {"clock": "on-time"}).content.decode()
    assert page.title in html


def _boss() -> User:
    return User.objects.create_superuser("quantri", "quantri@hanoi.example", "mat-khau-rat-dai")


@pytest.fixture
def items(category, editor):
    """Every state in two rooms; the senders and subjects of three agencies."""
    wards = list(Agency.objects.filter(kind="ward")[:2])
    Collaborator.objects.create(
        user=editor,
        kind=CollaboratorKind.OFFICIAL,
        agency=wards[0],
        paper="01/HĐ",
        valid_from=date(2026, 1, 1),
    )
    about = write(category, "dung-han", 47, live=True)
    about.agencies.set(wards[::-1])
    about.save()
    late = write(category, "muon", 53.5, title=TITLE)
    late.agencies.set(wards[1:])
    late.save()
    clocks.give_reason(late.pk, "Chờ số liệu", editor)
    send_in(late, editor)
    write(category, "con-han", 20)
    write(category, "qua-han", 60)
    write(category, "khong-su-kien", None, live=True)
    twin = about.copy_for_translation(Locale.objects.get(language_code="en"), copy_parents=True)
    twin.event_at = about.event_at
    twin.save_revision().publish()
    register = DocumentsPage.objects.get(locale=category.locale)
    for number, issued_on in (("1/KH-UBND", date(2026, 11, 18)), ("2/KH-UBND", date(2026, 10, 31))):
        register.add_child(
            instance=LegalDocumentPage(
                title=f"Kế hoạch {number}",
                number=number,
                slug=number[:1],
                doc_type="ke-hoach",
                issuer="UBND thành phố Hà Nội",
                level="city",
                issued_on=issued_on,
                locale=category.locale,
                live=True,
                first_published_at=clock.now(),
            )
        )
    return [ward.name for ward in wards]


def test_items_are_counted_by_agency_and_month(items, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        by_agency = clocks.by_agency(clocks.Wanted())
    assert by_agency == {
        "": clocks.Tally(running=1, overdue=1),
        items[0]: clocks.Tally(on_time=1, late=1),
        "UBND thành phố Hà Nội": clocks.Tally(on_time=1, late=1),
    }
    with django_assert_max_num_queries(4):
        by_month = clocks.by_month(clocks.Wanted())
    assert by_month == {
        date(2026, 11, 1): clocks.Tally(on_time=2, late=1, running=1, overdue=1),
        date(2026, 10, 1): clocks.Tally(late=1),
    }
    october = clocks.Wanted(month=date(2026, 10, 1))
    assert [row["title"] for row in clocks.items(october)] == ["Kế hoạch 2/KH-UBND"]
    news = clocks.Wanted(room="news.articlepage", agency=items[0], state="late")
    assert [row["title"] for row in clocks.items(news)] == [TITLE]
    with django_assert_max_num_queries(4):
        rows = list(clocks.items())
    assert len(rows) == 6
    assert {row["reason"] for row in rows} == {"", "Chờ số liệu"}


def test_the_report_shows_items_agencies_and_months(client, items, django_assert_max_num_queries):
    client.force_login(appointed("to.cong.tac", Post.WORKING_GROUP))
    url = reverse("intake_report")
    client.get(url)
    with django_assert_max_num_queries(30):
        html = client.get(url).content.decode()
    for words in (
        "=Tin &lt;script&gt; muộn",
        "Muộn 5 giờ",
        "Chờ số liệu",
        "Quá hạn 12 giờ",
        "tin, bài",
    ):
        assert words in html
    html = " ".join(client.get(url, {"theo": "co-quan"}).content.decode().split())
    for words in (items[0], "Tổng cộng", "50,0%", "Chưa xác định cơ quan"):
        assert words in html
    html = client.get(url, {"theo": "thang"}).content.decode()
    assert html.index("11/2026</") < html.rindex("10/2026")
    html = client.get(url, {"state": "late", "room": "news.articlepage"}).content.decode()
    assert "Muộn 5 giờ" in html
    assert "Kế hoạch 2/KH-UBND" not in html
    assert client.get(url, {"month": "2099-13", "agency": "x'"}).status_code == 200
    results = client.get(reverse("intake_report_results"), {"theo": "thang"}).content.decode()
    assert "<html" not in results


def test_it_is_taken_away_as_a_spreadsheet(client, items):
    client.force_login(appointed("to.cong.tac", Post.WORKING_GROUP))
    url = reverse("intake_report")
    response = client.get(url, {"export": "csv", "state": "late"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 2
    late = next(row for row in rows if "muộn" in row["Nội dung"])
    assert late["Nội dung"].startswith("'=")
    assert late["Đã gửi lúc"] == "20/11/2026 09:00"
    assert late["Lý do trễ hạn"] == "Chờ số liệu"
    response = client.get(url, {"export": "xlsx", "theo": "co-quan"})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    cells = list(sheet.values)
    assert cells[0][:2] == ("Cơ quan hoặc tháng", "Đúng hạn")
    assert cells[1][:3] == ("Tổng cộng", 2, 2)


def test_the_board_and_the_working_group_read_the_report(client, home):
    url = reverse("intake_report")
    menu = reverse("wagtailadmin_home")
    people = {
        appointed("to.cong.tac", Post.WORKING_GROUP): True,
        appointed("thanh.vien", Post.MEMBER): True,
        appointed("truong.ban", Post.HEAD): True,
        staff("ai.do"): False,
    }
    for person, may_read in people.items():
        client.force_login(person)
        assert (client.get(url).status_code == 200) == may_read, person.username
        results = client.get(reverse("intake_report_results")).status_code
        assert (results == 200) == may_read, person.username
        assert (url in client.get(menu).content.decode()) == may_read, person.username
