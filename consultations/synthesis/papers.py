"""Letters on paper and what was said in meetings, into the same table."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.protection import quarantine, scanning
from portal.text import clean

from ..models import (
    Consultation,
    PaperOpinion,
    PaperSource,
    Provision,
    RespondentKind,
)
from . import rights
from .taking_in import refresh

LONGEST = 20_000


def enter(
    consultation_id: int,
    by: User,
    *,
    source: str,
    source_name: str,
    dated_on: date,
    respondent_kind: str,
    text: str,
    name: str = "",
    agency: Agency | None = None,
    provision: Provision | None = None,
    scan: UploadedFile | None = None,
) -> PaperOpinion:
    """Enter one opinion; its scan is kept apart and scanned before anybody opens it."""
    consultation = Consultation.objects.select_related("agency").get(pk=consultation_id)
    rights.require(rights.may_sort(by, consultation))
    given = {
        "source": source,
        "source_name": clean(source_name)[:200],
        "dated_on": dated_on,
        "respondent_kind": respondent_kind,
        "text": clean(text)[:LONGEST],
        "name": clean(name)[:200],
        "agency": agency,
        "provision": provision,
    }
    _check(consultation, given)
    # Written before the transaction: it may take long, and the sweep finds what has no row.
    kept = quarantine.stored(scan) if scan else None
    with transaction.atomic():
        held, _synthesis = rights.opened(consultation_id)
        rights.require(rights.may_sort(by, held.consultation))
        if dated_on > timezone.localdate(held.now):
            raise ValidationError({"dated_on": _("The date lies in the future.")})
        if kept:
            kept.save()
            scanning.call_for(kept)
        paper = PaperOpinion.objects.create(
            consultation=held.consultation,
            scan=kept,
            entered_by=by,
            entered_at=held.now,
            **given,
        )
        refresh(consultation_id)
        log(paper, "consultations.synthesis.paper", user=by)
    return paper


def _check(consultation: Consultation, given: dict) -> None:
    problems: dict[str, object] = {}
    if given["source"] not in PaperSource.values:
        problems["source"] = _("Choose where the opinion comes from.")
    if not given["source_name"]:
        problems["source_name"] = _("Name the letter or the meeting.")
    if given["respondent_kind"] not in RespondentKind.values:
        problems["respondent_kind"] = _("Choose who speaks.")
    if not given["text"]:
        problems["text"] = _("Write what the opinion says.")
    if given["agency"] and given["respondent_kind"] != RespondentKind.AGENCY:
        problems["agency"] = _("Only the opinion of an agency names one.")
    is_nameless = not given["name"] and not given["agency"]
    if given["respondent_kind"] == RespondentKind.AGENCY and is_nameless:
        problems["agency"] = _("Say which agency.")
    provision = given["provision"]
    if provision and provision.text_version.consultation_id != consultation.pk:
        problems["provision"] = _("This provision belongs to another text.")
    if problems:
        raise ValidationError(problems)
