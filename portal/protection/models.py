"""What guards the forms: spent tokens, counters, and questions to people."""

from django.db import models


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
