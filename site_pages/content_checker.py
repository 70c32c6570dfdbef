"""Wagtail's content checker with the checks of this portal."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail.admin.userbar import ContentCheckerItem

from .content_checks import ADVICE, Check


class PortalChecker(ContentCheckerItem):
    """Wagtail's checker with our rules; the page's template names what is missing."""

    axe_custom_rules = [
        *ContentCheckerItem.axe_custom_rules,
        *(
            {
                "id": check.value,
                "impact": "moderate",
                "selector": "h1",
                "tags": ["best-practice"],
                "any": [f"has-{check.value}"],
                "enabled": True,
            }
            for check in Check
        ),
    ]
    axe_custom_checks = [
        *ContentCheckerItem.axe_custom_checks,
        *({"id": f"has-{check.value}", "options": {"missing": check.value}} for check in Check),
    ]

    def get_axe_run_only(self, request: HttpRequest) -> list[str]:
        return [*super().get_axe_run_only(request), *Check.values]

    def get_axe_messages(self, request: HttpRequest) -> dict:
        ours = {
            check.value: {"error_name": check.label, "help_text": ADVICE[check]} for check in Check
        }
        return {**super().get_axe_messages(request), **ours}
