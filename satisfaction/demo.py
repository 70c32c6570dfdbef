"""A demonstration survey: 2,000 plausible responses through the verbs of a citizen's POST."""

from __future__ import annotations

import random
import uuid
from datetime import timedelta

from django.db import transaction

from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.outbox.draining import drain
from portal.reporting import editions
from portal.reporting.models import EditionState
from site_pages.tree import publish_translation

from . import drafting, submission
from .actions import remedies
from .actions.targets import ITEM, targets
from .collecting import collectors
from .collecting.collectors import Place
from .models import Channel, Draft, Response, Survey
from .pages import SurveyPage, SurveysPage
from .questionnaires import Questionnaire, read, template
from .reading import read_section
from .reports import KIND, order_report
from .versions import current_version, publish_version

CODE = "sipas-dich-vu-minh-hoa"
SLUG = "do-luong-su-hai-long"
WEBSITE_CODE = "trang-thong-tin-minh-hoa"
WEBSITE_SLUG = "y-kien-ve-trang-thong-tin"
RESPONSES = 2000
BATCH = 100
SEED = 20260701
# Agencies of the demonstration with their share of the responses; two stay below the threshold.
AGENCIES = {
    "TTPVHCC": 193, "SNV": 90, "STP": 96, "STC": 88, "SXD": 110, "SNNMT": 104, "SYT": 92,
    "SGDDT": 84, "00004": 118, "00008": 92, "00025": 96, "00070": 100, "00082": 74, "00091": 68,
    "00097": 88, "00118": 102, "00127": 86, "00136": 62, "00145": 94, "10417": 38, "10441": 84,
    "10459": 26, "10465": 8, "10489": 7,
}  # fmt: skip
# How often each choice of the questions about oneself is drawn, declining last.
PEOPLE = {
    "age": [1, 11, 24, 32, 20, 9, 3],
    "sex": [47, 50, 1, 2],
    "occupation": [9, 18, 13, 24, 14, 7, 12, 3],
}
COMMENTS = [
    "Nơi làm thủ tục sạch sẽ, công chức hướng dẫn dễ hiểu.",
    "Mong có thêm ghế chờ vào sáng thứ Hai vì rất đông.",
    "Nộp hồ sơ trực tuyến nhanh, nhưng phần tải tệp lên còn khó dùng với người lớn tuổi.",
    "Đề nghị nhắn tin khi có kết quả để người dân không phải đi lại nhiều lần.",
    "Biển chỉ dẫn lên tầng hai nên to và rõ hơn.",
    "Hồ sơ được trả sớm hơn giấy hẹn một ngày.",
    "Nên có người hỗ trợ quét mã và điền tờ khai điện tử tại quầy.",
]
COUNTERS = [
    ("00004", Channel.QR, "Quầy số 1"),
    ("00008", Channel.QR, "Quầy số 1"),
    ("SXD", Channel.QR, "Bộ phận một cửa"),
    ("00004", Channel.KIOSK, "Bộ phận một cửa"),
]
TASKS = [
    ("SXD", "Niêm yết thời hạn giải quyết từng thủ tục tại quầy; nhắn tin khi hồ sơ quá hạn."),
    ("00004", "Bố trí người hướng dẫn nộp hồ sơ trực tuyến vào sáng thứ Hai và sáng thứ Năm."),
]


def load() -> None:
    """Lay the survey, its pages and its responses; what is there already is left alone."""
    survey = _lay_survey(CODE, template("sipas_service"), days=(-60, 46))
    _lay_pages(survey, SLUG)
    _answer(survey)


def load_website_survey() -> None:
    """The yearly survey of the portal's own users (Art. 10.2), open and not answered yet."""
    survey = _lay_survey(WEBSITE_CODE, template("website_users"), days=(-90, 30))
    _lay_pages(survey, WEBSITE_SLUG)


def _lay_survey(code: str, definition: dict, days: tuple[int, int]) -> Survey:
    """A survey open between two days, counted from today."""
    opens, closes = (clock.start_of_day() + timedelta(days=day) for day in days)
    survey, _created = Survey.objects.get_or_create(
        code=code,
        defaults={
            "title": definition["title"]["vi"],
            "opens_at": opens,
            "closes_at": closes,
            "is_demo": True,
        },
    )
    publish_version(survey, definition, survey.opens_at)
    return survey


def _lay_pages(survey: Survey, slug: str) -> None:
    questionnaire = read(current_version(survey).definition)
    for parent in SurveysPage.objects.filter(locale__language_code="vi"):
        if SurveyPage.objects.child_of(parent).filter(slug=slug).exists():
            continue
        page = parent.add_child(
            instance=SurveyPage(
                title=questionnaire.labels["vi"],
                slug=slug,
                survey=survey,
                locale=parent.locale,
                is_demo=True,
                abstract_text=questionnaire.intros["vi"],
            )
        )
        english = parent.get_translations().filter(locale__language_code="en").first()
        if english:
            publish_translation(
                page,
                english.locale,
                {
                    "title": questionnaire.labels["en"],
                    "abstract_text": questionnaire.intros["en"],
                },
            )


def _answer(survey: Survey) -> None:
    """Write what is still missing of the responses, a batch a transaction."""
    questionnaire = read(current_version(survey).definition)
    agencies = [code for code, n in AGENCIES.items() for _ in range(n)]
    random.Random(SEED).shuffle(agencies)  # noqa: S311
    done = Response.objects.filter(survey=survey).count()
    for start in range(done, RESPONSES, BATCH):
        with transaction.atomic():
            for number in range(start, min(start + BATCH, RESPONSES)):
                _answer_once(survey, questionnaire, agencies[number % len(agencies)], number)


def _answer_once(survey: Survey, questionnaire: Questionnaire, agency: str, number: int) -> None:
    """One citizen's way through the survey at a moment of the past, seeded by its number."""
    chance = random.Random(SEED + number)  # noqa: S311
    span = clock.now() - survey.opens_at
    moment = survey.opens_at + span * ((number + 0.5) / RESPONSES)
    seconds = chance.choice([12, 18]) if chance.random() < 0.015 else chance.randint(150, 900)
    answers = _plausible_answers(questionnaire, agency, chance)
    with clock.stopped_at(moment - timedelta(seconds=seconds)):
        key, draft = drafting.start(survey, uuid.uuid4())
        for section in questionnaire.sections:
            reading = read_section(section, answers)
            drafting.save_section(draft.pk, section, reading.answers)
    with clock.stopped_at(moment):
        submission.submit(drafting.resume(key, survey.pk).pk)
    Draft.objects.filter(pk=draft.pk).delete()


def _plausible_answers(
    questionnaire: Questionnaire, agency: str, chance: random.Random
) -> dict[str, str]:
    """Answers of one person: an agency's level, a mood of their own, harder and easier items."""
    level = 4.2 + random.Random(f"{SEED}{agency}").uniform(-0.22, 0.3)  # noqa: S311
    mood = chance.gauss(0, 0.55)
    answers = {"agency": agency}
    nothing_applies = chance.random() < 0.012
    for section in questionnaire.sections:
        hardness = random.Random(f"{SEED}{section.code}").uniform(-0.25, 0.2)  # noqa: S311
        for question in section.questions:
            if question.type == "scale":
                score = round(level + mood + hardness + chance.gauss(0, 0.65))
                is_na = nothing_applies or chance.random() < (0.22 if section.code == "V" else 0.03)
                answers[question.code] = "9" if is_na else str(min(5, max(1, score)))
            elif question.type == "single" and chance.random() > 0.06:
                weights = PEOPLE[question.code]
                answers[question.code] = str(chance.choices(question.choices, weights)[0].code)
    if chance.random() < 0.05:
        answers["comment"] = chance.choice(COMMENTS)
    return answers


def publish_report(user: User, publisher: User) -> None:
    """Order, make and publish one edition, so that /bao-cao/ shows a report."""
    survey = Survey.objects.get(code=CODE)
    if editions.Edition.objects.filter(kind=KIND, subject_id=survey.pk).exists():
        return
    edition = order_report(survey, user)
    drain()
    editions.publish(edition.pk, publisher)


def load_fieldwork(user: User) -> None:
    """Counters, a kiosk, and what two agencies are to mend after the published report."""
    survey = Survey.objects.get(code=CODE)
    for code, channel, place in COUNTERS:
        agency = Agency.objects.get(code=code)
        collectors.create_for_agencies(survey, [agency], Place(channel, place=place), user)
    edition = editions.Edition.objects.filter(kind=KIND, subject_id=survey.pk).latest("number")
    if edition.state != EditionState.PUBLISHED or survey.actions.exists():
        return
    low = [target for target in targets(edition) if target.kind == ITEM]
    for target, (code, task) in zip(low, TASKS, strict=False):
        agency = Agency.objects.get(code=code)
        due_on = remedies.usual_deadline()
        remedies.assign(edition.pk, target.code, agency.pk, task, due_on, user, is_public=True)
