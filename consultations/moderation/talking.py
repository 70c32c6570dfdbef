"""What is said about a published opinion: the office's replies, readers' reports of abuse."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.agencies.membership import may_act_for
from portal.text import clean

from ..commenting import letters
from ..models import AbuseKind, AbuseReport, Consultation, Opinion, OpinionState, Reply
from .deciding import may_moderate, require_moderator


def may_reply(user: User, consultation: Consultation) -> bool:
    """Officials of the drafting agency, and the working group for it; after the closing too."""
    return may_moderate(user) or may_act_for(user, consultation.agency)


@transaction.atomic
def reply(opinion_id: int, by: User, *, text: str) -> Reply:
    """Say something back in public. It stays where the opinion is hidden later."""
    rows = Opinion.objects.select_for_update(of=("self",)).select_related("consultation__agency")
    row = rows.get(pk=opinion_id)
    if not may_reply(by, row.consultation):
        raise PermissionDenied
    if row.state != OpinionState.PUBLISHED:
        raise ValidationError(_("Only a published opinion is replied to in public."))
    if not clean(text):
        raise ValidationError({"text": _("Write the reply.")})
    made = Reply.objects.create(
        opinion=row,
        consultation=row.consultation,
        provision_id=row.provision_id,
        text=clean(text),
        agency=row.consultation.agency,
        made_by=by,
        made_at=clock.now(),
    )
    log(row, "consultations.opinion.reply", user=by)
    letters.tell(row, f"reply-{made.pk}")
    return made


def report(opinion: Opinion, *, kind: str, text: str, token: uuid.UUID) -> None:
    """A reader tells of abuse; the second click on the form tells nothing more."""
    if kind not in AbuseKind.values:
        raise ValidationError({"kind": _("Choose what is wrong.")})
    try:
        with transaction.atomic():
            AbuseReport.objects.create(
                opinion=opinion,
                kind=kind,
                text=clean(text)[:500],
                token=token,
                sent_at=clock.now(),
            )
    except IntegrityError:
        if not AbuseReport.objects.filter(token=token).exists():
            raise


@transaction.atomic
def settle(opinion_id: int, by: User) -> int:
    """The opinion stays as it is; how many reports are settled by that."""
    require_moderator(by)
    row = Opinion.objects.select_for_update(of=("self",)).get(pk=opinion_id)
    waiting = AbuseReport.objects.filter(opinion=row, settled_at=None)
    count = waiting.update(settled_by=by, settled_at=clock.now())
    if count:
        log(row, "consultations.opinion.settle", user=by)
    return count
