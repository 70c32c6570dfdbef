"""What is remembered of every published text so that its like is found at once."""

from __future__ import annotations

from django.db import models


class TextPrint(models.Model):
    """One published page: its folded title, and the hash of every three words in a row."""

    # Derived from pages; not a reference that would hold anything back.
    wagtail_reference_index_ignore = True

    page = models.OneToOneField(
        "wagtailcore.Page", models.CASCADE, primary_key=True, related_name="+"
    )
    title = models.CharField(max_length=300)
    # Four bytes each, in the order of the text; zero for what every text of the office says.
    hashes = models.BinaryField()

    def __str__(self) -> str:
        return self.title


class TextMark(models.Model):
    """A sampled hash of a page; pages that share rare marks are worth comparing."""

    wagtail_reference_index_ignore = True

    # In this order: one index scan reads the newest pages that carry a mark.
    pk = models.CompositePrimaryKey("mark", "text_print_id")
    mark = models.IntegerField()
    text_print = models.ForeignKey(TextPrint, models.CASCADE, related_name="marks")

    def __str__(self) -> str:
        return f"{self.mark} · {self.text_print_id}"
