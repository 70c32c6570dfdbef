"""The office's own questions, in Vietnamese and in English."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from consultations import preparing
from consultations.models import Consultation, DraftKind
from consultations.moderation import deciding
from portal.agencies.models import Agency
from site_pages.tree import publish_translation
from tests.accounts import staff
from tests.consultations import factories as make
from tests.consultations import saying
from tests.editorial.office import signed_in

pytestmark = pytest.mark.django_db
ASKED = ["Thủ tục nào nên bỏ?", "Nên làm gì trước?"]
ENGLISH = ["Which procedure should go?"]


@pytest.fixture
def topic(at) -> Consultation:
    at(make.NOON)
    saying.at_once()
    return preparing.prepare(
        make.organiser(),
        title="Nên bỏ thủ tục nào",
        kind=DraftKind.TOPIC,
        agency=Agency.objects.get(code="SNV"),
        request_document="Công văn 1",
        questions=ASKED,
        questions_en=ENGLISH,
    )


def terms(topic: Consultation, **changed: object) -> dict[str, object]:
    return {
        f"sua-{name}": value
        for name, value in {
            "title": topic.title,
            "kind": topic.kind,
            "agency": topic.agency_id,
            "request_document": topic.request_document,
            "respondents": topic.respondents,
            "is_moderated": "on",
            "questions": "\n".join(ASKED),
            **changed,
        }.items()
    }


def test_the_english_page_asks_in_english_where_it_can(topic, client):
    make.open_window(topic)
    page = preparing.page_of(topic)
    page.save_revision().publish()
    english = page.get_parent().get_translations().get(locale__language_code="en")
    publish_translation(page, english.locale, {"title": "Which procedures"})
    body = client.get(f"/en{page.url}").content.decode()
    assert ENGLISH[0] in body
    assert ASKED[0] not in body
    assert ASKED[1] in body
    assert ASKED[0] in client.get(page.url).content.decode()
    assert ENGLISH[0] in client.get(f"/en{page.url}?in=1").content.decode()
    assert ENGLISH[0] in client.get(f"/en{page.url}gop-y/toan-van/").content.decode()
    opinion = saying.say(client, page, text="", cau_1="Bỏ xác nhận cư trú.")
    deciding.publish(opinion.pk, staff("kiem.duyet", "consultations.moderate_opinions"))
    read = client.get(f"/en{page.url}y-kien/").content.decode()
    assert ENGLISH[0] in read
    assert "Bỏ xác nhận cư trú." in read
    told = client.post("/en/gop-y/theo-doi/", {"ma": opinion.receipt_code}).content.decode()
    assert ENGLISH[0] in told


def test_the_office_writes_both_on_one_screen(topic):
    client = signed_in(make.organiser())
    url = f"/quan-tri/lay-y-kien/{topic.pk}/"
    assert ENGLISH[0] in client.get(url).content.decode()
    posted = terms(topic, questions_en="Which one?\n\n")
    assert client.post(f"{url}sua/", posted).status_code == 302
    told = list(topic.questions.values_list("text", "text_en"))
    assert told == [(ASKED[0], "Which one?"), (ASKED[1], "")]
    posted = terms(topic, questions_en="\nWhat first?")
    assert client.post(f"{url}sua/", posted).status_code == 302
    assert list(topic.questions.values_list("text_en", flat=True)) == ["", "What first?"]
    refused = client.post(f"{url}sua/", terms(topic, questions_en="1\n2\n3"))
    assert refused.status_code == 200
    assert topic.questions.count() == 2


def test_once_it_has_opened_only_its_translation_is_mended(topic):
    make.open_window(topic)
    asked = topic.questions.order_by("number").values_list("pk", flat=True)
    before = list(asked)
    with pytest.raises(ValidationError):
        preparing.change(topic.pk, make.organiser(), questions=["Câu khác?", *ASKED[1:]])
    assert topic.questions.first().text_en == ENGLISH[0]
    preparing.change(topic.pk, make.organiser(), questions=ASKED, questions_en=["Other?"])
    assert topic.questions.first().text_en == "Other?"
    assert list(asked) == before


def test_a_translation_stands_on_the_line_of_its_question(client, topic):
    client.force_login(make.organiser())
    url = f"/quan-tri/lay-y-kien/{topic.pk}/"
    posted = terms(topic, questions="Một?\n\nHai?", questions_en="One?\n\nTwo?")
    client.post(f"{url}sua/", posted)
    assert list(topic.questions.order_by("number").values_list("text", "text_en")) == [
        ("Một?", "One?"),
        ("Hai?", "Two?"),
    ]
    refused = client.post(
        f"{url}sua/", terms(topic, questions="Một?\n\nHai?", questions_en="One?\nTwo?")
    )
    assert "Dòng 2 không dịch câu hỏi nào" in refused.content.decode()
