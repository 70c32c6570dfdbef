"""Counting a caller's requests in the database, without keeping the caller's address.

An office or a village behind one address is never shut out: a full count only
leads to the challenge (portal.protection.screening).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from portal import clock

from .models import ThrottleCount


def client_address(request: HttpRequest) -> str:
    """The caller's address as our own proxy saw it; what a client claims does not count.

    An IPv6 caller owns a whole /64, so that is what is counted.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        # nginx appends the address that it saw; everything before it is the client's word.
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rsplit(",", 1)[-1].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


def _hash(address: str, day: str) -> str:
    key = f"{settings.SECRET_KEY}:{day}".encode()
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def hit(scope: str, request: HttpRequest, limit: int, device: str = "") -> bool:
    """Count one request; True while the caller is within `limit` in this hour.

    `device` tells apart callers behind one address; like the address, only its hash is kept.
    """
    now = clock.now()
    caller = _hash(f"{client_address(request)}{device}", clock.today().isoformat())
    table = ThrottleCount._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (scope, caller, hour, n) VALUES (%s, %s, %s, 1) "  # noqa: S608
            f"ON CONFLICT (scope, caller, hour) DO UPDATE SET n = {table}.n + 1 RETURNING n",
            [scope, caller, _hour(now)],
        )
        return cursor.fetchone()[0] <= limit


def purge() -> int:
    """Forget hours older than a day."""
    return ThrottleCount.objects.filter(hour__lt=clock.now() - timedelta(days=1)).delete()[0]
