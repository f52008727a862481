"""Secrets at rest: sealed with a key made of SECRET_KEY, opened only where something is signed or sent."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_PURPOSE = b"exchange.sealing:"


def seal(text: str) -> str:
    """The text, readable to nobody without the key; empty stays empty."""
    return _keys().encrypt(text.encode()).decode() if text else ""


def opened(sealed: str) -> str:
    """What was sealed; empty where it was sealed with a key that is gone."""
    if not sealed:
        return ""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def _keys() -> MultiFernet:
    held = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(_PURPOSE + key.encode()).digest())) for key in held]
    )
