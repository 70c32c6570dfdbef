"""Whether what readers are told of opinions agrees with what is kept of them."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, F, Q

from consultations.commenting import reading
from consultations.models import Consultation, Opinion, OpinionState, PublicOpinion


class Command(BaseCommand):
    help = "Check that received = published + waiting + withheld, and that readers see no other."

    def handle(self, *args, **options) -> None:
        problems = [*_strays(), *_sums()]
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} problems")
        self.stdout.write(f"{Opinion.objects.count()} opinions: the counters add up.")


def _strays() -> list[str]:
    shown = PublicOpinion.objects.exclude(opinion__state=OpinionState.PUBLISHED)
    missing = Opinion.objects.filter(state=OpinionState.PUBLISHED, public=None)
    moved = PublicOpinion.objects.exclude(
        Q(consultation=F("opinion__consultation"))
        & (Q(provision=F("opinion__provision")) | Q(opinion__provision=None, provision=None))
    )
    named = PublicOpinion.objects.exclude(name="").filter(opinion__is_name_shown=False)
    told = [
        ("shown though not published", shown),
        ("published and not shown", missing),
        ("shown in another place", moved),
        ("named against the author's wish", named),
    ]
    return [f"opinion {row.pk}: {what}" for what, rows in told for row in rows]


def _sums() -> list[str]:
    problems = []
    all_of = dict(
        Opinion.objects.exclude(state=OpinionState.WITHDRAWN)
        .order_by()
        .values_list("consultation")
        .annotate(n=Count("pk"))
    )
    public = dict(
        PublicOpinion.objects.order_by().values_list("consultation").annotate(n=Count("pk"))
    )
    counters = reading.counters_of(all_of)
    for consultation in Consultation.objects.filter(pk__in=all_of):
        found = counters[consultation.pk]
        if found.received != all_of[consultation.pk]:
            problems.append(f"{consultation.code}: received does not add up")
        if found.published != public.get(consultation.pk, 0):
            problems.append(f"{consultation.code}: published does not add up")
    return problems
