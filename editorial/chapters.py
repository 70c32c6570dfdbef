"""What the Board's own room and the public shell tell in the report on the portal's work."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    Avg,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    QuerySet,
    Sum,
)
from django.db.models.functions import Length, Substr
from wagtail.models import Page

from portal.reporting.formats import number
from portal.text import collation_key
from site_pages.models import AbstractCategoryPage
from site_pages.rating import Level, RatingCount
from site_pages.search.models import SearchedWords

from . import clocks
from .activity import Chapter, Table
from .models import (
    Action,
    CheckOutcome,
    Contribution,
    ContributionGround,
    ContributionState,
    Doubt,
    Ground,
    Proposal,
    ProposalKind,
    Publication,
    PublicationCheck,
    RefusalGround,
    ReviewStep,
    SuppliedOriginal,
)
from .periods import Period

MOST_WORDS = 10


def published(period: Period) -> Chapter:
    """What came out, by section."""
    sections = ContentType.objects.get_for_models(*_concrete(AbstractCategoryPage)).values()
    pages = Page.objects.filter(
        first_published_at__gte=period.begins,
        first_published_at__lt=period.ends,
        locale__language_code="vi",
    ).exclude(content_type__in=list(sections))
    counts = dict(
        pages.annotate(place=Substr("path", 1, Length("path") - Page.steplen))
        .values_list("place")
        .annotate(n=Count("pk"))
    )
    places = Page.objects.filter(path__in=counts).order_by("path")
    rows = [(place.title, [counts[place.path]]) for place in places]
    total = sum(counts.values())
    changed = (
        Page.objects.filter(
            last_published_at__gte=period.begins,
            last_published_at__lt=period.ends,
            first_published_at__lt=period.begins,
            locale__language_code="vi",
        )
        .exclude(content_type__in=list(sections))
        .count()
    )
    finding = (
        f"Trong kỳ, Trang thông tin đăng mới {number(total)} tin, bài, văn bản và cập nhật "
        f"{number(changed)} nội dung đã đăng."
    )
    tables = [Table("Số nội dung đăng mới theo chuyên mục", ["Chuyên mục", "Số nội dung"], rows)]
    return Chapter("Cung cấp thông tin", finding, [*tables, _suppliers(pages)] if rows else [])


def _suppliers(pages: QuerySet[Page]) -> Table:
    """By the agency for which an item was first sent in; the Board's own have none."""
    sent = SuppliedOriginal.objects.filter(page_number__in=pages.values("pk"))
    named = sent.filter(agency__isnull=False).order_by().values_list("agency__name")
    counts = dict(named.annotate(n=Count("pk")))
    rows = [(name, [counts[name]]) for name in sorted(counts, key=collation_key)]
    if others := pages.count() - sum(counts.values()):
        rows.append(("Ban Biên tập và nguồn khác", [others]))
    return Table("Số nội dung đăng mới theo cơ quan cung cấp", ["Cơ quan", "Số nội dung"], rows)


def _concrete(model: type) -> list[type]:
    found: list[type] = []
    for child in model.__subclasses__():
        found += _concrete(child) if child._meta.abstract else [child, *_concrete(child)]
    return found


def reviewed(period: Period) -> Chapter:
    """What was screened, sent back, refused and approved, and how soon the approved was out."""
    steps = ReviewStep.objects.filter(at__gte=period.begins, at__lt=period.ends)
    counts = dict(steps.values_list("action").annotate(n=Count("pk")))
    wanted = [
        ("Lượt gửi đến", Action.SUBMITTED),
        ("Sàng lọc, trình duyệt", Action.SCREENED),
        ("Trả lại để chỉnh sửa", Action.RETURNED),
        ("Chuyển xin ý kiến", Action.FORWARDED),
        ("Phê duyệt", Action.APPROVED),
        ("Từ chối đăng tải", Action.REFUSED),
    ]
    rows = [(label, [counts.get(action.value, 0)]) for label, action in wanted]
    doubts = Doubt.objects.filter(asked_at__gte=period.begins, asked_at__lt=period.ends).count()
    rows.append(("Yêu cầu xác thực lại", [doubts]))
    public = Contribution.objects.filter(sent_at__gte=period.begins, sent_at__lt=period.ends)
    turned_down = _turned_down(period)
    rows.append(("Tin, bài tổ chức, cá nhân gửi trực tuyến", [public.count()]))
    rows.append(("Từ chối tin, bài tổ chức, cá nhân gửi trực tuyến", [turned_down.count()]))
    delay = _mean_delay(period)
    finding = (
        f"Ban Biên tập tiếp nhận {number(counts.get('submitted', 0))} lượt gửi, phê duyệt "
        f"{number(counts.get('approved', 0))} và từ chối {number(counts.get('refused', 0))} lượt"
        + (f"; nội dung được đăng trung bình {delay} sau khi phê duyệt." if delay else ".")
    )
    tables = [Table("Kết quả xử lý, biên tập, duyệt thông tin", ["Bước xử lý", "Số lượt"], rows)]
    if counts.get("refused") or turned_down.exists():
        tables.append(_grounds(period))
    return Chapter("Xử lý, biên tập, duyệt thông tin", finding, tables)


def _turned_down(period: Period) -> QuerySet[Contribution]:
    return Contribution.objects.filter(
        state=ContributionState.REFUSED,
        decided_at__gte=period.begins,
        decided_at__lt=period.ends,
    )


def _grounds(period: Period) -> Table:
    """Of items in review and of what the public sent: Article 3.9 is the same for both."""
    refused = RefusalGround.objects.filter(step__at__gte=period.begins, step__at__lt=period.ends)
    public = ContributionGround.objects.filter(contribution__in=_turned_down(period))
    counts: Counter[str] = Counter()
    for rows_of in (refused, public):
        counts.update(dict(rows_of.order_by().values_list("ground").annotate(n=Count("pk"))))
    rows = [(str(Ground(code).label), [counts[code]]) for code in Ground.values if code in counts]
    note = "Một lần từ chối có thể có nhiều căn cứ (khoản 9 Điều 3 Quy chế)."
    return Table("Căn cứ từ chối đăng tải", ["Căn cứ", "Số lần"], rows, note)


def _mean_delay(period: Period) -> str:
    waited = ExpressionWrapper(F("public_at") - F("approved_at"), output_field=DurationField())
    mean = Publication.objects.filter(
        public_at__gte=period.begins, public_at__lt=period.ends
    ).aggregate(mean=Avg(waited))["mean"]
    if mean is None:
        return ""
    if mean < timedelta(minutes=1):
        return "dưới một phút"
    return f"{number(mean.total_seconds() / 60)} phút"


def timely(period: Period) -> Chapter:
    """On time and late by agency (Art. 8.1.a), of what fell due in the period's months."""
    tallies: dict[str, clocks.Tally] = {}
    for month in range(period.first.month, period.last.month + 1):
        wanted = clocks.Wanted(month=period.first.replace(month=month))
        for agency, tally in clocks.by_agency(wanted).items():
            tallies.setdefault(agency, clocks.Tally()).add(asdict(tally))
    whole = clocks.total(tallies.values())
    rows = [
        (agency or "Chưa xác định cơ quan", [tally.on_time, tally.late, tally.overdue])
        for agency, tally in sorted(tallies.items())
    ]
    finding = (
        f"Trong {number(whole.arrived)} nội dung gửi đến có thời hạn, {number(whole.on_time)} nội "
        f"dung đúng hạn và {number(whole.late)} nội dung trễ hạn."
        if whole.arrived
        else "Trong kỳ không có nội dung nào tính thời hạn tiếp nhận."
    )
    table = Table(
        "Thời hạn tiếp nhận thông tin theo cơ quan, đơn vị",
        ["Cơ quan, đơn vị", "Đúng hạn", "Trễ hạn", "Quá hạn chưa gửi"],
        rows,
        "Thời hạn 48 giờ đối với tin tức, 72 giờ đối với văn bản (điểm a khoản 1 Điều 8 Quy chế).",
    )
    return Chapter("Thời hạn tiếp nhận thông tin", finding, [table] if rows else [])


def checked(period: Period) -> Chapter:
    """What members found in what was public, and what came of it (Art. 5.4.đ)."""
    made = PublicationCheck.objects.filter(at__gte=period.begins, at__lt=period.ends)
    counts = dict(made.order_by().values_list("outcome").annotate(n=Count("pk")))
    total = sum(counts.values())
    wrong = made.exclude(outcome=CheckOutcome.CORRECT)
    settled = wrong.filter(settled_at__lt=period.ends).count()
    finding = (
        f"Thành viên Ban Biên tập kiểm tra {number(total)} lượt nội dung sau khi đăng tải; "
        f"{number(wrong.count())} lượt phát hiện nội dung cần chỉnh sửa hoặc rút, "
        f"trong đó {number(settled)} lượt đã xử lý xong trong kỳ."
        if total
        else "Trong kỳ chưa có lượt kiểm tra nội dung sau khi đăng tải nào."
    )
    rows = [(str(outcome.label), [counts.get(outcome.value, 0)]) for outcome in CheckOutcome]
    table = Table("Kết quả kiểm tra sau khi đăng tải", ["Kết quả", "Số lượt"], rows)
    return Chapter("Kiểm tra thông tin sau khi đăng tải", finding, [table] if total else [])


def sought(period: Period) -> Chapter:
    """What readers looked for in vain."""
    words = SearchedWords.objects.filter(day__gte=period.first, day__lte=period.last)
    total = words.aggregate(n=Sum("times"))["n"] or 0
    vain = (
        words.values("words")
        .annotate(n=Sum("times"), most=Max("found"))
        .filter(most=0)
        .order_by("-n", "words")
    )
    rows = [(row["words"], [row["n"]]) for row in vain[:MOST_WORDS]]
    lost = sum(row["n"] for row in vain)
    finding = (
        f"Người dùng tìm kiếm {number(total)} lượt, trong đó {number(lost)} lượt không có kết quả."
    )
    table = Table("Từ khóa tìm nhiều mà không có kết quả", ["Từ khóa", "Số lượt"], rows)
    return Chapter("Nhu cầu tìm kiếm thông tin", finding, [table] if rows else [])


def rated(period: Period) -> Chapter:
    """How readers rated the information (Decree 224/2026, Art. 10.3.b)."""
    counts = dict(
        RatingCount.objects.filter(day__gte=period.first, day__lte=period.last)
        .values_list("level")
        .annotate(n=Sum("n"))
    )
    total = sum(counts.values())
    satisfied = counts.get(Level.SATISFIED.value, 0)
    finding = (
        f"Có {number(total)} lượt đánh giá thông tin, trong đó {number(satisfied)} lượt hài lòng."
        if total
        else "Trong kỳ chưa có lượt đánh giá thông tin nào."
    )
    rows = [(str(level.label), [counts.get(level.value, 0)]) for level in reversed(Level)]
    table = Table("Đánh giá của người đọc đối với thông tin", ["Mức", "Số lượt"], rows)
    return Chapter("Mức độ hài lòng với thông tin", finding, [table] if total else [])


def proposed(period: Period) -> Chapter:
    """What members proposed and how they were answered (Art. 5.4.e, 10.1)."""
    made = Proposal.objects.filter(proposed_at__gte=period.begins, proposed_at__lt=period.ends)
    answered = Proposal.objects.filter(replied_at__gte=period.begins, replied_at__lt=period.ends)
    counts = dict(made.order_by().values_list("kind").annotate(n=Count("pk")))
    total, replies = sum(counts.values()), answered.count()
    finding = (
        f"Thành viên Ban Biên tập, Tổ Công tác gửi {number(total)} đề xuất; "
        f"{number(replies)} đề xuất được trả lời trong kỳ."
        if total or replies
        else "Trong kỳ không có đề xuất, kiến nghị nào."
    )
    rows = [(str(kind.label), [counts.get(kind.value, 0)]) for kind in ProposalKind]
    table = Table("Đề xuất theo lĩnh vực", ["Lĩnh vực", "Số đề xuất"], rows)
    return Chapter("Đề xuất, kiến nghị", finding, [table] if total else [])
