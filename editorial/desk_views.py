"""“Việc của tôi”: what waits for whoever signs in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from . import desk, queue
from .originals import declaration


def show(request: HttpRequest) -> HttpResponse:
    context = {
        "beginnings": desk.beginnings(request.user),
        "declaration": declaration(),
        "panels": desk.panels(request),
        "role": queue.role_line(request.user),
    }
    return render(request, "editorial/admin/desk.html", context)
