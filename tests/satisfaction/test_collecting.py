"""Ways into a survey: a code to go on by, the grace, counters, posters, kiosks."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from portal import clock
from portal.agencies.models import Agency
from portal.outbox import draining
from portal.outbox.models import OutboxRow
from portal.protection.models import PlainQuestion
from satisfaction import drafting, results, submission
from satisfaction.collecting import collectors, reading_time, resuming
from satisfaction.collecting.collectors import Place
from satisfaction.models import (
    Channel,
    Collector,
    Draft,
    FieldworkCount,
    PosterBatch,
    Response,
    Survey,
)
from satisfaction.questionnaires import read, template
from satisfaction.window import SurveyClosed
from tests.accounts import staff
from tests.pages import assert_valid_html
from tests.satisfaction.factories import (
    CLOSES,
    NOON,
    answers,
    begin,
    every_kind,
    full_form,
    make_full_survey,
    make_page,
    make_survey,
)

pytestmark = pytest.mark.django_db
SLUGS = [section.slug for section in read(template("sipas_service")).sections]


@pytest.fixture
def survey(at) -> Survey:
    at(NOON)
    return make_survey()


@pytest.fixture
def page(survey):
    return make_page(survey)


@pytest.fixture
def officer(client):
    person = staff("thuc.dia", "satisfaction.run_fieldwork", "satisfaction.view_results")
    client.force_login(person)
    return person


def collector_of(survey, channel=Channel.QR, agency: str = "SNV", **fields) -> Collector:
    person = staff(f"lap.{uuid.uuid4().hex[:6]}", "satisfaction.run_fieldwork")
    return collectors.create(
        survey, Agency.objects.get(code=agency), Place(channel, **fields), person
    )


def token_in(client, url: str) -> str:
    html = client.get(url).content.decode()
    return html.split('name="form_token" value="')[1].split('"')[0]


def start(client, page, seconds: int = 30, **data):
    url = f"{page.url}tra-loi/co-quan/"
    token = token_in(client, url)
    with clock.stopped_at(clock.now() + timedelta(seconds=seconds)):
        return client.post(url, {"agency": "SNV", "form_token": token, **data})


# --- Beforehand --------------------------------------------------------------------------


def test_the_first_page_says_how_long_it_takes(page, client):
    questionnaire = read(template("sipas_service"))
    html = client.get(page.url).content.decode()
    assert str(reading_time.question_count(questionnaire)) in html
    assert f"{reading_time.minutes(questionnaire)} " in html
    assert reading_time.minutes(read(every_kind())) == 4


# --- Going on by a code ------------------------------------------------------------------


def test_a_page_half_filled_is_saved_and_gone_on_with_on_another_device(page, client):
    start(client, page)
    left = client.post(f"{page.url}tra-loi/tiep-can/", {"I15": "4", "luu": "1"})
    assert left.url.endswith("/luu/")
    shown = client.post(left.url)
    code = shown.context["code"]
    assert_valid_html(shown)
    assert Draft.objects.get().resume_hash not in ("", code)

    other = type(client)()
    url = f"{page.url}lam-tiep/"
    token = token_in(other, url)
    with clock.stopped_at(clock.now() + timedelta(seconds=20)):
        spaced = f" {code.lower().replace('-', ' ')} "
        went = other.post(url, {"ma-tiep": spaced, "form_token": token})
    assert went.url.endswith("/tra-loi/tiep-can/")
    html = other.get(went.url).content.decode()
    assert 'name="I15" value="4" checked' in html
    # What was left open is asked for in the end.
    assert Draft.objects.get().answers["I16"] is None


def test_the_first_page_is_saved_too_and_its_faults_are_still_told(page, client):
    left = start(client, page, luu="1")
    assert left.url.endswith("/luu/")
    told = client.post(f"{page.url}tra-loi/y-kien/", {"comment": "ế" * 2100, "luu": "1"})
    assert told.status_code == 422


def test_a_new_code_makes_the_old_one_useless(survey):
    _key, draft = begin(survey, answers())
    first, second = resuming.give_code(draft.pk), resuming.give_code(draft.pk)
    assert resuming.key_by_code(first, survey.pk) is None
    assert drafting.resume(resuming.key_by_code(second, survey.pk), survey.pk) == draft


@pytest.mark.parametrize("typed", ["", "AAAAA-AAAAA", "\x00", "ế" * 500, "7K3D0"])
def test_a_wrong_code_is_told_kindly_and_kept(page, client, typed):
    url = f"{page.url}lam-tiep/"
    token = token_in(client, url)
    with clock.stopped_at(clock.now() + timedelta(seconds=20)):
        told = client.post(url, {"ma-tiep": typed, "form_token": token})
    assert told.status_code == 422
    assert 'href="#ma-tiep"' in told.content.decode()
    assert_valid_html(told)


def test_a_code_leads_nowhere_once_the_answer_is_sent_or_too_old(survey, at):
    _key, draft = begin(survey, answers())
    code = resuming.give_code(draft.pk)
    at("2026-11-29 12:00")
    assert resuming.key_by_code(code, survey.pk) is None
    _key, sent = begin(survey, answers())
    code = resuming.give_code(sent.pk)
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        submission.submit(sent.pk)
    assert resuming.key_by_code(code, survey.pk) is None
    assert resuming.give_code(sent.pk) is None


def test_two_hundred_behind_one_address_are_asked_and_none_is_shut_out(page, client):
    """Past the hour's count each answers a question in words and goes on."""
    url = f"{page.url}tra-loi/co-quan/"
    asked = 0
    for _person in range(200):
        visitor = type(client)(REMOTE_ADDR="203.0.113.9")
        token = token_in(visitor, url)
        with clock.stopped_at(clock.now() + timedelta(seconds=20)):
            answer = visitor.post(url, {"agency": "SNV", "form_token": token})
            if answer.status_code == 422:
                asked += 1
                question = PlainQuestion.objects.latest("pk")
                answer = visitor.post(
                    url,
                    {
                        "agency": "SNV",
                        "form_token": token,
                        "question_key": question.key,
                        "question_text": question.answer,
                    },
                )
        assert answer.status_code == 302
    assert 0 < asked < 200
    assert Draft.objects.count() == 200


# --- The grace ---------------------------------------------------------------------------


def test_what_was_begun_in_time_may_be_sent_within_the_grace(at):
    at(CLOSES - timedelta(minutes=10))
    survey = make_survey(grace_minutes=30)
    drafts = [begin(survey, answers())[1] for _person in range(2)]
    with clock.stopped_at(CLOSES + timedelta(minutes=30, microseconds=-1)):
        submission.submit(drafts[0].pk)
        with pytest.raises(SurveyClosed):
            drafting.start(survey, uuid.uuid4())
    with clock.stopped_at(CLOSES + timedelta(minutes=30)), pytest.raises(SurveyClosed):
        submission.submit(drafts[1].pk)
    assert Response.objects.count() == 1


def test_after_the_grace_the_writer_keeps_a_copy(at, client):
    at(CLOSES - timedelta(minutes=10))
    survey = make_survey(grace_minutes=15)
    page = make_page(survey)
    key, _draft = begin(survey, answers(comment="Lời <b>của tôi</b>"))
    client.cookies["phieu-vi"] = key
    at(CLOSES + timedelta(minutes=14))
    assert client.get(f"{page.url}kiem-tra/").status_code == 200
    at(CLOSES + timedelta(minutes=15))
    for answer in (client.get(f"{page.url}kiem-tra/"), client.post(f"{page.url}kiem-tra/")):
        assert answer.status_code == 403
        assert "Lời &lt;b&gt;của tôi&lt;/b&gt;" in answer.content.decode()
    assert not Response.objects.exists()


# --- Counters ----------------------------------------------------------------------------


def test_a_counters_code_fixes_the_agency_and_the_channel(page, survey, client):
    collector = collector_of(survey, place="Quầy 3 <b>")
    led = client.get(f"{page.url}q/{collector.code}/")
    intro = client.get(led.url)
    assert "Quầy 3 &lt;b&gt;" in intro.content.decode()
    first = intro.context["start_url"]
    html = client.get(first).content.decode()
    assert 'name="agency"' not in html
    token = html.split('name="form_token" value="')[1].split('"')[0]
    with clock.stopped_at(clock.now() + timedelta(seconds=20)):
        client.post(
            f"{page.url}tra-loi/tiep-can/",
            {**answers(agency="STC"), "form_token": token, "ma": collector.code},
        )
        for slug in SLUGS[2:]:
            client.post(f"{page.url}tra-loi/{slug}/", answers(agency="STC"))
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        client.post(f"{page.url}kiem-tra/")
    response = Response.objects.get()
    assert (response.agency.code, response.channel, response.collector) == (
        "SNV",
        "qr",
        collector,
    )
    collector.refresh_from_db()
    assert collector.taken == 1
    steps = dict(FieldworkCount.objects.filter(channel="qr").values_list("step", "n"))
    assert steps == {"opened": 1, "begun": 1}


@pytest.mark.parametrize("why", ["ended", "early", "late", "other", "nonsense"])
def test_a_code_that_does_not_work_leads_to_the_ordinary_page(page, survey, client, why):
    other = make_survey("khac")
    fields = {
        "early": {"valid_from": clock.today() + timedelta(days=1)},
        "late": {"valid_to": clock.today() - timedelta(days=1)},
    }
    collector = collector_of(other if why == "other" else survey, **fields.get(why, {}))
    if why == "ended":
        collectors.end(collector.pk, staff("ket.thuc", "satisfaction.run_fieldwork"))
    code = "AAAA-AAAA" if why == "nonsense" else collector.code
    assert client.get(f"{page.url}q/{code}/").url == page.url
    assert client.get(f"{page.url}?ma={code}").context["collector"] is None


def test_a_full_counter_says_so_before_anybody_begins(page, survey, client):
    collector = collector_of(survey, quota=1)
    Collector.objects.update(taken=1)
    html = client.get(f"{page.url}?ma={collector.code}")
    assert html.context["is_full"]
    assert "tra-loi" not in html.content.decode()


def test_counters_are_made_for_all_agencies_of_a_kind_once(survey, client, officer):
    url = f"/quan-tri/khao-sat/{survey.pk}/kenh/"
    data = {"channel": "qr", "kinds": ["ward"], "place": "Bộ phận một cửa"}
    wards = Agency.objects.valid_on(clock.today()).filter(kind="ward").count()
    assert client.post(url, data).status_code == 302
    assert Collector.objects.count() == wards
    client.post(url, data)
    assert Collector.objects.count() == wards
    codes = Collector.objects.values_list("code", flat=True)
    assert len(set(codes)) == wards
    assert client.get(url).status_code == 200


def test_a_form_at_fault_makes_nothing(survey, client, officer):
    url = f"/quan-tri/khao-sat/{survey.pk}/kenh/"
    for data in (
        {"channel": "qr"},
        {"channel": "web", "kinds": ["ward"]},
        {"channel": "qr", "kinds": ["ward"], "valid_from": "2026-11-30", "valid_to": "2026-11-01"},
        {"channel": "qr", "kinds": ["ward"], "quota": "-1"},
    ):
        assert client.post(url, data).status_code == 422
    assert not Collector.objects.exists()


def test_the_list_of_counters_asks_few_questions(
    survey, page, client, officer, django_assert_max_num_queries
):
    data = {"channel": "qr", "kinds": ["ward"]}
    client.post(f"/quan-tri/khao-sat/{survey.pk}/kenh/", data)
    with django_assert_max_num_queries(45):
        client.get(f"/quan-tri/khao-sat/{survey.pk}/kenh/")


# --- Posters -----------------------------------------------------------------------------


def test_posters_are_one_page_a_counter_and_made_in_the_queue(survey, page, client, officer):
    from pypdf import PdfReader

    for agency in ("SNV", "STC"):
        collector_of(survey, agency=agency, place="Quầy 3 – Đống Đa")
    client.post(f"/quan-tri/khao-sat/{survey.pk}/ap-phich/")
    batch = PosterBatch.objects.get()
    assert OutboxRow.objects.get().payload == {"batch_id": batch.pk}
    assert client.get(f"/quan-tri/khao-sat/ap-phich/{batch.pk}/").status_code == 404
    draining.drain()
    batch.refresh_from_db()
    assert (batch.state, batch.pages) == ("ready", 2)
    with batch.pdf.open("rb") as file:
        reader = PdfReader(file)
        assert len(reader.pages) == 2
        text = reader.pages[0].extract_text()
    assert "Quầy 3 – Đống Đa" in text
    assert f"/khao-sat/{survey.code}/q/" in text.replace("\n", "")
    assert client.get(f"/quan-tri/khao-sat/ap-phich/{batch.pk}/").status_code == 200
    client.force_login(staff("khac", "satisfaction.view_results"))
    assert client.get(f"/quan-tri/khao-sat/ap-phich/{batch.pk}/").status_code in (302, 403)


# --- Kiosk -------------------------------------------------------------------------------


@pytest.fixture
def kiosk(survey, page):
    collector = collector_of(survey, Channel.KIOSK, place="Bộ phận một cửa")
    return f"{page.url}kiosk/{collector.code}/"


def json_post(client, url: str, key: str, ago: int = 0, seconds: int = 120, **data):
    sent = {**answers(), "khoa": key, "cach-day": str(ago), "thoi-gian": str(seconds), **data}
    return client.post(url, sent, HTTP_ACCEPT="application/json")


def test_a_kiosk_works_as_a_plain_form_and_leads_nowhere_else(kiosk, client):
    shown = client.get(kiosk)
    html = shown.content.decode()
    assert_valid_html(shown)
    assert "<nav" not in html
    assert "<footer" not in html
    assert 'name="agency"' not in html
    token = html.split('name="form_token" value="')[1].split('"')[0]
    with clock.stopped_at(clock.now() + timedelta(minutes=3)):
        taken = client.post(kiosk, {**answers(), "form_token": token})
        again = client.post(kiosk, {**answers(), "form_token": token})
    assert taken.status_code == 200
    assert taken.headers["Refresh"].startswith("20")
    assert Response.objects.get().receipt_code in again.content.decode()
    response = Response.objects.get()
    assert (response.channel, response.agency.code, response.duration_s) == ("kiosk", "SNV", 180)


def test_what_is_missing_is_told_and_what_was_chosen_stays(kiosk, client):
    html = client.get(kiosk).content.decode()
    token = html.split('name="form_token" value="')[1].split('"')[0]
    form = answers()
    del form["II19"]
    with clock.stopped_at(clock.now() + timedelta(minutes=3)):
        told = client.post(kiosk, {**form, "form_token": token})
    html = told.content.decode()
    assert told.status_code == 422
    assert 'href="#id_II19"' in html
    assert 'name="II20" value="4" checked' in html
    assert_valid_html(told)
    assert not Response.objects.exists()


def test_an_answer_kept_without_a_network_is_sent_later_and_counts_once(kiosk, client, at):
    key = str(uuid.uuid4())
    at("2026-11-22 12:00")
    first = json_post(client, kiosk, key, ago=2 * 86_400, muon="1")
    second = json_post(client, kiosk, key, ago=2 * 86_400 + 60, muon="1")
    assert first.json() == second.json()
    assert first.json()["state"] == "taken"
    response = Response.objects.get()
    assert response.day.isoformat() == "2026-11-20"
    assert response.duration_s == 120


def test_an_answer_given_in_time_and_sent_after_the_end_counts(kiosk, client, at):
    at(CLOSES + timedelta(hours=2))
    assert json_post(client, kiosk, str(uuid.uuid4()), ago=3 * 3600).json()["state"] == "taken"
    assert "after_end" in Response.objects.get().flags
    assert json_post(client, kiosk, str(uuid.uuid4()), ago=3600).json()["state"] == "closed"
    at(CLOSES + timedelta(days=4))
    # No kiosk waits longer than three days.
    late = json_post(client, kiosk, str(uuid.uuid4()), ago=10**8)
    assert late.json()["state"] == "closed"
    assert Response.objects.count() == 1


def test_what_comes_late_is_taken_as_it_was_left(kiosk, client):
    form = {"I15": "4", "I16": "5"}
    sent = {**form, "khoa": str(uuid.uuid4()), "cach-day": "60", "thoi-gian": "90", "muon": "1"}
    taken = client.post(kiosk, sent, HTTP_ACCEPT="application/json")
    assert taken.json()["state"] == "taken"
    assert Response.objects.get().answers == {"I15": 4, "I16": 5}


@pytest.mark.parametrize(
    "odd",
    [
        {"khoa": "không", "cach-day": "0", "thoi-gian": "60"},
        {"khoa": str(uuid.uuid4()), "cach-day": "-5", "thoi-gian": "60"},
        {"khoa": str(uuid.uuid4()), "cach-day": "9" * 40, "thoi-gian": "x"},
        {"khoa": "\x00", "form_token": "giả"},
        {},
    ],
)
def test_an_odd_message_of_a_kiosk_is_refused(kiosk, client, odd):
    told = client.post(kiosk, {**answers(), **odd}, HTTP_ACCEPT="application/json")
    assert told.status_code == 422
    assert not Response.objects.exists()


def ended(name: str = "ket.thuc") -> None:
    collectors.end(Collector.objects.get().pk, staff(name, "satisfaction.run_fieldwork"))


def test_a_kiosk_that_ended_takes_nothing_new_and_says_so(kiosk, client, at):
    ended()
    told = client.get(kiosk)
    assert told.status_code == 410
    assert_valid_html(told)
    html = told.content.decode()
    assert "kiosk.js" in html
    assert "<form" not in html
    assert client.get(f"{kiosk}tho/").status_code == 200
    refused = json_post(client, kiosk, str(uuid.uuid4()))
    assert (refused.status_code, refused.json()["state"]) == (409, "ended")
    assert client.post(kiosk, answers()).status_code == 410
    assert not Response.objects.exists()
    # What a device kept is sent within three days; then nothing is left to say.
    at("2026-11-23 12:01")
    assert client.get(kiosk).status_code == 404
    assert json_post(client, kiosk, str(uuid.uuid4()), ago=10**8).status_code == 404
    assert client.get(f"{kiosk}tho/").status_code == 404


def test_an_answer_that_comes_after_the_kiosk_ended_counts_and_is_marked(kiosk, client, at):
    varied = {"seconds": 900, "I15": "2", "II19": "5"}
    in_time = json_post(client, kiosk, str(uuid.uuid4()), **varied)
    ended()
    at("2026-11-20 14:00")
    late = json_post(client, kiosk, str(uuid.uuid4()), ago=3 * 3600, muon="1", **varied)
    assert in_time.json()["state"] == late.json()["state"] == "taken"
    assert json_post(client, kiosk, str(uuid.uuid4()), ago=60, muon="1").status_code == 409
    marked = {r.receipt_code: "after_end" in r.flags for r in Response.objects.all()}
    assert marked == {in_time.json()["receipt"]: False, late.json()["receipt"]: True}
    survey = Response.objects.first().survey
    every, clean = (
        results.moments_by_scope(survey, wanted)[""].n
        for wanted in (results.ALL, results.Wanted(with_flagged=False))
    )
    # Whoever doubts the device's clock reads every figure without it.
    assert (every, clean) == (2, 1)


@pytest.mark.parametrize("number", ["", "1", "999999", "-1", "²", "\x00", "x" * 50])
def test_whatever_version_a_kiosk_names_one_is_found(kiosk, client, number):
    taken = json_post(client, kiosk, str(uuid.uuid4()), ban=number)
    assert taken.json()["state"] == "taken"
    assert Response.objects.get().version.number == 1


def test_the_worker_lies_below_the_kiosk(kiosk, client):
    worker = client.get(f"{kiosk}tho/")
    assert worker.headers["Service-Worker-Allowed"] == kiosk
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "caches" in worker.content.decode()


def test_conditions_hold_at_a_kiosk(at, client):
    at(NOON)
    survey = make_full_survey()
    page = make_page(survey)
    collector = collector_of(survey, Channel.KIOSK)
    url = f"{page.url}kiosk/{collector.code}/"
    assert_valid_html(client.get(url))
    # Who did not come is asked neither the visit nor the reasons: their answers are dropped.
    form = full_form(come="2", khoa=str(uuid.uuid4()), **{"cach-day": "0", "thoi-gian": "99"})
    taken = client.post(url, form, HTTP_ACCEPT="application/json")
    assert taken.json()["state"] == "taken"
    assert "g1" not in Response.objects.get().answers
