"""Closed surveys: invited once, answered once, and no way from a person to an answer."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction

from portal import clock
from portal.outbox import draining
from portal.outbox.models import OutboxRow
from satisfaction import drafting, submission
from satisfaction.collecting import closed, invitations, sealing, urns
from satisfaction.models import (
    Audience,
    Draft,
    FieldworkCount,
    Participation,
    Response,
    Survey,
    Urn,
)
from satisfaction.questionnaires import read, template
from satisfaction.sampling import progress
from satisfaction.window import SurveyClosed
from tests.accounts import staff
from tests.satisfaction.closed.steps import everything, invite, take_part
from tests.satisfaction.factories import CLOSES, answers, begin, local, make_survey

pytestmark = pytest.mark.django_db
SLUGS = [section.slug for section in read(template("sipas_service")).sections]


# --- Who answers is decided once ---------------------------------------------------------


def test_who_answers_never_changes(survey):
    with pytest.raises(DatabaseError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(audience=Audience.ANYONE)
    # Anything else does.
    assert Survey.objects.filter(pk=survey.pk).update(title="Khảo sát cán bộ") == 1


def test_nobody_gets_past_the_urn(survey):
    _key, draft = begin(survey, answers())
    with pytest.raises(SurveyClosed):
        submission.submit(draft.pk)
    assert not Response.objects.exists()


# --- Addresses ---------------------------------------------------------------------------


def test_a_list_is_looked_over_with_its_lines_and_kept_when_asked(survey, page, client, inviter):
    client.force_login(inviter)
    url = f"/quan-tri/khao-sat/{survey.pk}/moi/"
    lines = ["Họ tên;Thư", "An;AN@hanoi.example", "Bình;binh@", ";an@hanoi.example", "Chi;", ""]
    text = "\n".join([*lines, "Dũng <d@hanoi.example>"])
    looked = client.post(url, {"text": text})
    html = looked.content.decode()
    assert looked.status_code == 200
    assert not Participation.objects.exists()
    assert "binh@" in html
    taken = client.post(url, {"text": "an@hanoi.example\nd@hanoi.example", "nhan": "1"})
    assert taken.status_code == 302
    assert set(Participation.objects.values_list("email", flat=True)) == {
        "an@hanoi.example",
        "d@hanoi.example",
    }
    assert all(len(row.token_hash) == 64 for row in Participation.objects.all())


def test_lines_at_fault_are_named():
    lines = invitations.as_lines("a@hanoi.example\nkhông có\nb@\na@hanoi.example")
    report = invitations.read_addresses(lines, {"cu@hanoi.example"})
    assert report.accepted == ["a@hanoi.example"]
    assert [number for number, _text, _why in report.faults] == [2, 3, 4]


@pytest.mark.parametrize(
    "text", ["\x00", "'" * 9, '"chưa đóng\na@hanoi.example', "=cmd|' /C calc'!A0"]
)
def test_odd_lists_are_no_error(survey, client, inviter, text):
    client.force_login(inviter)
    response = client.post(f"/quan-tri/khao-sat/{survey.pk}/moi/", {"text": text})
    assert response.status_code in (200, 422)


def test_without_the_permission_nobody_is_invited(survey, client):
    client.force_login(staff("khac", "satisfaction.view_results"))
    client.post(f"/quan-tri/khao-sat/{survey.pk}/moi/", {"text": "a@hanoi.example", "nhan": "1"})
    assert not Participation.objects.exists()


# --- Letters -----------------------------------------------------------------------------


def test_a_letter_holds_the_link_and_nobodys_name(survey, page, inviter, client):
    invite(survey, inviter, 2)
    assert invitations.write_to(survey, inviter) == 2
    assert all(set(row.payload) == {"participation_id"} for row in OutboxRow.objects.all())
    draining.drain()
    assert len(mail.outbox) == 2
    links = {re.search(r"/moi/([\w-]+)/", letter.body)[1] for letter in mail.outbox}
    assert len(links) == 2
    assert not any("can.bo" in letter.body for letter in mail.outbox)
    # Of a link only the hash is kept.
    for link in links:
        assert not Participation.objects.filter(token_hash__contains=link).exists()


def test_reminders_go_to_those_only_who_have_not_taken_part(survey, page, inviter):
    first, second, third = invite(survey, inviter, 3)
    invitations.write_to(survey, inviter)
    draining.drain()
    take_part(survey, first, 4)
    closed.refuse(survey, invitations.token_of(second))
    mail.outbox.clear()
    assert invitations.write_to(survey, inviter) == 1
    draining.drain()
    assert [letter.to for letter in mail.outbox] == [[third.email]]
    # The link stays the one that the person has.
    assert invitations.token_of(third) in mail.outbox[0].body


def test_an_address_that_is_refused_is_written_to_no_more(survey, page, inviter, monkeypatch):
    from portal.outbox.draining import Refused

    def refuse(*_args, **_kwargs) -> None:
        raise Refused("no such box")

    (row,) = invite(survey, inviter, 1)
    invitations.write_to(survey, inviter)
    monkeypatch.setattr(invitations, "post", refuse)
    draining.drain()
    row.refresh_from_db()
    assert row.has_bounced
    assert invitations.write_to(survey, inviter) == 0


# --- Taking part, by URL -----------------------------------------------------------------


def open_link(client, page, participation):
    return client.get(f"{page.url}moi/{invitations.token_of(participation)}/", follow=True)


def answer(client, page, agency: str = "SNV"):
    url = f"{page.url}tra-loi/{SLUGS[0]}/"
    html = client.get(url).content.decode()
    token = html.split('name="form_token" value="')[1].split('"')[0]
    with clock.stopped_at(clock.now() + timedelta(seconds=30)):
        client.post(url, {"agency": agency, "form_token": token})
        for slug in SLUGS[1:]:
            client.post(f"{page.url}tra-loi/{slug}/", answers(agency=agency))
    with clock.stopped_at(clock.now() + timedelta(minutes=6)):
        return client.post(f"{page.url}kiem-tra/")


def test_the_whole_way_of_an_invited_person(survey, page, client, inviter):
    (person,) = invite(survey, inviter, 1)
    told = open_link(client, page, person)
    assert told.status_code == 200
    assert told.redirect_chain[-1][0] == f"{page.url}moi/"
    assert "satisfaction/collecting/kept.html" in [part.name for part in told.templates]
    sent = answer(client, page)
    assert sent.url.endswith("/da-tham-gia/")
    assert client.get(sent.url).status_code == 200
    person.refresh_from_db()
    assert person.state == "taken"
    assert not Draft.objects.exists()
    assert urns.count(survey.pk) == 1
    assert not Response.objects.exists()
    # The same link counts once.
    assert client.get(f"{page.url}tra-loi/{SLUGS[0]}/").status_code == 403
    assert open_link(client, page, person).status_code == 403


def test_without_a_link_there_are_no_questions(survey, page, client):
    assert client.get(page.url).status_code == 200
    assert client.get(f"{page.url}tra-loi/{SLUGS[0]}/").status_code == 403
    assert client.get(f"{page.url}moi/khong-co-that/", follow=True).status_code == 403
    assert client.post(f"{page.url}moi/").status_code == 403


def test_two_forms_of_one_invitation_count_once(survey, page, inviter):
    (person,) = invite(survey, inviter, 1)
    token = invitations.token_of(person)
    drafts = [begin(survey, answers(level))[1] for level in (1, 5)]
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        closed.take_part(drafts[0].pk, token)
        with pytest.raises(closed.NotInvited):
            closed.take_part(drafts[1].pk, token)
    assert urns.count(survey.pk) == 1


def test_who_says_no_is_asked_no_more(survey, page, client, inviter):
    (person,) = invite(survey, inviter, 1)
    open_link(client, page, person)
    assert client.post(f"{page.url}moi/").status_code == 200
    person.refresh_from_db()
    assert person.state == "refused"
    assert client.get(f"{page.url}tra-loi/{SLUGS[0]}/").status_code == 403


def test_there_is_no_counter_for_a_closed_survey(survey, inviter):
    with pytest.raises(invitations.ValidationError):
        invitations.add(make_survey("mo"), ["a@hanoi.example"], inviter)


# --- Mixing ------------------------------------------------------------------------------


def test_nothing_is_opened_before_the_end_and_its_grace(survey, page, inviter):
    for number, person in enumerate(invite(survey, inviter, 12)):
        take_part(survey, person, 1 + number % 5)
    for moment in (clock.now(), CLOSES, CLOSES + timedelta(minutes=29)):
        with clock.stopped_at(moment):
            assert closed.mix_what_has_ended() == 0
    assert not Response.objects.exists()
    with clock.stopped_at(CLOSES + timedelta(minutes=30)):
        assert closed.mix_what_has_ended() == 1
        assert closed.mix_what_has_ended() == 0
    assert Response.objects.count() == 12
    assert not Urn.objects.exists()
    assert not Participation.objects.exists()
    levels = Counter(response.answers["I15"] for response in Response.objects.all())
    assert levels == Counter(1 + number % 5 for number in range(12))


def test_of_an_opened_answer_no_time_and_no_key_is_left(survey, page, inviter):
    for person in invite(survey, inviter, 10):
        take_part(survey, person, 4)
    with clock.stopped_at(CLOSES + timedelta(days=1)):
        closed.mix_what_has_ended()
    facts = set(Response.objects.values_list("day", "duration_s", "channel", "period", "collector"))
    assert facts == {(local("2026-11-30 00:00").date(), 0, "invitation", "", None)}


def test_too_few_answers_stay_sealed_for_ever(survey, page, inviter):
    for person in invite(survey, inviter, 9):
        take_part(survey, person, 4)
    with clock.stopped_at(CLOSES + timedelta(days=1)):
        assert closed.mix_what_has_ended() == 0
    assert not Response.objects.exists()
    assert not Participation.objects.exists()
    assert FieldworkCount.objects.get(step="taken").n == 9


def test_small_units_are_told_as_one_group():
    assert closed.small_units(Counter(A=30, B=4, C=8)) == {"B", "C"}
    # One small unit alone would be seen by subtraction: the next smallest joins it.
    assert closed.small_units(Counter(A=30, B=4, C=12)) == {"B", "C"}
    assert closed.small_units(Counter(A=30, B=40)) == set()
    assert closed.small_units(Counter(A=4)) == set()


def test_answers_of_small_units_bear_the_groups_name(survey, page, inviter):
    people = invite(survey, inviter, 24)
    for person in people[:12]:
        take_part(survey, person, 4)
    for person in people[12:18]:
        take_part(survey, person, 4, agency="STC")
    for person in people[18:]:
        take_part(survey, person, 4, agency="SXD")
    with clock.stopped_at(CLOSES + timedelta(days=1)):
        closed.mix_what_has_ended()
    counts = Counter(Response.objects.values_list("agency__code", flat=True))
    assert counts == {"SNV": 12, closed.SMALL_UNITS: 12}


def test_the_table_of_rates_knows_the_invited_before_and_after(survey, page, inviter):
    people = invite(survey, inviter, 12)
    for person in people[:10]:
        take_part(survey, person, 4)
    closed.refuse(survey, invitations.token_of(people[10]))
    before = progress.response_rates(survey)[0]
    assert (before.invited, before.valid, before.refused) == (12, 10, 1)
    with clock.stopped_at(CLOSES + timedelta(days=1)):
        closed.mix_what_has_ended()
    after = progress.response_rates(survey)[0]
    assert (after.invited, after.valid, after.refused, after.rate) == (12, 10, 1, before.rate)


# --- The seal ----------------------------------------------------------------------------


def test_a_slip_is_opened_by_its_own_secret_only(settings):
    content = {"given": {"comment": "Đống Đa"}}
    slip = sealing.seal(content, 7)
    assert sealing.unseal(slip, 7) == content
    assert sealing.seal(content, 7) != slip
    assert len(slip) == len(sealing.seal({"given": {}}, 7))
    with pytest.raises(sealing.BrokenSeal):
        sealing.unseal(slip, 8)
    with pytest.raises(sealing.BrokenSeal):
        sealing.unseal(("B" if slip[0] == "A" else "A") + slip[1:], 7)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "mot-khoa-moi"
    assert sealing.unseal(slip, 7) == content


# --- Somebody with the whole database tries to find out ----------------------------------


def test_the_raw_database_links_nobody_to_an_answer(survey, page, client, inviter, at):
    """Each person writes a word of their own. While the survey runs the word stands nowhere;
    afterwards nothing that stands with the word also stands with the person."""
    people = invite(survey, inviter, 20)
    invitations.write_to(survey, inviter)
    draining.drain()
    tokens = {person.email: invitations.token_of(person) for person in people}
    ledger_keys = {person.email: person.pk for person in people}
    for number, person in enumerate(people):
        with clock.stopped_at(clock.now() + timedelta(hours=number)):
            take_part(survey, person, 1 + number % 5, comment=f"tuchoi{number:02d}rieng")

    running = json.dumps(everything(), ensure_ascii=False)
    assert not re.search(r"tuchoi\d\drieng", running)
    assert not any(token in running for token in tokens.values())
    # An urn's row is no one person's: the slips of all lie together.
    assert [urn.size for urn in Urn.objects.all()] == [20]

    with clock.stopped_at(CLOSES + timedelta(days=1)):
        closed.mix_what_has_ended()
    ended = everything()
    flat = json.dumps(ended, ensure_ascii=False)
    assert len(set(re.findall(r"tuchoi\d\drieng", flat))) == 20
    # Neither addresses nor links nor ledger are left to be linked.
    for email, token in tokens.items():
        assert email not in flat
        assert invitations.hash_of(token) not in flat
    assert ended["satisfaction_participation"] == []
    assert ended["satisfaction_draft"] == []
    _no_order_is_left(ledger_keys)
    _nothing_tells_when(ended)
    assert b"tuchoi" not in json.dumps(str(getattr(cache, "_cache", ""))).encode()


def _no_order_is_left(ledger_keys: dict[str, int]) -> None:
    """Of twenty words in the order of their keys hardly any stands where it was written."""
    responses = Response.objects.order_by("pk").prefetch_related("texts")
    order = [int(response.texts.get().text[6:8]) for response in responses]
    assert sorted(order) == list(range(20))
    assert order not in (sorted(order), sorted(order, reverse=True))
    # 20 words drawn by lot: more than 8 in place would happen once in a million times.
    assert sum(place == number for place, number in enumerate(order)) <= 8


def _nothing_tells_when(ended: dict[str, list[tuple[str, ...]]]) -> None:
    """All answers bear one day, and were written by one transaction."""
    assert len({response.day for response in Response.objects.all()}) == 1
    if connection.vendor == "postgresql":
        assert len({row[-2] for row in ended["satisfaction_response"]}) == 1
    # Letters in the outbox name ledger rows that are gone, and no answer.
    for row in OutboxRow.objects.filter(kind=invitations.KIND):
        assert set(row.payload) == {"participation_id"}


def test_a_draft_of_an_invited_person_knows_no_invitation(survey, page, client, inviter):
    (person,) = invite(survey, inviter, 1)
    open_link(client, page, person)
    url = f"{page.url}tra-loi/{SLUGS[0]}/"
    html = client.get(url).content.decode()
    token = html.split('name="form_token" value="')[1].split('"')[0]
    with clock.stopped_at(clock.now() + timedelta(seconds=30)):
        client.post(url, {"agency": "SNV", "form_token": token})
    draft = Draft.objects.values().get()
    person.refresh_from_db()
    known = {str(person.pk), person.email, person.token_hash, invitations.token_of(person)}
    assert known.isdisjoint(
        str(value) for name, value in draft.items() if name not in ("id", "version_id")
    )
    assert person.state == "waiting"
    assert drafting.purge() == 0
