"""Taking up an item of the public: its text as a draft, its clean files in the libraries.

The room that holds articles makes the draft: `register_maker(make)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.log_actions import log
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from portal.protection import quarantine
from portal.protection.file_kinds import Family
from portal.protection.models import UNKNOWN, QuarantinedFile
from portal.text import clean
from site_pages.models import CategoryPage

from . import contribution_letters, originals
from .contributions import require_screener, taken, with_files
from .models import Contribution, ContributionFile, ContributionState, SenderKind


@dataclass(frozen=True)
class Material:
    """What a draft is made of: the sender's own words, and files that the scanner passed."""

    title: str
    text: str
    event_on: date | None
    # The organisation that sends it; empty for a person, whom the editor names as the author
    # when the item goes out: until then the name stays where it is erased in time.
    organisation: str = ""
    images: list[Image] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)


# Adds the draft below the section, owned by who takes it up.
Maker = Callable[[Material, CategoryPage, User], Page]
_makers: list[Maker] = []


def register_maker(make: Maker) -> Maker:
    """The one room that makes articles of what the public sends."""
    _makers[:] = [make]
    return make


@transaction.atomic
def take_up(
    contribution_id: int,
    section: CategoryPage,
    by: User,
    *,
    without_unchecked: bool = False,
    note: str = "",
) -> Contribution:
    """Make a draft of the item; its text stays as the supplier's original (Art. 3.3, 3.4)."""
    require_screener(by)
    row = with_files(Contribution.objects).get(pk=taken(contribution_id).pk)
    files = list(row.files.all())
    if any(item.file.state in UNKNOWN for item in files) and not without_unchecked:
        message = _("Some files are not checked yet. Wait, or tick this to go on without them.")
        raise ValidationError({"without_unchecked": message})
    for item in files:
        if item.file.may_leave:
            _move(item, by)
    page = _makers[0](_material(row, files), section, by)
    originals.keep_contribution(page, row, by)
    row.state, row.page, row.note = ContributionState.TAKEN_UP, page, clean(note)
    row.decided_by, row.decided_at = by, clock.now()
    row.save(update_fields=["state", "page", "note", "decided_by", "decided_at"])
    log(row, "editorial.contribution.take-up", user=by)
    contribution_letters.tell(row)
    return row


def _material(row: Contribution, files: list[ContributionFile]) -> Material:
    return Material(
        row.title,
        row.text,
        row.event_on,
        row.sender_name if row.sender_kind == SenderKind.ORGANISATION else "",
        [item.image for item in files if item.image],
        [item.document for item in files if item.document],
    )


def _move(item: ContributionFile, by: User) -> None:
    """Into the library, where no reader has it before a page that uses it is public."""
    if item.file.family == Family.IMAGE:
        item.image = _added(Image, item.file, by)
    else:
        item.document = _added(Document, item.file, by)
    item.save(update_fields=["image", "document"])
    quarantine.empty(item.file)


def _added(model: type[Image | Document], file: QuarantinedFile, by: User) -> Image | Document:
    wrap = ImageFile if model is Image else File
    title = file.name.rpartition(".")[0] or file.name
    with quarantine.opened(file) as content:
        made = model.objects.create(
            title=title, uploaded_by_user=by, file=wrap(content, name=file.name)
        )
    made.get_file_size()
    made.get_file_hash()
    return made
