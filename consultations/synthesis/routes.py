"""Addresses of the answers below a consultation's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.routable_page.models import RoutablePageMixin, path


class ShowsAnswers(RoutablePageMixin):
    """For the consultation's page: the published answers, their editions and data."""

    @path("ket-qua/", name="result")
    def result_view(self, request: HttpRequest) -> HttpResponse:
        from .public_views import result

        return result(request, self)

    @path("ket-qua/ban/<int:number>/", name="result_edition")
    def result_edition_view(self, request: HttpRequest, number: int) -> HttpResponse:
        from .public_views import result

        return result(request, self, number)

    @path("ket-qua/<slug:name>/", name="result_file")
    def result_file_view(self, request: HttpRequest, name: str) -> HttpResponse:
        from .public_views import file

        return file(request, self, name)
