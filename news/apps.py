from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    label = "news"
    verbose_name = _("News")

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from portal.permission_policies import NoDeletePolicy
        from site_pages import page_cache

        from . import sections  # noqa: F401
        from .sources import OfficialSource
        from .templating import ArticleTemplate

        register_permission_policy(OfficialSource, NoDeletePolicy(OfficialSource))
        page_cache.never_shown(ArticleTemplate)
