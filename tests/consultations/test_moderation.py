"""What is decided about opinions, by whom, and what readers then see."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from consultations.commenting import alike, reading, sending
from consultations.models import (
    AbuseReport,
    Appeal,
    Decision,
    Opinion,
    OpinionState,
    PublicOpinion,
    Reply,
)
from consultations.moderation import deciding, projection, queue, talking
from editorial.models import Ground
from portal.agencies.models import Membership
from portal.outbox.draining import drain
from portal.rules.models import RuleValue
from site_pages.work_queue import waiting_for
from tests.accounts import staff, user
from tests.consultations import factories as make
from tests.consultations.saying import act, follow, say
from tests.pages import assert_valid_html

pytestmark = pytest.mark.django_db
LONG = (
    "Chúng tôi đề nghị Ủy ban rút ngắn thời hạn giải quyết thủ tục đất đai xuống còn mười ngày, "
    "công khai lý do chậm trễ và xin lỗi người dân bằng văn bản khi trả kết quả muộn."
)


@pytest.fixture
def other():
    return staff("nguoi.khac", "consultations.moderate_opinions")


def withheld(opinion: Opinion, by) -> Opinion:
    return deciding.withhold(
        opinion.pk, by, grounds=[Ground.OUT_OF_SCOPE], reason="Không thuộc <b>phạm vi</b>."
    )


def test_published_with_personal_data_masked_and_the_original_kept(client, page, group):
    opinion = say(client, page, text="Gọi cho tôi 0912 345 678 nhé.")
    assert not PublicOpinion.objects.exists()
    deciding.publish(opinion.pk, group)
    shown = PublicOpinion.objects.get()
    assert "0912" not in shown.text
    assert "[" in shown.text
    opinion.refresh_from_db()
    assert "0912 345 678" in opinion.text
    assert ModelLogEntry.objects.filter(action="consultations.opinion.publish", user=group)


def test_a_moderator_masks_more_and_changes_no_word(client, page, group):
    opinion = say(client, page, text="Cán bộ Tám ở quầy số 3 gây khó dễ.")
    with pytest.raises(ValidationError):
        deciding.publish(opinion.pk, group, text="Cán bộ [họ tên] phục vụ rất tốt.")
    deciding.publish(opinion.pk, group, text="Cán bộ [họ tên] ở quầy số 3 gây khó dễ.")
    assert PublicOpinion.objects.get().text == "Cán bộ [họ tên] ở quầy số 3 gây khó dễ."


@pytest.mark.parametrize(
    ("shown", "is_own"),
    [
        ("một hai ba", True),
        ("một [x] ba", True),
        ("[x] hai ba", True),
        ("một hai [x]", True),
        ("một ba", False),
        ("hai ba", False),
        ("một hai", False),
        ("ba [x] một", False),
        ("một hai ba bốn", False),
        (" ", False),
    ],
)
def test_only_gaps_in_brackets(shown, is_own):
    assert projection.only_masks("một hai ba", shown) is is_own


def test_withheld_on_grounds_and_for_a_reason_the_sender_reads(client, page, group):
    opinion = say(client, page)
    for grounds, reason in (([], "vì"), (["duplicate"], "vì"), (["out-of-scope"], " ")):
        with pytest.raises(ValidationError):
            deciding.withhold(opinion.pk, group, grounds=grounds, reason=reason)
    withheld(opinion, group)
    told = follow(client, opinion)
    assert_valid_html(told)
    assert "Không thuộc &lt;b&gt;phạm vi" in told.content.decode()
    assert not PublicOpinion.objects.exists()


def test_one_appeal_decided_by_another_person(client, page, group, other):
    opinion = say(client, page)
    withheld(opinion, group)
    assert act(client, opinion, "khieu-nai").status_code == 422
    assert_valid_html(act(client, opinion, "khieu-nai", **{"khieu-nai": "Xin xem lại."}))
    assert act(client, opinion, "khieu-nai", **{"khieu-nai": "Nữa."}).status_code == 422
    assert Appeal.objects.get().text == "Xin xem lại."
    with pytest.raises(PermissionDenied):
        deciding.decide_appeal(opinion.pk, group, overturns=True, reason="x")
    with pytest.raises(ValidationError):
        deciding.publish(opinion.pk, group)
    deciding.decide_appeal(opinion.pk, other, overturns=True, reason="Có lý.")
    assert PublicOpinion.objects.filter(pk=opinion.pk).exists()
    withheld(opinion, group)
    assert act(client, opinion, "khieu-nai", **{"khieu-nai": "Lần hai."}).status_code == 422


def test_who_has_no_right_decides_nothing(client, page):
    opinion, nobody = say(client, page), user("khach")
    for refused in (
        lambda: deciding.publish(opinion.pk, nobody),
        lambda: deciding.publish_same(opinion.pk, nobody),
        lambda: deciding.publish_many([opinion.pk], nobody),
        lambda: withheld(opinion, nobody),
        lambda: talking.reply(opinion.pk, nobody, text="x"),
        lambda: talking.settle(opinion.pk, nobody),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    opinion.refresh_from_db()
    assert opinion.state == OpinionState.WAITING


def test_a_campaign_is_grouped_counted_and_not_hidden(client, page, group, place):
    same = [LONG, LONG.upper(), f"  {LONG}\n\n", LONG.replace("Chúng tôi", "Tôi")]
    sent = [
        say(client, page, text=text, name=f"Người {n % 3}", email="") for n, text in enumerate(same)
    ]
    alone = say(client, page, text="Ý kiến hoàn toàn khác, không liên quan.", email="")
    drain()
    for row in sent:
        row.refresh_from_db()
    assert [row.like_id for row in sent] == [None, *[sent[0].pk] * 3]
    assert deciding.publish_same(sent[0].pk, group) == 3
    assert deciding.publish_many([sent[3].pk, alone.pk], group) == 2
    rows = list(PublicOpinion.objects.all())
    assert len(rows) == 5
    assert reading.groups_of(rows) == {sent[0].pk: reading.Group(texts=4, people=3)}
    listed = client.get(f"{page.url}y-kien/")
    assert_valid_html(listed)
    assert reading.tally(place[0].pk).senders == 4


def test_who_leaves_a_group_leaves_it_whole(client, page, group):
    sent = [say(client, page, text=LONG, name=f"Người {n}", email="") for n in range(3)]
    drain()
    sending.withdraw(sent[0])
    for row in sent[1:]:
        row.refresh_from_db()
    assert (sent[1].like_id, sent[2].like_id) == (None, sent[1].pk)
    sending.correct(sent[2], text="Nói khác hẳn đi rồi.")
    sent[2].refresh_from_db()
    assert sent[2].like_id is None


def test_grouping_twice_changes_nothing(client, page):
    opinion = say(client, page, text=LONG)
    alike.group(opinion.pk)
    marks = opinion.marks.count()
    alike.group(opinion.pk)
    assert opinion.marks.count() == marks > 0


def test_counters_add_up_whatever_happens(client, page, group, place):
    sent = [say(client, page, text=f"Ý kiến số {n}.") for n in range(5)]
    deciding.publish(sent[0].pk, group)
    deciding.publish(sent[1].pk, group)
    withheld(sent[1], group)
    withheld(sent[2], group)
    sending.withdraw(sent[3])
    found = reading.counters(place[0].pk)
    assert (found.published, found.waiting, found.withheld, found.withdrawn) == (1, 1, 2, 1)
    assert found.received == 4
    call_command("check_opinions")
    PublicOpinion.objects.all().delete()
    with pytest.raises(CommandError):
        call_command("check_opinions")


def test_the_log_only_grows_and_says_no_word_of_content(client, page, group):
    opinion = say(client, page)
    withheld(opinion, group)
    for change in (
        lambda: Decision.objects.update(reason="khác"),
        lambda: Decision.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    told = client.get(f"{page.url}nhat-ky/")
    assert_valid_html(told)
    text = told.content.decode()
    for secret in (
        "Không thuộc <b>",
        "Không thuộc &lt;b",
        "Đề nghị rút",
        "Ánh",
        opinion.receipt_code,
        group.username,
    ):
        assert secret not in text


def test_replies_survive_a_hidden_opinion(client, page, group, place):
    opinion = say(client, page)
    official = user("can.bo.so")
    Membership.objects.create(
        user=official, agency=place[0].agency, valid_from="2026-01-01", decision="1"
    )
    with pytest.raises(ValidationError):
        talking.reply(opinion.pk, official, text="Chưa công khai.")
    deciding.publish(opinion.pk, group)
    talking.reply(opinion.pk, official, text="Sở sẽ nghiên cứu <i>.")
    shown = client.get(f"{page.url}y-kien/").content.decode()
    assert "Sở sẽ nghiên cứu &lt;i&gt;" in shown
    withheld(opinion, group)
    hidden = client.get(f"{page.url}y-kien/")
    assert_valid_html(hidden)
    assert "Sở sẽ nghiên cứu &lt;i&gt;" in hidden.content.decode()
    assert "Đề nghị rút" not in hidden.content.decode()
    assert Reply.objects.count() == 1


def test_readers_report_abuse_once_a_form(client, page, group):
    opinion = say(client, page)
    deciding.publish(opinion.pk, group)
    url = f"{page.url}y-kien/{opinion.pk}/bao-cao/"
    shown = client.get(url)
    assert_valid_html(shown)
    token = shown.context["guard"].token
    assert client.post(url, {"form_token": token}).status_code == 422
    for _twice in range(2):
        sent = client.post(url, {"form_token": token, "kind": "insult", "text": "Chửi bới"})
        assert_valid_html(sent)
    assert AbuseReport.objects.count() == 1
    assert talking.settle(opinion.pk, group) == 1
    withheld(opinion, group)
    assert client.get(url).status_code == 404


# --- In the admin -----------------------------------------------------------------------


def test_the_queue_and_the_acts_of_a_moderator(client, page, group):
    sent = [say(client, page, text=LONG, name=f"Người {n}") for n in range(3)]
    client.force_login(group)
    listed = client.get(reverse("opinion_list"))
    assert listed.status_code == 200
    assert [row.pk for row, _same in listed.context["rows"]] == [row.pk for row in sent]
    assert {same for _row, same in listed.context["rows"]} == {3}
    for name in ("state", "consultation", "kind", "only"):
        assert client.get(reverse("opinion_list"), {name: "lạ"}).status_code == 200
    detail = client.get(reverse("opinion_detail", args=[sent[0].pk]))
    assert LONG in detail.content.decode()
    refused = client.post(
        reverse("opinion_act", args=[sent[0].pk, "khong-dang"]),
        {"khong-dang-reason": "Giữ chữ này"},
    )
    assert "Giữ chữ này" in refused.content.decode()
    client.post(
        reverse("opinion_publish_chosen"), {"chon": [sent[0].pk, "x", "9" * 5000], "giong": "1"}
    )
    assert PublicOpinion.objects.count() == 3
    assert not [item for item in waiting_for(group) if "y-kien" in item.url]


@pytest.mark.parametrize("how", ["correct", "withdraw"])
def test_an_appeal_waits_for_nobody_once_its_sender_corrects_or_withdraws(client, page, group, how):
    opinion = withheld(make.opine(page.consultation), group)
    deciding.appeal(opinion, "Ý kiến đúng phạm vi.")
    assert queue.appeals().get() == opinion
    if how == "correct":
        sending.correct(opinion, text="Đề nghị rút ngắn, viết lại.")
    else:
        sending.withdraw(opinion)
    assert not queue.appeals().exists()
    client.force_login(group)
    body = client.get(reverse("opinion_detail", args=[opinion.pk])).content.decode()
    assert "/khieu-nai/" not in body


def test_reports_of_an_opinion_that_is_withheld_wait_no_longer(page, group):
    opinion = make.opine(page.consultation)
    deciding.publish(opinion.pk, group)
    talking.report(opinion, kind="insult", text="", token=uuid.uuid4())
    reported = queue.Narrowing(only="report")
    assert queue.narrowed(reported).get() == opinion
    withheld(opinion, group)
    assert not queue.narrowed(reported).exists()


def test_who_does_not_moderate_sees_no_queue(client, page):
    opinion = say(client, page)
    client.force_login(staff("can.bo.khac"))
    for url in (reverse("opinion_list"), reverse("opinion_detail", args=[opinion.pk])):
        assert "Đề nghị rút" not in client.get(url, follow=True).content.decode()
    assert not PublicOpinion.objects.exists()


def test_the_queue_takes_few_queries(client, page, group):
    RuleValue.objects.filter(key="protection.throttle_per_hour").update(amount=1000)
    for n in range(12):
        make.opine(page.consultation, text=f"Ý kiến {n}", fingerprint=f"{n}")
    client.force_login(group)
    client.get(reverse("opinion_list"))
    with CaptureQueriesContext(connection) as made:
        client.get(reverse("opinion_list"))
    few = len(made)
    for n in range(12):
        make.opine(page.consultation, text=f"Thêm {n}", fingerprint=f"x{n}")
    with CaptureQueriesContext(connection) as made:
        client.get(reverse("opinion_list"))
    assert len(made) <= few
