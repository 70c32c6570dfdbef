"""The builder as an editor of the working group uses it."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from satisfaction.models import QuestionnaireDraft, Survey
from tests.accounts import staff

NOW = "2026-11-20 12:00"
SETTINGS = {
    "opens_at": "2026-12-01 08:00",
    "closes_at": "2026-12-31 17:00",
    "period_kind": "month",
    "grace_minutes": "30",
    "follows": "",
}
FACTS = {
    "title": "Khảo sát <script>alert(1)</script> người dân “Đống Đa”",
    "title_en": "",
    "code": "",
    "audience": "anyone",
    "start_from": "",
}


def builder(name: str = "to.cong.tac") -> User:
    return staff(name, "satisfaction.build_surveys", "satisfaction.view_results")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, survey: Survey, *args: str) -> str:
    return reverse(name, args=[survey.pk, *args])


def made(client: Client, **facts: str) -> Survey:
    """A survey made through its form."""
    answer = client.post(reverse("survey_new"), FACTS | SETTINGS | facts)
    assert answer.status_code == 302, errors_of(answer)
    return Survey.objects.order_by("-pk").first()


def draft(survey: Survey) -> dict:
    return QuestionnaireDraft.objects.get(survey=survey).definition


def shown(client: Client, address: str) -> dict[str, str | list[str]]:
    """A form as a browser would send it back untouched."""
    html = client.get(address).content.decode()
    body = html[html.index('<form method="post" novalidate') :]
    body = body[: body.index("</form>")]
    data: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", body):
        kind, name = _attribute(tag, "type"), _attribute(tag, "name")
        is_box = kind in ("checkbox", "radio")
        if name and (not is_box or re.search(r"\schecked", tag)):
            data.setdefault(name, []).append(_attribute(tag, "value") or ("on" if is_box else ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', body, re.S):
        data.setdefault(name, []).append(_unescaped(text).strip("\r\n"))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.S):
        tags = re.findall(r"<option[^>]*>", options)
        chosen = next((tag for tag in tags if " selected" in tag), tags[0] if tags else "")
        data.setdefault(name, []).append(_attribute(chosen, "value"))
    return data


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return _unescaped(found[1]) if found else ""


def _unescaped(text: str) -> str:
    for code, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'")):
        text = text.replace(code, letter)
    return text.replace("&amp;", "&")


def save(client: Client, address: str, **typed: object) -> HttpResponse:
    """Open a form, type, press Save."""
    return client.post(address, shown(client, address) | typed)


def saved(client: Client, address: str, **typed: object) -> None:
    answer = save(client, address, **typed)
    assert answer.status_code == 302, errors_of(answer)


def errors_of(answer: HttpResponse) -> str:
    html = answer.content.decode()
    return " ".join(re.findall(r"<li>(.*?)</li>", html[html.find("build-errors") :], re.S)[:6])


def add(
    client: Client, survey: Survey, section: str, kind: str, label: str, **typed: object
) -> str:
    """Add a question through its form; its code."""
    before = codes(survey)
    address = url("build_question_new", survey, section) + f"?loai={kind}"
    saved(client, address, label_vi=label, **typed)
    return next(code for code in codes(survey) if code not in before)


def codes(survey: Survey) -> list[str]:
    return [row["code"] for part in draft(survey)["sections"] for row in part["questions"]]


def question(survey: Survey, code: str) -> dict:
    return next(
        row
        for part in draft(survey)["sections"]
        for row in part["questions"]
        if row["code"] == code
    )


def publishable(client: Client, **facts: str) -> Survey:
    """A short survey of the library, published before it opens."""
    survey = made(client, start_from="service_counter", **facts)
    publish(client, survey)
    return survey


def publish(client: Client, survey: Survey, **typed: object) -> HttpResponse:
    address = url("build_publish", survey)
    return client.post(address, shown(client, address) | typed)
