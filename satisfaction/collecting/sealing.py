"""Slips of the urn, unreadable in the database.

Encrypt, then authenticate, from the standard library alone: HMAC-SHA256 in counter mode
under one key, HMAC-SHA256 over nonce and ciphertext under another. Both follow from the
server's secret, which no table and no dump of the database holds. Padded, so that the
length of a slip says nothing of what was written.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets

from django.conf import settings

NONCE = 16
TAG = 32
PAD = 1024


class BrokenSeal(ValueError):
    """The slip was not sealed here, or was changed since."""


def seal(content: dict, survey_id: int) -> str:
    plain = json.dumps(content, ensure_ascii=False).encode()
    padded = plain + b" " * (-len(plain) % PAD)
    nonce = secrets.token_bytes(NONCE)
    sealed = nonce + _mixed(padded, nonce, _key(settings.SECRET_KEY, survey_id, "seal"))
    tag = _tag(sealed, _key(settings.SECRET_KEY, survey_id, "check"))
    return base64.b64encode(sealed + tag).decode()


def unseal(slip: str, survey_id: int) -> dict:
    """What was sealed under the present secret or one that it has replaced."""
    raw = base64.b64decode(slip)
    sealed, tag = raw[:-TAG], raw[-TAG:]
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(tag, _tag(sealed, _key(secret, survey_id, "check"))):
            nonce = sealed[:NONCE]
            key = _key(secret, survey_id, "seal")
            return json.loads(_mixed(sealed[NONCE:], nonce, key))
    raise BrokenSeal


def _key(secret: str, survey_id: int, purpose: str) -> bytes:
    name = f"satisfaction.urn/{survey_id}/{purpose}".encode()
    return hmac.digest(secret.encode(), name, hashlib.sha256)


def _tag(sealed: bytes, key: bytes) -> bytes:
    return hmac.digest(key, sealed, hashlib.sha256)


def _mixed(text: bytes, nonce: bytes, key: bytes) -> bytes:
    """The text with the key's stream laid over it; done twice it is the text again."""
    blocks = -(-len(text) // TAG)
    stream = b"".join(
        hmac.digest(key, nonce + number.to_bytes(8), hashlib.sha256) for number in range(blocks)
    )
    mixed = int.from_bytes(text) ^ int.from_bytes(stream[: len(text)])
    return mixed.to_bytes(len(text))
