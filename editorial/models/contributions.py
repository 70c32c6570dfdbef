"""What people and organisations outside the network send in (Art. 8.1.a)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.protection.models import QuarantinedFile

from .review import Ground


class SenderKind(models.TextChoices):
    PERSON = "person", _("A person")
    ORGANISATION = "organisation", _("An organisation or enterprise")


class ContributionState(models.TextChoices):
    RECEIVED = "received", _("Received")
    TAKEN_UP = "taken-up", _("Taken up for editing")
    REFUSED = "refused", _("Refused")


class ContributionDraft(models.Model):
    """An item being written; only the browser that began it has its key."""

    key_hash = models.CharField(max_length=64, unique=True)
    token = models.UUIDField(unique=True)
    # Fields of the form as they were last saved; empty again once it is sent.
    typed = models.JSONField(default=dict)
    # Files taken in, those removed again counted in: a form has an end.
    uploads = models.PositiveSmallIntegerField(default=0)
    receipt_code = models.CharField(max_length=14, blank=True)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("draft of an item sent in")
        verbose_name_plural = _("drafts of items sent in")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Contribution(models.Model):
    """An item as it was sent: the database refuses to change it, only to empty it in its time.

    Who sent it is known to the working group alone, and erased some time after the decision.
    """

    wagtail_reference_index_ignore = True

    code = models.CharField(_("receipt code"), max_length=14, unique=True)
    sender_kind = models.CharField(_("sent by"), max_length=12, choices=SenderKind)
    sender_name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    event_on = models.DateField(_("day of the event"), null=True)
    declaration = models.TextField(_("declaration"))
    declaration_version = models.CharField(_("version of the declaration"), max_length=20)
    sent_at = models.DateTimeField(_("sent at"))
    state = models.CharField(
        _("state"), max_length=8, choices=ContributionState, default=ContributionState.RECEIVED
    )
    note = models.TextField(_("note to the sender"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("decided by"),
        null=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    page = models.ForeignKey(
        "wagtailcore.Page",
        models.SET_NULL,
        verbose_name=_("article"),
        null=True,
        related_name="contributions",
    )
    erased_at = models.DateTimeField(_("personal data erased at"), null=True)

    class Meta:
        verbose_name = _("item sent in by the public")
        verbose_name_plural = _("items sent in by the public")
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="received")
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="contribution_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(note=""), name="contribution_refused_with_a_note"
            ),
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone="") | Q(erased_at__isnull=False),
                name="contribution_can_be_answered",
            ),
        ]
        indexes = [models.Index(fields=["state", "sent_at"], name="contribution_by_state")]

    def __str__(self) -> str:
        """Stands in the audit log: neither the code nor a word of the sender's."""
        return str(_("Item no. %(number)s sent in") % {"number": self.pk})


class ContributionFile(models.Model):
    """A file of a draft, later of what was sent, later in the library."""

    wagtail_reference_index_ignore = True

    draft = models.ForeignKey(
        ContributionDraft, models.PROTECT, null=True, related_name="files", editable=False
    )
    contribution = models.ForeignKey(
        Contribution, models.PROTECT, null=True, related_name="files", editable=False
    )
    file = models.OneToOneField(QuarantinedFile, models.PROTECT, related_name="+")
    image = models.ForeignKey("wagtailimages.Image", models.SET_NULL, null=True, related_name="+")
    document = models.ForeignKey(
        "wagtaildocs.Document", models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("file sent in")
        verbose_name_plural = _("files sent in")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(draft__isnull=True) ^ Q(contribution__isnull=True),
                name="contribution_file_is_of_one",
            )
        ]

    def __str__(self) -> str:
        return str(self.file)


class ContributionGround(models.Model):
    """One of the grounds of Article 3.9 on which an item was refused."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="grounds")
    ground = models.CharField(_("ground"), max_length=20, choices=Ground)

    class Meta:
        verbose_name = _("ground of refusal")
        verbose_name_plural = _("grounds of refusal")
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "ground"], name="contribution_ground_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_ground_display())
