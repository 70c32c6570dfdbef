"""Which steps of the demonstration are done: a killed first run goes on where it stopped."""

from django.db import models


class Step(models.Model):
    name = models.CharField(max_length=40, unique=True)
    done_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
