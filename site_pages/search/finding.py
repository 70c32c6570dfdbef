"""One box over everything public: what was typed becomes a query, rows and facets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, product

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils.functional import Promise
from wagtail.models import PageViewRestriction

from portal.agencies.models import Agency
from portal.text import clean, fold

from . import engine
from .engine import Phrase, Query, Where
from .models import SearchEntry, SearchKind, SearchSynonym
from .words import accented, folded, number_key, spellings

# Nobody means more than this; the rest of a pasted page says nothing new.
MOST_WORDS = 12
MOST_SPELLINGS = 8
_QUOTED = re.compile(r'["“”«»]([^"“”«»]+)["“”«»]')


@dataclass(frozen=True)
class Asked:
    """What a reader typed, ever more loosely: as spelled, in every spelling, without marks."""

    words: str
    exact: Query = field(default_factory=list)
    accented: Query = field(default_factory=list)
    folded: Query = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.folded)

    def highlights(self) -> set[str]:
        """Every folded word that counts as a hit in a text."""
        return {word for term in self.folded for phrase in term for word in phrase}

    def as_number(self) -> str:
        """The words run together, each as short as it may be said: 'nghị quyết 76' is nq76."""
        words = ["".join(min(term, key=lambda way: len("".join(way)))) for term in self.exact]
        if len(words) > 1 and words[0] == "số":
            words = words[1:]
        return number_key("".join(words))[:80]

    def as_phrase(self) -> Query:
        """All the words in one piece, as typed; [] where there is but one."""
        words = tuple(word for term in self.exact for word in term[0])
        return [[words]] if len(self.exact) > 1 else []


def ask(words: str) -> Asked:
    """Read what was typed: quoted parts are phrases, synonyms count as the word itself."""
    text = clean(words)
    terms: list[list[Phrase]] = [[tuple(accented(part))] for part in _QUOTED.findall(text)]
    loose = accented(_QUOTED.sub(" ", text))
    terms.extend(_with_synonyms(loose))
    terms = [term for term in terms if term[0]][:MOST_WORDS]
    spelled = [_every_spelling(term) for term in terms]
    without_marks = [_without_marks(term) for term in spelled]
    return Asked(text, terms, spelled, without_marks)


def _every_spelling(term: list[Phrase]) -> list[Phrase]:
    found = [
        spelled
        for phrase in term
        for spelled in islice(product(*map(spellings, phrase)), MOST_SPELLINGS)
    ]
    return list(dict.fromkeys(found))


def _without_marks(term: list[Phrase]) -> list[Phrase]:
    return list(dict.fromkeys(tuple(fold(word) for word in phrase) for phrase in term))


def _with_synonyms(words: list[str]) -> list[list[Phrase]]:
    groups = _synonyms() if words else {}
    longest = max((len(key) for key in groups), default=0)
    terms: list[list[Phrase]] = []
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            phrase = tuple(words[place : place + length])
            others = groups.get(tuple(folded(" ".join(phrase))))
            if others:
                terms.append([phrase, *(other for other in others if other != phrase)])
                place += length
                break
        else:
            terms.append([(words[place],)])
            place += 1
    return terms


def _synonyms() -> dict[Phrase, list[Phrase]]:
    groups: dict[Phrase, list[Phrase]] = {}
    for short, long in SearchSynonym.objects.values_list("short", "long"):
        pair = tuple(accented(short)), tuple(accented(long))
        for one, other in (pair, pair[::-1]):
            if one and other:
                groups.setdefault(tuple(folded(" ".join(one))), []).append(other)
    return groups


def entries(asked: Asked, language: str) -> QuerySet[SearchEntry]:
    """Public entries of a language that hold all the terms, best first.

    Number; then as typed, then in another right spelling, then without marks; in each
    the title comes before the text, and first of all the words in one piece. The newest
    first among equals.
    """
    if not asked:
        return SearchEntry.objects.none()
    found = _public(language).filter(_held(asked))
    order = Case(
        When(number_key=asked.as_number(), number_key__gt="", then=-1),
        # A part of a number, nq76, is a word that only its document has.
        When(Q(_holds_word(asked.as_number()), kind=SearchKind.DOCUMENT), then=0),
        *(When(rank, then=place) for place, rank in enumerate(_ranks(asked), start=1)),
        default=99,
        output_field=IntegerField(),
    )
    return found.order_by(order, F("dated").desc(nulls_last=True), "-pk")


def _ranks(asked: Asked) -> list[engine.Holds]:
    phrase = asked.as_phrase()
    ranks = [(asked.exact, Where.TITLE_ACCENTED), (asked.exact, Where.ACCENTED)]
    if asked.accented != asked.exact:
        ranks += [(asked.accented, Where.TITLE_ACCENTED), (asked.accented, Where.ACCENTED)]
    ranks.append((asked.folded, Where.TITLE_FOLDED))
    if phrase:
        ranks.insert(0, (phrase, Where.TITLE_ACCENTED))
        ranks.insert(-1, ([_without_marks(phrase[0])], Where.TITLE_FOLDED))
    return [engine.Holds(query, where) for query, where in ranks]


def _held(asked: Asked) -> Q:
    held = Q(engine.Holds(asked.folded, Where.FOLDED))
    if key := asked.as_number():
        held |= Q(number_key=key)
    return held


def _holds_word(word: str) -> engine.Holds:
    return engine.Holds([[(word or "0",)]], Where.ACCENTED)


def nearby(asked: Asked, language: str) -> QuerySet[SearchEntry]:
    """Where nothing holds all the words: what holds at least one, titles first."""
    if not asked:
        return SearchEntry.objects.none()
    any_word: Query = [[phrase for term in asked.folded for phrase in term]]
    found = _public(language).filter(engine.Holds(any_word, Where.TITLE_FOLDED))
    return found.order_by(F("dated").desc(nulls_last=True), "-pk")


def _public(language: str) -> QuerySet[SearchEntry]:
    restricted = PageViewRestriction.objects.annotate(
        asked=Cast(OuterRef("page__path"), CharField())
    ).filter(asked__startswith=F("page__path"))
    return SearchEntry.objects.filter(~Exists(restricted), language=language).filter(
        Q(page__isnull=True) | Q(page__live=True)
    )


def page_ids(words: str, language: str) -> QuerySet:
    """Ids of pages that hold the words, to filter a list of pages by."""
    asked = ask(words)
    if not asked:
        return SearchEntry.objects.none().values("page_id")
    return SearchEntry.objects.filter(_held(asked), language=language).values("page_id")


class State(str):
    """Codes of a document's state, as `documents` names them."""

    NOT_YET, IN_FORCE, PARTLY, EXPIRED = "not-yet", "in-force", "partly", "expired"


def state_of_entries(today: date) -> Case:
    """The state of a document on a day, from the days that its entry keeps."""
    return Case(
        When(ends_on__isnull=True, then=Value("")),
        When(ends_on__lte=today, then=Value(State.EXPIRED)),
        When(begins_on__gt=today, then=Value(State.NOT_YET)),
        When(changed_on__lte=today, then=Value(State.PARTLY)),
        default=Value(State.IN_FORCE),
        output_field=CharField(),
    )


@dataclass(frozen=True)
class Facet:
    """One way to narrow a search: its parameter in the address and the column behind it."""

    parameter: str
    title: str | Promise
    column: str


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    is_chosen: bool


def narrowed(
    found: QuerySet[SearchEntry], facets: list[Facet], chosen: dict[str, str], but: str = ""
) -> QuerySet[SearchEntry]:
    """The entries that every chosen facet leaves, except the facet `but` itself."""
    for facet in facets:
        value = chosen.get(facet.parameter)
        if value and facet.parameter != but:
            found = found.filter(**{facet.column: value})
    return found


def counts(
    found: QuerySet[SearchEntry], facets: list[Facet], chosen: dict[str, str]
) -> dict[str, list[tuple[str, int]]]:
    """How many entries each value of each facet would leave; one query for all facets."""
    parts = [
        narrowed(found, facets, chosen, but=facet.parameter)
        .order_by()
        .annotate(
            facet=Value(facet.parameter, output_field=CharField()),
            value=Cast(F(facet.column), CharField()),
        )
        .values("facet", "value")
        .annotate(n=Count("pk"))
        .values_list("facet", "value", "n")
        for facet in facets
    ]
    told: dict[str, list[tuple[str, int]]] = {facet.parameter: [] for facet in facets}
    for parameter, value, n in parts[0].union(*parts[1:], all=True):
        if value:
            told[parameter].append((value, n))
    return told


def agency_names(codes: list[str]) -> dict[str, str]:
    return {agency.code: agency.label for agency in Agency.objects.filter(code__in=codes)}
