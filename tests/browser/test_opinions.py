"""A citizen on a phone gives an opinion on a clause; everybody reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import Opinion
from consultations.moderation import deciding
from tests.accounts import staff
from tests.consultations import factories as make
from tests.consultations import saying


@pytest.fixture
def page_and_clause():
    saying.at_once()
    made = make.make_consultation()
    now = timezone.now()
    make.open_window(made, opens=now - timedelta(days=2), closes=now + timedelta(days=20))
    text = make.make_text(made, articles=8)
    return saying.page_of(made), text.provisions.get(name="Điều 7 khoản 2.")


@pytest.mark.parametrize("java_script", [True, False])
def test_a_citizen_on_a_phone_speaks_of_article_7_clause_2(
    citizen, axe, no_sideways_scroll, page_and_clause, java_script
):
    page, clause = page_and_clause
    # Without scripts axe cannot look; it would have waited for the styles.
    look = axe if java_script else lambda page: page.wait_for_load_state("load")
    phone = citizen(page.url, width=320, java_script=java_script)
    look(phone)
    no_sideways_scroll(phone)
    phone.locator(f"a[href$='/gop-y/{clause.uuid}/']").click()
    look(phone)
    no_sideways_scroll(phone)
    phone.locator("button:not([name])[type=submit]").last.click()
    assert phone.locator(".error-summary").is_visible()
    look(phone)
    phone.locator("#id_text").fill("Khoản 2 cần nêu rõ thời hạn trả kết quả.")
    phone.locator("details.suggest summary").click()
    phone.locator("#id_suggested_text").fill("2. Trả kết quả trong 05 ngày làm việc.")
    phone.locator("#id_respondent_kind_0").check()
    phone.locator("#form .actions button").first.click()
    look(phone)
    no_sideways_scroll(phone)
    assert phone.locator("ins").count()
    phone.locator("#form button").click()
    look(phone)
    code = phone.locator(".receipt .code").inner_text()
    opinion = Opinion.objects.get(receipt_code=code)
    assert opinion.provision == clause
    deciding.publish(opinion.pk, staff(f"duyet{java_script}", "consultations.moderate_opinions"))
    phone.goto("/gop-y/theo-doi/")
    look(phone)
    phone.locator("#ma").fill(code.lower())
    phone.locator("main form button").first.click()
    look(phone)
    no_sideways_scroll(phone)
    for path in ("", "y-kien/", f"y-kien/{opinion.pk}/", "nhat-ky/", "dang-ky-nhan-tin/"):
        phone.goto(page.url + path)
        look(phone)
        no_sideways_scroll(phone)
    assert "Khoản 2 cần nêu rõ" in citizen(f"{page.url}y-kien/", width=1280).content()
