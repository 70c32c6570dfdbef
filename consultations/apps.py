from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "consultations"
    label = "consultations"
    verbose_name = _("Consultations")

    def ready(self) -> None:
        from editorial import roles
        from portal.accounts.roles import Role
        from portal.outbox.registry import register
        from site_pages import page_cache

        from . import drafting, models, opinions, sections, waiting, window  # noqa: F401
        from .synthesis import joining

        roles.grant(
            Role.WORKING_GROUP,
            "consultations.run_consultations",
            "consultations.follow_consultations",
        )
        for role in (Role.BOARD_HEAD, Role.BOARD_MEMBER, Role.LEADERSHIP):
            roles.grant(role, "consultations.follow_consultations")
        register(drafting.KIND, drafting.carry_out)
        page_cache.register_boundary(window.next_turn)
        page_cache.never_shown(models.OpinionContact)
        opinions.join()
        joining.join()
