from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    name = "portal.agencies"
    label = "agencies"
    verbose_name = _("Agencies")

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from portal.permission_policies import NoDeletePolicy

        from .models import Agency, Membership

        for model in (Agency, Membership):
            register_permission_policy(model, NoDeletePolicy(model))
