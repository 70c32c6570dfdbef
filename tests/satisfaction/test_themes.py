"""Free texts become themes that a person approves; reports say what is masked and not small."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from wagtail.models import ModelLogEntry

from portal.outbox.draining import drain
from satisfaction import review
from satisfaction.models import RejectionReason, TextAnswer, Theme, ThemeGrouping, ThemeQuote
from satisfaction.themes import clustering, grouping, queries
from tests.accounts import staff

from .factories import NOON, answers, make_survey, respond

SLOW = "Tôi chờ lâu quá, cán bộ thì tốt"
SLOW_PLAIN = "Phai CHO LAU o quay so 3"
PHONE = "Chờ lâu. Gọi ông Nguyễn Văn An 0912345678 không được"
WEB = "Trang web khó dùng <script>alert(1)</script>"


def test_texts_that_share_a_phrase_stand_together_with_and_without_marks():
    found = clustering.groups([SLOW, SLOW_PLAIN, PHONE, WEB, WEB, WEB, "Khác hẳn"])
    assert [(g.name, g.members) for g in found] == [
        ("Web khó dùng", (3, 4, 5)),
        ("Chờ lâu", (0, 1, 2)),
    ]


def test_the_same_texts_give_the_same_groups():
    texts = [f"{SLOW} {n % 3}" for n in range(40)] + [WEB] * 10
    texts += [f"nộp hồ sơ {n}" for n in range(9)]
    assert clustering.groups(texts) == clustering.groups(list(texts))


def test_no_name_and_no_number_names_a_theme():
    texts = [f"Gặp ông Nguyễn Văn An số 0912345678 lần {n}" for n in range(9)]
    for group in clustering.groups(texts):
        assert "nguyễn" not in group.name.lower()
        assert "0912" not in group.name


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(at):
    at(NOON)


@pytest.fixture
def grouper():
    return staff("nhom.y.kien", "satisfaction.group_texts")


def written(slow: int = 12, web: int = 11, rest: int = 15):
    survey = make_survey()
    texts = [PHONE, *[SLOW] * (slow - 1), *[WEB] * web, *[f"Ý {n}" for n in range(rest)]]
    for text in texts:
        respond(survey, answers(comment=text))
    return survey


def proposed(survey, grouper) -> ThemeGrouping:
    made = grouping.propose(survey.pk, "comment", grouper)
    drain()
    made.refresh_from_db()
    assert made.made_at
    return made


def theme_of(name: str) -> Theme:
    return Theme.objects.get(name__startswith=name)


def test_only_what_a_person_approved_may_be_reported(grouper):
    survey = written()
    proposed(survey, grouper)
    assert queries.approved(survey) == []
    slow = theme_of("Chờ lâu")
    grouping.approve(slow.pk, grouper)
    grouping.approve(theme_of("Web khó").pk, grouper)
    grouping.rename(slow.pk, "Thời gian chờ", grouper)
    assert [theme.name for theme in queries.approved(survey)] == ["Web khó dùng"]
    grouping.approve(slow.pk, grouper)
    told = [(t.question, t.name, t.responses) for t in queries.approved(survey)]
    assert told == [("comment", "Thời gian chờ", 12), ("comment", "Web khó dùng", 11)]


def test_few_people_are_not_shown_nor_quoted(grouper):
    survey = written(slow=12, web=4)
    proposed(survey, grouper)
    few = theme_of("Web khó")
    grouping.quote(few.pk, few.members.first().text_id, "Trang web khó dùng", grouper)
    for theme in Theme.objects.all():
        grouping.approve(theme.pk, grouper)
    by_name = {theme.name: theme for theme in queries.approved(survey)}
    assert by_name["Web khó dùng"].responses is None
    assert by_name["Web khó dùng"].quotes == ()
    # Beside the total one hidden number alone would be no secret.
    assert sum(theme.responses is not None for theme in by_name.values()) <= 1


def test_a_rejected_response_leaves_its_theme(grouper):
    survey = written()
    proposed(survey, grouper)
    slow = theme_of("Chờ lâu")
    grouping.approve(slow.pk, grouper)
    officer = staff("soat.xet", "satisfaction.review_responses")
    review.reject(slow.members.last().text.response_id, RejectionReason.TEST, officer)
    assert queries.approved(survey)[0].responses == 11


def test_a_quotation_is_masked_and_stands_in_the_text(grouper):
    survey = written()
    proposed(survey, grouper)
    slow = theme_of("Chờ lâu")
    text = TextAnswer.objects.get(text=PHONE)
    for words in ("Nguyễn Văn An", "0912345678", "Không hề viết", ""):
        with pytest.raises(ValidationError):
            grouping.quote(slow.pk, text.pk, words, grouper)
    grouping.quote(slow.pk, text.pk, "Gọi ông [họ tên] [số điện thoại] không được", grouper)
    grouping.approve(slow.pk, grouper)
    assert queries.approved(survey)[0].quotes == ("Gọi ông [họ tên] [số điện thoại] không được",)
    grouping.unquote(slow.pk, text.pk, grouper)
    assert not ThemeQuote.objects.exists()


def test_merging_and_splitting_keep_every_text_once(grouper):
    survey = written()
    made = proposed(survey, grouper)
    slow, web = theme_of("Chờ lâu"), theme_of("Web khó")
    grouping.approve(web.pk, grouper)
    into = grouping.merge(slow.pk, web.pk, grouper)
    assert into.members.count() == 23
    assert Theme.objects.get(pk=web.pk).state == "proposed"
    ids = list(into.members.values_list("text", flat=True)[:5])
    part = grouping.split(made.pk, ids, "  Riêng \n năm ý ", grouper)
    assert (part.name, part.members.count()) == ("Riêng năm ý", 5)
    assert into.members.count() == 18
    [question] = [q for q in queries.questions_of(survey) if q.code == "comment"]
    assert (question.written, question.rest) == (38, 15)
    with pytest.raises(ValidationError):
        grouping.merge(part.pk, part.pk, grouper)
    with pytest.raises(ValidationError):
        grouping.split(made.pk, [10**9], "x", grouper)


def test_proposing_anew_leaves_what_is_approved(grouper, at):
    survey = written()
    proposed(survey, grouper)
    slow = theme_of("Chờ lâu")
    grouping.approve(slow.pk, grouper)
    at("2026-11-21 09:00")
    respond(survey, answers(comment=WEB))
    proposed(survey, grouper)
    assert Theme.objects.get(pk=slow.pk).members.count() == 12
    assert theme_of("Web khó").members.count() == 12


def test_the_admin_shows_texts_masked_and_as_written_only_to_who_may(client, grouper):
    survey = written()
    client.force_login(grouper)
    client.post(reverse("survey_themes", args=[survey.pk]), {"question": "comment"})
    drain()
    page = client.get(reverse("survey_themes", args=[survey.pk])).content.decode()
    assert "Chờ lâu" in page
    address = reverse("survey_theme", args=[theme_of("Chờ lâu").pk])
    page = client.get(address, {"ban-goc": "1"}).content.decode()
    assert "[họ tên]" in page
    assert "0912345678" not in page
    web = client.get(reverse("survey_theme", args=[theme_of("Web khó").pk])).content.decode()
    assert "<script>alert" not in web
    client.force_login(staff("doc", "satisfaction.group_texts", "satisfaction.read_texts"))
    assert "0912345678" not in client.get(address).content.decode()
    assert not ModelLogEntry.objects.filter(action="satisfaction.themes.read").exists()
    assert "0912345678" in client.get(address, {"ban-goc": "1"}).content.decode()
    assert ModelLogEntry.objects.filter(action="satisfaction.themes.read").count() == 1
    assert "0912" not in str(list(ModelLogEntry.objects.values_list("data", flat=True)))


def test_the_admin_renames_approves_quotes_and_splits(client, grouper):
    survey = written()
    made = proposed(survey, grouper)
    client.force_login(grouper)
    slow = theme_of("Chờ lâu")
    address = reverse("survey_theme", args=[slow.pk])
    text = slow.members.last().text_id
    for data in (
        {"act": "rename", "name": "Chờ đợi"},
        {"act": "quote", "text": text, "excerpt": "cán bộ thì tốt"},
        {"act": "approve"},
        {"act": "merge", "into": "99999999"},
        {"act": "merge", "into": "x"},
        {"act": "rename", "name": "x" * 121},
        {"act": "nothing"},
    ):
        assert client.post(address, data).status_code == 302
    slow.refresh_from_db()
    assert (slow.name, slow.state) == ("Chờ đợi", "approved")
    rest = reverse("survey_theme_rest", args=[made.pk])
    loose = grouping.valid_texts(survey.pk, "comment").filter(placed=None)
    client.post(rest, {"text": [loose[0].pk, loose[1].pk], "name": "Hai ý"})
    assert Theme.objects.get(name="Hai ý").members.count() == 2
    client.post(address, {"act": "withdraw"})
    slow.refresh_from_db()
    assert slow.state == "proposed"


def test_others_do_not_group(client, grouper):
    survey = written(slow=3, web=3, rest=0)
    made = proposed(survey, grouper)
    other = staff("khac", "satisfaction.view_results", "satisfaction.read_texts")
    with pytest.raises(PermissionDenied):
        grouping.approve(Theme.objects.first().pk, other)
    client.force_login(other)
    for name, key in [
        ("survey_themes", survey.pk),
        ("survey_theme", Theme.objects.first().pk),
        ("survey_theme_rest", made.pk),
    ]:
        assert client.get(reverse(name, args=[key])).status_code == 302
