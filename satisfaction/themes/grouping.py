"""Proposing themes and a person's work on them: rename, merge, split, approve, quote."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send
from portal.protection.masking import mask
from portal.text import clean

from ..models import (
    ResponseStatus,
    Survey,
    TextAnswer,
    Theme,
    ThemeGrouping,
    ThemeQuote,
    ThemeState,
    ThemeText,
)
from .clustering import groups

KIND = "satisfaction.themes"
PERMISSION = "satisfaction.group_texts"
LONGEST_NAME = Theme._meta.get_field("name").max_length
LONGEST_EXCERPT = ThemeQuote._meta.get_field("excerpt").max_length


def require_grouper(user: User) -> None:
    if not user.has_perm(PERMISSION):
        raise PermissionDenied


def valid_texts(survey_id: int, question: str):
    """Texts of valid responses: the others count nowhere."""
    return TextAnswer.objects.filter(
        response__survey=survey_id, response__status=ResponseStatus.VALID, question=question
    )


@transaction.atomic
def propose(survey_id: int, question: str, user: User) -> ThemeGrouping:
    """Call for a proposal; approved themes keep their texts."""
    require_grouper(user)
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if not valid_texts(survey_id, question).exists():
        raise ValidationError(_("Nobody has written anything here yet."))
    now = clock.now()
    grouping, created = ThemeGrouping.objects.select_for_update().get_or_create(
        survey=survey, question=question, defaults={"ordered_by": user, "ordered_at": now}
    )
    if not created and grouping.made_at is None:
        return grouping
    grouping.ordered_by, grouping.ordered_at, grouping.made_at = user, now, None
    grouping.save(update_fields=["ordered_by", "ordered_at", "made_at"])
    send(KIND, f"{grouping.pk}:{now.timestamp()}", grouping_id=grouping.pk)
    log(survey, "satisfaction.themes.propose", user=user, data={"question": question})
    return grouping


def carry_out(row: OutboxRow) -> None:
    """Outbox handler: proposals anew, from the texts that no approved theme holds."""
    grouping = ThemeGrouping.objects.select_for_update().get(pk=row.payload["grouping_id"])
    if grouping.made_at is not None:
        return
    grouping.themes.filter(state=ThemeState.PROPOSED).delete()
    rows = list(
        valid_texts(grouping.survey_id, grouping.question)
        .filter(placed=None)
        .order_by("pk")
        .values_list("pk", "text")
    )
    for group in groups([text for _pk, text in rows]):
        theme = Theme.objects.create(grouping=grouping, name=group.name[:LONGEST_NAME])
        _place(theme, [rows[place][0] for place in group.members])
    grouping.made_at = clock.now()
    grouping.save(update_fields=["made_at"])


def _place(theme: Theme, text_ids: list[int]) -> None:
    ThemeText.objects.bulk_create(
        (ThemeText(theme=theme, text_id=pk) for pk in text_ids), batch_size=500
    )


def _locked(theme_id: int, user: User) -> Theme:
    require_grouper(user)
    return (
        Theme.objects.select_for_update(of=("self",))
        .select_related("grouping__survey")
        .get(pk=theme_id)
    )


def _told(theme: Theme, action: str, user: User, **data: object) -> None:
    told = {"theme": theme.pk, "name": theme.name, **data}
    log(theme.grouping.survey, f"satisfaction.themes.{action}", user=user, data=told)


def _name(text: str) -> str:
    name = " ".join(clean(text).split())
    if not name:
        raise ValidationError(_("Give the theme a name."))
    if len(name) > LONGEST_NAME:
        message = _("The name has more than %(most)d characters.") % {"most": LONGEST_NAME}
        raise ValidationError(message)
    return name


def _is_proposal_again(theme: Theme) -> None:
    theme.state, theme.approved_by, theme.approved_at = ThemeState.PROPOSED, None, None
    theme.save(update_fields=["state", "approved_by", "approved_at"])


@transaction.atomic
def rename(theme_id: int, name: str, user: User) -> Theme:
    theme = _locked(theme_id, user)
    theme.name = _name(name)
    theme.save(update_fields=["name"])
    _is_proposal_again(theme)
    _told(theme, "rename", user)
    return theme


@transaction.atomic
def merge(theme_id: int, into_id: int, user: User) -> Theme:
    """Put all texts of a theme into another one of the same question."""
    first, second = sorted((theme_id, into_id))
    locked = {pk: _locked(pk, user) for pk in (first, second)}
    theme, into = locked[theme_id], locked[into_id]
    if theme_id == into_id or theme.grouping_id != into.grouping_id:
        raise ValidationError(_("Choose another theme of the same question."))
    theme.members.update(theme=into)
    _told(theme, "merge", user, into=into.pk)
    theme.delete()
    _is_proposal_again(into)
    return into


@transaction.atomic
def split(grouping_id: int, text_ids: list[int], name: str, user: User) -> Theme:
    """Make a theme of chosen texts, taken out of the themes that they stood in."""
    require_grouper(user)
    grouping = ThemeGrouping.objects.select_for_update(of=("self",)).get(pk=grouping_id)
    chosen = valid_texts(grouping.survey_id, grouping.question).filter(pk__in=text_ids[:1000])
    ids = list(chosen.order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise ValidationError(_("Choose at least one text."))
    theme = Theme.objects.create(grouping=grouping, name=_name(name))
    for old in Theme.objects.filter(members__text__in=ids).distinct():
        _is_proposal_again(old)
    ThemeQuote.objects.filter(text__in=ids).delete()
    ThemeText.objects.filter(text__in=ids).delete()
    _place(theme, ids)
    _told(theme, "split", user, texts=len(ids))
    return theme


@transaction.atomic
def approve(theme_id: int, user: User) -> Theme:
    theme = _locked(theme_id, user)
    if theme.state == ThemeState.APPROVED:
        return theme
    if not theme.members.exists():
        raise ValidationError(_("The theme holds no text."))
    theme.state, theme.approved_by = ThemeState.APPROVED, user
    theme.approved_at = clock.now()
    theme.save(update_fields=["state", "approved_by", "approved_at"])
    _told(theme, "approve", user)
    return theme


@transaction.atomic
def withdraw(theme_id: int, user: User) -> Theme:
    theme = _locked(theme_id, user)
    if theme.state == ThemeState.APPROVED:
        _is_proposal_again(theme)
        _told(theme, "withdraw", user)
    return theme


@transaction.atomic
def quote(theme_id: int, text_id: int, excerpt: str, user: User) -> ThemeQuote:
    """Choose words of a text, as they stand after masking, for the report."""
    theme = _locked(theme_id, user)
    member = theme.members.select_related("text").filter(text=text_id).first()
    words = " ".join(clean(excerpt).split())
    if member is None or not words or len(words) > LONGEST_EXCERPT:
        message = _("Choose words of a text of this theme, at most %(most)d characters.")
        raise ValidationError(message % {"most": LONGEST_EXCERPT})
    if words not in " ".join(mask(member.text.text).split()):
        raise ValidationError(_("The words do not stand so in the masked text: copy them."))
    made, _created = ThemeQuote.objects.update_or_create(
        theme=theme,
        text=member.text,
        # Masked once more: cut out of its sentence a number may look like another.
        defaults={"excerpt": mask(words)[:LONGEST_EXCERPT], "chosen_by": user,
                  "chosen_at": clock.now()},
    )  # fmt: skip
    _told(theme, "quote", user, text=text_id)
    return made


@transaction.atomic
def unquote(theme_id: int, text_id: int, user: User) -> None:
    theme = _locked(theme_id, user)
    if theme.quotes.filter(text=text_id).delete()[0]:
        _told(theme, "unquote", user, text=text_id)
