"""Error pages that say what happened and what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its cookie: closed too long, or cookies are refused."""
    return render(request, "403_csrf.html", status=403)
