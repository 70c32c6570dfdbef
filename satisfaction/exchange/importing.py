"""Handing in a questionnaire: a dry run first, then, once an editor confirms, the working draft."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.protection.uploads import name_of

from ..building import drafts
from ..models import ImportFormat, QuestionnaireImport, QuestionnaireImportState, Survey
from .assembling import tell_what_is_open
from .limesurvey import read_lss
from .lss_tables import LARGEST_FILE
from .report import Taken, UnreadableFile, refusal
from .xlsform_reading import read_xlsform

# A dry run that nobody confirms is forgotten.
KEPT = timedelta(days=30)
# One byte more tells that the file is too large.
MOST_BYTES = LARGEST_FILE + 1
_READERS: dict[str, tuple[ImportFormat, Callable[[bytes], Taken]]] = {
    "xlsx": (ImportFormat.XLSFORM, read_xlsform),
    "lss": (ImportFormat.LIMESURVEY, read_lss),
}
ENDINGS = tuple(f".{ending}" for ending in _READERS)


class AlreadyDecided(Exception):
    """The import was refused, or taken before."""


def hand_in(survey_id: int, upload: UploadedFile, user: User) -> QuestionnaireImport:
    """Read a file and keep what was found; no questionnaire changes."""
    drafts.require_builder(user)
    survey = Survey.objects.get(pk=survey_id)
    name = name_of(upload) or "?"
    content = upload.read(MOST_BYTES)
    file_format, reader = _READERS.get(
        name.rpartition(".")[2].lower(), (ImportFormat.XLSFORM, _refuse_ending)
    )
    taken = reader(content)
    if taken.definition is not None:
        tell_what_is_open(taken.definition, taken.report)
    is_whole = taken.definition is not None
    with transaction.atomic():
        made = QuestionnaireImport.objects.create(
            survey=survey,
            file_name=name,
            format=file_format,
            sha256=hashlib.sha256(content).hexdigest(),
            state=_state(is_whole),
            definition=taken.definition,
            lines=taken.report.as_json(),
            created_by=user,
            created_at=clock.now(),
        )
        told = {"file": name, "state": made.state}
        log(survey, "satisfaction.questionnaire.hand_in", user=user, data=told)
    return made


def _state(is_whole: bool) -> QuestionnaireImportState:
    return QuestionnaireImportState.CHECKED if is_whole else QuestionnaireImportState.REFUSED


def _refuse_ending(content: bytes) -> Taken:
    message = _("Only XLSForm workbooks (.xlsx) and LimeSurvey structures (.lss) can be read.")
    return refusal(UnreadableFile(message))


@transaction.atomic
def take(import_id: int, user: User) -> QuestionnaireImport:
    """Put what was read in place of the survey's working draft; a second press changes nothing."""
    drafts.require_builder(user)
    made = QuestionnaireImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    if made.state == QuestionnaireImportState.TAKEN:
        return made
    if made.state != QuestionnaireImportState.CHECKED:
        raise AlreadyDecided

    def replace(definition: dict, _spent: dict) -> None:
        definition.clear()
        definition.update(made.definition)

    drafts.change(made.survey_id, replace, by=user, what=made.file_name)
    made.state, made.taken_at = QuestionnaireImportState.TAKEN, clock.now()
    made.save(update_fields=["state", "taken_at"])
    told = {"file": made.file_name, "sha256": made.sha256}
    log(made.survey, "satisfaction.questionnaire.take", user=user, data=told)
    return made


def purge() -> int:
    """Nightly chore: dry runs that nobody confirmed."""
    old = QuestionnaireImport.objects.filter(created_at__lt=clock.now() - KEPT)
    return old.exclude(state=QuestionnaireImportState.TAKEN).delete()[0]
