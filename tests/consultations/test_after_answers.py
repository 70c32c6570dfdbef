"""Once the answers are out: the window stays closed, papers never tell what was taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from consultations import acts, scheduling
from consultations.commenting import sending
from consultations.models import AgencyInvitation, RespondentKind, WindowRecord
from consultations.synthesis import files, publishing, report
from portal import clock
from portal.agencies.models import Agency
from portal.outbox.draining import drain
from portal.reporting import editions
from portal.reporting.models import Edition, EditionState
from tests.accounts import staff
from tests.consultations import answers as house
from tests.consultations import factories as make
from tests.consultations import saying
from tests.editorial.office import signed_in

pytestmark = pytest.mark.django_db
SECRET = "Lời mà người gửi rút lại sau khi đã có trả lời."


@pytest.fixture
def consultation(at):
    at(make.NOON)
    made = house.consulted()
    saying.page_of(made)
    at(house.AFTER)
    return made


@pytest.fixture
def leader():
    return staff("lanh.dao", "reporting.view_edition", "reporting.publish_edition")


def paper() -> Edition:
    drain()
    return Edition.objects.filter(kind=publishing.KIND).latest("number")


def test_the_window_is_not_opened_extended_or_closed_any_more(consultation):
    house.said(consultation)
    house.published(consultation)
    by, day = make.organiser(), (house.AFTER + timedelta(days=40)).date()
    told = {"reason": "Theo đề nghị", "document_number": "12/SNV"}
    with pytest.raises(ValidationError):
        scheduling.open_window(consultation.pk, by, day, **told)
    # Not even where an older record would have it running again.
    make.record(consultation, "open", opens_at=house.AFTER, closes_at=house.AFTER + make.days(9))
    consultation.refresh_from_db()
    before = WindowRecord.objects.count()
    for act in (scheduling.extend, scheduling.shorten):
        with pytest.raises(ValidationError):
            act(consultation.pk, by, day, **told)
    with pytest.raises(ValidationError):
        scheduling.suspend(consultation.pk, by, **told)
    assert WindowRecord.objects.count() == before
    again = next(act for act in acts.CONSULTATION if act.code == "mo-lai")
    assert not again.offered(consultation, by)


def test_a_paper_that_was_corrected_meanwhile_is_not_published(consultation, leader):
    house.said(consultation)
    house.published(consultation)
    old = paper()
    assert old.state == EditionState.READY
    with clock.stopped_at(house.AFTER + make.days(1)):
        publishing.begin_correction(consultation.pk, make.organiser())
        publishing.publish(consultation.pk, make.organiser(), change_note="Sửa một dòng.")
        new = paper()
        assert new.number == old.number + 1
        with pytest.raises(ValidationError):
            editions.publish(old.pk, leader)
        old.refresh_from_db()
        assert old.state == EditionState.READY
        assert editions.publish(new.pk, leader).state == EditionState.PUBLISHED


def test_a_paper_that_quotes_what_was_withdrawn_is_neither_published_nor_handed_out(
    consultation, leader, client
):
    first, second = (house.said(consultation, words) for words in (SECRET, "Đề nghị khác hẳn."))
    house.published(consultation)
    edition = editions.publish(paper().pk, leader)
    address = reverse("edition_pdf", args=[edition.code])
    given = client.get(address)
    assert b"".join(given).startswith(b"%PDF")
    # What may be held back is asked for each time.
    assert given.headers["Cache-Control"] == "public, no-cache"
    sending.withdraw(first)
    assert client.get(address, headers={"if-none-match": given.headers["ETag"]}).status_code == 404
    page = consultation.pages.get()
    for url in (f"{page.url}ket-qua/", f"/bao-cao/{edition.code}/", f"/xac-thuc/{edition.code}/"):
        body = client.get(url).content.decode()
        assert SECRET not in body
        assert address not in body
    # The office still opens what it issued.
    inside = signed_in(leader).get(f"/quan-tri/bao-cao/{edition.pk}/tep.pdf")
    assert inside.status_code == 200
    # A correction takes its place.
    with clock.stopped_at(house.AFTER + make.days(1)):
        publishing.begin_correction(consultation.pk, make.organiser())
        house.accounts(consultation)
        house.answer_all(consultation, house.official())
        publishing.publish(consultation.pk, make.organiser(), change_note="Bỏ ý kiến đã rút.")
        new = editions.publish(paper().pk, leader)
    assert client.get(reverse("edition_pdf", args=[new.code])).status_code == 200
    assert SECRET not in str(new.snapshot)
    assert second.text in str(new.snapshot)


def test_a_ready_paper_that_quotes_what_was_withdrawn_stays_in_the_house(consultation, leader):
    opinion = house.said(consultation, SECRET)
    house.published(consultation)
    edition = paper()
    sending.withdraw(opinion)
    with pytest.raises(ValidationError):
        editions.publish(edition.pk, leader)


def test_agencies_that_agree_are_counted_beside_who_gave_an_opinion(consultation, client):
    house.said(consultation, respondent_kind=RespondentKind.PERSON)
    for code, agrees in (("STC", True), ("STP", True), ("SXD", False)):
        AgencyInvitation.objects.create(
            consultation=consultation,
            agency=Agency.objects.get(code=code),
            document_number="45/SNV",
            due_on=make.CLOSES.date(),
            invited_by=make.organiser(),
            invited_at=make.OPENS,
            answered_at=make.OPENS if agrees else None,
            answered_by=make.organiser() if agrees else None,
            agrees=agrees,
        )
    made = house.published(consultation)
    assert (made.counts["agree"], made.counts["received"]) == (2, 1)
    assert made.counts["kinds"]["agency"] == 0
    figures = report.snapshot_of(made)
    assert report.context(figures)["agree"] == "2"
    assert any(f"2 {files.AGREE}" in told for told in files.sentences(figures))
    body = client.get(f"{consultation.pages.get().url}ket-qua/?ket_qua=").content.decode()
    assert "<dd>2</dd>" in body
    # Tables published before agencies were counted say nothing of them.
    del figures["counts"]["agree"]
    assert report.context(figures)["agree"] == "0"


def test_the_list_leads_to_the_answers_that_are_overdue(consultation, client):
    assert 'href="/lay-y-kien/qua-han-tra-loi/"' in client.get("/lay-y-kien/").content.decode()
    body = client.get("/en/lay-y-kien/").content.decode()
    assert 'href="/en/lay-y-kien/qua-han-tra-loi/"' in body
