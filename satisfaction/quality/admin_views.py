"""Quality in the admin: flags of answers, and the agencies' own networks."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal import clock
from portal.agencies.models import Agency

from ..models import AgencyNetwork, Flag, Response, Survey
from . import networks, reviewing

PAGE_SIZE = 50


class NetworkForm(forms.ModelForm):
    class Meta:
        model = AgencyNetwork
        fields = ["agency", "network", "note"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.valid_on(clock.today())


def network_list(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("satisfaction.run_fieldwork"):
        raise PermissionDenied
    form = NetworkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        networks.add(form.save(commit=False), request.user)
        messages.success(request, _("The network is kept."))
        return redirect("agency_networks")
    rows = AgencyNetwork.objects.select_related("agency")
    context = {
        "form": form,
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "satisfaction/quality/admin/networks.html", context, status=status)


@require_POST
def network_remove(request: HttpRequest, network_id: int) -> HttpResponse:
    networks.remove(network_id, request.user)
    messages.success(request, _("The network is removed."))
    return redirect("agency_networks")


@require_POST
def flag(request: HttpRequest, response_id: int) -> HttpResponse:
    """Doubt an answer, or take one of its flags off."""
    response = get_object_or_404(Response, pk=response_id)
    taken_off = request.POST.get("bo", "")
    if taken_off in Flag.values:
        is_done = reviewing.clear(response_id, Flag(taken_off), request.user)
    else:
        is_done = reviewing.doubt(response_id, request.user)
    told = _("The mark is changed; results with and without marked answers follow.")
    messages.success(request, told if is_done else _("The mark was so before."))
    return redirect("survey_responses", response.survey_id)


@require_POST
def look_over(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Compare the times with the usual one now instead of at night."""
    if not request.user.has_perm("satisfaction.review_responses"):
        raise PermissionDenied
    survey = get_object_or_404(Survey, pk=survey_id)
    count = sum(reviewing.flag_speeding(version) for version in survey.versions.all())
    told = ngettext("%(n)s answer was marked.", "%(n)s answers were marked.", count)
    messages.success(request, told % {"n": count})
    return redirect("survey_responses", survey_id)
