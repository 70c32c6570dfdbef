"""The working draft of a questionnaire: changed part by part, by several people at once."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User

from ..models import QuestionnaireDraft, Survey
from ..versions import current_version
from .codes import with_spent
from .library import blank
from .structure import Definition, fingerprint

PERMISSION = "satisfaction.build_surveys"
# Changes a copy of the definition, and may take new codes from what is spent.
Edit = Callable[[Definition, dict], object]
Look = Callable[[Definition], object]


class Conflict(Exception):
    """The part was changed by somebody else since the form was shown; `draft` is as it stands."""

    def __init__(self, draft: QuestionnaireDraft) -> None:
        super().__init__(draft.pk)
        self.draft = draft


def require_builder(user: User) -> None:
    if not user.has_perm(PERMISSION):
        raise PermissionDenied


def draft_of(survey: Survey) -> QuestionnaireDraft:
    """The survey's draft; not saved yet where the survey was made without one."""
    found = QuestionnaireDraft.objects.filter(survey=survey).select_related("updated_by").first()
    if found:
        return found
    version = current_version(survey)
    definition = deepcopy(version.definition) if version else blank(survey.title)
    return QuestionnaireDraft(survey=survey, definition=definition, spent={})


@transaction.atomic
def change(
    survey_id: int,
    edit: Edit,
    *,
    by: User,
    what: str,
    look: Look | None = None,
    seen: str = "",
) -> QuestionnaireDraft:
    """Change the draft by one edit.

    `look` gives the part that the form showed, `seen` its fingerprint then: people may work
    on different parts at once. Raises Conflict where the part is another now, and Gone where
    somebody removed it.
    """
    require_builder(by)
    draft = locked(survey_id)
    if look and seen and fingerprint(look(draft.definition)) != seen:
        raise Conflict(draft)
    definition = deepcopy(draft.definition)
    spent = with_spent(draft.spent, definition)
    edit(definition, spent)
    if draft.pk and definition == draft.definition:
        return draft
    write(draft, definition, spent, by)
    log(draft.survey, "satisfaction.draft.change", user=by, data={"what": what[:200]})
    return draft


def locked(survey_id: int) -> QuestionnaireDraft:
    """The draft while nobody else changes it; the survey's row is the lock."""
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    return draft_of(survey)


def write(draft: QuestionnaireDraft, definition: Definition, spent: dict, by: User | None) -> None:
    draft.definition = definition
    draft.spent = with_spent(spent, definition)
    draft.revision += 1
    draft.updated_by, draft.updated_at = by, clock.now()
    draft.save()
