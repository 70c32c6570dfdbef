"""Write the whole search index anew."""

from django.core.management.base import BaseCommand

from site_pages.search.indexing import index_all
from site_pages.search.models import SearchEntry


class Command(BaseCommand):
    help = "Ghi lại toàn bộ chỉ mục tìm kiếm. / Write the search index anew."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="only where there is none")

    def handle(self, *args, **options) -> None:
        if options["if_empty"] and SearchEntry.objects.exists():
            return
        read = index_all()
        if not options["if_empty"]:
            self.stdout.write(f"Đã đọc {read} trang.")
