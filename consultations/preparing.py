"""Preparing a consultation: its terms, and the draft of its page."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.text import fold

from . import window
from .access import require_run
from .models import Consultation, ConsultationPage, ConsultationsPage, OfficeQuestion
from .window import WindowState

MOST_QUESTIONS = 20
LONGEST_CODE = 60
# Once people have read the terms they hold for everybody.
TERMS = {"kind", "respondents", "is_moderated"}


@transaction.atomic
def prepare(by: User, **terms: Any) -> Consultation:
    """Begin a consultation and the draft of its page, which the Board approves as any other."""
    require_run(by)
    questions = _asked(terms.pop("questions", []), terms.pop("questions_en", []))
    made = Consultation(code=_free_code(str(terms["title"])), **terms)
    made.full_clean()
    made.save()
    _write_questions(made, questions)
    _add_page(made, by)
    log(made, "consultations.prepare", user=by)
    return made


@transaction.atomic
def change(consultation_id: int, by: User, **terms: Any) -> Consultation:
    """Mend the terms; who is asked and on what terms stays from the opening on."""
    require_run(by)
    held = window.hold(consultation_id)
    made = held.consultation
    said, english = terms.pop("questions", None), terms.pop("questions_en", [])
    questions = None if said is None else _asked(said, english)
    has_opened = held.window.state not in (WindowState.UNSET, WindowState.UPCOMING)
    changed = [name for name, value in terms.items() if getattr(made, name) != value]
    if has_opened and (TERMS & set(changed) or _asks_otherwise(made, questions)):
        raise ValidationError(
            _(
                "The consultation has opened: who is asked, what is asked and how opinions are "
                "published stays as it is."
            )
        )
    for name in changed:
        setattr(made, name, terms[name])
    made.full_clean()
    if changed:
        made.save(update_fields=changed)
    if has_opened:
        _translate(made, questions)
    elif _differs(made, questions):
        made.questions.all().delete()
        _write_questions(made, questions)
    log(made, "consultations.change", user=by, data={"fields": sorted(changed)})
    return made


# A question in Vietnamese and, where it is translated, in English.
Asked = list[tuple[str, str]]


def _asked(questions: list[str], english: list[str]) -> Asked:
    if len(english) > len(questions):
        raise ValidationError(
            {"questions_en": _("There are more lines here than questions above.")}
        )
    return list(zip_longest(questions, english, fillvalue=""))


def _differs(made: Consultation, questions: Asked | None) -> bool:
    if questions is None:
        return False
    return questions != list(made.questions.order_by("number").values_list("text", "text_en"))


def _asks_otherwise(made: Consultation, questions: Asked | None) -> bool:
    return questions is not None and [text for text, _en in questions] != question_lines(made)


def _translate(made: Consultation, questions: Asked | None) -> None:
    """The same questions in English: answers stay with them."""
    for question, (_text, english) in zip(
        made.questions.order_by("number"), questions or [], strict=False
    ):
        if question.text_en != english:
            question.text_en = english
            question.save(update_fields=["text_en"])


def question_lines(made: Consultation, name: str = "text") -> list[str]:
    return list(made.questions.order_by("number").values_list(name, flat=True))


def _write_questions(made: Consultation, questions: Asked) -> None:
    if len(questions) > MOST_QUESTIONS:
        raise ValidationError(
            {"questions": _("At most %(most)d questions.") % {"most": MOST_QUESTIONS}}
        )
    if not made.has_draft and not questions:
        raise ValidationError({"questions": _("A topic without a draft needs a question.")})
    OfficeQuestion.objects.bulk_create(
        OfficeQuestion(consultation=made, number=number, text=text, text_en=english)
        for number, (text, english) in enumerate(questions, 1)
    )


def _free_code(title: str) -> str:
    base = slugify(fold(title))[: LONGEST_CODE - 4].strip("-") or "lay-y-kien"
    code, number = base, 1
    while Consultation.objects.filter(code=code).exists():
        number += 1
        code = f"{base}-{number}"
    return code


def _add_page(made: Consultation, by: User) -> None:
    parent = ConsultationsPage.objects.filter(locale__language_code="vi").first()
    if parent is None:
        raise ValidationError(_("The section of consultations is missing from the page tree."))
    page = ConsultationPage(
        title=made.title[:255],
        slug=made.code,
        consultation=made,
        owner=by,
        live=False,
        is_demo=made.is_demo,
        locale=parent.locale,
    )
    parent.add_child(instance=page)
    page.save_revision(user=by)


def page_of(consultation: Consultation) -> ConsultationPage | None:
    """The page in the portal's own language."""
    pages = ConsultationPage.objects.filter(consultation=consultation)
    return pages.filter(locale__language_code="vi").first()
