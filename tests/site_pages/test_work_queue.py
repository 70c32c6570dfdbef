"""The first panel of the admin: what waits for whom, late things first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from demo import accounts, drafts
from news.models import ArticlePage
from portal import clock
from portal.accounts.models import User
from portal.reporting.models import Edition, EditionState
from satisfaction import reports
from satisfaction.models import Survey
from tests.satisfaction.factories import make_survey, respond

HOME = "/quan-tri/"
LATE = "Lãnh đạo Thành phố đối thoại với doanh nghiệp về thủ tục đầu tư"
IN_TIME = "Ra mắt quầy số hóa hồ sơ tại Trung tâm Phục vụ hành chính công"


@pytest.fixture
def people(db):
    call_command("lay")
    accounts.load()
    accounts.load_board()
    drafts.load()


def panel(client, username: str) -> str:
    client.force_login(User.objects.get(username=username))
    text = client.get(HOME).content.decode()
    return text[
        text.index('<section class="work"') : text.index("</section>", text.index("viec-cho"))
    ]


def test_drafts_stand_by_their_clock_with_whose_they_are(client, people):
    text = panel(client, "tocongtac")
    assert text.index(LATE) < text.index(IN_TIME)
    for words in ("Quá hạn 12 giờ", "Còn 27 giờ", "Trần Thu Hà (demo)", "Bản nháp"):
        assert words in text
    late = text[text.index(LATE) : text.index(IN_TIME)]
    assert 'class="due late"' in late


def test_who_may_not_edit_does_not_see_drafts(client, people):
    text = panel(client, "lanhdao")
    assert LATE not in text
    assert "Hiện không có việc nào đang chờ." in text


def test_a_published_draft_waits_no_more(client, people):
    page = ArticlePage.objects.get(title=LATE)
    page.get_latest_revision().publish()
    assert LATE not in panel(client, "tocongtac")


def test_an_ended_survey_waits_for_its_report_and_the_report_for_leadership(client, people):
    now = clock.now()
    survey = make_survey(opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=1))
    for _ in range(12):
        respond(survey)
    Survey.objects.filter(pk=survey.pk).update(closes_at=now)
    words = "Lập báo cáo của khảo sát đã kết thúc"
    assert words in panel(client, "tocongtac")
    assert words not in panel(client, "lanhdao")
    edition = reports.order_report(survey, User.objects.get(username="tocongtac"))
    assert words not in panel(client, "tocongtac")
    files = {"pdf": "a.pdf", "pdf_sha256": "0" * 64, "snapshot_sha256": "0" * 64}
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.READY, **files)
    assert "Xem, ký và công bố báo cáo" in panel(client, "lanhdao")
    assert "Xem, ký và công bố báo cáo" not in panel(client, "tocongtac")


def test_an_open_survey_shows_its_valid_responses(client, people):
    now = clock.now()
    survey = make_survey(opens_at=now - timedelta(days=2), closes_at=now + timedelta(days=2))
    for _ in range(3):
        respond(survey)
    assert "Theo dõi khảo sát: 3 phiếu hợp lệ" in panel(client, "lanhdao")


def test_the_panel_costs_the_same_however_much_waits(client, people, django_assert_max_num_queries):
    original = ArticlePage.objects.get(title=LATE)
    for number in range(15):
        original.copy(
            update_attrs={"slug": f"nhap-{number}", "title": f"Nháp {number}"}, keep_live=False
        )
    client.force_login(User.objects.get(username="tocongtac"))
    client.get(HOME)
    with django_assert_max_num_queries(55):
        client.get(HOME)


def test_the_admin_carries_the_portal_s_name_and_no_link_to_wagtail(client, people):
    client.force_login(User.objects.get(username="tocongtac"))
    text = client.get(HOME).content.decode()
    assert "portal-brand" in text
    assert "guide.wagtail.org" not in text
    assert "whats-new" not in text


def test_signing_in_is_labelled_in_vietnamese(client, people):
    text = client.get("/quan-tri/login/").content.decode()
    assert "Mật khẩu" in text
    assert "placeholder" not in text
