"""Items of the public in the office: lists, files, who sees and decides, decisions at once."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from editorial import contributing, contribution_drafts, taking_up, turning_down
from editorial.models import Contribution, Post
from portal.outbox.draining import drain
from portal.protection.models import FileState, QuarantinedFile
from site_pages.work_queue import waiting_for
from tests.accounts import staff, user
from tests.editorial.contributions.steps import TYPED, admin_url, send
from tests.editorial.office import allowed, appoint, collaborator, officer, signed_in
from tests.protection.files import PDF, infected_pdf, upload, word

pytestmark = pytest.mark.django_db


class TestOffice:
    def test_what_waits_is_listed_oldest_first_and_in_the_queue(self, client, group, at):
        at("2026-11-16 08:00")
        first = send(client, upload("tin.pdf", infected_pdf()))
        at("2026-11-16 08:30")
        second = send(client, title="Tin thứ hai")
        drain()
        urls = [item.url for item in waiting_for(group.user)]
        assert urls[:2] == [admin_url(first), admin_url(second)]
        page = signed_in(group.user).get(reverse("editorial_contributions"))
        text = page.content.decode()
        assert text.index(admin_url(first)) < text.index(admin_url(second))
        assert "Phường &lt;i&gt;" in text
        _row, files = page.context["rows"][0]
        assert files.count("1") == 2
        desk = signed_in(group.user).get(reverse("editorial_desk")).content.decode()
        assert admin_url(first) in desk
        turning_down.turn_down(first.pk, ["untrue"], "Thiếu nguồn", group.user)
        page = signed_in(group.user).get(reverse("editorial_contributions"))
        assert [row for row, _files in page.context["rows"]] == [second]
        page = signed_in(group.user).get(reverse("editorial_contributions"), {"state": ""})
        assert len(page.context["rows"]) == 2

    def test_a_long_list_takes_no_more_queries(self, client, group, django_assert_num_queries):
        office = signed_in(group.user)
        send(client, upload("tin.pdf", PDF))
        office.get(reverse("editorial_contributions"))
        with CaptureQueriesContext(connection) as one:
            office.get(reverse("editorial_contributions"))
        wanted = len(one)
        for _ in range(5):
            send(client, upload("tin.pdf", PDF), upload("tin.docx", word()))
        with django_assert_num_queries(wanted):
            office.get(reverse("editorial_contributions"))

    def test_a_clean_file_is_saved_and_never_shown(self, client, group):
        row = send(client, upload("tin số 1.pdf", PDF), upload("virus.pdf", infected_pdf()))
        clean, infected = (
            reverse("editorial_contribution_file", args=[item.pk]) for item in row.files.all()
        )
        office = signed_in(group.user)
        assert office.get(clean).status_code == 404
        drain()
        answer = office.get(clean)
        assert b"".join(answer.streaming_content) == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert office.get(infected).status_code == 404

    def test_a_scanner_that_is_down_is_told_plainly(self, client, group, settings):
        settings.SCANNER_STAND_IN = False
        row = send(client, upload("tin.pdf", PDF))
        drain()
        assert QuarantinedFile.objects.get().state == FileState.ERROR
        text = signed_in(group.user).get(admin_url(row)).content.decode()
        assert str(FileState.ERROR.label) in text

    def test_only_the_working_group_sees_and_decides(self, client, group, head, member, place):
        row = send(client, upload("tin.pdf", PDF))
        drain()
        people = {
            "group": group.user,
            "head": head.user,
            "member": member.user,
            "collaborator": collaborator("cong.tac.vien").user,
            "officer": officer("can.bo"),
            "staff": staff("nhan.vien"),
            "superuser": user("quan.tri", is_superuser=True),
        }
        addresses = [
            reverse("editorial_contributions"),
            admin_url(row),
            reverse("editorial_contribution_file", args=[row.files.get().pk]),
        ]
        for role, person in people.items():
            for address in addresses:
                opened = signed_in(person).get(address).status_code == 200
                assert opened == (role == "group"), (role, address)
            assert bool(waiting_for(person)) == (role == "group"), role
        for address in addresses:
            assert Client().get(address).status_code == 302
        only_group = {role: "y" if role == "group" else "n" for role in people}
        verbs = [
            lambda person: taking_up.take_up(row.pk, place, person),
            lambda person: turning_down.turn_down(row.pk, ["untrue"], "Vì", person),
        ]
        for verb in verbs:
            assert allowed(verb, people) == only_group

    def test_who_stands_in_for_the_group_decides_and_a_past_member_does_not(self, client, place):
        past = appoint("cuu.thanh.vien", Post.WORKING_GROUP, valid_to=date(2026, 11, 15))
        row = send(client)
        with pytest.raises(PermissionDenied):
            taking_up.take_up(row.pk, place, past.user)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_and_decisions_at_once_one_counts(place):
    group = appoint("to.cong.tac", Post.WORKING_GROUP).user
    typed = {**TYPED, "event_on": ""}
    _key, draft = contribution_drafts.start(uuid.uuid4(), typed)

    def at_once(act):
        def run(_number: int):
            try:
                return act()
            except ValidationError:
                return None
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(run, range(4)))

    assert len(set(at_once(lambda: contributing.send(draft.pk, declares=True)))) == 1
    row = Contribution.objects.get()
    decided = at_once(lambda: turning_down.turn_down(row.pk, ["untrue"], "Vì", group))
    assert [found for found in decided if found] == [row]
    assert row.grounds.count() == 1
