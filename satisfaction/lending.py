"""A survey lent to the page of another room, such as a consultation on a topic (Art. 7.1)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal import clock
from site_pages.lending import Lender, Lent, register_embed
from site_pages.visibility import readable

from .pages import SurveyPage
from .window import WindowState, state


def _open_pages() -> list[SurveyPage]:
    rows = readable(SurveyPage.objects.filter(locale__language_code="vi"))
    now = clock.now()
    found = rows.select_related("survey").order_by("title")
    return [page for page in found if state(page.survey, now) is not WindowState.CLOSED]


def _choices() -> list[tuple[int, str]]:
    return [(page.pk, page.title) for page in _open_pages()]


def _find(page_id: int) -> Lent | None:
    page = readable(SurveyPage.objects.filter(pk=page_id)).select_related("survey").first()
    if page is None or state(page.survey, clock.now()) is not WindowState.OPEN:
        return None
    return Lent(page.title, page.url)


register_embed("survey", Lender(_("Survey"), _choices, _find))
