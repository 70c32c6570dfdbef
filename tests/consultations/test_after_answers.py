"""Once the answers are out: the window stays closed, papers never tell what was taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from consultations import acts, scheduling
from consultations.commenting import sending
from consultations.models import AgencyInvitation, DraftKind, RespondentKind, WindowRecord
from consultations.moderation import deciding
from consultations.synthesis import answering, files, publishing, report, sorting
from editorial.models import Ground
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
    everybody = signed_in(staff("nguoi.doc.truoc", "reporting.view_edition"))
    assert everybody.get(f"/quan-tri/bao-cao/{edition.pk}/tep.pdf").status_code == 200
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
    # The office still opens what it issued, not everybody who reads reports.
    inside = f"/quan-tri/bao-cao/{edition.pk}/tep.pdf"
    assert signed_in(leader).get(inside).status_code == 200
    assert signed_in(make.organiser()).get(inside).status_code == 200
    reader = signed_in(staff("nguoi.doc", "reporting.view_edition"))
    assert reader.get(f"/quan-tri/bao-cao/{edition.pk}/").status_code == 200
    refused = reader.get(inside, headers={"if-none-match": given.headers["ETag"]})
    assert refused.status_code not in {200, 304}
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


def test_a_correction_of_a_correction_corrects_the_paper_that_is_public(consultation, leader):
    house.said(consultation)
    house.published(consultation)
    first = editions.publish(paper().pk, leader)
    made = []
    for n in (1, 2):
        with clock.stopped_at(house.AFTER + make.days(n)):
            publishing.begin_correction(consultation.pk, make.organiser())
            publishing.publish(consultation.pk, make.organiser(), change_note=f"Sửa lần {n}.")
            made.append(paper())
    # The first correction never came out.
    assert [row.corrects for row in made] == [first, first]
    assert made[1].change_note == "Sửa lần 2."
    with clock.stopped_at(house.AFTER + make.days(3)):
        second = editions.publish(made[1].pk, leader)
        publishing.begin_correction(consultation.pk, make.organiser())
        publishing.publish(consultation.pk, make.organiser(), change_note="Sửa lần 3.")
        assert paper().corrects == second


LONG = "Đề nghị rút ngắn thời hạn giải quyết xuống còn ba ngày làm việc cho xã Vân Canh"


def saved(row, words: str):
    row.refresh_from_db()
    answering.answer(row.pk, row.revision, words, house.agreed(), house.official())
    row.refresh_from_db()
    return row


def test_a_full_stop_does_not_make_the_words_the_offices_own(consultation, client):
    opinion = house.said(consultation, LONG)
    by = house.official()
    with clock.stopped_at(house.AFTER):
        row = sorting.place(consultation.pk, house.accounts(consultation), by)
        assert saved(row, f"{LONG}.").taken_from == opinion
        publishing.publish(consultation.pk, make.organiser())
    assert told_in_public(client, consultation).count(LONG) == 3
    sending.withdraw(opinion)
    assert LONG not in told_in_public(client, consultation)


def test_words_of_the_offices_own_stay_when_an_opinion_is_taken_back(consultation, client):
    opinion = house.said(consultation, LONG)
    words = "Một người muốn được trả kết quả sớm hơn."
    with clock.stopped_at(house.AFTER):
        row = sorting.place(consultation.pk, house.accounts(consultation), house.official())
        assert saved(row, words).taken_from is None
        publishing.publish(consultation.pk, make.organiser())
    sending.withdraw(opinion)
    assert told_in_public(client, consultation).count(words) == 3


def test_a_merged_row_keeps_whose_words_it_tells(consultation):
    first, second = house.said(consultation, LONG), house.said(consultation, "Bỏ hẳn khoản này đi.")
    by = house.official()
    with clock.stopped_at(house.AFTER):
        rows = [
            sorting.place(consultation.pk, house.accounts(consultation, opinion), by)
            for opinion in (second, first)
        ]
        into = saved(rows[0], f"{LONG}; ngoài ra bỏ khoản này.")
        assert into.taken_from is None
        sorting.merge(consultation.pk, [rows[1].pk], into.number, by)
    into.refresh_from_db()
    assert into.taken_from == first


def base_of(consultation) -> str:
    return f"{consultation.pages.get().url}ket-qua/"


def result_files(client, consultation) -> dict[str, int]:
    base = base_of(consultation)
    return {name: client.get(f"{base}{name}/").status_code for name in ("docx", "xlsx")}


def told_in_public(client, consultation) -> str:
    base = base_of(consultation)
    return "".join(
        client.get(url).content.decode() for url in (base, f"{base}csv/", f"{base}json/")
    )


def withhold(opinion, by) -> None:
    deciding.withhold(opinion.pk, by, grounds=[Ground.UNTRUE], reason="Chưa đúng.")


def test_words_masked_after_the_answers_are_quoted_no_longer(consultation, leader, client):
    opinion = house.said(consultation, f"{SECRET} Nhà ở bờ ao làng Thơm.")
    house.published(consultation)
    edition = editions.publish(paper().pk, leader)
    group = staff("kiem.duyet", "consultations.moderate_opinions")
    assert "ao làng Thơm" in told_in_public(client, consultation)
    with clock.stopped_at(house.AFTER + make.days(1)):
        withhold(opinion, group)
        deciding.publish(opinion.pk, group, text=f"{SECRET} Nhà ở [đã che].")
    body = told_in_public(client, consultation)
    assert "ao làng Thơm" not in body
    assert "ao làng Thơm" not in client.get(f"{base_of(consultation)}?tim=ao+làng").content.decode()
    # No link leads to what is not given.
    assert f"{base_of(consultation)}docx/" not in body
    assert result_files(client, consultation) == {"docx": 404, "xlsx": 404}
    assert client.get(reverse("edition_pdf", args=[edition.code])).status_code == 404


def test_words_shown_again_as_they_were_are_quoted_again(consultation, leader, client):
    opinion = house.said(consultation, SECRET)
    house.published(consultation)
    edition = editions.publish(paper().pk, leader)
    group = staff("kiem.duyet", "consultations.moderate_opinions")
    with clock.stopped_at(house.AFTER + make.days(1)):
        withhold(opinion, group)
        assert SECRET not in told_in_public(client, consultation)
        deciding.publish(opinion.pk, group)
    assert SECRET in told_in_public(client, consultation)
    assert result_files(client, consultation) == {"docx": 200, "xlsx": 200}
    assert client.get(reverse("edition_pdf", args=[edition.code])).status_code == 200


def answered_in_other_words(consultation, *opinions) -> None:
    """All of these in one row that quotes nobody."""
    by, group = house.official(), make.organiser()
    with clock.stopped_at(house.AFTER):
        row = sorting.place(consultation.pk, house.accounts(consultation, *opinions), by)
        row.refresh_from_db()
        words = "Một số tổ chức muốn có thêm thời gian."
        answering.answer(row.pk, row.revision, words, house.agreed(), by)
        publishing.publish(consultation.pk, group)


@pytest.mark.parametrize("how", ["withdraw", "withhold"])
def test_an_organisation_that_took_its_opinion_back_is_named_no_longer(
    consultation, leader, client, how
):
    named = {"respondent_kind": RespondentKind.ORGANISATION, "is_name_shown": True}
    gone = house.said(consultation, SECRET, name="Hội Cây Xanh", **named)
    stays = house.said(consultation, "Đề nghị khác hẳn.", name="Hội Làng Nghề", **named)
    answered_in_other_words(consultation, gone, stays)
    edition = editions.publish(paper().pk, leader)
    assert "Hội Cây Xanh" in told_in_public(client, consultation)
    assert result_files(client, consultation) == {"docx": 200, "xlsx": 200}
    with clock.stopped_at(house.AFTER + make.days(1)):
        if how == "withdraw":
            sending.withdraw(gone)
        else:
            withhold(gone, staff("kiem.duyet", "consultations.moderate_opinions"))
    body = told_in_public(client, consultation)
    assert "Hội Cây Xanh" not in body
    assert body.count("Hội Làng Nghề") == 3
    assert body.count("Một số tổ chức muốn có thêm thời gian.") == 3
    assert result_files(client, consultation) == {"docx": 404, "xlsx": 404}
    assert client.get(reverse("edition_pdf", args=[edition.code])).status_code == 404


def test_a_name_that_a_letter_gives_too_stays(consultation, client):
    named = {"respondent_kind": RespondentKind.ORGANISATION, "is_name_shown": True}
    gone = house.said(consultation, SECRET, name="Hội Cây Xanh", **named)
    house.lettered(
        consultation,
        "Hội đề nghị kéo dài thời gian.",
        respondent_kind=RespondentKind.ORGANISATION,
        name="Hội Cây Xanh",
    )
    answered_in_other_words(consultation)
    drain()
    sending.withdraw(gone)
    assert told_in_public(client, consultation).count("Hội Cây Xanh") == 3
    assert result_files(client, consultation) == {"docx": 200, "xlsx": 200}


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
    assert report.context(figures)["agree"] == ""


def test_of_a_topic_nothing_is_called_a_draft(consultation, client):
    topic = make.make_consultation("thu-tuc", kind=DraftKind.TOPIC)
    make.open_window(topic)
    page = saying.page_of(topic)
    opinion = house.said(topic, LONG)
    for path in (f"y-kien/{opinion.pk}/", "y-kien/", "y-kien/rss/"):
        told = client.get(page.url + path)
        assert told.status_code == 200
        assert topic.whole in told.content.decode()
    figures = report.snapshot_of(house.published(topic))
    assert [group["place"] for group in report.groups(figures)] == [report.OF_TOPIC]


def test_where_no_agency_was_asked_nothing_is_told_of_agencies_that_agree(consultation):
    house.said(consultation)
    figures = report.snapshot_of(house.published(consultation))
    assert "agree" not in figures["counts"]
    assert not any(files.AGREE in told for told in files.sentences(figures))
    for template in (report.REPORT.template, report.REPORT.web_template):
        edition = Edition(made_at=house.AFTER, code="1234", snapshot=figures, kind=publishing.KIND)
        assert "nhất trí" not in editions.render(edition, template)


def test_an_agency_that_agreed_and_then_wrote_a_letter_is_told_once(consultation):
    house.said(consultation)
    agency = Agency.objects.get(code="STC")
    AgencyInvitation.objects.create(
        consultation=consultation,
        agency=agency,
        document_number="45/SNV",
        due_on=make.CLOSES.date(),
        invited_by=make.organiser(),
        invited_at=make.OPENS,
        answered_at=make.OPENS,
        answered_by=make.organiser(),
        agrees=True,
    )
    house.lettered(consultation, "Sở đề nghị bỏ khoản này.", agency=agency)
    made = house.published(consultation)
    assert (made.counts["agree"], made.counts["kinds"]["agency"]) == (0, 1)
    assert made.counts["received"] == 2


OTHER = "Mong phường mở thêm một quầy tiếp nhận hồ sơ vào sáng thứ bảy hằng tuần"


@pytest.mark.parametrize("who", [0, 1])
@pytest.mark.parametrize("how", ["withdraw", "withhold", "mask"])
def test_a_summary_put_together_from_two_opinions_tells_neither_that_is_taken_back(
    consultation, leader, client, who, how
):
    opinions = [house.said(consultation, words) for words in (LONG, OTHER)]
    with clock.stopped_at(house.AFTER):
        row = sorting.place(consultation.pk, house.accounts(consultation), house.official())
        saved(row, f"{LONG}; {OTHER}.")
        publishing.publish(consultation.pk, make.organiser())
    edition = editions.publish(paper().pk, leader)
    assert told_in_public(client, consultation).count(OTHER) == 3
    group = staff("kiem.duyet", "consultations.moderate_opinions")
    with clock.stopped_at(house.AFTER + make.days(1)):
        if how == "withdraw":
            sending.withdraw(opinions[who])
        else:
            withhold(opinions[who], group)
        if how == "mask":
            words = opinions[who].text
            deciding.publish(opinions[who].pk, group, text=f"{words[:20]}[đã che]")
    body = told_in_public(client, consultation)
    assert f"{LONG}; {OTHER}" not in body
    assert result_files(client, consultation) == {"docx": 404, "xlsx": 404}
    assert client.get(reverse("edition_pdf", args=[edition.code])).status_code == 404


def test_a_summary_stays_while_somebody_else_in_its_row_says_the_same(consultation, client):
    house.said(consultation, LONG)
    first, _second = (house.said(consultation, OTHER) for _n in range(2))
    with clock.stopped_at(house.AFTER):
        row = sorting.place(consultation.pk, house.accounts(consultation), house.official())
        saved(row, f"{LONG}; {OTHER}.")
        publishing.publish(consultation.pk, make.organiser())
    with clock.stopped_at(house.AFTER + make.days(1)):
        sending.withdraw(first)
    assert told_in_public(client, consultation).count(f"{LONG}; {OTHER}") == 3


def test_the_list_leads_to_the_answers_that_are_overdue(consultation, client):
    assert 'href="/lay-y-kien/qua-han-tra-loi/"' in client.get("/lay-y-kien/").content.decode()
    body = client.get("/en/lay-y-kien/").content.decode()
    assert 'href="/en/lay-y-kien/qua-han-tra-loi/"' in body
