"""Load the demonstration once, step by step."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from consultations import demo as consultations
from demo import accounts, content, contributed, drafts, office
from demo.models import Step
from portal import clock
from portal.accounts.models import User
from satisfaction import demo as survey
from site_pages.publishing import by_installation


def _publish_report() -> None:
    survey.publish_report(
        User.objects.get(username="tocongtac"), User.objects.get(username="lanhdao")
    )


def _load_fieldwork() -> None:
    survey.load_fieldwork(User.objects.get(username="tocongtac"))


# Each heals itself when it is run again half-way; whole steps are not repeated.
STEPS: list[tuple[str, str, Callable[[], object]]] = [
    ("contact", "thông tin liên hệ", content.load_contact),
    ("accounts", "tài khoản", accounts.load),
    ("board", "Ban Biên tập, cộng tác viên", accounts.load_board),
    ("officials", "cán bộ các cơ quan", accounts.load_officials),
    ("documents", "văn bản", content.load_documents),
    ("articles", "tin, bài", content.load_articles),
    ("drafts", "bài đang soạn", drafts.load),
    ("review", "bài chờ sàng lọc, phê duyệt", drafts.load_in_review),
    ("home", "trang chủ", content.load_home),
    ("withdrawn", "một tin đã rút", content.load_withdrawn),
    ("survey", "khảo sát với 2.000 phiếu (khoảng một phút)", survey.load),
    ("report", "báo cáo", _publish_report),
    ("fieldwork", "kênh thu phiếu, việc cải thiện", _load_fieldwork),
    ("website survey", "khảo sát người sử dụng", survey.load_website_survey),
    ("office", "kế hoạch, đặt hàng, cuộc họp, đào tạo, đề xuất", office.load),
    ("contributed", "tin, bài của tổ chức, cá nhân gửi đến", contributed.load),
    ("consultations", "dự thảo lấy ý kiến", consultations.load),
    ("opinions", "ý kiến góp ý, tiếp thu, giải trình", consultations.load_opinions),
    ("index", "chỉ mục tìm kiếm", lambda: call_command("update_index", verbosity=0)),
]


class Command(BaseCommand):
    help = "Loads the demonstration content once; --accounts prints who may sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", action="store_true")

    def handle(self, *args, **options) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError("Demonstration content is refused under production settings.")
        if options["accounts"]:
            self._print_accounts()
            return
        # Wagtail tells of every page; here only the steps matter.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        # A new version may bring pages and permissions: laid each time, exactly.
        call_command("lay")
        done = set(Step.objects.values_list("name", flat=True))
        for name, what, load in STEPS:
            if name in done:
                continue
            self.stdout.write(f"Nạp nội dung minh họa: {what} …")
            self.stdout.flush()
            with by_installation():
                load()
            Step.objects.create(name=name, done_at=clock.now())

    def _print_accounts(self) -> None:
        self.stdout.write(accounts.table())
