"""Where evidence is kept: by the hash of its content, so that the same picture is one file and none is overwritten."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from core.errors import Conflict, NotFound
from core.pictures import Picture


def keep(content: bytes, sha256: str) -> None:
    """The content lies under its hash, whole or not at all; kept twice, it is there once."""
    path = _path(sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o440)
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def keep_picture(one: Picture) -> None:
    """The original and the public copy lie in the vault."""
    keep(one.original, one.sha256)
    keep(one.public, one.public_sha256)


def fetch(sha256: str) -> bytes:
    """The content, its seal proved; NotFound when the file is gone, Conflict when it is not what was sealed."""
    try:
        content = _path(sha256).read_bytes()
    except FileNotFoundError as error:
        raise NotFound("picture.lost") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Conflict("picture.seal_broken")
    return content


def drop(sha256: str) -> None:
    """The content does not lie under its hash any more; gone before, it is gone. Nobody else may name it."""
    _path(sha256).unlink(missing_ok=True)


def place(sha256: str) -> Path:
    """Where content of that hash lies, below MEDIA_ROOT."""
    return Path("evidence") / sha256[:2] / sha256[2:4] / sha256


def _path(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / place(sha256)
