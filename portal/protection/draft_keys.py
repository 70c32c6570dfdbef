"""The secret of a draft that a visitor's browser carries; only its hash is kept here.

It follows from the token of the form that began the draft, so that the second click on
that form opens the same draft.
"""

from __future__ import annotations

import hashlib
import uuid

from django.utils.crypto import salted_hmac


def key_of(purpose: str, token: uuid.UUID) -> str:
    return salted_hmac(purpose, token.hex, algorithm="sha256").hexdigest()


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
