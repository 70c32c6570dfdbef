"""A survey made, its settings changed before it opens, its time extended or cut after."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from portal import clock
from portal.accounts.models import User
from portal.text import fold

from ..models import QuestionnaireDraft, Survey, SurveyPage, SurveysPage, WindowChange
from ..versions import current_version
from ..window import WindowState, state
from . import library
from .codes import with_spent
from .drafts import draft_of, require_builder
from .structure import Definition

CODE_LENGTH = 60
TEXT_LENGTH = 500


@dataclass(frozen=True)
class Settings:
    """What a survey is beside its questionnaire; until the opening it may be changed."""

    opens_at: datetime
    closes_at: datetime
    period_kind: str
    grace_minutes: int
    follows: Survey | None = None


@transaction.atomic
def create(
    *,
    by: User,
    title: str,
    title_en: str,
    code: str,
    audience: str,
    settings: Settings,
    start_from: str = "",
    once: Callable[[], object] = bool,
) -> Survey:
    """Make a survey with its draft questionnaire and its page, neither of them public.

    `start_from` names a template of the library, or the code of an earlier survey as
    "survey:<code>", which is then the one that this survey is compared with. `once` spends
    the form's token.
    """
    require_builder(by)
    once()
    require_window(settings)
    definition, earlier = _begun_with(start_from, title, title_en)
    if Survey.objects.filter(code=code).exists():
        raise ValidationError({"code": _("Another survey has this code.")})
    survey = Survey.objects.create(
        code=code or free_code(title),
        title=title,
        audience=audience,
        opens_at=settings.opens_at,
        closes_at=settings.closes_at,
        period_kind=settings.period_kind,
        grace_minutes=settings.grace_minutes,
        follows=settings.follows or earlier,
    )
    QuestionnaireDraft.objects.create(
        survey=survey,
        definition=definition,
        spent=with_spent(_spent_by(earlier), definition),
        updated_by=by,
        updated_at=clock.now(),
    )
    make_page(survey, definition, by)
    log(survey, "satisfaction.survey.create", user=by, data={"from": start_from})
    return survey


def free_code(title: str) -> str:
    """A code proposed from the title: 'khao-sat-nguoi-dan-2'."""
    plain = slugify(fold(title))[: CODE_LENGTH - 5].strip("-") or "khao-sat"
    taken = set(Survey.objects.filter(code__startswith=plain).values_list("code", flat=True))
    if plain not in taken:
        return plain
    return next(f"{plain}-{n}" for n in count(2) if f"{plain}-{n}" not in taken)


def _begun_with(start_from: str, title: str, title_en: str) -> tuple[Definition, Survey | None]:
    earlier = None
    if start_from.startswith("survey:"):
        earlier = Survey.objects.filter(code=start_from.removeprefix("survey:")).first()
        if earlier is None:
            raise ValidationError({"start_from": _("This survey does not exist.")})
        definition = _copied(earlier)
    elif start_from:
        try:
            definition = library.from_template(start_from)
        except ValueError:
            raise ValidationError({"start_from": _("There is no such template.")}) from None
    else:
        definition = library.blank(title, title_en)
    words = {"vi": title} | ({"en": title_en} if title_en else {})
    return {**definition, "title": words}, earlier


def _copied(earlier: Survey) -> Definition:
    version = current_version(earlier)
    return deepcopy(version.definition if version else draft_of(earlier).definition)


def _spent_by(earlier: Survey | None) -> dict:
    """A copy keeps the codes, so that it compares; what the earlier one removed stays spent."""
    return deepcopy(draft_of(earlier).spent) if earlier else {}


def make_page(survey: Survey, definition: Definition, by: User) -> SurveyPage | None:
    """The survey's page as a draft; it is published the editorial way."""
    parent = SurveysPage.objects.filter(locale__language_code="vi").first()
    if parent is None:
        return None
    page = parent.add_child(
        instance=SurveyPage(
            title=survey.title,
            slug=_free_slug(parent, survey.code),
            survey=survey,
            locale=parent.locale,
            owner=by,
            live=False,
            abstract_text=definition["intro"]["vi"][:TEXT_LENGTH],
        )
    )
    page.save_revision(user=by)
    english = parent.get_translations().filter(locale__language_code="en").first()
    if english and definition["title"].get("en"):
        twin = page.copy_for_translation(english.locale, copy_parents=False)
        twin.title, twin.slug = definition["title"]["en"], page.slug
        twin.abstract_text = definition["intro"].get("en", "")[:TEXT_LENGTH]
        twin.save_revision(user=by)
    return page


def _free_slug(parent: Page, wanted: str) -> str:
    taken = set(parent.get_children().values_list("slug", flat=True))
    names = (wanted, *(f"{wanted}-{n}" for n in range(2, 100)))
    return next(name for name in names if name not in taken)


def require_window(settings: Settings) -> None:
    if settings.opens_at <= clock.now():
        raise ValidationError({"opens_at": _("The survey opens at a time to come.")})
    if settings.closes_at <= settings.opens_at:
        raise ValidationError({"closes_at": _("The survey closes after it opens.")})


def may_set(survey: Survey) -> bool:
    """Until the opening the settings may still be changed."""
    return state(survey, clock.now()) is WindowState.UPCOMING


@transaction.atomic
def set_up(survey_id: int, *, by: User, settings: Settings) -> Survey:
    """Change the settings of a survey that has not opened; who answers never changes."""
    require_builder(by)
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if not may_set(survey):
        raise ValidationError(_("The survey has opened: its settings stand."))
    require_window(settings)
    _require_earlier(survey, settings.follows)
    old = {"opens_at": survey.opens_at.isoformat(), "closes_at": survey.closes_at.isoformat()}
    names = ["opens_at", "closes_at", "period_kind", "grace_minutes", "follows"]
    for name in names:
        setattr(survey, name, getattr(settings, name))
    survey.save(update_fields=names)
    log(survey, "satisfaction.survey.set_up", user=by, data=old)
    return survey


def _require_earlier(survey: Survey, follows: Survey | None) -> None:
    """No survey measures itself again, also not by way of others."""
    seen = follows
    while seen is not None:
        if seen.pk == survey.pk:
            raise ValidationError({"follows": _("A survey cannot be compared with itself.")})
        seen = seen.follows


def may_change_window(survey: Survey) -> bool:
    return state(survey, clock.now()) is WindowState.OPEN


@transaction.atomic
def change_window(survey_id: int, *, by: User, closes_at: datetime, reason: str) -> WindowChange:
    """Extend an open survey or close it early, with a reason that readers see."""
    require_builder(by)
    now = clock.now()
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if not may_change_window(survey):
        raise ValidationError(_("Only a survey that is open is extended or closed early."))
    if closes_at <= now:
        raise ValidationError({"closes_at": _("The survey closes at a time to come.")})
    if closes_at == survey.closes_at:
        raise ValidationError({"closes_at": _("The survey closes at this time already.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why; readers are told.")})
    made = WindowChange.objects.create(
        survey=survey,
        old_closes_at=survey.closes_at,
        new_closes_at=closes_at,
        reason=reason,
        made_by=by,
        made_at=now,
    )
    survey.closes_at = closes_at
    survey.save(update_fields=["closes_at"])
    log(
        survey,
        "satisfaction.survey.window",
        user=by,
        data={"old": made.old_closes_at.isoformat(), "new": closes_at.isoformat()},
    )
    return made
