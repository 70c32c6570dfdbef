"""Paper forms: entered by one person, entered again by another, compared, counted once."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.text import clean

from ..models import Audience, Channel, PaperForm, PaperState, SampleUnit, Survey
from ..paths import leniently, on_path, shown
from ..questionnaires import Question, Questionnaire, other_name, read
from ..reading import Reading, missing, read_section
from ..recording import Answered, record
from ..versions import current_version
from ..window import last_minute


class AlreadyEntered(ValidationError):
    """The sheet is in: it wants no entry from this person."""


def require(user: User) -> None:
    if not user.has_perm("satisfaction.enter_paper"):
        raise PermissionDenied


def read_sheet(questionnaire: Questionnaire, data: object) -> dict[str, Reading]:
    """What a sheet says, section by section. People leave questions open on paper; only the
    agency must be there."""
    readings = {}
    for section in questionnaire.sections:
        reading = read_section(leniently(section), data)
        for question in section.questions:
            if question.code == "agency" and "agency" not in reading.answers:
                reading.errors.setdefault("agency", missing(question))
        readings[section.slug] = reading
    return readings


def answers_of(readings: dict[str, Reading]) -> dict:
    given = {}
    for reading in readings.values():
        given |= reading.answers
    return given


@transaction.atomic
def enter(
    survey: Survey,
    reference: str,
    filled_on: date,
    answers: dict,
    user: User,
    unit: SampleUnit | None = None,
) -> PaperForm:
    """The first entry, or the second of a sheet that somebody else entered.

    Two entries that agree are counted at once; two that differ wait for `resolve`.
    """
    require(user)
    reference = " ".join(clean(reference).split()).upper()
    _check(survey, reference, filled_on)
    form = _of_sheet(survey, reference)
    if form is None:
        return _enter_first(survey, reference, filled_on, answers, user, unit)
    return _enter_second(form, filled_on, answers, user)


def _check(survey: Survey, reference: str, filled_on: date) -> None:
    if survey.audience != Audience.ANYONE:
        raise ValidationError(_("Only invited people answer this survey, by their own links."))
    if not reference or len(reference) > 40:
        raise ValidationError({"reference": _("Write the number stamped on the sheet.")})
    if filled_on > clock.today():
        raise ValidationError({"filled_on": _("The date lies in the future.")})
    if not clock.day_of(survey.opens_at) <= filled_on <= last_minute(survey).date():
        raise ValidationError({"filled_on": _("The survey was not open on that day.")})


def _of_sheet(survey: Survey, reference: str) -> PaperForm | None:
    rows = PaperForm.objects.select_for_update(of=("self",)).select_related("version__survey")
    return rows.filter(survey=survey, reference=reference).first()


def _enter_first(
    survey: Survey,
    reference: str,
    filled_on: date,
    answers: dict,
    user: User,
    unit: SampleUnit | None,
) -> PaperForm:
    version = current_version(survey)
    if version is None:
        raise ValidationError(_("The survey has no published questionnaire."))
    try:
        with transaction.atomic():
            form = PaperForm.objects.create(
                survey=survey,
                version=version,
                reference=reference,
                filled_on=filled_on,
                unit=unit,
                first=on_path(read(version.definition), answers),
                first_by=user,
                entered_at=clock.now(),
            )
    except IntegrityError:
        raise AlreadyEntered(_("Somebody else has just entered this sheet.")) from None
    log(form, "satisfaction.paper.enter", user=user)
    return form


def _enter_second(form: PaperForm, filled_on: date, answers: dict, user: User) -> PaperForm:
    if form.state != PaperState.ENTERED:
        raise AlreadyEntered(_("This sheet has been entered twice already."))
    if form.first_by_id == user.pk:
        raise AlreadyEntered(_("You entered this sheet; somebody else enters it again."))
    if form.filled_on != filled_on:
        raise ValidationError(
            {"filled_on": _("The first entry has another day. Look at the sheet again.")}
        )
    form.second, form.second_by = on_path(read(form.version.definition), answers), user
    form.state = PaperState.DIFFERS
    form.save(update_fields=["second", "second_by", "state"])
    log(form, "satisfaction.paper.again", user=user, data={"differ": len(differences(form))})
    if not differences(form):
        _count(form, form.first)
    return form


def differences(form: PaperForm) -> list[Question]:
    """Questions whose two entries are not the same."""
    questionnaire = read(form.version.definition)
    return [
        question
        for question in questionnaire.questions()
        if _entry(form.first, question) != _entry(form.second, question)
    ]


def _entry(answers: dict, question: Question) -> tuple[object, object]:
    return answers.get(question.code), answers.get(other_name(question.code))


@transaction.atomic
def resolve(form_id: int, chosen: dict[str, str], user: User) -> PaperForm:
    """Take for each question that differs the first or the second entry, looking at the sheet."""
    require(user)
    form = _locked(form_id)
    if form.state != PaperState.DIFFERS:
        raise ValidationError(_("This sheet has nothing to settle."))
    answers = dict(form.first)
    for question in differences(form):
        which = chosen.get(question.code)
        if which not in ("first", "second"):
            raise ValidationError({question.code: _("Say which entry is right.")})
        entry = form.first if which == "first" else form.second
        for name in (question.code, other_name(question.code)):
            answers.pop(name, None)
            if name in entry:
                answers[name] = entry[name]
    log(form, "satisfaction.paper.resolve", user=user, data={"questions": len(chosen)})
    _count(form, answers)
    return form


@transaction.atomic
def discard(form_id: int, user: User) -> bool:
    """A sheet that should not count; its number stays taken. False if it has been counted."""
    require(user)
    form = _locked(form_id)
    if form.state in (PaperState.DONE, PaperState.DISCARDED):
        return False
    form.state, form.first, form.second = PaperState.DISCARDED, {}, {}
    form.save(update_fields=["state", "first", "second"])
    log(form, "satisfaction.paper.discard", user=user)
    return True


def _locked(form_id: int) -> PaperForm:
    rows = PaperForm.objects.select_for_update(of=("self",)).select_related("version__survey")
    return rows.get(pk=form_id)


def _count(form: PaperForm, answers: dict) -> None:
    questionnaire = read(form.version.definition)
    given = on_path(questionnaire, answers)
    code = questionnaire.agency or str(given["agency"])
    form.response = record(
        Answered(
            version=form.version,
            path=shown(questionnaire, given),
            agency=Agency.objects.get(code=code),
            given=given,
            key=form.key,
            channel=Channel.PAPER,
            unit=form.unit,
            day=form.filled_on,
        )
    )
    form.state, form.first, form.second = PaperState.DONE, {}, {}
    form.save(update_fields=["response", "state", "first", "second"])
