"""Ordering, making, publishing and correcting editions. A published one never changes."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.codes import new_code
from portal.outbox.draining import Refused
from portal.outbox.mail import send_letter
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send

from . import extras, qr
from .kinds import ReportKind, Unmakeable, kind_of
from .models import Edition, EditionState
from .pdf import to_pdf

logger = logging.getLogger(__name__)

EFFECT = "reporting.edition"
LETTER = "reporting.ready"
UNFINISHED = {EditionState.ORDERED, EditionState.MAKING}
# Decree 30/2020, Annex I, II.3: number, slash, type, hyphen, issuer; below ten with a zero.
DOCUMENT_NUMBER = re.compile(r"(0[1-9]|[1-9]\d{1,5})/[A-ZĐ]{2,6}(-[A-ZĐ0-9]+)+")
Right = Callable[[ReportKind], Callable[[User, int], bool]]


def canonical(snapshot: dict) -> bytes:
    """The snapshot as bytes that two machines write alike: sorted keys, NFC, no spaces."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode()


@transaction.atomic
def order(kind: str, subject_id: int, title: str, user: User) -> Edition:
    """Ask for an edition; while one of this subject is being made, that one is returned."""
    if not kind_of(kind).may_order(user, subject_id):
        raise PermissionDenied
    editions = Edition.objects.filter(kind=kind, subject_id=subject_id)
    # Read first: whoever orders between this and the writing takes this number, or is seen.
    number = _next_number(kind, subject_id)
    waiting = editions.filter(state__in=UNFINISHED).first()
    if waiting:
        return waiting
    try:
        with transaction.atomic():
            return _begin(kind, subject_id, title, user, number=number)
    except IntegrityError:
        # The second of two clicks at once wanted the same number: the first one's is the edition.
        return editions.latest("number")


def _next_number(kind: str, subject_id: int) -> int:
    last = Edition.objects.filter(kind=kind, subject_id=subject_id).aggregate(n=Max("number"))["n"]
    return (last or 0) + 1


def _begin(kind: str, subject_id: int, title: str, user: User, **fields: object) -> Edition:
    edition = Edition.objects.create(
        kind=kind,
        subject_id=subject_id,
        title=title,
        code=new_code(),
        ordered_by=user,
        ordered_at=clock.now(),
        **fields,
    )
    _call_for_making(edition, "make")
    log(edition, "reporting.edition.order", user=user)
    return edition


def _call_for_making(edition: Edition, occasion: str) -> None:
    send(EFFECT, f"{edition.pk}:{occasion}", edition_id=edition.pk)


def make(row: OutboxRow) -> None:
    """Outbox handler: freeze the figures (once) and draw the PDF.

    Run twice or by two workers at once it ends in one file: what is not ORDERED or
    MAKING any more is left alone, and figures that another worker froze are taken.
    """
    edition = _start_making(row.payload["edition_id"])
    if edition is None:
        return
    kind = kind_of(edition.kind)
    if edition.snapshot is None:
        snapshot = kind.build(edition.subject_id, clock.now(), _progress_of(edition))
        edition = _freeze(edition.pk, snapshot, kind.method_version)
    html = render(edition)
    pdf = to_pdf(html, now=edition.made_at)
    _progress_of(edition)(85)
    summary = render(edition, kind.summary_template) if kind.summary_template else ""
    made = extras.draw(edition, kind, html, summary, canonical(edition.snapshot))
    _finish_making(edition, pdf, made)


FAILURE = "Không lập được báo cáo. Bấm “Lập lại”; nếu vẫn lỗi, báo bộ phận quản trị."


def give_up(edition_id: int, failure: str = FAILURE) -> None:
    """Tell the people who wait that the edition could not be made."""
    Edition.objects.filter(pk=edition_id, state__in=UNFINISHED).update(
        state=EditionState.FAILED, failure=failure
    )


def lose(row: OutboxRow) -> None:
    """Its workers died again and again: without this the edition would be "being made" for ever."""
    give_up(row.payload["edition_id"])


def make_or_give_up(row: OutboxRow) -> None:
    """`make`, with a failure shown at once and not retried behind people's backs."""
    try:
        make(row)
    except Unmakeable as reason:
        give_up(row.payload["edition_id"], str(reason))
        raise Refused("nothing to report") from reason
    except Exception as error:
        logger.exception("edition %s could not be made", row.payload["edition_id"])
        give_up(row.payload["edition_id"])
        raise Refused("edition") from error


@transaction.atomic
def _start_making(edition_id: int) -> Edition | None:
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    if edition.state not in UNFINISHED:
        return None
    edition.state, edition.progress = EditionState.MAKING, 5
    edition.save(update_fields=["state", "progress"])
    return edition


def _progress_of(edition: Edition):
    def tell(percent: int) -> None:
        Edition.objects.filter(pk=edition.pk, state=EditionState.MAKING).update(
            progress=min(95, percent)
        )

    return tell


@transaction.atomic
def _freeze(edition_id: int, snapshot: dict, method_version: str) -> Edition:
    """Keep the figures, unless another worker kept its own first."""
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    if edition.snapshot is not None:
        return edition
    edition.snapshot = snapshot
    edition.snapshot_sha256 = hashlib.sha256(canonical(snapshot)).hexdigest()
    edition.method_version = method_version
    edition.made_at = clock.now()
    edition.progress = 70
    edition.save(
        update_fields=["snapshot", "snapshot_sha256", "method_version", "made_at", "progress"]
    )
    # PostgreSQL keeps the entries of a snapshot in an order of its own: the first drawing starts
    # from what a later one will find.
    edition.refresh_from_db(fields=["snapshot"])
    return edition


def verify_url(edition: Edition) -> str:
    with translation.override("vi"):
        return settings.BASE_URL + reverse("verify_code", args=[edition.code])


def render(edition: Edition, template: str = "") -> str:
    """The report, or its summary, as HTML for the PDF, from the frozen snapshot alone."""
    kind = kind_of(edition.kind)
    address = verify_url(edition)
    context = {
        **kind.context(edition.snapshot),
        "edition": edition,
        "letterhead": kind.whole_letterhead,
        "year": timezone.localtime(edition.made_at).year,
        "verify_url": address,
        "qr": qr.svg(address, f"Mã QR dẫn đến trang xác thực {edition.code}"),
    }
    with translation.override("vi"):
        return render_to_string(template or kind.template, context)


@transaction.atomic
def _finish_making(edition: Edition, pdf: bytes, made: list[extras.Extra]) -> None:
    current = Edition.objects.select_for_update().get(pk=edition.pk)
    if current.state != EditionState.MAKING or _drawn_from(current) != _drawn_from(edition):
        # Made elsewhere meanwhile, or numbered since this worker began.
        return
    current.pdf_sha256 = hashlib.sha256(pdf).hexdigest()
    current.pdf_size = len(pdf)
    current.pdf.save(f"{current.code}-{current.pdf_sha256[:8]}.pdf", ContentFile(pdf), save=False)
    extras.keep(current, made)
    current.state, current.progress, current.failure = EditionState.READY, 100, ""
    current.save(update_fields=["pdf", "pdf_sha256", "pdf_size", "state", "progress", "failure"])
    send_letter(LETTER, str(current.pk), current.ordered_by_id, edition_id=current.pk)


def _drawn_from(edition: Edition) -> tuple[object, ...]:
    return edition.snapshot_sha256, edition.document_number, edition.document_date


def _locked(edition_id: int, user: User, right: Right, state: EditionState, no: str) -> Edition:
    """The edition, locked: first whether this person may, then whether its state allows it."""
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    if not right(kind_of(edition.kind))(user, edition.subject_id):
        raise PermissionDenied
    if edition.state != state:
        raise ValidationError(no)
    return edition


def _may_order(kind: ReportKind) -> Callable[[User, int], bool]:
    return kind.may_order


def _may_publish(kind: ReportKind) -> Callable[[User, int], bool]:
    return kind.may_publish


@transaction.atomic
def retry(edition_id: int, user: User) -> Edition:
    """Make a failed edition again."""
    no = _("This edition has not failed.")
    edition = _locked(edition_id, user, _may_order, EditionState.FAILED, no)
    edition.state, edition.progress, edition.failure = EditionState.ORDERED, 0, ""
    edition.save(update_fields=["state", "progress", "failure"])
    _call_for_making(edition, f"retry-{clock.now().timestamp()}")
    log(edition, "reporting.edition.retry", user=user)
    return edition


@transaction.atomic
def give_number(edition_id: int, number: str, day: date, user: User) -> Edition:
    """Enter the number and date that the records office gave; the PDF is drawn anew from
    the same figures."""
    no = _("Only a report that is ready is numbered.")
    edition = _locked(edition_id, user, _may_publish, EditionState.READY, no)
    if not DOCUMENT_NUMBER.fullmatch(number):
        raise ValidationError({"number": _("Write the number as in 05/BC-SNV.")})
    if day > clock.today():
        raise ValidationError({"day": _("The date lies in the future.")})
    edition.document_number, edition.document_date = number, day
    edition.state, edition.progress = EditionState.MAKING, 60
    edition.save(update_fields=["document_number", "document_date", "state", "progress"])
    _call_for_making(edition, f"number-{clock.now().timestamp()}")
    log(edition, "reporting.edition.number", user=user, data={"number": number})
    return edition


@transaction.atomic
def publish(edition_id: int, user: User, now: datetime | None = None) -> Edition:
    """Make an edition public for ever. A second click finds it published and changes nothing."""
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    if not kind_of(edition.kind).may_publish(user, edition.subject_id):
        raise PermissionDenied
    if edition.state == EditionState.PUBLISHED:
        return edition
    if edition.state != EditionState.READY:
        raise ValidationError(_("Only a report that is ready is published."))
    against = kind_of(edition.kind).against
    if against and (why := against(edition)):
        raise ValidationError(why)
    edition.state, edition.published_by = EditionState.PUBLISHED, user
    edition.published_at = now or clock.now()
    edition.save(update_fields=["state", "published_by", "published_at"])
    log(edition, "reporting.edition.publish", user=user)
    return edition


@transaction.atomic
def correct(edition_id: int, change_note: str, user: User) -> Edition:
    """Order a new edition that corrects a published one and says what changed."""
    no = _("Only a published report is corrected.")
    edition = _locked(edition_id, user, _may_order, EditionState.PUBLISHED, no)
    if not change_note.strip():
        raise ValidationError({"change_note": _("Say what changed and why.")})
    waiting = Edition.objects.filter(corrects=edition, state__in=UNFINISHED).first()
    return waiting or _begin(
        edition.kind,
        edition.subject_id,
        edition.title,
        user,
        number=_next_number(edition.kind, edition.subject_id),
        corrects=edition,
        change_note=change_note.strip(),
    )
