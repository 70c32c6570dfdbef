from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RulesConfig(AppConfig):
    name = "portal.rules"
    label = "rules"
    verbose_name = _("Rules and calendar")

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from portal.permission_policies import NoDeletePolicy

        from .models import LegalBasis, RuleValue
        from .values import keep_for_requests

        # Figures rest on them: an end date closes one, a new one follows it.
        for model in (LegalBasis, RuleValue):
            register_permission_policy(model, NoDeletePolicy(model))
        keep_for_requests()
