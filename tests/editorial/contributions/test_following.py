"""What the receipt code shows, and to whom."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from portal.outbox.draining import drain
from portal.outbox.models import OutboxRow
from portal.protection.models import PlainQuestion
from portal.rules.models import RuleValue
from tests.editorial.contributions.steps import ROOT, send
from tests.pages import assert_valid_html
from tests.protection.files import PDF, upload

pytestmark = pytest.mark.django_db


class TestFollowing:
    def follow(self, client: Client, code: str, **more: str):
        return client.post(f"{ROOT}theo-doi/", {"ma": code, **more})

    def test_the_code_shows_the_state_and_nothing_of_the_sender(self, client):
        row = send(client)
        page = self.follow(client, f" {row.code.lower().replace('-', ' ')} ")
        text = page.content.decode()
        assert page.status_code == 200
        assert_valid_html(page)
        for secret in ("Ánh", "anh@dan.example", "Ô Chợ Dừa", "Đoạn một", row.code):
            assert secret not in text
        assert "no-store" in page.headers["Cache-Control"]

    @pytest.mark.parametrize("code", ["", "7K3D-09QW-ZXM4", "\x00", "x" * 5000])
    def test_another_code_shows_nothing(self, client, code):
        send(client)
        page = self.follow(client, code)
        assert page.status_code == 422
        assert_valid_html(page)

    def test_guessing_leads_to_a_question_and_never_to_a_closed_door(self, client):
        RuleValue.objects.filter(key="protection.throttle_per_hour").update(amount=2)
        row = send(client)
        for _ in range(2):
            self.follow(client, "sai")
        page = self.follow(client, row.code)
        asked = page.context["guard"].challenge
        assert page.status_code == 422
        assert row.code in page.content.decode()
        words = {"captcha_key": asked.picture_key, "question_key": asked.question_key}
        page = self.follow(client, row.code, question_text="99", **words)
        asked = page.context["guard"].challenge
        answer = PlainQuestion.objects.get(key=asked.question_key).answer
        words = {"captcha_key": asked.picture_key, "question_key": asked.question_key}
        assert self.follow(client, row.code, question_text=answer, **words).status_code == 200

    def test_neither_code_nor_sender_is_logged(self, client, monkeypatch):
        heard: list[str] = []
        monkeypatch.setattr(
            logging.Logger, "handle", lambda self, record: heard.append(record.getMessage())
        )
        row = send(client, upload("tin.pdf", PDF))
        self.follow(client, row.code)
        self.follow(client, "sai")
        drain()
        told = " ".join(heard) + " ".join(str(r.payload) + r.key for r in OutboxRow.objects.all())
        for secret in (row.code, "anh@dan.example", "Ánh", "tin.pdf"):
            assert secret not in told
