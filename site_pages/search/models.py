"""What the search knows: one row a public thing, synonyms, texts of files, what people sought."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..fields import ReformField


class SearchKind(models.TextChoices):
    ARTICLE = "article", _("Articles")
    DOCUMENT = "document", _("Legal documents")
    SURVEY = "survey", _("Surveys")
    CONSULTATION = "consult", _("Consultations")
    REPORT = "report", _("Reports")
    PAGE = "page", _("Pages")


class SearchEntry(models.Model):
    """One public page or edition as the search shows and filters it.

    Its words stand beside it, out of Django's sight: a tsvector column on PostgreSQL,
    an FTS5 table on SQLite (engine.py).
    """

    # "page:12" or "edition:5"
    source = models.CharField(max_length=40, unique=True)
    page = models.ForeignKey(
        "wagtailcore.Page", models.CASCADE, null=True, related_name="search_entries"
    )
    # Where there is no page.
    path = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=10, choices=SearchKind)
    title = models.CharField(max_length=300)
    summary = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    number_key = models.CharField(max_length=80, blank=True, db_index=True)
    section = models.ForeignKey("wagtailcore.Page", models.SET_NULL, null=True, related_name="+")
    reform_field = models.CharField(max_length=15, choices=ReformField, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    agencies = models.ManyToManyField("agencies.Agency", blank=True, related_name="+")
    dated = models.DateField(null=True)
    # The life of a document, for its state on the day of the search.
    begins_on = models.DateField(null=True)
    changed_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["language", "kind", "-dated"], name="search_language_kind")]

    def __str__(self) -> str:
        return self.title


class SearchSynonym(models.Model):
    """Two ways to say one thing; whoever types one finds the other."""

    short = models.CharField(_("short form"), max_length=40, help_text=_("E.g. CCHC."))
    long = models.CharField(_("in full"), max_length=120, help_text=_("E.g. cải cách hành chính."))

    class Meta:
        verbose_name = _("search synonym")
        verbose_name_plural = _("search synonyms")
        ordering = ["short"]
        constraints = [models.UniqueConstraint(fields=["short", "long"], name="synonym_once")]

    def __str__(self) -> str:
        return f"{self.short} = {self.long}"


class TextState(models.TextChoices):
    READ = "read", _("Read")
    NO_TEXT = "no-text", _("No text in the file")
    FAILED = "failed", _("Cannot be read")


class FileText(models.Model):
    """The text inside an attached file, so that it can be found."""

    document = models.OneToOneField(
        "wagtaildocs.Document", models.CASCADE, related_name="file_text"
    )
    file_hash = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=TextState)

    def __str__(self) -> str:
        return str(self.document)


class SearchedWords(models.Model):
    """What was sought on a day and how much was found; nobody's address, nobody's name."""

    day = models.DateField(_("day"))
    language = models.CharField(max_length=10)
    words = models.CharField(_("words"), max_length=80)
    times = models.PositiveIntegerField(_("times"), default=1)
    found = models.PositiveIntegerField(_("found"))

    class Meta:
        verbose_name = _("words sought")
        verbose_name_plural = _("words sought")
        constraints = [
            models.UniqueConstraint(fields=["day", "language", "words"], name="words_once_a_day")
        ]

    def __str__(self) -> str:
        return self.words
