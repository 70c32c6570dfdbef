"""What guards the forms: spent tokens, counters, questions to people, files in quarantine."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .file_kinds import Family


class SpentToken(models.Model):
    """A form that was accepted, with the receipt that its second click lands on."""

    purpose = models.CharField(max_length=60)
    token = models.UUIDField()
    receipt = models.CharField(max_length=60)
    day = models.DateField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "token"], name="form_token_spent_once")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.token}"


class ThrottleCount(models.Model):
    """Requests of one caller in one hour. `caller` is a hash with a daily salt: no address."""

    scope = models.CharField(max_length=60)
    caller = models.CharField(max_length=64)
    hour = models.DateTimeField(db_index=True)
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "caller", "hour"], name="throttle_one_count_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.n}"


class PlainQuestion(models.Model):
    """A question in words, asked once; the second way through beside the captcha's picture."""

    key = models.CharField(max_length=32, unique=True)
    answer = models.CharField(max_length=20)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class FileState(models.TextChoices):
    PENDING = "pending", _("Being checked")
    CLEAN = "clean", _("Clean")
    INFECTED = "infected", _("Infected")
    DAMAGED = "damaged", _("Cannot be read")
    ERROR = "error", _("Not checked: the virus scanner does not answer")


# The scanner's word is still owed.
UNKNOWN = [FileState.PENDING, FileState.ERROR]


class QuarantinedFile(models.Model):
    """An upload of the public. Only a clean one may leave the quarantine."""

    key = models.CharField(max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=120)
    ending = models.CharField(max_length=8)
    family = models.CharField(_("kind"), max_length=8, choices=Family)
    size = models.PositiveBigIntegerField(_("size"))
    # As it was sent; a picture that was drawn anew has another.
    sha256 = models.CharField("SHA-256", max_length=64)
    released_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=FileState, default=FileState.PENDING)
    finding = models.CharField(_("found"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received at"))
    checked_at = models.DateTimeField(_("checked at"), null=True)
    # The row says what was sent; the content went to the library, or was erased.
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("file in quarantine")
        verbose_name_plural = _("files in quarantine")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="pending") | models.Q(checked_at__isnull=False),
                name="quarantined_file_judged_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="infected") ^ ~models.Q(finding=""),
                name="quarantined_file_infected_by_something",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=models.Q(state__in=["pending", "error"]),
                name="quarantined_file_unknown",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_leave(self) -> bool:
        return self.state == FileState.CLEAN and self.emptied_at is None
