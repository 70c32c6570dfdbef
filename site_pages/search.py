"""One box over every public page: exact or folded, alike on both databases."""

from wagtail.models import Locale, Page
from wagtail.search.query import PlainText

from portal.text import fold


def find(words: str):
    """Live, public pages of the active language that have all the words, with or without marks."""
    if not any(char.isalnum() for char in fold(words)):
        return Page.objects.none()
    # The index filters by columns of its own, so restrictions are a query here.
    pages = Page.objects.live().public().filter(locale=Locale.get_active(), depth__gt=2)
    query = PlainText(words) | PlainText(fold(words))
    return pages.specific().search(query)
