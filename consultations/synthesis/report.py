"""The standard table as a frozen paper: "Bảng tổng hợp, tiếp thu, giải trình ý kiến"."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from django.utils import timezone

from portal.accounts.models import User
from portal.reporting.formats import day, number
from portal.reporting.kinds import Progress, ReportKind, Unmakeable

from ..models import Consultation, Publication, PublishedRow
from . import rights
from .publishing import KIND, against

METHOD = "synthesis-table/1"
KINDS = {
    "person": "Cá nhân",
    "business": "Doanh nghiệp",
    "organisation": "Tổ chức",
    "agency": "Cơ quan nhà nước",
}
RESULTS = {
    "accepted": "Tiếp thu",
    "partly": "Tiếp thu một phần",
    "explained": "Giải trình",
}
LEFT_OUT = {
    "agrees": "Nhất trí với dự thảo, không có đề nghị",
    "off-topic": "Không liên quan đến dự thảo",
    "unclear": "Không có nội dung cụ thể để trả lời",
    "repeated": "Cùng một người gửi lại cùng nội dung",
    "withheld": "Không đăng theo quy định, không góp ý vào dự thảo",
    "mistaken": "Nhập trùng",
}
SOURCES = {
    "online": "Trên Trang thông tin",
    "letter": "Văn bản giấy",
    "meeting": "Hội nghị, cuộc họp",
    "other": "Nguồn khác",
}
WHOLE = "Ý kiến chung về dự thảo"
OF_TOPIC = "Ý kiến về nội dung được hỏi"


def last_publication(consultation_id: int) -> Publication | None:
    rows = Publication.objects.filter(consultation=consultation_id)
    return rows.select_related("consultation__agency").order_by("number").last()


def snapshot(subject_id: int, now: datetime, progress: Progress) -> dict:
    """The published rows as they are; `subject_id` is the consultation's."""
    publication = last_publication(subject_id)
    if publication is None:
        raise Unmakeable("Chưa có kết quả tiếp thu, giải trình nào được công bố.")
    progress(20)
    return snapshot_of(publication)


def snapshot_of(publication: Publication) -> dict:
    consultation = publication.consultation
    return {
        "consultation": {
            "code": consultation.code,
            "title": consultation.title,
            "agency": consultation.agency.name,
            "request": consultation.request_document,
            "is_demo": consultation.is_demo,
            "has_draft": consultation.has_draft,
        },
        "publication": {
            "number": publication.number,
            "published_at": publication.published_at.isoformat(),
            "document_number": publication.document_number,
            "change_note": publication.change_note,
            "sha256": publication.sha256,
        },
        "counts": publication.counts,
        "rows": [told(row) for row in publication.rows.order_by("position").iterator()],
    }


def told(row: PublishedRow) -> dict:
    """A row as plain values."""
    return {
        "n": row.position,
        "place": row.place,
        "summary": row.summary,
        "result": row.result,
        "reasons": row.reasons,
        "changed_where": row.changed_where,
        "opinions": row.opinions,
        "people": row.people,
        "texts": row.texts,
        "kinds": row.kinds,
        "names": row.names,
    }


def who(row: dict) -> str:
    """ "Sở Tài chính; 12 cá nhân, 2 doanh nghiệp (14 người, 3 nội dung khác nhau)"."""
    kinds = [f"{number(n)} {KINDS[kind].lower()}" for kind, n in row["kinds"].items()]
    text = ", ".join(kinds)
    if row["names"]:
        text = f"{'; '.join(row['names'])}. Gồm {text}"
    if row["opinions"] > 1:
        text += f" ({number(row['people'])} người gửi, {number(row['texts'])} văn bản khác nhau)"
    return text


def answer_text(row: dict) -> str:
    text = f"{RESULTS[row['result']]}. {row['reasons']}"
    if row["changed_where"]:
        text += f"\nNội dung sửa: {row['changed_where']}"
    return text


def groups(figures: dict) -> list[dict]:
    """Rows of one provision together, in the order of the table."""
    whole = WHOLE if figures["consultation"]["has_draft"] else OF_TOPIC
    return [
        {
            "place": place or whole,
            "rows": [
                {**row, "who": who(row), "result_name": RESULTS[row["result"]]} for row in part
            ],
        }
        for place, part in groupby(figures["rows"], key=lambda row: row["place"])
    ]


def context(figures: dict) -> dict:
    """What the paper and the page draw, from the snapshot alone."""
    counts = figures["counts"]
    return {
        "figures": figures,
        "published_on": day(
            timezone.localtime(datetime.fromisoformat(figures["publication"]["published_at"]))
        ),
        "groups": groups(figures),
        "row_count": number(len(figures["rows"])),
        "received": number(counts["received"]),
        "people": number(counts["people"]),
        "kinds": [(KINDS[kind], number(n)) for kind, n in counts["kinds"].items()],
        "agree": number(counts["agree"]) if "agree" in counts else "",
        "sources": _named(SOURCES, counts["sources"]),
        "results": _named(RESULTS, counts["results"]),
        "left_out": _named(LEFT_OUT, counts["left_out"]),
        "withheld": number(counts["withheld"]),
        "withdrawn": number(counts["withdrawn"]),
        "in_rows": number(counts["in_rows"]),
    }


def _named(names: dict[str, str], counted: dict[str, int]) -> list[tuple[str, str]]:
    return [(name, number(counted.get(code, 0))) for code, name in names.items() if code in counted]


def _may_read(user: User, consultation_id: int) -> bool:
    consultation = Consultation.objects.select_related("agency").get(pk=consultation_id)
    return rights.may_read(user, consultation)


REPORT = ReportKind(
    code=KIND,
    build=snapshot,
    context=context,
    template="consultations/report/table.html",
    web_template="consultations/report/web.html",
    method_version=METHOD,
    may_order=lambda user, _consultation: rights.oversees(user),
    may_publish=lambda user, _consultation: user.has_perm("reporting.publish_edition"),
    may_read=_may_read,
    against=against,
    letterhead={"symbol": "BC-SNV"},
)
