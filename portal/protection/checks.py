"""A portal that takes files of the public needs a virus scanner."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from . import antivirus


@register(Tags.security, deploy=True)
def a_scanner_is_configured(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if antivirus.is_configured():
        return []
    return [
        Warning(
            "No virus scanner: files that the public uploads stay in quarantine.",
            hint="Set CLAMD_ADDRESS, e.g. unix:///run/clamav/clamd.ctl.",
            id="protection.W001",
        )
    ]
