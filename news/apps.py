from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    label = "news"
    verbose_name = _("News")

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from portal.permission_policies import NoDeletePolicy

        from . import intake, sections  # noqa: F401
        from .sources import OfficialSource

        register_permission_policy(OfficialSource, NoDeletePolicy(OfficialSource))
