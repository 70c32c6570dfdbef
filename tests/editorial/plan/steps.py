"""What tests of the plan do more than once."""

from __future__ import annotations

from django.urls import reverse
from wagtail.models import Page

from portal.outbox.models import OutboxRow
from site_pages.models import StandardPage
from site_pages.work_queue import waiting_for

NOW = "2026-11-16 09:00"
DUE = "2026-12-01 17:00"
NASTY = 'Chủ đề <script>alert(1)</script> "Một cửa" ở Đống Đa'


def act(client, kind: str, pk: int, code: str, **data):
    """Click one button; field names get the form's prefix."""
    typed = {f"{code}-{name}": value for name, value in data.items()}
    return client.post(reverse(f"editorial_{kind}_act", args=[pk, code]), typed)


def letters(code: str) -> list[int]:
    """To whom letters of a kind are on their way."""
    rows = OutboxRow.objects.filter(key__startswith=f"{code}:").order_by("pk")
    return [row.payload["user_id"] for row in rows]


def own_page(section, user) -> Page:
    return section.get_parent().add_child(
        instance=StandardPage(title="Bài đã giao", slug="bai-da-giao", live=False, owner=user)
    )


def waits(user) -> list[str]:
    return [item.url for item in waiting_for(user)]
