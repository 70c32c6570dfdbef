"""The form of one question: what every kind has, then what its own kind asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from ..checks import MAX_DECIMALS
from ..conditions import MAX_SIZE
from ..questionnaires import LISTED, Kind, in_language
from .codes import new_choice
from .fields import LABEL_LENGTH, LabelLines, Paragraph, Words, labels
from .forms import scale_choices, take_scale
from .structure import Definition, Part

MAX_TEXT = 5000
FLAGS = {
    "": gettext_lazy("An ordinary choice"),
    "na": gettext_lazy("Does not apply: in no denominator"),
    "declined": gettext_lazy("Would not say: in no denominator"),
    "exclusive": gettext_lazy("None of the others beside it"),
    "other": gettext_lazy("Other: asks for words"),
}
_FLAGS_OF = {
    Kind.SINGLE: ("", "na", "declined", "other"),
    Kind.MULTIPLE: ("", "na", "declined", "exclusive", "other"),
    Kind.RANKING: ("",),
    Kind.SCALE: ("", "na", "declined"),
}
_NO_ANSWER = ("na", "declined")
_RATING_WORDS = {
    "na": labels("Không áp dụng", "Not applicable"),
    "declined": labels("Không muốn trả lời", "Prefer not to say"),
}


@dataclass(frozen=True)
class Row:
    """One choice in the form."""

    code: int
    order: BoundField
    vi: BoundField
    en: BoundField
    flag: BoundField
    remove: BoundField

    @property
    def errors(self) -> list[str]:
        fields = (self.order, self.vi, self.en, self.flag, self.remove)
        return [text for field in fields for text in field.errors]


def _fields_of(choice: dict, number: int, flags: list[tuple]) -> dict[str, forms.Field]:
    """What is asked of one choice that is there already."""
    code, told = choice["code"], {"n": number}
    return {
        f"order_{code}": forms.IntegerField(
            label=_("Place of choice %(n)d") % told,
            initial=number,
            min_value=1,
            max_value=999,
        ),
        f"vi_{code}": Words(
            label=_("Choice %(n)d in Vietnamese") % told,
            max_length=LABEL_LENGTH,
            initial=choice["label"]["vi"],
        ),
        f"en_{code}": Words(
            label=_("Choice %(n)d in English") % told,
            max_length=LABEL_LENGTH,
            required=False,
            initial=choice["label"].get("en", ""),
        ),
        f"flag_{code}": forms.ChoiceField(
            label=_("Kind of choice %(n)d") % told,
            choices=flags,
            required=False,
            initial=next((name for name in FLAGS if name and choice.get(name)), ""),
        ),
        f"remove_{code}": forms.BooleanField(label=_("Remove choice %(n)d") % told, required=False),
    }


class ChoicesForm(forms.Form):
    """Choices as rows, whose codes stay; more of them one a line."""

    def __init__(self, *args, part: Part | None, kind: Kind, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.part, self.kind = part or {}, kind
        if kind in _FLAGS_OF:
            self._add_choice_fields()

    def _add_choice_fields(self) -> None:
        flags = [(flag, FLAGS[flag]) for flag in _FLAGS_OF[self.kind]]
        for number, choice in enumerate(self.part.get("choices", []), 1):
            self.fields |= _fields_of(choice, number, flags)
        self.fields["new_choices"] = LabelLines(
            label=_("Choices to add"),
            required=False,
            help_text=_("One a line, as “Vietnamese | English”. Codes are given by the system."),
        )
        if len(flags) > 1:
            self.fields["new_flag"] = forms.ChoiceField(
                label=_("Kind of the added choices"), choices=flags, required=False
            )

    def rows(self) -> list[Row]:
        names = ("order", "vi", "en", "flag", "remove")
        return [
            Row(choice["code"], *(self[f"{name}_{choice['code']}"] for name in names))
            for choice in self.part.get("choices", [])
            if f"vi_{choice['code']}" in self.fields
        ]

    def plain_fields(self) -> list[BoundField]:
        """Those that are not shown in the table of choices."""
        in_rows = {
            f"{name}_{choice['code']}"
            for choice in self.part.get("choices", [])
            for name in ("order", "vi", "en", "flag", "remove")
        }
        return [field for field in self if field.name not in in_rows]

    def choices(self, spent: dict, owner: str) -> list[Part]:
        """The choices as they shall stand. A code is never given to another choice."""
        told = self.cleaned_data
        kept = [
            (told[f"order_{old['code']}"], _choice(old["code"], told))
            for old in self.part.get("choices", [])
            if not told[f"remove_{old['code']}"]
        ]
        found = [choice for _order, choice in sorted(kept, key=lambda row: row[0])]
        flag = told.get("new_flag", "")
        for words in told["new_choices"]:
            code = new_choice(spent, owner, flag in _NO_ANSWER)
            found.append({"code": code, "label": words} | ({flag: True} if flag else {}))
        return found


def _choice(code: int, told: dict) -> Part:
    choice = {"code": code, "label": labels(told[f"vi_{code}"], told[f"en_{code}"])}
    flag = told[f"flag_{code}"]
    return choice | ({flag: True} if flag else {})


class QuestionForm(ChoicesForm):
    label_vi = Paragraph(
        label=gettext_lazy("Question in Vietnamese"),
        max_length=LABEL_LENGTH,
        widget=forms.Textarea({"rows": 2}),
    )
    label_en = Paragraph(
        label=gettext_lazy("Question in English"),
        max_length=LABEL_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    hint_vi = Paragraph(
        label=gettext_lazy("Help text in Vietnamese"),
        max_length=LABEL_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    hint_en = Paragraph(
        label=gettext_lazy("Help text in English"),
        max_length=LABEL_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    required = forms.BooleanField(
        label=gettext_lazy("An answer is required"), required=False, initial=True
    )

    def __init__(
        self, *args, kind: Kind, definition: Definition, part: Part | None = None, **kwargs
    ) -> None:
        super().__init__(*args, part=part, kind=kind, **kwargs)
        self.definition = definition
        self.fields |= _OWN_FIELDS.get(kind, dict)()
        if kind is Kind.SCALE:
            self.fields["scale"].choices = scale_choices(definition)
            self.fields["importance_of"].choices = _parts_of_index(definition)
        if kind is Kind.AGENCY:
            del self.fields["required"]
        if part:
            self.initial = _initial(kind, part)
        last = ["new_choices", "new_flag"]
        self.order_fields([name for name in self.fields if name not in last] + last)

    def clean(self) -> dict:
        told = super().clean()
        low, high = told.get("min"), told.get("max")
        if low is not None and high is not None and low > high:
            self.add_error("max", _("The most is less than the least."))
        if self.kind in LISTED and self.is_valid_so_far() and not self._holds_choices(told):
            name = "new_choices"
            self.add_error(name, _("There is nothing to choose from: write a choice a line."))
        return told

    def is_valid_so_far(self) -> bool:
        return not self.errors

    def _holds_choices(self, told: dict) -> bool:
        kept = [
            row for row in self.part.get("choices", []) if not told.get(f"remove_{row['code']}")
        ]
        return bool(kept or told["new_choices"])

    def entries(self, code: str, definition: Definition, spent: dict) -> Part:
        """The question as the form says it; its condition and its grid stay as they are."""
        told = self.cleaned_data
        made: Part = {
            "code": code,
            "type": str(self.kind),
            "label": labels(told["label_vi"], told["label_en"]),
            "required": True if self.kind is Kind.AGENCY else told["required"],
        }
        if told["hint_vi"]:
            made["hint"] = labels(told["hint_vi"], told["hint_en"])
        elif told["hint_en"]:
            raise ValidationError({"hint_vi": _("Write the help text in Vietnamese too.")})
        made |= {name: self.part[name] for name in ("show_if", "grid") if name in self.part}
        if self.kind in LISTED:
            made["choices"] = self.choices(spent, code)
        if self.kind is Kind.SCALE:
            return made | _scale_entries(told, self.part, definition)
        return made | _OWN_ENTRIES.get(self.kind, lambda *_args: {})(told, spent, code, self.part)


# --- What each kind asks for of its own -------------------------------------------------


def _scale_fields() -> dict[str, forms.Field]:
    return {
        "scale": forms.ChoiceField(label=_("Scale")),
        "importance_of": forms.ChoiceField(
            label=_("It says how important this is"),
            required=False,
            help_text=_(
                "A criterion or an item of the index. The share who choose the highest level is "
                "its importance in the report's importance matrix."
            ),
        ),
    }


def _parts_of_index(definition: Definition) -> list[tuple[str, str]]:
    """Criteria and items that a question may say the importance of."""
    items = set(definition["index"]["items"])
    found = [("", _("Of nothing in the index"))]
    for section in definition["sections"]:
        if section.get("scored"):
            found.append((section["code"], in_language(section["title"])))
        found += [
            (row["code"], f"{row['code']}. {in_language(row['label'])}"[:120])
            for row in section["questions"]
            if row["code"] in items
        ]
    return found


def _scale_entries(told: dict, old: Part, definition: Definition) -> Part:
    take_scale(definition, told["scale"])
    made: Part = {"scale": told["scale"]}
    part = told["importance_of"]
    if part:
        rows = definition["scales"][told["scale"]]["choices"]
        levels = [row["code"] for row in rows if not any(row.get(flag) for flag in _NO_ANSWER)]
        before = old.get("importance_of", {}).get("most", [])
        is_kept = before and set(before) <= set(levels)
        made["importance_of"] = {"part": part, "most": before if is_kept else levels[-1:]}
    return made


def _shuffle_field() -> dict[str, forms.Field]:
    label = _("Choices in an order of each person's own")
    return {"shuffle": forms.BooleanField(label=label, required=False)}


def _multiple_fields() -> dict[str, forms.Field]:
    return {
        "min": forms.IntegerField(
            label=_("Choose at least"), required=False, min_value=0, max_value=99
        ),
        "max": forms.IntegerField(
            label=_("Choose at most"), required=False, min_value=1, max_value=99
        ),
        **_shuffle_field(),
    }


def _rating_fields() -> dict[str, forms.Field]:
    ends = {
        "low_vi": _("What 0 means, in Vietnamese"),
        "low_en": _("What 0 means, in English"),
        "high_vi": _("What 10 means, in Vietnamese"),
        "high_en": _("What 10 means, in English"),
    }
    return {
        **{
            name: Words(label=label, max_length=LABEL_LENGTH, required=name.endswith("vi"))
            for name, label in ends.items()
        },
        "with_na": forms.BooleanField(label=_("With “not applicable”"), required=False),
        "with_declined": forms.BooleanField(label=_("With “prefer not to say”"), required=False),
    }


def _number_fields() -> dict[str, forms.Field]:
    bound = {"required": False, "min_value": -MAX_SIZE, "max_value": MAX_SIZE}
    return {
        "min": forms.DecimalField(label=_("Least"), **bound),
        "max": forms.DecimalField(label=_("Most"), **bound),
        "decimals": forms.IntegerField(
            label=_("Decimals"), min_value=0, max_value=MAX_DECIMALS, initial=0
        ),
        "unit_vi": Words(label=_("Unit in Vietnamese"), max_length=40, required=False),
        "unit_en": Words(label=_("Unit in English"), max_length=40, required=False),
    }


def _date_fields() -> dict[str, forms.Field]:
    return {
        "min": forms.DateField(label=_("First day"), required=False, widget=AdminDateInput),
        "max": forms.DateField(label=_("Last day"), required=False, widget=AdminDateInput),
    }


def _length_field(initial: int) -> Callable[[], dict[str, forms.Field]]:
    def made() -> dict[str, forms.Field]:
        return {
            "max_length": forms.IntegerField(
                label=_("At most so many characters"),
                min_value=1,
                max_value=MAX_TEXT,
                initial=initial,
            )
        }

    return made


_OWN_FIELDS: dict[Kind, Callable[[], dict[str, forms.Field]]] = {
    Kind.SCALE: _scale_fields,
    Kind.SINGLE: _shuffle_field,
    Kind.RANKING: _shuffle_field,
    Kind.MULTIPLE: _multiple_fields,
    Kind.RATING: _rating_fields,
    Kind.NUMBER: _number_fields,
    Kind.DATE: _date_fields,
    Kind.SHORT: _length_field(200),
    Kind.TEXT: _length_field(2000),
}


def _initial(kind: Kind, part: Part) -> dict[str, object]:
    found: dict[str, object] = {
        "label_vi": part["label"]["vi"],
        "label_en": part["label"].get("en", ""),
        "hint_vi": part.get("hint", {}).get("vi", ""),
        "hint_en": part.get("hint", {}).get("en", ""),
        "required": part["required"],
    }
    for name in ("scale", "shuffle", "min", "max", "decimals", "max_length"):
        if name in part:
            found[name] = part[name]
    for language in ("vi", "en"):
        found[f"unit_{language}"] = part.get("unit", {}).get(language, "")
        for end in ("low", "high"):
            found[f"{end}_{language}"] = part.get("ends", {}).get(end, {}).get(language, "")
    found["importance_of"] = part.get("importance_of", {}).get("part", "")
    if kind is Kind.RATING:
        for flag in _NO_ANSWER:
            found[f"with_{flag}"] = any(row.get(flag) for row in part.get("choices", []))
    return found


def _shuffle_entry(told: dict, *_rest: object) -> Part:
    return {"shuffle": True} if told["shuffle"] else {}


def _bounds(told: dict, as_json: Callable) -> Part:
    return {name: as_json(told[name]) for name in ("min", "max") if told[name] is not None}


def _multiple_entries(told: dict, *_rest: object) -> Part:
    return _bounds(told, int) | _shuffle_entry(told)


def _rating_entries(told: dict, spent: dict, code: str, old: Part) -> Part:
    ends = {end: labels(told[f"{end}_vi"], told[f"{end}_en"]) for end in ("low", "high")}
    kept = {flag: row for row in old.get("choices", []) for flag in _NO_ANSWER if row.get(flag)}
    choices = []
    for flag in _NO_ANSWER:
        if not told[f"with_{flag}"]:
            continue
        fresh = kept.get(flag) or {
            "code": new_choice(spent, code, True),
            "label": dict(_RATING_WORDS[flag]),
            flag: True,
        }
        choices.append(fresh)
    return {"ends": ends, "choices": choices}


def _number_entries(told: dict, *_rest: object) -> Part:
    made = _bounds(told, _plain_number) | {"decimals": told["decimals"]}
    if told["unit_vi"]:
        made["unit"] = labels(told["unit_vi"], told["unit_en"])
    return made


def _plain_number(exact) -> int | float:
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _date_entries(told: dict, *_rest: object) -> Part:
    return _bounds(told, lambda day: day.isoformat())


def _length_entry(told: dict, *_rest: object) -> Part:
    return {"max_length": told["max_length"]}


_OWN_ENTRIES: dict[Kind, Callable[..., Part]] = {
    Kind.SINGLE: _shuffle_entry,
    Kind.RANKING: _shuffle_entry,
    Kind.MULTIPLE: _multiple_entries,
    Kind.RATING: _rating_entries,
    Kind.NUMBER: _number_entries,
    Kind.DATE: _date_entries,
    Kind.SHORT: _length_entry,
    Kind.TEXT: _length_entry,
}
