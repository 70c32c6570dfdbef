"""Addresses of opinions below a consultation's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.routable_page.models import RoutablePageMixin, path


class TakesOpinions(RoutablePageMixin):
    """For the consultation's page: giving an opinion, and reading what others gave."""

    @path("gop-y/<str:target>/", name="opinion")
    def opinion_view(self, request: HttpRequest, target: str) -> HttpResponse:
        from .views import opinion

        return opinion(request, self, target)

    @path("gop-y/<str:target>/<slug:step>/", name="opinion_step")
    def opinion_step_view(self, request: HttpRequest, target: str, step: str) -> HttpResponse:
        from . import views

        return views.step(request, self, target, step)

    @path("y-kien/", name="opinions")
    def opinions_view(self, request: HttpRequest) -> HttpResponse:
        from .public_views import opinions

        return opinions(request, self)

    @path("y-kien/<int:number>/", name="published_opinion")
    def published_opinion_view(self, request: HttpRequest, number: int) -> HttpResponse:
        from .public_views import published_opinion

        return published_opinion(request, self, number)

    @path("y-kien/<int:number>/bao-cao/", name="abuse")
    def abuse_view(self, request: HttpRequest, number: int) -> HttpResponse:
        from .public_views import abuse

        return abuse(request, self, number)

    @path("y-kien/rss/", name="opinions_feed")
    def feed_view(self, request: HttpRequest) -> HttpResponse:
        from .exports import feed

        return feed(request, self)

    @path("y-kien/csv/", name="opinions_csv")
    def csv_view(self, request: HttpRequest) -> HttpResponse:
        from .exports import as_csv

        return as_csv(request, self)

    @path("y-kien/json/", name="opinions_json")
    def json_view(self, request: HttpRequest) -> HttpResponse:
        from .exports import as_json

        return as_json(request, self)

    @path("nhat-ky/", name="moderation_log")
    def log_view(self, request: HttpRequest) -> HttpResponse:
        from .public_views import moderation_log

        return moderation_log(request, self)

    @path("dang-ky-nhan-tin/", name="subscribe")
    def subscribe_view(self, request: HttpRequest) -> HttpResponse:
        from ..subscribing.views import subscribe

        return subscribe(request, self.consultation)
