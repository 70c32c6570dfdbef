"""The last step against machines: a picture of letters, or a question in words.

django-simple-captcha draws the picture and keeps its answer; label, text and
second way are ours, because a picture alone shuts out people who cannot see it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from captcha.models import CaptchaStore
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal import clock
from portal.text import clean, fold

from .models import PlainQuestion

LIFE = timedelta(minutes=10)
# Name of the button that asks for another picture and another question.
NEW_PICTURE = "hinh-moi"
_NUMBERS_VI = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_NUMBERS_EN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


@dataclass(frozen=True)
class Challenge:
    """What the form shows: a picture's key and address, a question and its key."""

    picture_key: str
    picture_url: str
    question_key: str
    question: str
    error: str = ""


def _word(number: int) -> str:
    return (_NUMBERS_EN if get_language() == "en" else _NUMBERS_VI)[number]


def pose(error: str = "") -> Challenge:
    """A fresh picture and a fresh question."""
    picture = CaptchaStore.generate_key()
    first, second = secrets.randbelow(8) + 1, secrets.randbelow(8) + 1
    question = PlainQuestion.objects.create(
        key=secrets.token_hex(16),
        answer=str(first + second),
        expires_at=clock.now() + LIFE,
    )
    text = _("Write in digits: %(first)s plus %(second)s")
    return Challenge(
        picture,
        reverse("captcha-image", args=[picture]),
        question.key,
        text % {"first": _word(first), "second": _word(second)},
        error,
    )


def is_met(request: HttpRequest) -> bool:
    """Whether the posted picture or question was answered. Each counts once, right or wrong."""
    picture = _picture_is_met(_picture_key(request), request.POST.get("captcha_text", ""))
    question = _question_is_met(_question_key(request), request.POST.get("question_text", ""))
    return picture or question


def drop(request: HttpRequest) -> None:
    """Void the posted picture and question: new ones take their place."""
    CaptchaStore.objects.filter(hashkey=_picture_key(request)).delete()
    PlainQuestion.objects.filter(key=_question_key(request)).delete()


def _picture_key(request: HttpRequest) -> str:
    return clean(request.POST.get("captcha_key", ""))[:40]


def _question_key(request: HttpRequest) -> str:
    return clean(request.POST.get("question_key", ""))[:32]


def _picture_is_met(key: str, text: str) -> bool:
    stored = CaptchaStore.objects.filter(hashkey=key).first()
    if stored is None:
        return False
    deleted, _rows = CaptchaStore.objects.filter(pk=stored.pk).delete()
    return bool(deleted) and stored.expiration > clock.now() and _same(stored.response, text)


def _question_is_met(key: str, text: str) -> bool:
    stored = PlainQuestion.objects.filter(key=key).first()
    if stored is None:
        return False
    deleted, _rows = PlainQuestion.objects.filter(pk=stored.pk).delete()
    return bool(deleted) and stored.expires_at > clock.now() and _same(stored.answer, text)


def _same(expected: str, typed: str) -> bool:
    return bool(typed.strip()) and fold("".join(typed.split())) == fold(expected)


def purge() -> int:
    """Delete questions and pictures that nobody answered in time."""
    CaptchaStore.remove_expired()
    return PlainQuestion.objects.filter(expires_at__lt=clock.now()).delete()[0]
