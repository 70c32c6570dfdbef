"""The browser itself: what every other browser test relies on."""

import pytest


def test_the_sign_in_page_opens_in_chromium_and_fits_a_phone(citizen, no_sideways_scroll):
    page = citizen("/quan-tri/login/")
    assert page.locator("input[name=username]").is_visible()
    no_sideways_scroll(page)


@pytest.mark.parametrize("attempt", [1, 2])
def test_the_migrations_data_is_there_for_every_browser_test(citizen, attempt):
    from portal.agencies.models import Agency

    assert Agency.objects.count() == 143
    Agency.objects.filter(code="00004").update(code="moved")
