"""Versions of a draft: a file handed in or text pasted, read into a tree, published."""

from __future__ import annotations

import hashlib
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send
from portal.protection import uploads
from portal.text import clean
from site_pages.search.indexing import index_page

from . import mapping, naming, tree, window
from .access import require_publish_text, require_run
from .docx_reading import Unreadable, has_private_marks, read_docx
from .models import Attachment, AttachmentKind, DraftText, ReadingState, TextState
from .structure import Block, of_text, parse, words_of
from .versions import held_text
from .window import WindowState

KIND = "consultations.read-draft"
LONGEST_PASTE = 1_000_000
MOST_PROVISIONS = 5_000
MOST_ATTACHMENTS = 20


@transaction.atomic
def new_version(consultation_id: int, by: User, note: str = "") -> DraftText:
    """Begin the next version; one at a time is prepared."""
    require_run(by)
    held = window.hold(consultation_id)
    if not held.consultation.has_draft:
        raise ValidationError(_("A topic has no draft."))
    last = held.consultation.texts.order_by("-number").first()
    if last and last.state == TextState.PREPARING:
        raise ValidationError(_("A version is being prepared already."))
    note = clean(note)
    if last and not note:
        raise ValidationError({"note": _("Say in a sentence why there is a new version.")})
    text = DraftText.objects.create(
        consultation=held.consultation, number=last.number + 1 if last else 1, note=note
    )
    log(held.consultation, "consultations.text.begin", user=by, data={"version": text.number})
    return text


@transaction.atomic
def hand_in(text_id: int, by: User, file: UploadedFile) -> DraftText:
    """Keep the file of the draft and let the queue read it."""
    if not (file.name or "").lower().endswith(".docx"):
        raise ValidationError({"file": _("Hand in the draft as a .docx file.")})
    try:
        uploads.check(file)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from None
    _held, text = held_text(text_id, by)
    _keep_source(text, uploads.name_of(file), file.read())
    text.reading, text.problem = ReadingState.QUEUED, ""
    text.save(update_fields=["source", "source_name", "source_sha256", "reading", "problem"])
    send(KIND, f"{text.pk}:{text.source_sha256}:{text.source.name[-40:]}", text_id=text.pk)
    log(text.consultation, "consultations.text.hand_in", user=by, data={"version": text.number})
    return text


def _keep_source(text: DraftText, name: str, content: bytes) -> None:
    ending = name.rpartition(".")[2].lower()
    text.source_name, text.source_sha256 = name, hashlib.sha256(content).hexdigest()
    text.source.save(
        f"{text.consultation.code}-{text.number}.{ending}", ContentFile(content), save=False
    )


def carry_out(row: OutboxRow) -> None:
    """The effect: read the file that was handed in; whatever it is, the editor is told."""
    text = DraftText.objects.select_for_update(no_key=True).get(pk=row.payload["text_id"])
    if text.reading != ReadingState.QUEUED or text.state != TextState.PREPARING:
        return
    try:
        with text.source.open("rb") as file:
            blocks = read_docx(file)
        with transaction.atomic():
            _store(text, blocks)
    except (Unreadable, ValidationError) as error:
        problem = error.messages[0] if isinstance(error, ValidationError) else str(error)
        text.reading, text.problem = ReadingState.FAILED, problem[:300]
        text.save(update_fields=["reading", "problem"])


@transaction.atomic
def paste(text_id: int, by: User, pasted: str) -> DraftText:
    """Read pasted words the same way; they are kept as the source."""
    if len(pasted) > LONGEST_PASTE:
        raise ValidationError({"pasted": _("The text is too long. Hand it in as a file.")})
    _held, text = held_text(text_id, by)
    _keep_source(text, f"du-thao-ban-{text.number}.txt", clean(pasted).encode())
    text.save(update_fields=["source", "source_name", "source_sha256"])
    try:
        _store(text, of_text(pasted))
    except ValidationError as error:
        raise ValidationError({"pasted": error.messages}) from None
    log(text.consultation, "consultations.text.paste", user=by, data={"version": text.number})
    return text


def _store(text: DraftText, blocks: list[Block]) -> None:
    nodes = parse(blocks)
    if not nodes:
        raise ValidationError(_("There is no text in it."))
    if len(blocks) > MOST_PROVISIONS:
        raise ValidationError(_("The draft has too many paragraphs. Split it into parts."))
    mapping.forget(text)
    tree.store(text, nodes)
    text.words_sha256 = tree.words_hash(words_of(blocks))
    text.reading, text.problem = ReadingState.READ, ""
    text.save(update_fields=["words_sha256", "reading", "problem"])
    mapping.propose(text)


@transaction.atomic
def attach(text_id: int, by: User, kind: str, title: str, file: UploadedFile) -> Attachment:
    """Put a document beside the draft: submission, explanation, impact assessment."""
    try:
        uploads.check(file)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from None
    held, text = held_text(text_id, by)
    if text.attachments.count() >= MOST_ATTACHMENTS:
        raise ValidationError(
            {
                "file": _("At most %(most)d documents go with a version.")
                % {"most": MOST_ATTACHMENTS}
            }
        )
    content, name = file.read(), uploads.name_of(file)
    if name.lower().endswith(".docx") and has_private_marks(BytesIO(content)):
        raise ValidationError(
            {
                "file": _(
                    "The file still carries tracked changes, notes or hidden words. Accept the "
                    "changes and delete the notes in Word, save it and send it again."
                )
            }
        )
    made = Attachment(
        text_version=text,
        kind=AttachmentKind(kind),
        title=clean(title)[:200],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        added_by=by,
        added_at=held.now,
    )
    made.file.save(name, ContentFile(content), save=False)
    made.save()
    log(text.consultation, "consultations.text.attach", user=by, data={"note": made.title})
    return made


@transaction.atomic
def detach(attachment_id: int, by: User) -> None:
    """Take a document away again while its version is being prepared."""
    known = Attachment.objects.get(pk=attachment_id)
    _held, text = held_text(known.text_version_id, by)
    Attachment.objects.filter(pk=attachment_id).delete()
    log(text.consultation, "consultations.text.detach", user=by, data={"note": known.title})


@transaction.atomic
def publish(text_id: int, by: User, accepts_difference: bool = False) -> DraftText:
    """Put a version before the public. From its first opinion on nothing in it changes."""
    known = DraftText.objects.select_related("consultation").get(pk=text_id)
    require_publish_text(by, known.consultation)
    held = window.hold(known.consultation_id)
    text = DraftText.objects.select_for_update(no_key=True).get(pk=text_id)
    if text.state != TextState.PREPARING:
        raise ValidationError(_("This version is published already."))
    rows = tree.rows_of(text)
    if text.reading == ReadingState.QUEUED or not rows:
        raise ValidationError(_("Hand in the draft first, and wait until it has been read."))
    if not accepts_difference and not tree.says_the_source(text, rows):
        raise ValidationError(
            {
                "accepts_difference": _(
                    "The words of the provisions are no longer those of the file. "
                    "Compare them, or confirm that the change is meant."
                )
            }
        )
    mapping.require_confirmed(text)
    text.state, text.sha256 = TextState.PUBLISHED, naming.whole(rows)
    text.published_at, text.published_by = held.now, by
    text.save(update_fields=["state", "sha256", "published_at", "published_by"])
    _open_source(text, by)
    # The search finds a consultation by the words of its newest version.
    for page_id in text.consultation.pages.filter(live=True).values_list("pk", flat=True):
        index_page(page_id)
    log(text.consultation, "consultations.text.publish", user=by, data={"version": text.number})
    return text


def _open_source(text: DraftText, by: User) -> None:
    """Put the draft's own file beside it, unless it carries changes, notes or hidden words."""
    known = text.attachments.filter(kind=AttachmentKind.DRAFT)
    if not text.source_name.lower().endswith(".docx") or known.exists():
        return
    with text.source.open("rb") as file:
        content = file.read()
    if has_private_marks(BytesIO(content)):
        return
    made = Attachment(
        text_version=text,
        kind=AttachmentKind.DRAFT,
        title=text.source_name.rpartition(".")[0][:200],
        size=len(content),
        sha256=text.source_sha256,
        added_by=by,
        added_at=text.published_at,
    )
    made.file.save(text.source_name, ContentFile(content), save=False)
    made.save()


@transaction.atomic
def take_back(text_id: int, by: User) -> DraftText:
    """Prepare a version further that nobody could speak of yet."""
    known = DraftText.objects.select_related("consultation").get(pk=text_id)
    require_publish_text(by, known.consultation)
    held = window.hold(known.consultation_id)
    text = DraftText.objects.select_for_update(no_key=True).get(pk=text_id)
    is_last = not held.consultation.texts.filter(number__gt=text.number).exists()
    has_opened = held.window.state not in (WindowState.UNSET, WindowState.UPCOMING)
    if text.state != TextState.PUBLISHED or text.is_locked or has_opened or not is_last:
        raise ValidationError(_("People may speak of this version already: make a new one."))
    text.state, text.sha256 = TextState.PREPARING, ""
    text.published_at = text.published_by = None
    text.save(update_fields=["state", "sha256", "published_at", "published_by"])
    log(text.consultation, "consultations.text.take_back", user=by, data={"version": text.number})
    return text
