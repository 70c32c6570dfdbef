"""What a request tells of its device and network: weighed at once, never stored.

The device is counted under a hash of address and browser with a key of the day
(portal.protection.throttle): the count goes after a day, and the hash of one day says
nothing of the next. The network is compared with the agencies' own and forgotten.
"""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

from portal.protection import throttle
from portal.rules.values import value

from ..models import AgencyNetwork, Channel, Collector
from .flags import Signals

SCOPE = "satisfaction.device"
# A kiosk is one device that many people use: this many an hour one after another.
KIOSK_PER_HOUR = 40


def signals_of(request: HttpRequest, collector: Collector | None = None) -> Signals:
    """Counts the device once: call it where an answer is sent, not where it is shown."""
    is_kiosk = collector is not None and collector.channel == Channel.KIOSK
    limit = KIOSK_PER_HOUR if is_kiosk else value("survey.burst_per_hour").integer
    browser = request.META.get("HTTP_USER_AGENT", "")[:300]
    is_within = throttle.hit(SCOPE, request, limit, device=browser)
    # A kiosk stands in the agency's own network.
    return Signals(not is_within, frozenset() if is_kiosk else _agencies_of(request))


def _agencies_of(request: HttpRequest) -> frozenset[int]:
    try:
        address = ipaddress.ip_address(throttle.client_address(request))
    except ValueError:
        return frozenset()
    return frozenset(
        agency
        for agency, network in AgencyNetwork.objects.values_list("agency_id", "network")
        if address in ipaddress.ip_network(network)
    )
