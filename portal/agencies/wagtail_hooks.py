"""Agencies and memberships in the Wagtail admin. Nothing is deleted there (Art. 8.5)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.log_actions import LogActionRegistry

from portal.text import fold

from .models import Agency, Membership


class AgencyIndex(generic.IndexView):
    """Search without marks: 'ba dinh' finds Ba Đình."""

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("successor")

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        return queryset.filter(
            Q(folded_name__contains=fold(self.search_query)) | Q(code__iexact=self.search_query)
        )


class MembershipIndex(generic.IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("user", "agency")


class AgencyViewSet(ModelViewSet):
    model = Agency
    index_view_class = AgencyIndex
    icon = "group"
    name = "agencies"
    url_prefix = "co-quan"
    list_display = ["name", "code", "kind", "valid_from", "valid_to", "successor"]
    list_filter = ["kind"]
    list_per_page = 50
    inspect_view_enabled = True
    panels = [
        "code",
        "name",
        "name_en",
        "kind",
        "symbol",
        "official_order",
        "former_district",
        "valid_from",
        "valid_to",
        "successor",
    ]
    search_fields = ["folded_name", "code"]


class MembershipViewSet(ModelViewSet):
    model = Membership
    index_view_class = MembershipIndex
    icon = "user"
    name = "memberships"
    url_prefix = "dai-dien"
    list_display = ["user", "agency", Column("decision"), "valid_from", "valid_to"]
    panels = ["user", "agency", "decision", "valid_from", "valid_to"]


class AgencyGroup(ModelViewSetGroup):
    menu_label = _("Agencies")
    menu_icon = "group"
    menu_order = 700
    items = (AgencyViewSet, MembershipViewSet)


@hooks.register("register_admin_viewset")
def register_agencies() -> AgencyGroup:
    return AgencyGroup()


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    actions.register_action("agencies.membership.grant", _("Grant"), _("Membership granted"))
    actions.register_action("agencies.membership.end", _("End"), _("Membership ended"))
    actions.register_action("agencies.agency.close", _("Close"), _("Agency closed"))
