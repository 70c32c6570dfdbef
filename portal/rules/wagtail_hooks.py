"""Rules, legal bases and the working calendar in the Wagtail admin."""

from django.contrib import messages
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from portal import clock

from .models import CalendarDay, LegalBasis, RuleValue
from .working_days import is_confirmed


class AmountColumn(Column):
    def get_value(self, instance: RuleValue) -> str:
        return f"{instance.amount.normalize():f} {instance.unit.label}".replace(".", ",")


class CalendarIndex(generic.IndexView):
    def get(self, request, *args, **kwargs):
        year = clock.today().year
        for candidate in (year, year + 1):
            if not is_confirmed(candidate):
                text = gettext("The calendar of %(year)d is not confirmed by an announcement yet.")
                messages.warning(request, text % {"year": candidate})
        return super().get(request, *args, **kwargs)


class CalendarViewSet(ModelViewSet):
    model = CalendarDay
    index_view_class = CalendarIndex
    icon = "calendar-alt"
    name = "calendar"
    url_prefix = "lich"
    ordering = ["-date"]
    list_display = [
        "date",
        "name",
        "kind",
        "basis",
        BooleanColumn("is_provisional", label=_("provisional")),
    ]
    list_filter = ["kind", "is_provisional"]
    panels = ["date", "kind", "name", "basis", "is_provisional"]
    list_per_page = 50


class RuleIndex(generic.IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("basis")


class RuleViewSet(ModelViewSet):
    model = RuleValue
    index_view_class = RuleIndex
    icon = "list-ol"
    name = "rule_values"
    url_prefix = "gia-tri"
    list_display = [
        "get_key_display",
        AmountColumn("amount", label=_("value")),
        "basis",
        "article",
        "valid_from",
        "valid_to",
    ]
    list_filter = ["key"]
    panels = ["key", "amount", "basis", "article", "valid_from", "valid_to", "note"]
    list_per_page = 50


class BasisViewSet(ModelViewSet):
    model = LegalBasis
    icon = "doc-full"
    name = "legal_bases"
    url_prefix = "can-cu"
    list_display = ["number", "title", "valid_from", "valid_to", "superseded_by"]
    panels = ["number", "title", "issued_on", "valid_from", "valid_to", "superseded_by"]


class RuleGroup(ModelViewSetGroup):
    menu_label = _("Rules and calendar")
    menu_icon = "calendar-alt"
    menu_order = 710
    items = (RuleViewSet, BasisViewSet, CalendarViewSet)


@hooks.register("register_admin_viewset")
def register_rules() -> RuleGroup:
    return RuleGroup()
