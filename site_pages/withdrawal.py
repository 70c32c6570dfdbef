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
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import Page, PagePermissionTester, Revision

from portal import clock
from portal.text import clean

from .adding import is_open_to
from .publishing import is_installation, may_decide, require_no_objection

# A home page stands at depth 2, the groups of Article 6 and the lists beside them below it.
FRAME_DEPTH = 3


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
    # What readers saw when it was taken down; drafts written since do not come back with it.
    revision = models.ForeignKey(
        "wagtailcore.Revision", models.PROTECT, related_name="+", null=True, editable=False
    )
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
        """What somebody is deciding on stays too: its sender takes it back first."""
        if ever_public(self.page) or not super().can_delete(ignore_bulk):
            return False
        return not self.page.workflow_in_progress

    def can_unpublish(self) -> bool:
        return False

    def can_publish(self) -> bool:
        return is_installation() and super().can_publish()

    def can_publish_subpage(self) -> bool:
        return is_installation() and super().can_publish_subpage()

    def can_set_view_restrictions(self) -> bool:
        """What was public is not put behind a password or a group instead of an order."""
        return not ever_public(self.page) and super().can_publish()

    def can_unschedule(self) -> bool:
        return self.can_edit()

    def can_reorder_children(self) -> bool:
        return self.can_edit()

    def can_withdraw(self) -> bool:
        """By an order on paper, so not bound to the right to publish."""
        return self.page.live and not is_fixed(self.page) and self._keeps_orders()

    def can_put_back(self) -> bool:
        return not self.page.live and self._keeps_orders() and current(self.page) is not None

    def can_move(self) -> bool:
        """Wagtail asks whether the page may be deleted; a section that moves is kept.

        Who decides on an item follows from its section, so it stays there meanwhile.
        """
        if is_fixed(self.page) or not super().can_delete(ignore_bulk=True):
            return False
        return not self.page.workflow_in_progress

    def can_move_to(self, destination: Page) -> bool:
        """Asked of superusers as well, who pass Wagtail's own question."""
        return self.can_move() and super().can_move_to(destination)

    def _keeps_orders(self) -> bool:
        """Who decides on the section, or records orders on paper for those who do."""
        if super().can_publish() or may_decide(self.user, self.page):
            return True
        may_record = self.user.has_perm("site_pages.add_withdrawal")
        return may_record and self.can_edit() and not self.page_locked()


def is_fixed(page: Page) -> bool:
    """Whether the page belongs to the frame of Article 6: the home page and what holds the rest."""
    return page.depth <= FRAME_DEPTH and getattr(page.specific_class, "holds_the_frame", True)


def ever_public(page: Page) -> bool:
    """Whether the page, or any page below it, was ever published."""
    if page.first_published_at or not page.numchild:
        return page.first_published_at is not None
    return page.get_descendants(inclusive=True).filter(first_published_at__isnull=False).exists()


@transaction.atomic
def withdraw(
    page_id: int, user, *, authority: str, order_number: str, order_date: date, reason: str
) -> Withdrawal:
    """Take a live page down, in every language; its address tells by which order."""
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
    order = {"order_date": order_date, "withdrawn_by": user, "withdrawn_at": clock.now(), **texts}
    for copy in _copies(page):
        _take_down(copy, user, order)
    return _take_down(page, user, order)


def _copies(page: Page) -> list[Page]:
    """The same information elsewhere: live translations and aliases of the page."""
    same = Page.objects.filter(
        models.Q(translation_key=page.translation_key) | models.Q(alias_of=page.pk), live=True
    )
    return [copy.specific for copy in same.exclude(pk=page.pk).select_for_update().order_by("pk")]


def _take_down(page: Page, user, order: dict[str, object]) -> Withdrawal:
    made = Withdrawal.objects.create(page_id=page.pk, revision=_as_seen(page, user), **order)
    # The permission was asked before; Wagtail would ask for can_unpublish, which nobody has.
    UnpublishPageAction(page, user=user, log_action=False).execute(skip_permission_checks=True)
    data = {"order": f"{made.order_number}, {made.order_date:%d/%m/%Y}"}
    log(page, "site_pages.withdraw", user=user, data=data)
    return made


def _as_seen(page: Page, user) -> Revision | None:
    """What readers see of a live page; an alias has nothing of its own."""
    if page.alias_of_id:
        return None
    return page.live_revision or page.save_revision(user=user, changed=False, clean=False)


@transaction.atomic
def put_back(page_id: int, user) -> None:
    """Publish a withdrawn page again, as readers saw it, with what went down by the same order."""
    page = Page.objects.select_for_update().get(pk=page_id).specific
    made = current(page)
    if made is None:
        raise ValidationError(_("This page is not withdrawn."))
    if not KeepingTester(user, page).can_put_back():
        raise PermissionDenied
    same = models.Q(page__translation_key=page.translation_key) | models.Q(page__alias_of=page.pk)
    together = Withdrawal.objects.filter(
        same, lifted_at=None, withdrawn_at=made.withdrawn_at, order_number=made.order_number
    )
    for row in together.select_related("revision").order_by("pk"):
        row.lifted_by, row.lifted_at = user, clock.now()
        row.save(update_fields=["lifted_by", "lifted_at"])
        _show_again(row, user)


def _show_again(row: Withdrawal, user) -> None:
    page = row.page.specific
    if page.alias_of_id:
        page.live, page.has_unpublished_changes = True, False
        page.save(clean=False)
    else:
        revision = row.revision or _as_seen(page, user)
        # It was approved; what is said against it since holds it back.
        require_no_objection(revision)
        # The permission was asked for the page whose order is lifted.
        PublishPageRevisionAction(revision, user=user, changed=False, log_action=False).execute(
            skip_permission_checks=True
        )
    log(page, "site_pages.put_back", user=user)


def current(page: Page) -> Withdrawal | None:
    """The order by which the page is down now."""
    return Withdrawal.objects.filter(page=page.pk, lifted_at__isnull=True).first()
