"""An item is taken up or refused (Art. 3.9, 8.2)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import ModelLogEntry

from editorial import taking_up, turning_down
from editorial.models import Contribution, ContributionState, SuppliedOriginal
from news.models import ArticlePage
from portal.outbox.draining import drain
from portal.protection import quarantine
from tests.editorial.contributions.steps import ROOT, TITLE, TYPED, admin_url, send
from tests.editorial.office import signed_in
from tests.protection.files import MP3, MP4, infected_pdf, picture, upload, word

pytestmark = pytest.mark.django_db


def act(person, row: Contribution, code: str, **data):
    typed = {f"{code}-{name}": value for name, value in data.items()}
    return signed_in(person).post(f"{admin_url(row)}{code}/", typed)


class TestTakingUp:
    @pytest.fixture
    def row(self, client) -> Contribution:
        return send(
            client,
            upload("lễ khai mạc.jpg", picture(place=True)),
            upload("phỏng vấn.mp3", MP3),
            upload("phim.mp4", MP4),
            upload("tin.docx", word()),
        )

    def test_an_item_becomes_a_draft_with_its_files_and_its_original(
        self, row, group, place, django_capture_on_commit_callbacks
    ):
        drain()
        with django_capture_on_commit_callbacks(execute=True):
            act(group.user, row, "tiep-nhan", section=place.pk, note="Cảm ơn")
        row.refresh_from_db()
        page = ArticlePage.objects.get(pk=row.page_id)
        assert (row.state, row.note, row.decided_by) == ("taken-up", "Cảm ơn", group.user)
        assert (page.live, page.owner, page.author) == (False, group.user, "")
        assert page.get_parent().pk == place.pk
        assert timezone.localdate(page.event_at) == date(2026, 11, 15)
        kinds = [block.block_type for block in page.body]
        assert kinds == ["paragraph", "paragraph", "figure", "audio", "video", "attachment"]
        assert "<script>" not in page.body[0].value.source
        image = Image.objects.get()
        assert (image.title, image.uploaded_by_user) == ("lễ khai mạc", group.user)
        assert Document.objects.count() == 3
        original = SuppliedOriginal.objects.get(page_number=page.pk)
        assert (original.sent_at, original.sent_by) == (row.sent_at, None)
        assert original.declaration == row.declaration
        assert original.files.count() == 4
        # Who sent it is erased in time; an original never is.
        assert TYPED["sender_name"] not in original.content
        assert list(quarantine.path_of("").iterdir()) == []

    def test_the_original_leads_the_group_and_nobody_else_to_the_sender(
        self, row, group, head, place
    ):
        drain()
        page = taking_up.take_up(row.pk, place, group.user).page
        url = reverse("supplied_original", args=[page.pk])
        for person, is_shown in ((group.user, True), (head.user, False)):
            answer = signed_in(person).get(url)
            assert answer.status_code == 200
            assert (admin_url(row) in answer.content.decode()) == is_shown

    def test_its_clock_stopped_when_it_was_sent(self, row, group, place, at):
        drain()
        at("2026-11-20 09:00")
        made = taking_up.take_up(row.pk, place, group.user)
        assert made.page.specific.timeliness.state.value == "on-time"

    def test_the_drafts_files_are_shown_to_no_reader(self, row, group, place, client):
        drain()
        taking_up.take_up(row.pk, place, group.user)
        for document in Document.objects.all():
            assert client.get(document.url).status_code == 404

    def test_an_infected_file_never_leaves_and_an_unchecked_one_holds_up(
        self, client, group, place, settings
    ):
        row = send(client, upload("vi rút.pdf", infected_pdf()), upload("tin.docx", word()))
        with pytest.raises(ValidationError) as held:
            taking_up.take_up(row.pk, place, group.user)
        assert set(held.value.error_dict) == {"without_unchecked"}
        assert not ArticlePage.objects.filter(title=TITLE).exists()
        drain()
        taking_up.take_up(row.pk, place, group.user)
        assert [document.title for document in Document.objects.all()] == ["tin"]
        page = signed_in(group.user).get(admin_url(row))
        assert "Eicar-Test-Signature" in page.content.decode()

    def test_the_group_may_go_on_without_what_is_not_checked(self, row, group, place):
        page = act(group.user, row, "tiep-nhan", section=place.pk)
        assert page.status_code == 200
        act(group.user, row, "tiep-nhan", section=place.pk, without_unchecked="on")
        row.refresh_from_db()
        assert row.state == ContributionState.TAKEN_UP
        assert not Document.objects.exists()

    def test_it_is_decided_once(self, row, group, place):
        drain()
        taking_up.take_up(row.pk, place, group.user)
        act(group.user, row, "tiep-nhan", section=place.pk)
        with pytest.raises(ValidationError):
            turning_down.turn_down(row.pk, ["untrue"], "x", group.user)
        assert ArticlePage.objects.filter(title=TITLE).count() == 1
        assert ModelLogEntry.objects.filter(action="editorial.contribution.take-up").count() == 1

    def test_an_organisation_is_named_as_the_source(self, client, group, place):
        row = send(client, sender_kind="organisation", sender_name="Hội Nông dân xã Bát Tràng")
        page = taking_up.take_up(row.pk, place, group.user).page.specific
        assert (page.source_kind, page.source_name) == ("agency", "Hội Nông dân xã Bát Tràng")

    def test_the_published_item_is_shown_to_who_has_the_code(self, client, group, place):
        row = send(client)
        page = taking_up.take_up(row.pk, place, group.user).page.specific
        page.author = "Ánh Đỗ"
        page.save_revision().publish()
        shown = client.post(f"{ROOT}theo-doi/", {"ma": row.code})
        assert page.url in shown.content.decode()


class TestRefusing:
    def test_a_refusal_has_grounds_and_a_note_that_the_sender_reads(self, client, group):
        row = send(client)
        page = act(group.user, row, "tu-choi", grounds=[], note=" ")
        assert page.status_code == 200
        for grounds, note, field in ((["x"], "Vì", "grounds"), (["untrue"], " ", "note")):
            with pytest.raises(ValidationError) as held:
                turning_down.turn_down(row.pk, grounds, note, group.user)
            assert set(held.value.error_dict) == {field}
        act(group.user, row, "tu-choi", grounds=["untrue", "poor-quality"], note="Thiếu <b>nguồn")
        row.refresh_from_db()
        assert row.state == ContributionState.REFUSED
        shown = client.post(f"{ROOT}theo-doi/", {"ma": row.code}).content.decode()
        assert "Thiếu &lt;b&gt;nguồn" in shown
        assert "Không đúng sự thật" in shown

    def test_the_letter_says_where_to_look_and_nothing_else(self, client, group):
        row = send(client)
        turning_down.turn_down(row.pk, ["untrue"], "Thiếu nguồn", group.user)
        drain()
        (letter,) = mail.outbox
        assert letter.to == ["anh@dan.example"]
        said = letter.subject + letter.body
        assert f"{ROOT}theo-doi/" in said
        assert f"/en{ROOT}theo-doi/" in said
        for secret in ("Ánh", "Ô Chợ", "Thiếu nguồn", row.code):
            assert secret not in said

    def test_who_left_a_telephone_gets_no_letter(self, client, group):
        row = send(client, email="", phone="024 3825 3536")
        turning_down.turn_down(row.pk, ["untrue"], "Thiếu nguồn", group.user)
        drain()
        assert mail.outbox == []
