"""What the answers bring into the house when it starts."""

from __future__ import annotations


def join() -> None:
    from portal.outbox import mail
    from portal.outbox.registry import every_night, register
    from portal.reporting.kinds import register_kind
    from site_pages import page_cache

    from .. import models
    from ..commenting.following import register_outcome
    from . import became, files, letters, publishing, reminding, report

    register(letters.ALL, letters.call_for_each)
    register(letters.ONE, letters.deliver, atomic=False)
    register(publishing.FILES, files.make, atomic=False)
    mail.register_letter(reminding.LETTER, "consultations/letters/answers_due.txt")
    register_kind(report.REPORT)
    register_outcome(became.outcomes)
    every_night(reminding.take_in_all)
    every_night(reminding.remind_all)
    page_cache.never_shown(
        models.Account,
        models.AnswerTemplate,
        models.PaperOpinion,
        models.Point,
        models.PublishedPlace,
        models.Synthesis,
        models.SynthesisRow,
    )
