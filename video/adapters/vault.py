"""Stream addresses at rest: encrypted with keys derived from SECRET_KEY (and its fallbacks, for rotation)."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from core.errors import Conflict


@lru_cache(maxsize=8)
def _box(secrets: tuple[str, ...]) -> MultiFernet:
    keys = []
    for secret in secrets:
        derived = HKDF(SHA256(), 32, salt=b"cityops", info=b"video.camera.url").derive(secret.encode())
        keys.append(Fernet(base64.urlsafe_b64encode(derived)))
    return MultiFernet(keys)


def _current() -> MultiFernet:
    return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def seal(address: str) -> str:
    """The address, unreadable without the key."""
    return _current().encrypt(address.encode()).decode()


def unseal(sealed: str) -> str:
    """The address again; Conflict `video.sealed_elsewhere` when SECRET_KEY changed without its fallback."""
    try:
        return _current().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Conflict("video.sealed_elsewhere") from error
