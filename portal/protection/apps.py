from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtectionConfig(AppConfig):
    name = "portal.protection"
    label = "protection"
    verbose_name = _("Protection")

    def ready(self) -> None:
        from portal.outbox.registry import every_night, register

        from . import (
            challenge,
            checks,  # noqa: F401
            form_tokens,
            quarantine,
            scanning,
            throttle,
        )

        # Scanning takes minutes and asks another process: outside a transaction.
        register(scanning.KIND, scanning.carry_out, atomic=False)
        for chore in (
            challenge.purge,
            form_tokens.purge,
            throttle.purge,
            quarantine.sweep,
            scanning.call_again,
        ):
            every_night(chore)
