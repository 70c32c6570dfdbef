"""Questionnaires: a typed reading of a version's definition, and publishing a version.

Answers refer to stable short codes; labels may be translated and corrected,
codes never change (surveys fail when labels are keys).
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils.translation import get_language

from .models import Survey, SurveyVersion

TEMPLATES = Path(__file__).parent / "data"
SKIPPED = -1
Labels = dict[str, str]


class InvalidDefinition(ValueError):
    """`problems` names every fault and where it stands."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def in_language(labels: Labels) -> str:
    """The text in the reader's language; Vietnamese where there is no other."""
    return labels.get((get_language() or "vi")[:2]) or labels["vi"]


@dataclass(frozen=True)
class Choice:
    code: int
    labels: Labels
    is_na: bool = False
    is_declined: bool = False

    @property
    def label(self) -> str:
        return in_language(self.labels)


@dataclass(frozen=True)
class Question:
    """`type` is agency, scale, single or text."""

    code: str
    type: str
    labels: Labels
    required: bool
    choices: tuple[Choice, ...] = ()
    max_length: int = 0
    hints: Labels | None = None

    @property
    def label(self) -> str:
        return in_language(self.labels)

    @property
    def hint(self) -> str:
        return in_language(self.hints) if self.hints else ""

    def choice(self, code: object) -> Choice | None:
        return next((choice for choice in self.choices if choice.code == code), None)


@dataclass(frozen=True)
class Section:
    code: str
    slug: str
    labels: Labels
    questions: tuple[Question, ...]
    is_scored: bool

    @property
    def title(self) -> str:
        return in_language(self.labels)


@dataclass(frozen=True)
class IndexDefinition:
    """Which answers make the index (top-2-box, pooled over answers)."""

    version: str
    items: tuple[str, ...]
    satisfied: frozenset[int]
    decimals: int
    basis: str


@dataclass(frozen=True)
class Questionnaire:
    labels: Labels
    intros: Labels
    basis: str
    sections: tuple[Section, ...]
    index: IndexDefinition

    @property
    def title(self) -> str:
        return in_language(self.labels)

    @property
    def intro(self) -> str:
        return in_language(self.intros)

    def questions(self) -> Iterator[Question]:
        for section in self.sections:
            yield from section.questions

    def coded_questions(self) -> list[Question]:
        """Questions whose answers are counted by code."""
        return [question for question in self.questions() if question.choices]

    def section(self, slug: str) -> Section | None:
        return next((section for section in self.sections if section.slug == slug), None)

    def scopes(self) -> dict[str, tuple[str, ...]]:
        """Index items of the whole index ("") and of each scored section."""
        scored = {
            section.code: tuple(
                question.code for question in section.questions if question.code in self.index.items
            )
            for section in self.sections
            if section.is_scored
        }
        return {"": self.index.items, **scored}


def read(definition: dict) -> Questionnaire:
    """The definition of a published version as objects."""
    scales = {
        name: tuple(map(_choice, scale["choices"])) for name, scale in definition["scales"].items()
    }
    index = definition["index"]
    return Questionnaire(
        definition["title"],
        definition["intro"],
        definition["basis"],
        tuple(_section(section, scales) for section in definition["sections"]),
        IndexDefinition(
            index["version"],
            tuple(index["items"]),
            frozenset(index["satisfied"]),
            index["decimals"],
            index["basis"],
        ),
    )


def _choice(data: dict) -> Choice:
    return Choice(data["code"], data["label"], data.get("na", False), data.get("declined", False))


def _section(data: dict, scales: dict[str, tuple[Choice, ...]]) -> Section:
    questions = tuple(_question(question, scales) for question in data["questions"])
    return Section(data["code"], data["slug"], data["title"], questions, data.get("scored", False))


def _question(data: dict, scales: dict[str, tuple[Choice, ...]]) -> Question:
    choices = scales[data["scale"]] if "scale" in data else map(_choice, data.get("choices", []))
    return Question(
        data["code"],
        data["type"],
        data["label"],
        data["required"],
        tuple(choices),
        data.get("max_length", 0),
        data.get("hint"),
    )


def template(name: str) -> dict:
    """A ready-made definition that ships with the portal."""
    return json.loads((TEMPLATES / f"{name}.json").read_text(encoding="utf-8"))


def problems(definition: dict) -> list[str]:
    """What keeps a definition from being published, each with its place."""
    found = []
    scales = definition.get("scales", {})
    codes: set[str] = set()
    for section in definition.get("sections", []):
        for question in section.get("questions", []):
            place = f"{section.get('code')}.{question.get('code')}"
            if question.get("code") in codes:
                found.append(f"{place}: this code stands twice")
            codes.add(question.get("code"))
            if question.get("type") == "scale" and question.get("scale") not in scales:
                found.append(f"{place}: unknown scale {question.get('scale')!r}")
            if not question.get("label", {}).get("vi"):
                found.append(f"{place}: no Vietnamese label")
            found.extend(_choice_problems(place, question.get("choices", [])))
    slugs = [section.get("slug") for section in definition.get("sections", [])]
    if len(slugs) != len(set(slugs)):
        found.append("two sections have one address")
    if "agency" not in codes:
        found.append("no question asks for the agency")
    for item in definition.get("index", {}).get("items", []):
        if item not in codes:
            found.append(f"index: unknown item {item}")
    return found


def _choice_problems(place: str, choices: list[dict]) -> list[str]:
    codes = [choice.get("code") for choice in choices]
    found = [f"{place}: a choice code stands twice"] if len(codes) != len(set(codes)) else []
    if any(not isinstance(code, int) or code < 0 for code in codes):
        found.append(f"{place}: choice codes are whole numbers from 0")
    return found


def canonical(definition: dict) -> bytes:
    text = json.dumps(definition, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode()


def meaning(definition: dict) -> list:
    """What answers mean, without the words: questions, codes, criteria and the index."""
    questionnaire = read(definition)
    index = questionnaire.index
    sections = [
        (
            section.code,
            section.is_scored,
            [
                (
                    question.code,
                    question.type,
                    question.required,
                    [
                        (choice.code, choice.is_na, choice.is_declined)
                        for choice in question.choices
                    ],
                )
                for question in section.questions
            ],
        )
        for section in questionnaire.sections
    ]
    return [index.items, index.satisfied, index.decimals, *sections]


@transaction.atomic
def publish_version(survey: Survey, definition: dict, now: datetime) -> SurveyVersion:
    """Freeze a definition as the survey's next version; the same definition is not doubled.

    From its opening on a survey's words may be mended but not what its answers mean: its
    versions are counted together.
    """
    faults = problems(definition)
    if faults:
        raise InvalidDefinition(faults)
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    raw = canonical(definition)
    digest = hashlib.sha256(raw).hexdigest()
    current = current_version(survey)
    if current and current.sha256 == digest:
        return current
    if current and now >= locked.opens_at and meaning(definition) != meaning(current.definition):
        raise InvalidDefinition(["the survey has opened: what its answers mean stays"])
    last = survey.versions.aggregate(n=Max("number"))["n"] or 0
    return SurveyVersion.objects.create(
        survey=survey,
        number=last + 1,
        definition=json.loads(raw),
        sha256=digest,
        published_at=now,
    )


def current_version(survey: Survey) -> SurveyVersion | None:
    return survey.versions.order_by("-number").first()


def version_on(page_survey_id: int) -> SurveyVersion | None:
    """The current version together with its survey, in one query."""
    versions = SurveyVersion.objects.filter(survey=page_survey_id).select_related("survey")
    return versions.order_by("-number").first()
