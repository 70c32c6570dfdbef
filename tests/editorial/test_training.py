"""The register of training: courses, people, certificates, a year's summary (Art. 12.1.c)."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from editorial import training
from editorial.models import Course, Participation, Post
from tests.accounts import staff
from tests.editorial.office import allowed, appoint, collaborator, officer, signed_in

pytestmark = pytest.mark.django_db
SUBJECT = '=Viết tin <b>"Đúng"</b>'
FIELDS = {
    "subject": SUBJECT,
    "organiser": "Sở Nội vụ",
    "starts_on": date(2026, 5, 4),
    "ends_on": date(2026, 5, 6),
    "hours": 16,
    "note": "",
}


@pytest.fixture(autouse=True)
def _now(at):
    at("2026-11-16 09:00")


@pytest.fixture
def writer(db):
    return collaborator("cong.tac.vien").user


@pytest.fixture
def course(group):
    return training.record(by=group.user, **FIELDS)


def act(client, course, code: str, **data):
    typed = {f"{code}-{name}": value for name, value in data.items()}
    return client.post(reverse("editorial_course_act", args=[course.pk, code]), typed)


def test_a_course_is_entered_with_people_and_certificates(group, writer):
    office = signed_in(group.user)
    office.post(reverse("editorial_course_record"), FIELDS)
    course = Course.objects.get()
    act(office, course, "them-nguoi", people=[writer.pk, group.user_id])
    act(office, course, "them-nguoi", people=[writer.pk])
    assert course.participations.count() == 2
    row = course.participations.get(user=writer)
    act(office, course, "chung-chi", participation=row.pk, certificate="Số 12, loại giỏi")
    text = office.get(reverse("editorial_course", args=[course.pk])).content.decode()
    assert "Số 12, loại giỏi" in text
    assert "&lt;b&gt;" in text


def test_who_has_a_certificate_is_not_struck(course, group, writer):
    training.enrol(course.pk, [writer], group.user)
    row = Participation.objects.get()
    training.certify(course.pk, row, "Số 12", group.user)
    act(signed_in(group.user), course, "bo-nguoi", participation=row.pk)
    assert Participation.objects.exists()
    training.certify(course.pk, row, "", group.user)
    act(signed_in(group.user), course, "bo-nguoi", participation=row.pk)
    assert not Participation.objects.exists()


def test_wrong_dates_and_a_second_entry_are_refused_at_the_field(course, group):
    answer = signed_in(group.user).post(
        reverse("editorial_course_record"), {**FIELDS, "ends_on": "2026-05-01"}
    )
    assert answer.context["form"].errors.keys() == {"ends_on"}
    assert 'value="Sở Nội vụ"' in answer.content.decode()
    with pytest.raises(ValidationError) as refused:
        training.record(by=group.user, **FIELDS)
    assert set(refused.value.error_dict) == {"subject"}
    assert Course.objects.count() == 1


def test_people_who_are_not_involved_are_not_offered(course, group):
    stranger = staff("nguoi.ngoai")
    act(signed_in(group.user), course, "them-nguoi", people=[stranger.pk])
    assert not Participation.objects.exists()
    assert officer("can.bo.so") in training.involved()


def test_each_sees_their_own_lines(course, group, writer):
    training.enrol(course.pk, [writer, group.user], group.user)
    page = signed_in(writer).get(reverse("editorial_my_training"))
    assert [row.user for row in page.context["page_obj"]] == [writer]
    url = reverse("editorial_training_of", args=[group.user_id])
    assert signed_in(writer).get(url).status_code != 200


def test_the_year_in_figures(course, group, writer, member):
    training.enrol(course.pk, [writer, group.user], group.user)
    training.certify(course.pk, Participation.objects.get(user=writer), "Số 12", group.user)
    training.record(by=group.user, **{**FIELDS, "starts_on": date(2025, 5, 4)})
    page = signed_in(member.user).get(reverse("editorial_training_summary"), {"nam": "2026"})
    seen = page.context
    figures = [seen["courses"], seen["participations"], seen["certificates"]]
    assert figures == [1, 2, 1]
    assert list(seen["untrained"]) == [member.user]


def test_the_register_is_exported_and_nothing_runs_as_a_formula(course, group, writer):
    training.enrol(course.pk, [writer], group.user)
    office = signed_in(group.user)
    text = office.get(reverse("editorial_training_export", args=["csv"])).content.decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    expected = [f"'{SUBJECT}", "Sở Nội vụ", "04/05/2026", "06/05/2026"]
    assert rows[1][:4] == expected
    assert rows[1][5] == writer.get_full_name()

    content = office.get(reverse("editorial_training_export", args=["xlsx"])).content
    sheet = load_workbook(io.BytesIO(content)).active
    cells = [cell.value for cell in sheet[2]]
    assert cells[:5] == [*expected, 16]
    assert sheet["A2"].data_type == "s"
    assert office.get(reverse("editorial_training_export", args=["exe"])).status_code == 404


def test_a_strange_year_shows_this_one(group):
    for typed in ("", "abc", "99999", "²", "-1"):
        page = signed_in(group.user).get(reverse("editorial_training_summary"), {"nam": typed})
        assert page.context["year"] == 2026


def test_lists_ask_the_database_as_often_for_many_as_for_one(course, group, writer):
    client = signed_in(group.user)
    training.enrol(course.pk, [writer, group.user], group.user)

    def count(name: str, *args) -> int:
        client.get(reverse(name, args=args))
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse(name, args=args)).status_code == 200
        return len(found)

    urls = [("editorial_courses",), ("editorial_training_summary",), ("editorial_my_training",)]
    few = [count(*url) for url in urls]
    for n in range(8):
        made = training.record(by=group.user, **{**FIELDS, "subject": f"Lớp {n}"})
        training.enrol(made.pk, [group.user, staff(f"nguoi.{n}")], group.user)
    assert [count(*url) for url in urls] == few


ROLES = ["group", "member", "collaborator", "stranger", "root"]
TABLE = {
    "read the register": "yynnn",
    "read the summary": "yynnn",
    "export": "yynnn",
    "read own lines": "yyyyy",
    "record": "ynnnn",
    "change": "ynnnn",
    "enrol": "ynnnn",
    "certify": "ynnnn",
    "strike": "ynnnn",
}


@pytest.mark.parametrize("what", list(TABLE))
def test_who_may_do_what(what, course, group, writer):
    training.enrol(course.pk, [writer], group.user)
    row = Participation.objects.get()
    root = staff("quan.tri")
    root.is_superuser = True
    root.save()
    people = {
        "group": group.user,
        "member": appoint("thanh.vien", Post.MEMBER).user,
        "collaborator": writer,
        "stranger": staff("nguoi.ngoai"),
        "root": root,
    }

    def see(name, *args):
        def look(user):
            if signed_in(user).get(reverse(name, args=args)).status_code != 200:
                raise PermissionDenied

        return look

    attempt = {
        "read the register": see("editorial_courses"),
        "read the summary": see("editorial_training_summary"),
        "export": see("editorial_training_export", "csv"),
        "read own lines": see("editorial_my_training"),
        "record": lambda user: training.record(by=user, **{**FIELDS, "subject": "Khác"}),
        "change": lambda user: training.change(course.pk, user, **FIELDS),
        "enrol": lambda user: training.enrol(course.pk, [user], user),
        "certify": lambda user: training.certify(course.pk, row, "x", user),
        "strike": lambda user: training.strike(course.pk, row, user),
    }[what]
    assert allowed(attempt, people) == dict(zip(ROLES, TABLE[what], strict=True))
