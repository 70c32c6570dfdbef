"""Weighting a survey: targets are set, the queue computes, figures stand with and without."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet, Sum
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal import clock
from portal.accounts.models import User
from portal.agencies.models import Agency
from portal.one_moment import one_moment
from portal.outbox.models import OutboxRow
from portal.outbox.sending import send

from ..intervals import Estimate, Moments, around, estimate
from ..models import (
    Pooling,
    Survey,
    WeighingMethod,
    WeightGroup,
    Weighting,
    WeightingState,
    WeightMoment,
)
from ..questionnaires import ONE_CODE, Questionnaire, read
from ..versions import current_version
from . import columns
from .definitions import Definition, criteria, current
from .indices import item_of
from .raking import CannotWeigh, Profile, Weights, post_stratify, rake

EFFECT = "satisfaction.weighting"
FAILURE = "Không tính được trọng số. Hãy lập lại; nếu vẫn lỗi, báo bộ phận quản trị."
MOST_COMBINATIONS = 120
_BETWEEN = "|"  # between the codes of a combination
_ROWS = 1000
# Shares are percentages as they are printed: what rounding leaves open is no fault.
_ROUNDING = Decimal("0.5")


@transaction.atomic
def order(
    survey: Survey,
    user: User,
    *,
    questions: Sequence[str],
    targets: Mapping[str, Mapping[str, Decimal]],
    source: str,
    method: str = WeighingMethod.RAKING,
    limits: tuple[Decimal, Decimal] | None = None,
) -> Weighting:
    """Have weights computed in the queue.

    `targets`: percentages by question and code, for raking; for post-stratification one
    entry "" by combination ("1|2": codes in the order of `questions`).
    """
    if not user.has_perm("satisfaction.define_measures"):
        raise PermissionDenied
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    _check(read(current_version(locked).definition), questions, method, targets, source, limits)
    lowest, highest = limits or (None, None)
    row = Weighting.objects.create(
        survey=locked,
        number=(locked.weightings.aggregate(n=Max("number"))["n"] or 0) + 1,
        method=method,
        questions=list(questions),
        targets={
            name: {code: str(share) for code, share in shares.items()}
            for name, shares in targets.items()
        },
        lowest=lowest,
        highest=highest,
        source=source.strip(),
        ordered_at=clock.now(),
        ordered_by=user,
    )
    send(EFFECT, str(row.pk), weighting_id=row.pk)
    log(row, "satisfaction.weighting.order", user=user, data={"number": row.number})
    return row


def _check(
    questionnaire: Questionnaire,
    questions: Sequence[str],
    method: str,
    targets: Mapping[str, Mapping[str, Decimal]],
    source: str,
    limits: tuple[Decimal, Decimal] | None,
) -> None:
    faults = []
    if not questions or not set(questions) <= {q.code for q in about_people(questionnaire)}:
        faults.append(_("Choose questions that people answer about themselves with one code."))
    wanted = set(questions) if method == WeighingMethod.RAKING else {""}
    if set(targets) != wanted:
        faults.append(_("Give the shares of each question."))
    for shares in targets.values():
        if any(share < 0 for share in shares.values()):
            faults.append(_("A share is not below 0%."))
        if abs(sum(shares.values()) - 100) > _ROUNDING:
            faults.append(_("The shares of a question add up to 100%."))
    if limits and not limits[0] < 1 < limits[1]:
        faults.append(_("The smallest weight lies below 1 and the largest above."))
    if not source.strip():
        faults.append(_("Say where the shares come from."))
    if faults:
        raise ValidationError(list(dict.fromkeys(faults)))


def about_people(questionnaire: Questionnaire) -> list:
    """Questions beside the index that everybody answers with one code."""
    return [
        question
        for section in questionnaire.sections
        for question in section.questions
        if question.type in ONE_CODE
        and question.code not in questionnaire.index.items
        and section.show_if is None
        and question.show_if is None
    ]


# --- In the queue ----------------------------------------------------------------------


def carry_out(row: OutboxRow) -> None:
    """Outbox handler: a second run finds it made."""
    weighting = Weighting.objects.select_related("survey").get(pk=row.payload["weighting_id"])
    if weighting.state != WeightingState.ORDERED:
        return
    try:
        compute(weighting)
    except CannotWeigh as refused:
        _fail(weighting.pk, _nobody(weighting, refused))


def lose(row: OutboxRow) -> None:
    """Its workers died again and again."""
    _fail(row.payload["weighting_id"], FAILURE)


def _fail(weighting_id: int, failure: str) -> None:
    Weighting.objects.filter(pk=weighting_id, state=WeightingState.ORDERED).update(
        state=WeightingState.FAILED, failure=failure[:300]
    )


def _nobody(weighting: Weighting, refused: CannotWeigh) -> str:
    questionnaire = read(current_version(weighting.survey).definition)
    names = []
    for at, category in refused.empty:
        codes = category if isinstance(category, tuple) else (category,)
        asked = weighting.questions if isinstance(category, tuple) else [weighting.questions[at]]
        words = [
            choice.label
            for code, name in zip(codes, asked, strict=True)
            if (choice := questionnaire.counted[name].choice(code))
        ]
        names.append(", ".join(words))
    return f"Không có phiếu nào của nhóm: {'; '.join(names)}. Hãy gộp nhóm này hoặc để tỷ lệ 0."


def compute(weighting: Weighting) -> None:
    """Fit the weights to the responses as they stand, and keep the sums of each group."""
    survey = weighting.survey
    with one_moment():
        questionnaire = read(current_version(survey).definition)
        definition = current(survey, questionnaire)
        moments = _moments(weighting, questionnaire, definition)
        people: dict[Profile, int] = {}
        for (profile, _agency), (n, _scopes) in moments.items():
            people[profile] = people.get(profile, 0) + n
        made = _fit(weighting, people)
        _keep(weighting, people, made, moments, definition)


# n, and the five sums with their n by scope.
Kept = dict[tuple[Profile, int], tuple[int, dict[str, Moments]]]


def _moments(weighting: Weighting, questionnaire: Questionnaire, definition: Definition) -> Kept:
    """Sums by agency and by what people said of themselves: one walk in the database."""
    asked = weighting.questions
    scopes = {"": definition.items, **criteria(questionnaire, definition.items)}
    table, params = columns.answers(weighting.survey, [*asked, *definition.items])
    inner, outer = ["t.agency_id"], ["q.agency_id"]
    for at, code in enumerate(asked):
        inner.append(f"t.{columns.column(code)} AS p{at}")
        outer.append(f"q.p{at}")
    sums = []
    for at, items in enumerate(scopes.values()):
        seen = {code: item_of(questionnaire.counted[code], definition) for code in items}
        inner.append(f"({columns.tally(seen, 'satisfied')}) AS y{at}")
        inner.append(f"({columns.tally(seen, 'rated')}) AS x{at}")
        sums.append(f"SUM(CASE WHEN q.x{at} > 0 THEN 1 ELSE 0 END)")
        sums += [f"SUM(q.{term.replace('#', str(at))})" for term in columns.TERMS]
    keys = ", ".join(outer)
    found = columns.rows(
        f"SELECT {keys}, COUNT(*), {', '.join(sums)} FROM "  # noqa: S608
        f"(SELECT {', '.join(inner)} FROM {table} t {columns.barrier()}) q GROUP BY {keys}",
        params,
    )
    kept: Kept = {}
    for agency, *rest in found:
        profile = _profile(weighting, rest[: len(asked)])
        n, *numbers = map(int, rest[len(asked) :])
        six = [Moments(*numbers[start : start + 6]) for start in range(0, len(numbers), 6)]
        before, there = kept.get((profile, agency), (0, {}))
        kept[profile, agency] = (
            before + n,
            {
                scope: there.get(scope, Moments()) + part
                for scope, part in zip(scopes, six, strict=True)
            },
        )
    return kept


def _profile(weighting: Weighting, codes: Sequence[int | None]) -> Profile:
    """Codes that have a target; None where nothing was said or there is no target for it."""
    if weighting.method == WeighingMethod.POST_STRATIFICATION:
        return tuple(codes)
    known = (weighting.targets[name] for name in weighting.questions)
    return tuple(
        code if code is not None and Decimal(targets.get(str(code), 0)) > 0 else None
        for code, targets in zip(codes, known, strict=True)
    )


def _fit(weighting: Weighting, people: Mapping[Profile, int]) -> Weights:
    limits = None
    if weighting.lowest is not None and weighting.highest is not None:
        limits = (float(weighting.lowest), float(weighting.highest))
    if weighting.method == WeighingMethod.POST_STRATIFICATION:
        joint = {
            tuple(map(int, name.split(_BETWEEN))): float(share)
            for name, share in weighting.targets[""].items()
        }
        return post_stratify(people, joint, limits)
    margins = [
        {int(code): float(share) for code, share in weighting.targets[name].items()}
        for name in weighting.questions
    ]
    return rake(people, margins, limits)


def _keep(
    weighting: Weighting,
    people: Mapping[Profile, int],
    made: Weights,
    moments: Kept,
    definition: Definition,
) -> None:
    groups = {
        profile: WeightGroup(
            weighting=weighting, profile=list(profile), n=people[profile], weight=weight
        )
        for profile, weight in made.weights.items()
    }
    WeightGroup.objects.bulk_create(groups.values(), batch_size=_ROWS)
    WeightMoment.objects.bulk_create(
        (
            WeightMoment(group=groups[profile], agency_id=agency, scope=scope, **vars(part))
            for (profile, agency), (_n, scopes) in moments.items()
            for scope, part in scopes.items()
            if part.n
        ),
        batch_size=_ROWS,
    )
    weighting.state, weighting.made_at = WeightingState.MADE, clock.now()
    weighting.report = {
        "rounds": made.rounds,
        "converged": made.has_converged,
        "deviation": f"{made.deviation:.10f}",
        "trimmed": made.trimmed,
        "definition": definition.version,
        "definition_sha256": definition.as_data()["sha256"],
        "n": made.n,
        "deff": f"{made.deff:.6f}",
        "effective_n": f"{made.effective_n:.2f}",
        "smallest": f"{min(made.weights.values()):.6f}",
        "largest": f"{max(made.weights.values()):.6f}",
    }
    weighting.save(update_fields=["state", "made_at", "report"])


# --- Reading ---------------------------------------------------------------------------


def latest(survey: Survey) -> Weighting | None:
    """The newest weights that are made."""
    return survey.weightings.filter(state=WeightingState.MADE).order_by("-number").first()


class Lookup:
    """The weight of a response by its answers: it is that of the group with its profile."""

    def __init__(self, weighting: Weighting) -> None:
        self.weighting = weighting
        groups = weighting.groups.values_list("profile", "weight")
        self.weights = {tuple(profile): Decimal(repr(weight)) for profile, weight in groups}

    def of(self, answers: Mapping[str, object]) -> Decimal | None:
        """None for people of a group that nobody belonged to when the weights were computed."""
        codes = [answers.get(name) for name in self.weighting.questions]
        return self.weights.get(_profile(self.weighting, codes))

    def sha256(self) -> str:
        """Of "profile;weight" lines in order: another computation has another."""
        lines = sorted(f"{list(profile)};{weight}" for profile, weight in self.weights.items())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def by_scope(weighting: Weighting) -> dict[str, Estimate | None]:
    """The weighted index and criteria, pooled over answers."""
    rows = WeightMoment.objects.filter(group__weighting=weighting)
    return _estimates(rows.values_list("scope", "group__weight", *_SUMS))


def by_agency(weighting: Weighting) -> dict[Agency, Estimate | None]:
    rows = WeightMoment.objects.filter(group__weighting=weighting, scope="")
    made = _estimates(rows.values_list("agency_id", "group__weight", *_SUMS))
    return _by_office(made)


def plain_by_scope(weighting: Weighting) -> dict[str, Estimate | None]:
    """The same people by the same definition, all alike: what stands beside `by_scope`."""
    return _plain(WeightMoment.objects.filter(group__weighting=weighting), "scope")


def plain_by_agency(weighting: Weighting) -> dict[Agency, Estimate | None]:
    rows = WeightMoment.objects.filter(group__weighting=weighting, scope="")
    return _by_office(_plain(rows, "agency_id"))


def is_by(weighting: Weighting, definition: Definition) -> bool:
    """Whether its figures may stand in one table with those of a definition."""
    report = weighting.report
    kept = report.get("definition_sha256")
    # Weightings of before kept the version alone.
    is_same = kept == definition.as_data()["sha256"] if kept else True
    return (
        definition.pooling == Pooling.ANSWERS
        and report.get("definition") == definition.version
        and is_same
    )


def _by_office(made: Mapping[int, Estimate | None]) -> dict[Agency, Estimate | None]:
    return {agency: made[agency.pk] for agency in Agency.objects.filter(pk__in=made)}


def _plain(rows: QuerySet[WeightMoment], name: str) -> dict:
    totals = rows.values_list(name).annotate(*(Sum(part) for part in _SUMS)).order_by(name)
    return {key: estimate(Moments(*six)) for key, *six in totals}


_SUMS = ("n", "sy", "sx", "syy", "sxy", "sxx")


def _estimates(rows: Iterable[tuple]) -> dict:
    parts: dict[object, list[tuple[float, Moments]]] = {}
    for key, weight, *six in rows:
        parts.setdefault(key, []).append((weight, Moments(*six)))
    return {key: weighted(found) for key, found in parts.items()}


def weighted(parts: Iterable[tuple[float, Moments]]) -> Estimate | None:
    """R = Σ w·y / Σ w·x over respondents, with the weights taken as fixed.

    SE = √( n/(n−1) · Σ w² (y − R·x)² ) / Σ w·x (Lohr 2010, 4.1 and 7.3). Weights are alike
    within a group, so its five sums carry Σ (y − R·x)².
    """
    parts = [(weight, part) for weight, part in parts if part.sx]
    if not parts:
        return None
    n = sum(part.n for _weight, part in parts)
    x = math.fsum(weight * part.sx for weight, part in parts)
    r = math.fsum(weight * part.sy for weight, part in parts) / x
    squares = math.fsum(
        weight**2 * (part.syy - 2 * r * part.sxy + r * r * part.sxx) for weight, part in parts
    )
    se = math.sqrt(max(0.0, squares) * n / (n - 1)) / x if n > 1 else 0.0
    return around(Fraction(min(1.0, r)), se if se > 1e-9 else 0.0, n)
