"""Proposals and replies (Art. 5.4.e, 5.5.k, 10.1)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from editorial import chapters, proposals
from editorial.models import Post, Proposal, ProposalState
from editorial.periods import Period, Span
from portal.outbox.models import OutboxRow
from portal.outbox.tasks import clean_up
from site_pages.work_queue import waiting_for
from tests.accounts import staff
from tests.editorial.office import allowed, appoint, collaborator, signed_in

pytestmark = pytest.mark.django_db
TITLE = "Thêm bộ lọc <i>xã, phường</i>"


@pytest.fixture(autouse=True)
def _now(at):
    at("2026-11-16 09:00")


@pytest.fixture
def proposal(member, group, head):
    return proposals.propose("function", TITLE, "Để dễ tìm", member.user)


def act(user, proposal, code: str, **data):
    typed = {f"{code}-{name}": value for name, value in data.items()}
    return signed_in(user).post(reverse("editorial_proposal_act", args=[proposal.pk, code]), typed)


def letters() -> list[int]:
    rows = OutboxRow.objects.filter(key__startswith="editorial.proposal:").order_by("pk")
    return [row.payload["user_id"] for row in rows]


def test_a_proposal_is_made_seen_considered_accepted_and_carried_out(member, group, head):
    signed_in(member.user).post(
        reverse("editorial_propose"), {"kind": "function", "title": TITLE, "text": "Để dễ tìm"}
    )
    proposal = Proposal.objects.get()
    assert (proposal.proposed_by, proposal.reply_due_on) == (member, date(2026, 12, 1))
    assert letters() == [group.user_id, head.user_id]
    colleague = appoint("thanh.vien.2", Post.MEMBER)
    text = signed_in(colleague.user).get(reverse("editorial_proposals")).content.decode()
    assert "Thêm bộ lọc &lt;i&gt;" in text

    act(group.user, proposal, "xem-xet")
    act(head.user, proposal, "chap-nhan", reply="Hợp lý, làm trong quý I")
    act(group.user, proposal, "xong", result="Đã có trên trang")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DONE
    assert (proposal.replied_by, proposal.result) == (head, "Đã có trên trang")
    assert letters() == [group.user_id, head.user_id] + [member.user_id] * 3


def test_a_reply_needs_a_reason_and_is_given_once(proposal, head, group):
    assert act(head.user, proposal, "khong-chap-nhan", reply=" ").status_code == 200
    with pytest.raises(ValidationError) as refused:
        proposals.decline(proposal.pk, " ", head.user)
    assert set(refused.value.error_dict) == {"reply"}
    act(head.user, proposal, "khong-chap-nhan", reply="Ngoài phạm vi")
    act(group.user, proposal, "chap-nhan", reply="Làm")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reply) == (ProposalState.DECLINED, "Ngoài phạm vi")
    with pytest.raises(ValidationError):
        proposals.finish(proposal.pk, "Xong", head.user)


def test_nobody_replies_to_a_proposal_of_their_own(group):
    own = proposals.propose("process", "Quy trình", "x", group.user)
    for verb in (proposals.accept, proposals.decline):
        with pytest.raises(PermissionDenied):
            verb(own.pk, "Tốt", group.user)
    page = signed_in(group.user).get(reverse("editorial_proposal", args=[own.pk]))
    assert page.context["offers"] == []


def test_the_database_keeps_no_reply_without_a_reason(proposal):
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(state="accepted")


def test_a_late_reply_is_listed_and_urged_once(proposal, group, head, member, at):
    OutboxRow.objects.all().delete()
    url = reverse("editorial_proposals")
    at("2026-12-01 09:00")
    assert not signed_in(group.user).get(url, {"late": "on"}).context["page_obj"].object_list
    assert proposals.urge() == 0
    at("2026-12-02 01:00")
    assert signed_in(group.user).get(url, {"late": "on"}).context["page_obj"].object_list
    clean_up()
    clean_up()
    assert letters() == [group.user_id, head.user_id]
    proposals.accept(proposal.pk, "Làm", head.user)
    assert proposals.urge() == 0


def test_a_reply_that_is_owed_waits_for_who_gives_it(proposal, group, head, member):
    url = reverse("editorial_proposal", args=[proposal.pk])
    assert [item.url for item in waiting_for(group.user)] == [url]
    assert [item.url for item in waiting_for(head.user)] == [url]
    assert waiting_for(member.user) == []
    proposals.accept(proposal.pk, "Làm", head.user)
    assert waiting_for(group.user) == []


def test_the_activity_report_tells_of_proposals(proposal, head):
    proposals.accept(proposal.pk, "Làm", head.user)
    chapter = chapters.proposed(Period(2026, Span.MONTH, 11))
    assert "1 đề xuất; 1 đề xuất được trả lời" in chapter.finding
    assert [n for _label, (n,) in chapter.tables[0].rows] == [0, 0, 1, 0]
    assert not chapters.proposed(Period(2026, Span.MONTH, 10)).tables


def test_the_register_is_narrowed(proposal, group, member):
    proposals.propose("content", "Chuyên mục", "x", group.user)
    client, url = signed_in(member.user), reverse("editorial_proposals")

    def titles(**chosen) -> set[str]:
        return {row.title for row in client.get(url, chosen).context["page_obj"]}

    assert titles() == {TITLE, "Chuyên mục"}
    assert titles(kind="content") == {"Chuyên mục"}
    assert titles(mine="on") == {TITLE}
    assert titles(state="done") == set()
    assert titles(kind="khác") == {TITLE, "Chuyên mục"}


def test_what_was_typed_stays(member):
    answer = signed_in(member.user).post(
        reverse("editorial_propose"), {"kind": "", "title": "Giữ lại", "text": ""}
    )
    assert 'value="Giữ lại"' in answer.content.decode()
    assert not Proposal.objects.exists()


def test_the_list_asks_the_database_as_often_for_many_as_for_one(proposal, member):
    client, url = signed_in(member.user), reverse("editorial_proposals")

    def count() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    few = count()
    for n in range(8):
        proposals.propose("content", f"Đề xuất {n}", "x", member.user)
    assert count() == few


ROLES = ["group", "head", "standing", "deputy", "member", "collaborator", "root"]
TABLE = {
    "list": "yyyyynn",
    "read": "yyyyynn",
    "propose": "yyyyynn",
    "consider": "yyynnnn",
    "accept": "yyynnnn",
    "decline": "yyynnnn",
    "finish": "yyynnnn",
}


@pytest.mark.parametrize("what", list(TABLE))
def test_who_may_do_what(what, proposal, group, head):
    root = staff("quan.tri")
    root.is_superuser = True
    root.save()
    people = {
        "group": group.user,
        "head": head.user,
        "standing": appoint("pho.thuong.truc", Post.STANDING_DEPUTY).user,
        "deputy": appoint("pho.ban", Post.DEPUTY).user,
        "member": appoint("thanh.vien.2", Post.MEMBER).user,
        "collaborator": collaborator("cong.tac.vien").user,
        "root": root,
    }

    def see(name, *args):
        def look(user):
            if signed_in(user).get(reverse(name, args=args)).status_code != 200:
                raise PermissionDenied

        return look

    def finish(user):
        Proposal.objects.update(
            state="accepted", reply="Làm", replied_by=head, replied_at=proposal.proposed_at
        )
        proposals.finish(proposal.pk, "Xong", user)

    attempt = {
        "list": see("editorial_proposals"),
        "read": see("editorial_proposal", proposal.pk),
        "propose": lambda user: proposals.propose("content", "Mới", "x", user),
        "consider": lambda user: proposals.consider(proposal.pk, user),
        "accept": lambda user: proposals.accept(proposal.pk, "Làm", user),
        "decline": lambda user: proposals.decline(proposal.pk, "Thôi", user),
        "finish": finish,
    }[what]
    assert allowed(attempt, people) == dict(zip(ROLES, TABLE[what], strict=True))
