"""How an item becomes public: screening, approval, and every step on record (Art. 3.9, 8.2-8.4)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Task

from portal.accounts.models import User

from ..authority import authority, may_screen
from .board import Appointment


class SectionRule(models.Model):
    """What a section asks of its approvals; the nearest section above an item decides."""

    section = models.OneToOneField(
        "wagtailcore.Page", models.CASCADE, verbose_name=_("section"), related_name="+"
    )
    min_approvals = models.PositiveSmallIntegerField(_("approvals by different people"), default=1)
    needs_head = models.BooleanField(
        _("the Head approves too"),
        default=False,
        help_text=_("Higher-level approval: one of the approvals is the Head's (Art. 5.2.a)."),
    )

    class Meta:
        verbose_name = _("approval rule of a section")
        verbose_name_plural = _("approval rules of sections")
        constraints = [
            models.CheckConstraint(
                condition=Q(min_approvals__gte=1, min_approvals__lte=5),
                name="section_rule_asks_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return str(self.section)


class ReviewTask(Task):
    """A step that is taken on our own page of review, never by Wagtail's buttons."""

    class Meta:
        abstract = True

    def get_actions(self, obj: Page, user: User) -> list:
        return []


class ScreeningTask(ReviewTask):
    """Sàng lọc: the working group looks at what was handed in and may mend it (Art. 5.5.c)."""

    class Meta:
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")

    def user_can_access_editor(self, obj: Page, user: User) -> bool:
        return may_screen(user)

    def locked_for_user(self, obj: Page, user: User) -> bool:
        return not may_screen(user)

    @classmethod
    def get_description(cls) -> str:
        return _("The working group screens what was handed in")


class ApprovalTask(ReviewTask):
    """Duyệt: the member in charge of the section decides (Art. 8.3.a)."""

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    def user_can_access_editor(self, obj: Page, user: User) -> bool:
        return authority(user, obj) is not None

    def locked_for_user(self, obj: Page, user: User) -> bool:
        """What lies before an approver does not move; whoever wants a change sends it back."""
        return True

    @classmethod
    def get_description(cls) -> str:
        return _("The member in charge of the section approves")


class Action(models.TextChoices):
    SUBMITTED = "submitted", _("Handed in")
    FORWARDED = "forwarded", _("Forwarded")
    ANSWERED = "answered", _("Answered")
    DOUBTED = "doubted", _("Verification asked for")
    VERIFIED = "verified", _("Verified")
    RETURNED = "returned", _("Sent back for changes")
    REFUSED = "refused", _("Refused")
    SCREENED = "screened", _("Screened and passed on")
    APPROVED = "approved", _("Approved")
    CANCELLED = "cancelled", _("Taken back by the sender")


class Origin(models.TextChoices):
    """Where an item comes from (Art. 8.2)."""

    OWN = "own", _("Written by the Board's own people")
    COLLABORATOR = "collaborator", _("A collaborator")
    AGENCY = "agency", _("An agency")
    PUBLIC = "public", _("An organisation or a person")
    REUSED = "reused", _("Quoted from an official source")


class Ground(models.TextChoices):
    """The nine grounds of refusal of Article 3.9, in its order."""

    OUT_OF_SCOPE = "out-of-scope", _("Outside the scope, role and functions of the portal")
    AGAINST_POLICY = (
        "against-policy",
        _("Not in line with the Party's views and the State's policies and law"),
    )
    SECRET = "state-secret", _("On the list of state secrets")
    NOT_YET_PUBLIC = (
        "not-yet-public",
        _("Not to be made public yet, or only within a narrow circle, as the authority decided"),
    )
    UNTRUE = "untrue", _("Not true")
    UNKNOWN_ORIGIN = "unknown-origin", _("Of unclear origin")
    DUPLICATE = "duplicate", _("Repeats what the portal has already published")
    UNDER_VERIFICATION = "under-verification", _("Under a request to be verified again")
    POOR_QUALITY = "poor-quality", _("Below the quality that the portal asks for")


class ReviewStep(models.Model):
    """One step of one item, with who took it and in whose right. Steps are never changed."""

    page = models.ForeignKey(
        "wagtailcore.Page", models.SET_NULL, null=True, related_name="review_steps"
    )
    # A draft that was never public may be deleted; what was decided about it stays.
    title = models.CharField(_("title"), max_length=255)
    section = models.ForeignKey("wagtailcore.Page", models.SET_NULL, null=True, related_name="+")
    round = models.ForeignKey(
        "wagtailcore.WorkflowState", models.SET_NULL, null=True, related_name="review_steps"
    )
    task_state = models.ForeignKey(
        "wagtailcore.TaskState", models.SET_NULL, null=True, related_name="review_steps"
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision", models.SET_NULL, null=True, related_name="+"
    )
    action = models.CharField(_("step"), max_length=10, choices=Action)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="review_steps"
    )
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("note"), blank=True, max_length=2000)
    # In whose right an approval or refusal was given; shown with it.
    holder = models.ForeignKey(
        Appointment, models.PROTECT, null=True, related_name="+", verbose_name=_("in the right of")
    )
    right = models.CharField(_("right"), max_length=10, blank=True)
    paper = models.CharField(_("paper of delegation"), max_length=120, blank=True)
    origin = models.CharField(_("origin"), max_length=12, choices=Origin, blank=True)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    holds_no_secret = models.BooleanField(_("checked: holds no state secret"), default=False)

    class Meta:
        verbose_name = _("review step")
        verbose_name_plural = _("review steps")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task_state", "by"],
                condition=Q(action="approved"),
                name="approved_once_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(action="screened") | Q(holds_no_secret=True),
                name="screened_without_secret",
            ),
            models.CheckConstraint(
                condition=~Q(action__in=["refused", "returned"]) | ~Q(note=""),
                name="refused_with_a_note",
            ),
        ]
        indexes = [models.Index(fields=["action", "at"], name="review_step_by_action")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} · {self.title}"


class RefusalGround(models.Model):
    """One of the grounds of a refusal."""

    step = models.ForeignKey(ReviewStep, models.CASCADE, related_name="grounds")
    ground = models.CharField(_("ground"), max_length=20, choices=Ground)

    class Meta:
        verbose_name = _("ground of refusal")
        verbose_name_plural = _("grounds of refusal")
        constraints = [
            models.UniqueConstraint(fields=["step", "ground"], name="refusal_ground_once")
        ]

    def __str__(self) -> str:
        return str(self.get_ground_display())


class Forward(models.Model):
    """An item shown to a member or an agency for their word (Art. 8.2)."""

    page = models.ForeignKey(
        "wagtailcore.Page", models.CASCADE, related_name="forwards", verbose_name=_("item")
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forwards",
        verbose_name=_("to a person"),
    )
    to_agency = models.ForeignKey(
        "agencies.Agency",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forwards",
        verbose_name=_("to an agency"),
    )
    question = models.TextField(_("what is asked"), max_length=2000)
    due_on = models.DateField(_("answer by"), null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    answer = models.TextField(_("answer"), blank=True, max_length=4000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("forwarded item")
        verbose_name_plural = _("forwarded items")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_user__isnull=True) ^ Q(to_agency__isnull=True),
                name="forward_goes_to_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page} → {self.to_user or self.to_agency}"


class Doubt(models.Model):
    """“Đang được yêu cầu xác thực lại”: while it is open the item is not published (Art. 3.9)."""

    page = models.ForeignKey(
        "wagtailcore.Page", models.CASCADE, related_name="doubts", verbose_name=_("item")
    )
    reason = models.TextField(_("what is to be verified"), max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    result = models.TextField(_("result"), blank=True, max_length=2000)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    cleared_at = models.DateTimeField(_("cleared at"), null=True)

    class Meta:
        verbose_name = _("request for verification")
        verbose_name_plural = _("requests for verification")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page"], condition=Q(cleared_at__isnull=True), name="one_open_doubt"
            )
        ]

    def __str__(self) -> str:
        return str(self.page)


class Publication(models.Model):
    """An approved revision and the moment at which readers could see it (Art. 8.4.a)."""

    page = models.ForeignKey(
        "wagtailcore.Page", models.PROTECT, related_name="publications", verbose_name=_("item")
    )
    revision_id = models.BigIntegerField(unique=True)
    approved_at = models.DateTimeField(_("approved at"))
    # Empty while a date set by the editor lies ahead.
    public_at = models.DateTimeField(_("public at"), null=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-approved_at", "-pk"]

    def __str__(self) -> str:
        return str(self.page)
