from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    label = "news"
    verbose_name = _("News")

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from editorial import checking, roles
        from portal.accounts.roles import Role
        from portal.permission_policies import NoDeletePolicy
        from site_pages import page_cache

        from . import contributed, intake, sections, waiting  # noqa: F401
        from .models import ArticlePage
        from .sources import OfficialSource
        from .templating import ArticleTemplate

        register_permission_policy(OfficialSource, NoDeletePolicy(OfficialSource))

        for model in ("officialsource", "articletemplate"):
            kept = [f"news.{action}_{model}" for action in ("view", "add", "change")]
            roles.grant(Role.WORKING_GROUP, *kept)
            for role in (Role.BOARD_HEAD, Role.BOARD_MEMBER, Role.COLLABORATOR):
                roles.grant(role, f"news.view_{model}")
        page_cache.never_shown(ArticleTemplate)
        checking.checked_once(ArticlePage)
