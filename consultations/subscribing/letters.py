"""Letters to subscribers: that something happened, and where to read it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation

from portal import clock
from portal.outbox.draining import Refused
from portal.outbox.mail import ends_with_one_press, post
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send
from portal.rules.values import value
from site_pages.visibility import readable

from .. import window
from ..models import (
    Announcement,
    Consultation,
    ConsultationPage,
    Occasion,
    Subscription,
    TextState,
    WindowAct,
)

CONFIRM = "consultations.subscription"
NEWS = "consultations.news"
FAN_OUT = "consultations.announcement"
_SALT = "consultations.subscription"
# Asked and not confirmed: the address may be a stranger's.
UNCONFIRMED_DAYS = 7


def sign_of(subscription: Subscription) -> str:
    return signing.dumps(subscription.pk, salt=_SALT)


def id_of_sign(sign: str) -> int | None:
    """Which subscription a link speaks of, whether or not it is still there."""
    try:
        return signing.loads(sign, salt=_SALT)
    except signing.BadSignature:
        return None


def of_sign(sign: str) -> Subscription | None:
    rows = Subscription.objects.select_related("consultation")
    return rows.filter(pk=id_of_sign(sign)).first()


def _ending(subscription: Subscription) -> dict[str, str]:
    with translation.override("vi"):
        address = reverse("consultations_unsubscribe", args=[sign_of(subscription)])
    return ends_with_one_press(settings.BASE_URL + address)


def deliver_confirmation(effect: OutboxRow) -> None:
    row = Subscription.objects.filter(pk=effect.payload["subscription_id"]).first()
    if row is None or row.confirmed_at:
        raise Refused("nobody to ask")
    template = "consultations/letters/confirm.txt"
    post(effect, template, row.email, _ending(row), sign=sign_of(row))


def deliver_news(effect: OutboxRow) -> None:
    row = Subscription.objects.filter(pk=effect.payload["subscription_id"]).first()
    page = ConsultationPage.objects.filter(pk=effect.payload["page_id"]).first()
    if row is None or row.confirmed_at is None or page is None:
        raise Refused("nobody to write to")
    context = {"sign": sign_of(row), "page_url": page.full_url, "title": page.title}
    post(effect, "consultations/letters/news.txt", row.email, _ending(row), **context)


def fan_out(effect: OutboxRow) -> None:
    """One letter a subscriber; each is an effect of its own, sent once."""
    made = Announcement.objects.select_related("consultation").get(
        pk=effect.payload["announcement_id"]
    )
    page = _page(made.consultation)
    if page is None:
        return
    for subscription_id in subscribers(made.consultation).values_list("pk", flat=True):
        send(
            NEWS,
            f"{made.pk}:{subscription_id}",
            subscription_id=subscription_id,
            page_id=page.pk,
        )


def subscribers(consultation: Consultation) -> QuerySet[Subscription]:
    """One subscription an address, though it asked for field and consultation both."""
    rows = Subscription.objects.filter(
        Q(consultation=consultation)
        | Q(consultation=None, reform_field="")
        | Q(reform_field=consultation.reform_field, consultation=None),
        confirmed_at__isnull=False,
    ).order_by("email", "pk")
    seen: dict[str, int] = {}
    for email, key in rows.values_list("email", "pk"):
        seen.setdefault(email.casefold(), key)
    return Subscription.objects.filter(pk__in=seen.values())


def _page(consultation: Consultation) -> ConsultationPage | None:
    pages = readable(ConsultationPage.objects.filter(consultation=consultation))
    return pages.filter(locale__language_code="vi").first() or pages.first()


def announce_due() -> int:
    """Chore of the minute: announce what has happened to public consultations, each once."""
    count = 0
    public = readable(ConsultationPage.objects.all()).values("consultation")
    for consultation in Consultation.objects.filter(pk__in=public).prefetch_related("records"):
        for occasion, number in _occasions(consultation):
            count += _announce(consultation, occasion, number)
    return count


def _occasions(consultation: Consultation) -> list[tuple[Occasion, int]]:
    now = clock.now()
    records = sorted(consultation.records.all(), key=lambda record: record.number)
    found = []
    seen = window.read(records, now)
    if seen.is_open:
        found.append((Occasion.OPENED, 0))
        ahead = timedelta(days=value("consultation.remind_before_days").integer)
        if now >= seen.closes_at - ahead:
            found.append((Occasion.CLOSING, 0))
        newest = consultation.texts.filter(state=TextState.PUBLISHED, number__gt=1)
        found += [(Occasion.VERSION, text.number) for text in newest]
    opening = max((r.number for r in records if r.act == WindowAct.OPEN), default=0)
    recent = now - timedelta(days=1)
    found += [
        (Occasion.CHANGED, record.number)
        for record in records
        if record.number > opening and record.made_at >= recent
    ]
    if consultation.answered_at and consultation.answered_at >= recent:
        found.append((Occasion.ANSWERED, 0))
    return found


@transaction.atomic
def _announce(consultation: Consultation, occasion: Occasion, number: int) -> bool:
    made, is_new = Announcement.objects.get_or_create(
        consultation=consultation,
        occasion=occasion,
        number=number,
        defaults={"made_at": clock.now()},
    )
    if is_new:
        send(FAN_OUT, f"{made.pk}", announcement_id=made.pk)
    return is_new


def purge() -> int:
    """Nightly chore: forget addresses that nobody confirmed."""
    oldest = clock.now() - timedelta(days=UNCONFIRMED_DAYS)
    return Subscription.objects.filter(confirmed_at=None, asked_at__lt=oldest).delete()[0]
