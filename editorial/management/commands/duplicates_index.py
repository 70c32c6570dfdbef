"""Write anew what near-duplicates are found by."""

from django.core.management.base import BaseCommand

from editorial.duplicates import rebuild
from editorial.models import TextPrint


class Command(BaseCommand):
    help = "Ghi lại dữ liệu tìm tin bài trùng lặp. / Write the index of near-duplicates anew."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="only where there is none")

    def handle(self, *args, **options) -> None:
        if options["if_empty"] and TextPrint.objects.exists():
            return
        count = rebuild()
        if not options["if_empty"]:
            self.stdout.write(f"Đã ghi {count} trang.")
