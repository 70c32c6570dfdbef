"""What tests of contributions do more than once."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from editorial.models import Contribution

NOW = "2026-11-16 09:00"
TITLE = "Phường <i>Ô Chợ Dừa</i> trả kết quả tại nhà"
TYPED = {
    "sender_kind": "person",
    "sender_name": "Đỗ Thị Ánh",
    "email": "anh@dan.example",
    "phone": "",
    "title": TITLE,
    "text": "Đoạn một <script>alert(1)</script>.\n\nĐoạn hai & hết.",
    "event_on": "15/11/2026",
}
ROOT = "/gui-tin-bai/"


def begin(client: Client, **changed: str):
    page = client.get(f"{ROOT}noi-dung/")
    token = page.context["guard"].token
    return client.post(f"{ROOT}noi-dung/", {**TYPED, **changed, "form_token": token})


def send(client: Client, *uploads, **changed: str) -> Contribution:
    """The whole way as a visitor goes it."""
    assert begin(client, **changed).url == f"{ROOT}tep/"
    if uploads:
        client.post(f"{ROOT}tep/", {"tep": list(uploads), "tiep": "1"})
    assert client.post(f"{ROOT}kiem-tra/", {"declares": "1"}).url == f"{ROOT}bien-nhan/"
    client.cookies.clear()
    return Contribution.objects.latest("pk")


def admin_url(row: Contribution) -> str:
    return reverse("editorial_contribution", args=[row.pk])
