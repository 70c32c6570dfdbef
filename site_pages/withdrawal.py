"""Taking a published page down by an order, and putting it back (Art. 8.5).

Nothing published is deleted: a withdrawn page leaves a tombstone at its address.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import Page, PagePermissionTester

from portal import clock
from portal.text import clean

from .adding import is_open_to


class Withdrawal(models.Model):
    """The order by which a page was taken down, and by which it came back."""

    page = models.ForeignKey(
        "wagtailcore.Page", models.PROTECT, related_name="withdrawals", editable=False
    )
    authority = models.CharField(gettext_lazy("authority that orders it"), max_length=200)
    order_number = models.CharField(gettext_lazy("number of the order"), max_length=60)
    order_date = models.DateField(gettext_lazy("date of the order"))
    reason = models.CharField(
        gettext_lazy("reason"),
        max_length=500,
        help_text=gettext_lazy("Readers see it at the page's address."),
    )
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    withdrawn_at = models.DateTimeField(editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    lifted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        app_label = "site_pages"
        constraints = [
            models.UniqueConstraint(
                fields=["page"],
                condition=models.Q(lifted_at__isnull=True),
                name="page_withdrawn_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_number} · {self.page}"


class KeepingTester(PagePermissionTester):
    """Nobody deletes what was ever public, nor takes it down but by an order."""

    def can_add_subpage(self) -> bool:
        return super().can_add_subpage() and is_open_to(self.user, self.page)

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return not ever_public(self.page) and super().can_delete(ignore_bulk)

    def can_unpublish(self) -> bool:
        return False

    def can_withdraw(self) -> bool:
        """By an order on paper, so not bound to the right to publish."""
        if not self.page.live or self.page_is_root:
            return False
        return super().can_unpublish() or self._keeps_orders()

    def can_put_back(self) -> bool:
        return self.can_publish() or self._keeps_orders()

    def _keeps_orders(self) -> bool:
        may_record = self.user.has_perm("site_pages.add_withdrawal")
        return may_record and self.can_edit() and not self.page_locked()


def ever_public(page: Page) -> bool:
    """Whether the page, or any page below it, was ever published."""
    if page.first_published_at or not page.numchild:
        return page.first_published_at is not None
    return page.get_descendants(inclusive=True).filter(first_published_at__isnull=False).exists()


@transaction.atomic
def withdraw(
    page_id: int, user, *, authority: str, order_number: str, order_date: date, reason: str
) -> Withdrawal:
    """Take a live page down; its address tells by which order."""
    page = Page.objects.select_for_update().get(pk=page_id).specific
    if not KeepingTester(user, page).can_withdraw():
        raise PermissionDenied
    texts = {"authority": authority, "order_number": order_number, "reason": reason}
    texts = {name: clean(text) for name, text in texts.items()}
    missing = {name: _("Fill this in.") for name, text in texts.items() if not text}
    if order_date > clock.today():
        missing["order_date"] = _("The order is not dated in the future.")
    if missing:
        raise ValidationError(missing)
    made = Withdrawal.objects.create(
        page_id=page.pk,
        order_date=order_date,
        withdrawn_by=user,
        withdrawn_at=clock.now(),
        **texts,
    )
    # The permission was asked above; Wagtail would ask for can_unpublish, which nobody has.
    UnpublishPageAction(page, user=user, log_action=False).execute(skip_permission_checks=True)
    data = {"order": f"{made.order_number}, {made.order_date:%d/%m/%Y}"}
    log(page, "site_pages.withdraw", user=user, data=data)
    return made


@transaction.atomic
def put_back(page_id: int, user) -> None:
    """Publish a withdrawn page again, as it stood when it was taken down."""
    page = Page.objects.select_for_update().get(pk=page_id).specific
    made = current(page)
    if made is None:
        raise ValidationError(_("This page is not withdrawn."))
    if not KeepingTester(user, page).can_put_back():
        raise PermissionDenied
    made.lifted_by, made.lifted_at = user, clock.now()
    made.save(update_fields=["lifted_by", "lifted_at"])
    page.live = True
    page.has_unpublished_changes = False
    page.save()
    log(page, "site_pages.put_back", user=user)


def current(page: Page) -> Withdrawal | None:
    """The order by which the page is down now."""
    return Withdrawal.objects.filter(page=page.pk, lifted_at__isnull=True).first()
