"""Our own checks beside Wagtail's in the editor: what a good item of this portal has.

They advise; what the regulation forbids is refused at publication (publication_problems).
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_ABSTRACT = 300
LONGEST_TITLE = 110
# From this many words on a text wants headings to be scanned by.
LONG_TEXT = 400


class Check(models.TextChoices):
    """What may be missing, with its title; `ADVICE` says what to do."""

    NO_ABSTRACT = "no-abstract", _("There is no abstract")
    LONG_ABSTRACT = "long-abstract", _("The abstract is long")
    LONG_TITLE = "long-title", _("The title is long")
    NO_SOURCE = "no-source", _("The source is not stated")
    NO_EVENT_TIME = "no-event-time", _("The time of the event is not stated")
    NO_HEADINGS = "no-headings", _("A long text without headings")
    WEAK_ALT = "weak-alt", _("A picture's text repeats its caption or says only “picture”")
    NO_FILES = "no-files", _("No file of the document is attached")
    NO_SIGNER = "no-signer", _("Who signed is not stated")


ADVICE = {
    Check.NO_ABSTRACT: _("Write two sentences for lists, search results and sharing."),
    Check.LONG_ABSTRACT: _("Lists show about 300 characters. Shorten it."),
    Check.LONG_TITLE: _("Search engines cut titles after about 110 characters. Shorten it."),
    Check.NO_SOURCE: _("State where the information comes from (Art. 3.5)."),
    Check.NO_EVENT_TIME: _("The 48-hour clock of Article 8.1.a needs the end of the event."),
    Check.NO_HEADINGS: _("Put a heading every few paragraphs so that readers find their way."),
    Check.WEAK_ALT: _("Say in a sentence what those see who see the picture."),
    Check.NO_FILES: _("Attach the signed PDF; readers come for it."),
    Check.NO_SIGNER: _("State the name and the post of who signed."),
}


def of_texts(title: str, abstract: str) -> list[Check]:
    """What every page is judged by."""
    found = []
    if not abstract.strip():
        found.append(Check.NO_ABSTRACT)
    if len(abstract) > LONGEST_ABSTRACT:
        found.append(Check.LONG_ABSTRACT)
    if len(title) > LONGEST_TITLE:
        found.append(Check.LONG_TITLE)
    return found


def is_weak(alt: str, caption: str) -> bool:
    """Whether a picture's text tells those who cannot see it nothing."""
    said = alt.strip().casefold()
    empty_words = {"ảnh", "hình", "hình ảnh", "ảnh minh họa", "ảnh minh hoạ", "image", "picture"}
    return said in empty_words or (bool(said) and said == caption.strip().casefold())
