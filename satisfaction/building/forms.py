"""Forms of a survey and of the parts of its questionnaire beside the questions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from editorial.fields import HanoiDateTimeField
from portal.agencies.queries import choices_on

from ..checks import MAX_DECIMALS
from ..models import Audience, PeriodKind, Survey
from ..questionnaires import in_language
from . import library
from .codes import new_choice, scale_key
from .fields import LABEL_LENGTH, LabelLines, Paragraph, Words, labels
from .structure import Definition, Part, questions
from .surveys import CODE_LENGTH, Settings

MAX_GRACE = 1440
TITLE_LENGTH = 300


class SettingsForm(forms.Form):
    """Time, periods and what the survey is compared with."""

    opens_at = HanoiDateTimeField(label=_("Opens at"))
    closes_at = HanoiDateTimeField(label=_("Closes at"))
    period_kind = forms.ChoiceField(
        label=_("Periods"),
        choices=PeriodKind,
        initial=PeriodKind.WHOLE,
        help_text=_("How a survey that stays open is cut into the periods that are compared."),
    )
    grace_minutes = forms.IntegerField(
        label=_("Grace after closing, in minutes"),
        min_value=0,
        max_value=MAX_GRACE,
        initial=30,
        help_text=_("An answer begun before closing may still be sent for so long."),
    )
    follows = forms.ModelChoiceField(
        label=_("Measures again"),
        queryset=Survey.objects.none(),
        required=False,
        help_text=_("The earlier survey that this one is compared with."),
    )

    def __init__(self, *args, survey: Survey | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["follows"].queryset = Survey.objects.exclude(pk=survey.pk if survey else None)
        if survey:
            for name in ("opens_at", "closes_at", "period_kind", "grace_minutes", "follows"):
                self.fields[name].initial = getattr(survey, name)

    def settings(self) -> Settings:
        names = ("opens_at", "closes_at", "period_kind", "grace_minutes", "follows")
        return Settings(**{name: self.cleaned_data[name] for name in names})


class SurveyForm(SettingsForm):
    title = Words(label=_("Title in Vietnamese"), max_length=TITLE_LENGTH)
    title_en = Words(label=_("Title in English"), max_length=TITLE_LENGTH, required=False)
    code = forms.SlugField(
        label=_("Code"),
        max_length=CODE_LENGTH,
        required=False,
        help_text=_("Small letters, digits, hyphens. Empty: made from the title."),
    )
    audience = forms.ChoiceField(
        label=_("Who answers"),
        choices=Audience,
        initial=Audience.ANYONE,
        widget=forms.RadioSelect,
        help_text=_("Decided now and never changed: people answer because they trust it."),
    )
    start_from = forms.ChoiceField(
        label=_("Begin the questionnaire from"),
        required=False,
        help_text=_(
            "A template of the library, or an earlier survey: the new one then measures it again."
        ),
    )
    field_order = ["title", "title_en", "code", "start_from", "audience"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        earlier = [(f"survey:{row.code}", row.title) for row in Survey.objects.all()[:200]]
        self.fields["start_from"].choices = [
            ("", _("An empty questionnaire")),
            (_("Templates"), [(row.name, row.title) for row in library.TEMPLATES]),
            *([(_("Earlier surveys"), earlier)] if earlier else []),
        ]


class WindowForm(forms.Form):
    closes_at = HanoiDateTimeField(label=_("Closes at"))
    reason = Paragraph(
        label=_("Reason"),
        max_length=500,
        help_text=_("Readers see it on the survey's page."),
    )


class AboutForm(forms.Form):
    title_vi = Words(label=_("Title in Vietnamese"), max_length=TITLE_LENGTH)
    title_en = Words(label=_("Title in English"), max_length=TITLE_LENGTH, required=False)
    intro_vi = Paragraph(label=_("Introduction in Vietnamese"), max_length=3000)
    intro_en = Paragraph(label=_("Introduction in English"), max_length=3000, required=False)
    basis = Paragraph(
        label=_("Legal basis"),
        max_length=1000,
        help_text=_("Plan, decision or Article that the survey rests on."),
    )
    agency = forms.ChoiceField(
        label=_("Agency that every answer is about"),
        required=False,
        help_text=_("Empty where a question asks people which agency they rate."),
    )

    def __init__(self, *args, part: Definition, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [("", _("A question asks for it")), *choices_on()]
        self.initial = {
            "title_vi": part["title"]["vi"],
            "title_en": part["title"].get("en", ""),
            "intro_vi": part["intro"]["vi"],
            "intro_en": part["intro"].get("en", ""),
            "basis": part["basis"],
            "agency": part.get("agency", ""),
        }

    def apply(self, definition: Definition) -> None:
        told = self.cleaned_data
        definition["title"] = labels(told["title_vi"], told["title_en"])
        definition["intro"] = labels(told["intro_vi"], told["intro_en"])
        definition["basis"] = told["basis"]
        definition.pop("agency", None)
        if told["agency"]:
            definition["agency"] = told["agency"]


class SectionForm(forms.Form):
    title_vi = Words(label=_("Title in Vietnamese"), max_length=TITLE_LENGTH)
    title_en = Words(label=_("Title in English"), max_length=TITLE_LENGTH, required=False)
    scored = forms.BooleanField(
        label=_("A criterion of the index"),
        required=False,
        help_text=_("The report then shows the index of this section by itself."),
    )
    shuffle = forms.BooleanField(
        label=_("Questions in an order of each person's own"), required=False
    )

    def __init__(self, *args, part: Part | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if part:
            self.initial = {
                "title_vi": part["title"]["vi"],
                "title_en": part["title"].get("en", ""),
                "scored": part.get("scored", False),
                "shuffle": part.get("shuffle", False),
            }

    def apply(self, part: Part) -> None:
        told = self.cleaned_data
        part["title"] = labels(told["title_vi"], told["title_en"])
        for name in ("scored", "shuffle"):
            part.pop(name, None)
            if told[name]:
                part[name] = True


class GridForm(forms.Form):
    """The words above a grid, and rows to add to it."""

    label_vi = Words(label=_("Question above the rows, in Vietnamese"), max_length=LABEL_LENGTH)
    label_en = Words(
        label=_("Question above the rows, in English"), max_length=LABEL_LENGTH, required=False
    )
    rows = LabelLines(
        label=_("Rows to add"),
        required=False,
        help_text=_("One a line, as “Vietnamese | English”. Each row is a question of its own."),
    )

    def __init__(self, *args, part: Part | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if part:
            self.initial = {
                "label_vi": part["label"]["vi"],
                "label_en": part["label"].get("en", ""),
            }


class NewGridForm(GridForm):
    scale = forms.ChoiceField(label=_("Scale"))
    required = forms.BooleanField(label=_("An answer is required"), required=False, initial=True)
    field_order = ["label_vi", "label_en", "scale", "required", "rows"]

    def __init__(self, *args, definition: Definition, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scale"].choices = scale_choices(definition)
        self.fields["rows"].required = True


def scale_choices(definition: Definition) -> list[tuple[str, str]]:
    """Scales that the questionnaire has, then the ready-made ones that it may take."""
    own = definition.get("scales", {})
    titles = library.scale_titles()
    found = [(name, _levels(name, scale)) for name, scale in own.items()]
    return found + [(name, title) for name, title in titles.items() if name not in own]


def _levels(name: str, scale: Part) -> str:
    words = [in_language(row["label"]) for row in scale["choices"]]
    return f"{name}: {' – '.join(words)}"


def take_scale(definition: Definition, name: str) -> None:
    """A ready-made scale that was chosen comes along."""
    scales = definition.setdefault("scales", {})
    if name not in scales:
        scales[name] = library.scale(name)


class NewScaleForm(forms.Form):
    levels = LabelLines(
        label=_("Levels"),
        help_text=_("From the lowest to the highest, one a line, as “Vietnamese | English”."),
    )
    with_na = forms.BooleanField(
        label=_("With “not applicable”"),
        required=False,
        initial=True,
        help_text=_("Such answers are in no denominator."),
    )

    def choices(self, spent: dict, name: str) -> list[Part]:
        found = [
            {"code": new_choice(spent, scale_key(name), False), "label": words}
            for words in self.cleaned_data["levels"]
        ]
        if self.cleaned_data["with_na"]:
            code = new_choice(spent, scale_key(name), True)
            words = labels("Không áp dụng", "Not applicable")
            found.append({"code": code, "label": words, "na": True})
        return found


class IndexForm(forms.Form):
    items = forms.MultipleChoiceField(
        label=_("Items of the index"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Questions on a scale whose answers are pooled."),
    )
    satisfied = forms.TypedMultipleChoiceField(
        label=_("Levels that count as satisfied"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    decimals = forms.IntegerField(label=_("Decimals"), min_value=0, max_value=MAX_DECIMALS)
    version = Words(
        label=_("Name of the method"),
        max_length=60,
        help_text=_("Reports show it, e.g. sipas-2024/1."),
    )
    basis = Paragraph(label=_("How it is reckoned, and by which document"), max_length=1000)

    def __init__(self, *args, definition: Definition, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        index = definition["index"]
        self.fields["items"].choices = [
            (row["code"], f"{row['code']} – {in_language(row['label'])}")
            for _section, row in questions(definition)
            if row["type"] == "scale"
        ]
        levels = {
            choice["code"]: in_language(choice["label"])
            for scale in definition.get("scales", {}).values()
            for choice in scale["choices"]
            if not choice.get("na") and not choice.get("declined")
        }
        self.fields["satisfied"].choices = [
            (code, f"{code} – {words}") for code, words in sorted(levels.items())
        ]
        self.initial = {
            "items": index["items"],
            "satisfied": index["satisfied"],
            "decimals": index["decimals"],
            "version": index["version"],
            "basis": index["basis"],
        }

    def apply(self, definition: Definition) -> None:
        """Items stand in the order of the questionnaire."""
        told, index = self.cleaned_data, definition["index"]
        chosen = set(told["items"])
        order = [row["code"] for _section, row in questions(definition)]
        index["items"] = [code for code in order if code in chosen]
        index["satisfied"] = sorted(told["satisfied"])
        for name in ("decimals", "version", "basis"):
            index[name] = told[name]
