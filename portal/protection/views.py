"""The challenge's picture."""

from captcha.views import captcha_image
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.rules.values import value

from . import throttle

SCOPE = "protection.picture"
# A person may ask for another picture a few times a form; drawing costs the server more.
PICTURES_A_FORM = 10


@require_safe
@never_cache
def picture(request: HttpRequest, key: str) -> HttpResponse:
    """The picture of a challenge; past the hour's count the question in words is left."""
    limit = PICTURES_A_FORM * value("protection.throttle_per_hour").integer
    if not throttle.hit(SCOPE, request, limit):
        return HttpResponse(status=429, headers={"Retry-After": "3600"})
    return captcha_image(request, key, scale=1)
