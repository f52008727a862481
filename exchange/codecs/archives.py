"""Zip archives, opened with suspicion: what they would unpack to is bounded before a byte is unpacked."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import Invalid, TooLarge
from exchange.rules.records import MIB, Limits


@contextmanager
def archive(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The archive, if it is sound, not encrypted and no bomb."""
    try:
        with zipfile.ZipFile(path) as opened:
            members = opened.infolist()
            if len(members) > limits.members:
                raise TooLarge("exchange.too_many_members", limit=limits.members)
            if any(member.flag_bits & 1 for member in members):
                raise Invalid("exchange.encrypted")
            total = sum(member.file_size for member in members)
            packed = max(sum(member.compress_size for member in members), 1)
            if total > limits.unpacked_bytes:
                raise TooLarge("exchange.unpacks_too_large", megabytes=limits.unpacked_bytes // MIB)
            if total > limits.ratio_from and total / packed > limits.ratio:
                raise TooLarge("exchange.zip_bomb", ratio=round(total / packed), limit=limits.ratio)
            yield opened
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Invalid("exchange.broken_archive") from error


def unpacked(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> Path:
    """The member lies at the target; one that holds more than it declared is refused."""
    left = member.file_size
    with opened.open(member) as source, target.open("wb") as copy:
        while chunk := source.read(MIB):
            left -= len(chunk)
            if left < 0:
                raise TooLarge("exchange.zip_bomb", ratio=0, limit=0)
            copy.write(chunk)
    return target
