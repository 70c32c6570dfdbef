"""The working group presses "Lập báo cáo" and watches the queue make the report."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from portal.outbox.draining import drain
from portal.reporting.models import Edition
from tests.accounts import user
from tests.satisfaction.factories import make_survey, respond


def test_the_page_follows_the_queue_until_the_pdf_is_there(citizen):
    now = timezone.now()
    survey = make_survey(opens_at=now - timedelta(days=2), closes_at=now + timedelta(days=2))
    for _ in range(12):
        respond(survey)
    user("to.cong.tac", is_superuser=True)
    page = citizen("/quan-tri/login/", width=1280)
    page.get_by_label("Tên đăng nhập").fill("to.cong.tac")
    page.locator("input[name=password]").fill("mat-khau-rat-dai")
    page.locator("button[type=submit]").click()
    page.goto(f"/quan-tri/khao-sat/{survey.pk}/")
    page.get_by_role("button", name="Lập báo cáo").click()
    page.locator("progress").wait_for()
    drain()
    page.get_by_role("link", name="Mở tệp PDF").wait_for()
    assert Edition.objects.get().state == "ready"
