"""Many documents at once from a table: checked as a whole, imported as a whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import chain, count

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.log_actions import log

from portal import clock
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send
from portal.text import fold
from site_pages.fields import ReformField
from site_pages.publishing import is_installation, may_decide

from .bulk_adding import add_all
from .issuers import key as issuer_key
from .models import (
    DocumentImport,
    DocumentsPage,
    DocumentType,
    ImportState,
    LegalDocumentPage,
    Level,
    WithoutLeadingZeros,
)
from .numbers import TYPE_SYMBOLS, as_printed, parse
from .tables import EXCEL_ERRORS, LARGEST_FILE, Cell, Row, Table, read_table

# One byte more tells that the file is too large.
MOST_BYTES = LARGEST_FILE + 1
KIND = "documents.import"
LONGEST_NUMBER = LegalDocumentPage._meta.get_field("number").max_length
CHUNK = 500
Problem = tuple[int, str, str]


class BadCell(ValueError):
    """A cell that cannot be taken; the text says what to write."""


def _text(longest: int) -> Callable[[Cell], str]:
    def read(cell: Cell) -> str:
        text = " ".join(str(cell).split())
        if text in EXCEL_ERRORS:
            raise BadCell(_("The formula in this cell has no result."))
        if len(text) > longest:
            raise BadCell(_("Longer than %(longest)s characters.") % {"longest": longest})
        return text

    return read


def _number(cell: Cell) -> str:
    number = as_printed(str(cell))
    if number and (parse(number) is None or len(number) > LONGEST_NUMBER):
        raise BadCell(_("Write the number as printed, e.g. 224/2026/NĐ-CP or 76/NQ-CP."))
    return number


def _date(cell: Cell) -> str:
    """ISO day or ""; dates are read as day first."""
    if not cell:
        return ""
    day = cell if isinstance(cell, date) else _typed_day(cell)
    if day and 1945 <= day.year <= 2100:
        return day.isoformat()
    raise BadCell(_("Not a date. Write dd/mm/yyyy, e.g. 05/01/2026."))


def _typed_day(text: str) -> date | None:
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


@cache
def _words(choices: type) -> dict[str, str]:
    """Every word for each choice: its code and its names in both languages, folded."""
    words = {}
    for language in ("vi", "en"):
        with override(language):
            words |= {fold(str(label)): code for code, label in choices.choices}
    words |= {code: code for code, _label in choices.choices}
    if choices is DocumentType:
        words |= {fold(symbol): code for symbol, code in TYPE_SYMBOLS.items() if code}
    return words


def _choice(choices: type) -> Callable[[Cell], str]:
    def read(cell: Cell) -> str:
        text = " ".join(fold(str(cell)).split())
        if text and text not in _words(choices):
            known = ", ".join(str(label) for label in choices.labels)
            raise BadCell(_("Unknown. Write one of: %(known)s.") % {"known": known})
        return _words(choices).get(text, "")

    return read


@dataclass(frozen=True)
class Column:
    """A column of the table: the field it fills, how its header may be written."""

    field: str
    header: str
    read: Callable[[Cell], str]
    is_required: bool = False
    others: tuple[str, ...] = ()

    def names(self) -> set[str]:
        return {_header_key(name) for name in (self.field, self.header, *self.others)}


COLUMNS = [
    Column("number", "Số, ký hiệu", _number, True, ("Số/ký hiệu", "Số ký hiệu", "Số hiệu")),
    Column("doc_type", "Loại văn bản", _choice(DocumentType), False, ("Loại",)),
    Column("issuer", "Cơ quan ban hành", _text(200), True, ("Nơi ban hành",)),
    Column("level", "Cấp", _choice(Level), True, ("Cấp ban hành",)),
    Column("issued_on", "Ngày ban hành", _date, True),
    Column("effective_on", "Ngày có hiệu lực", _date, False, ("Ngày hiệu lực",)),
    Column("expires_on", "Ngày hết hiệu lực", _date),
    Column("title", "Trích yếu", _text(255), True, ("Tiêu đề", "Tên văn bản")),
    Column("abstract_text", "Tóm tắt", _text(500)),
    Column("signer", "Người ký", _text(120)),
    Column("signer_post", "Chức vụ", _text(120), False, ("Chức vụ người ký",)),
    Column("reform_field", "Lĩnh vực", _choice(ReformField), False, ("Lĩnh vực CCHC",)),
]
FILE = gettext_lazy("File")


def _header_key(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


def check(table: Table) -> tuple[list[dict[str, str]], list[Problem]]:
    """The documents of a table and everything that is wrong with it, row by row."""
    places, problems = _places(table)
    if problems:
        return [], problems
    documents: list[dict[str, str]] = []
    seen: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        document, wrong = _read_row(row, places)
        if not wrong:
            first = seen.setdefault(_key(document), row.number)
            if first != row.number:
                message = _("The same document stands in row %(row)s.") % {"row": first}
                wrong = [(row.number, COLUMNS[0].header, message)]
        problems.extend(wrong)
        documents.append({**document, "row": str(row.number)})
    problems.extend(_registered_already(documents))
    return documents, sorted(problems)


def _places(table: Table) -> tuple[dict[int, Column], list[Problem]]:
    """Which cell belongs to which column; unknown, doubled and missing columns are told."""
    places: dict[int, Column] = {}
    problems: list[Problem] = []
    row = table.header_row
    for place, name in enumerate(table.header):
        column = next((item for item in COLUMNS if _header_key(name) in item.names()), None)
        if column is None and name:
            problems.append((row, name[:100], _("This column is not known.")))
        elif column in places.values():
            problems.append((row, name[:100], _("This column stands there twice.")))
        elif column:
            places[place] = column
    for column in COLUMNS:
        if column.is_required and column not in places.values():
            problems.append((row, column.header, _("This column is missing.")))
    return places, problems


def _read_row(row: Row, places: dict[int, Column]) -> tuple[dict[str, str], list[Problem]]:
    document: dict[str, str] = {}
    problems: list[Problem] = []
    for place, column in places.items():
        cell = row.cells[place] if place < len(row.cells) else ""
        try:
            document[column.field] = column.read(cell)
        except BadCell as error:
            problems.append((row.number, column.header, str(error)))
            continue
        if column.is_required and not document[column.field]:
            problems.append((row.number, column.header, _("Fill this in.")))
    if any(cell for place, cell in enumerate(row.cells) if place not in places):
        message = _("This row has more cells than the header has columns. Check its separators.")
        problems.append((row.number, str(FILE), message))
    number = parse(document.get("number", ""))
    if number and not document.get("doc_type"):
        document["doc_type"] = number.doc_type
    if not problems:
        problems = _whole_row(row.number, document)
    return document, problems


def _whole_row(row: int, document: dict[str, str]) -> list[Problem]:
    """What the page itself would refuse, told for the table's row and column."""
    page = _page(document)
    errors = {**page.wrong_number(), **page.wrong_dates()}
    if not document.get("doc_type"):
        errors["doc_type"] = _("Fill this in.")
    headers = {column.field: column.header for column in COLUMNS}
    return [(row, headers.get(field, field), str(text)) for field, text in errors.items()]


def _key(document: dict[str, str]) -> tuple[str, ...]:
    bare = document["number"].lstrip("0")
    return (issuer_key(document["issuer"]), document["doc_type"], bare, document["issued_on"])


def _registered_already(documents: Iterable[dict[str, str]]) -> list[Problem]:
    whole = [item for item in documents if all(item.get(name) for name in ("number", "issued_on"))]
    problems: list[Problem] = []
    for start in range(0, len(whole), CHUNK):
        chunk = whole[start : start + CHUNK]
        known = {
            (issuer_key(issuer), doc_type, bare, day.isoformat())
            for issuer, doc_type, bare, day in _bare_numbers(chunk).values_list(
                "issuer", "doc_type", "bare", "issued_on"
            )
        }
        problems.extend(
            (int(item["row"]), COLUMNS[0].header, _("This document is registered already."))
            for item in chunk
            if item.get("issuer") and item.get("doc_type") and _key(item) in known
        )
    return problems


def _bare_numbers(documents: list[dict[str, str]]) -> QuerySet[LegalDocumentPage]:
    registered = LegalDocumentPage.objects.filter(language=settings.LANGUAGE_CODE)
    wanted = {item["number"].lstrip("0") for item in documents}
    return registered.annotate(bare=WithoutLeadingZeros("number")).filter(bare__in=wanted)


def _page(document: dict[str, str]) -> LegalDocumentPage:
    values: dict[str, object] = {column.field: document.get(column.field, "") for column in COLUMNS}
    for name in ("issued_on", "effective_on", "expires_on"):
        values[name] = date.fromisoformat(document[name]) if document.get(name) else None
    return LegalDocumentPage(**values)


def register_of(user) -> DocumentsPage:
    """The Vietnamese register, if the user may add documents to it or decides on them."""
    register = DocumentsPage.objects.filter(locale__language_code="vi").first()
    if register is None or not (_may_add(register, user) or may_decide(user, register)):
        raise PermissionDenied
    return register


def _may_add(register: DocumentsPage, user) -> bool:
    return register.permissions_for_user(user).can_add_subpage()


def may_approve(register: DocumentsPage, made: DocumentImport, user) -> bool:
    """Whoever decides on the register approves the table that another handed in (Art. 8.3.a)."""
    if is_installation():
        return register.permissions_for_user(user).can_publish_subpage()
    return may_decide(user, register) and made.created_by_id != user.pk


@transaction.atomic
def hand_in(name: str, content: bytes, user) -> DocumentImport:
    """Read and check a table (a dry run: nothing is imported) and keep what was found."""
    if not _may_add(register_of(user), user):
        raise PermissionDenied
    try:
        documents, problems = check(read_table(name, content))
    except ValidationError as error:
        documents, problems = [], [(0, str(FILE), text) for text in error.messages]
    return DocumentImport.objects.create(
        file_name=name[-200:],
        rows=[] if problems else documents,
        problems=problems,
        state=ImportState.REFUSED if problems else ImportState.CHECKED,
        created_by=user,
        created_at=clock.now(),
    )


@transaction.atomic
def start(import_id: int, user, *, goes_live: bool = False) -> DocumentImport:
    """Let the queue import a checked table; a second press finds it under way."""
    register = register_of(user)
    made = DocumentImport.objects.select_for_update().get(pk=import_id)
    if not (may_approve(register, made, user) if goes_live else _may_add(register, user)):
        raise PermissionDenied
    if made.state == ImportState.CHECKED:
        made.state, made.goes_live = ImportState.QUEUED, goes_live
        made.approved_by = user if goes_live else None
        made.save(update_fields=["state", "goes_live", "approved_by"])
        send(KIND, f"import-{made.pk}", import_id=made.pk)
        told = {"file": made.file_name, "documents": len(made.rows), "published": goes_live}
        log(register, "documents.import", user=user, data=told)
    return made


def carry_out(row: OutboxRow) -> None:
    """The effect: check once more, for days may have passed, then add every document."""
    made = DocumentImport.objects.select_for_update().get(pk=row.payload["import_id"])
    if made.state != ImportState.QUEUED:
        return
    made.problems = _registered_already(made.rows)
    made.state = ImportState.FAILED if made.problems else ImportState.DONE
    if not made.problems:
        register = DocumentsPage.objects.get(locale__language_code="vi")
        made.imported = _add_all(register, made)
        made.done_at = clock.now()
    made.save()


def _add_all(register: DocumentsPage, made: DocumentImport) -> int:
    slugs = set(register.get_children().values_list("slug", flat=True))
    pages = [_page(document) for document in made.rows]
    for page in pages:
        page.slug = _free_slug(page, slugs)
        page.owner = made.created_by
    return add_all(register, pages, made.created_by, goes_live=made.goes_live)


def _free_slug(page: LegalDocumentPage, taken: set[str]) -> str:
    """'819-qd-ubnd', and the year where the number repeats."""
    base = slugify(fold(page.number.replace("/", "-")))
    dated = f"{base}-{page.issued_on:%Y%m%d}"
    candidates = chain(
        (base, f"{base}-{page.issued_on:%Y}", dated), (f"{dated}-{n}" for n in count(2))
    )
    slug = next(item for item in candidates if item not in taken)
    taken.add(slug)
    return slug
