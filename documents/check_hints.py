"""Documents that lost their force since they were published: whoever is in charge looks."""

from __future__ import annotations

from django.utils.translation import gettext as _
from wagtail.models import Page

from editorial.checking import register_hint
from portal import clock

from .models import Force, LegalDocumentPage


@register_hint
def expired_since(pages: list[Page]) -> dict[int, list[str]]:
    shown = {page.pk: page.last_published_at for page in pages}
    ended = LegalDocumentPage.objects.in_state(Force.EXPIRED, clock.today())
    rows = ended.filter(pk__in=shown).values_list("pk", "ends_on")
    words = _("the document expired after this version was published: %(day)s")
    return {
        pk: [words % {"day": f"{day:%d/%m/%Y}"}]
        for pk, day in rows
        if shown[pk] and day > shown[pk].date()
    }
