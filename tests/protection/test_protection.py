"""Form tokens, counters and the challenge."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from captcha.models import CaptchaStore
from django.db import connection
from django.test import RequestFactory

from portal.outbox.registry import chores
from portal.protection import challenge, form_tokens, guard, throttle
from portal.protection.form_tokens import AlreadySpent, BadToken
from portal.protection.models import PlainQuestion, SpentToken, ThrottleCount
from portal.protection.views import PICTURES_A_FORM
from portal.rules.models import RuleValue

NOON = "2026-11-20 12:00"
PURPOSE = "test.form"


def post(data: dict | None = None, address: str = "203.0.113.7", **headers):
    return RequestFactory().post("/", data or {}, REMOTE_ADDR=address, **headers)


@pytest.mark.django_db
class TestTokens:
    def test_a_token_tells_its_age(self, at):
        moment = at(NOON)
        token = form_tokens.issue(PURPOSE)
        at(moment + timedelta(seconds=90))
        assert form_tokens.read(token, PURPOSE).age_s == 90

    @pytest.mark.parametrize("token", ["", "x", "e30:abc", "\x00", "a" * 5000])
    def test_what_we_did_not_sign_is_refused(self, token):
        with pytest.raises(BadToken):
            form_tokens.read(token, PURPOSE)

    def test_a_token_serves_its_own_form_only_and_twelve_hours(self, at):
        moment = at(NOON)
        token = form_tokens.issue(PURPOSE)
        with pytest.raises(BadToken):
            form_tokens.read(token, "other.form")
        at(moment + timedelta(hours=12))
        form_tokens.read(token, PURPOSE)
        at(moment + timedelta(hours=12, seconds=1))
        with pytest.raises(BadToken) as refused:
            form_tokens.read(token, PURPOSE)
        assert refused.value.code == "expired"

    def test_the_second_spender_learns_the_first_receipt(self):
        token = uuid.uuid4()
        form_tokens.spend(token, PURPOSE, "A1")
        with pytest.raises(AlreadySpent) as second:
            form_tokens.spend(token, PURPOSE, "A2")
        assert second.value.receipt == form_tokens.receipt_of(token, PURPOSE) == "A1"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_at_once_one_is_the_first():
    token = uuid.uuid4()

    def click(number: int) -> str:
        try:
            form_tokens.spend(token, PURPOSE, str(number))
        except AlreadySpent as spent:
            return spent.receipt
        finally:
            connection.close()
        return str(number)

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(click, range(6)))) == 1
    assert SpentToken.objects.count() == 1


@pytest.mark.django_db
class TestThrottle:
    def test_an_hour_is_counted_and_no_address_is_kept(self, at):
        moment = at(NOON)
        assert all(throttle.hit("s", post(), 3) for _ in range(3))
        assert not throttle.hit("s", post(), 3)
        assert throttle.hit("s", post(address="203.0.113.8"), 3)
        assert "203.0.113" not in str(ThrottleCount.objects.values_list("caller", flat=True))
        at(moment + timedelta(hours=1))
        assert throttle.hit("s", post(), 3)

    def test_a_header_of_the_client_does_not_change_who_it_is(self, settings):
        settings.BEHIND_PROXY = False
        spoofed = post(HTTP_X_FORWARDED_FOR="1.2.3.4")
        assert throttle.client_address(spoofed) == "203.0.113.7"
        settings.BEHIND_PROXY = True
        proxied = post(address="127.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 198.51.100.9")
        assert throttle.client_address(proxied) == "198.51.100.9"

    def test_a_whole_ipv6_network_is_one_caller_and_mapped_ipv4_is_ipv4(self, settings):
        settings.BEHIND_PROXY = False
        one, two = post(address="2001:db8::1"), post(address="2001:db8::ffff")
        assert throttle.client_address(one) == throttle.client_address(two)
        assert throttle.client_address(post(address="::ffff:203.0.113.7")) == "203.0.113.7"


@pytest.mark.django_db
class TestGuard:
    def fill(self, at, seconds: int = 30, **data):
        moment = at(NOON)
        token = guard.fresh(PURPOSE).token
        at(moment + timedelta(seconds=seconds))
        return guard.check(post({"form_token": token, **data}), PURPOSE), token

    def test_a_person_passes(self, at):
        passage, _token = self.fill(at)
        assert passage.token
        assert passage.guard is None

    @pytest.mark.parametrize("data", [{"website": "x"}, {"form_token": "forged"}])
    def test_anything_odd_is_asked_a_question_and_never_shut_out(self, at, data):
        passage, _token = self.fill(at, **data)
        assert passage.token is None
        assert passage.guard.challenge.question
        assert form_tokens.read(passage.guard.token, PURPOSE)

    def test_three_seconds_are_a_person_s_least(self, at):
        assert self.fill(at, seconds=2)[0].guard
        assert self.fill(at, seconds=3)[0].token

    def test_the_picture_s_letters_let_through_once(self, at):
        _passage, token = self.fill(at, seconds=0)
        posed = challenge.pose()
        answer = CaptchaStore.objects.get(hashkey=posed.picture_key).response.upper()
        data = {"form_token": token, "captcha_key": posed.picture_key, "captcha_text": answer}
        assert guard.check(post(data), PURPOSE).token
        again = guard.check(post(data), PURPOSE)
        assert again.token is None
        assert again.guard.token == token

    def test_a_wrong_answer_gets_a_new_question(self, at):
        _passage, token = self.fill(at, seconds=0)
        posed = challenge.pose()
        data = {"form_token": token, "question_key": posed.question_key, "question_text": "0"}
        passage = guard.check(post(data), PURPOSE)
        assert passage.guard.challenge.question_key != posed.question_key
        assert not PlainQuestion.objects.filter(key=posed.question_key).exists()

    def test_empty_answers_and_missing_keys_are_no_way_round(self, at):
        _passage, token = self.fill(at, seconds=0)
        for data in (
            {"captcha_key": "", "captcha_text": ""},
            {"captcha_key": "x", "question_key": "y"},
        ):
            assert guard.check(post({"form_token": token, **data}), PURPOSE).token is None

    def test_an_old_question_is_void(self, at):
        moment = at(NOON)
        posed = challenge.pose()
        stored = PlainQuestion.objects.get(key=posed.question_key)
        at(moment + challenge.LIFE)
        data = {"question_key": posed.question_key, "question_text": stored.answer}
        assert not challenge.is_met(post(data))

    def test_pictures_are_counted_too(self, client, at):
        at(NOON)
        RuleValue.objects.filter(key="protection.throttle_per_hour").update(amount=1)
        url = challenge.pose().picture_url
        statuses = [client.get(url).status_code for _ in range(PICTURES_A_FORM + 1)]
        assert statuses == [200] * PICTURES_A_FORM + [429]

    def test_the_picture_is_never_cached(self, client):
        response = client.get(challenge.pose().picture_url)
        assert response["Content-Type"] == "image/png"
        assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_the_night_clears_what_has_outlived_its_purpose(at):
    moment = at(NOON)
    form_tokens.spend(uuid.uuid4(), PURPOSE, "A")
    throttle.hit("s", post(), 3)
    challenge.pose()
    at(moment + timedelta(days=4))
    for chore in chores():
        chore()
    assert not SpentToken.objects.exists()
    assert not ThrottleCount.objects.exists()
    assert not PlainQuestion.objects.exists()
