"""“Việc của tôi”: where a collaborator lands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from . import desk


def show(request: HttpRequest) -> HttpResponse:
    context = {
        "beginnings": desk.beginnings(request.user),
        "panels": desk.panels(request),
    }
    return render(request, "editorial/admin/desk.html", context)
