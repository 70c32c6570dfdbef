"""A consultation with its page, and the way of a person's opinion through it."""

from __future__ import annotations

from django.test import Client

from consultations.models import Consultation, ConsultationPage, ConsultationsPage, Opinion
from portal.rules.models import RuleValue
from tests.consultations import factories as make

TEXT = "Đề nghị rút ngắn thời hạn <script>alert(1)</script> & “nêu rõ”."
NAME = "Đỗ Thị <b>Ánh</b>"
TYPED = {
    "respondent_kind": "person",
    "name": NAME,
    "is_name_shown": "1",
    "email": "anh@dan.example",
    "text": TEXT,
}


def open_to_all(**fields) -> tuple[Consultation, ConsultationPage]:
    """Open, with three articles of two clauses, and a public page."""
    at_once()
    made = make.make_consultation(**fields)
    make.open_window(made)
    if made.has_draft:
        make.make_text(made)
    return made, page_of(made)


def at_once() -> None:
    """A test fills a form in faster than a person."""
    RuleValue.objects.filter(key="protection.form_min_seconds").update(amount=0)


def page_of(consultation: Consultation) -> ConsultationPage:
    parent = ConsultationsPage.objects.get(locale__language_code="vi")
    page = ConsultationPage(
        title="Dự thảo Quy chế phối hợp", slug=consultation.code, consultation=consultation
    )
    parent.add_child(instance=page)
    return page


def address(page: ConsultationPage, provision=None, step: str = "") -> str:
    target = provision.uuid if provision else "toan-van"
    return f"{page.url}gop-y/{target}/{step and step + '/'}"


def begin(client: Client, page: ConsultationPage, provision=None, **changed: str):
    url = address(page, provision)
    token = client.get(url).context["guard"].token
    return client.post(url, {**TYPED, **changed, "form_token": token})


def say(client: Client, page: ConsultationPage, provision=None, **changed: str) -> Opinion:
    """The whole way as a visitor goes it."""
    check = address(page, provision, "kiem-tra")
    response = begin(client, page, provision, **changed)
    assert response.status_code == 302, response.context["errors"]
    assert response.url == check
    assert client.get(check).status_code == 200
    assert client.post(check).url == address(page, provision, "bien-nhan")
    code = client.get(address(page, provision, "bien-nhan")).context["code"]
    client.post(address(page, provision, "bien-nhan"))
    return Opinion.objects.get(receipt_code=code)


def follow(client: Client, opinion: Opinion):
    return client.post("/gop-y/theo-doi/", {"ma": opinion.receipt_code})


def act(client: Client, opinion: Opinion, name: str, **said: str):
    """Correct, withdraw or appeal as its sender: the code first, then the form."""
    given = follow(client, opinion).context["pass"]
    return client.post(f"/gop-y/theo-doi/{name}/", {"luot": given, **said})
