"""Bytes of a text file to lines of bounded length: which encoding, plain or packed by gzip."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from core.errors import Invalid, TooLarge
from exchange.rules.records import MIB, Limits

CHUNK = MIB
PROBE = 8 * MIB
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
NAMES = {
    "utf8": "utf-8", "utf-8": "utf-8", "65001": "utf-8", "gbk": "gb18030", "936": "gb18030", "cp936": "gb18030",
    "gb2312": "gb18030", "gb18030": "gb18030", "ansi 936": "gb18030", "oem 936": "gb18030", "54936": "gb18030",
    "big5": "big5", "950": "big5", "iso-8859-1": "latin-1", "88591": "latin-1", "1252": "cp1252", "cp1252": "cp1252",
}  # fmt: skip


def named(encoding: str) -> str:
    """The codec that a file means by this name (GBK is read as its superset GB 18030); "" for one nobody knows."""
    wanted = encoding.strip().lower().replace("_", "-")
    if wanted in NAMES:
        return NAMES[wanted]
    try:
        return codecs.lookup(wanted).name
    except (LookupError, ValueError):
        return ""


def detect(sample: bytes) -> str:
    """The encoding of a text from its first bytes: its mark, else UTF-8 if it is that, else GB 18030, else UTF-8."""
    for mark, name in BOMS:
        if sample.startswith(mark):
            return name
    for name in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(name)("strict").decode(sample)
        except UnicodeDecodeError:
            continue
        return name
    return "utf-8"


class _Counted:
    """A packed stream that is not read further than its limit."""

    def __init__(self, stream: gzip.GzipFile, limit: int) -> None:
        self.stream, self.left, self.limit = stream, limit, limit

    def read(self, size: int = CHUNK) -> bytes:
        try:
            got = self.stream.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise Invalid("exchange.broken_archive") from error
        self.left -= len(got)
        if self.left < 0:
            raise TooLarge("exchange.unpacks_too_large", megabytes=self.limit // MIB)
        return got


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked as they are read if it is a gzip."""
    with path.open("rb") as plain:
        packed = plain.read(2) == b"\x1f\x8b"
        plain.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=plain) as stream:
                yield cast(BinaryIO, _Counted(stream, limits.unpacked_bytes))
        else:
            yield cast(BinaryIO, plain)


def encoding_of(path: Path, limits: Limits) -> str:
    """The encoding of a text file, by its first eight megabytes."""
    with opened(path, limits) as stream:
        return detect(stream.read(PROBE))


def characters(path: Path, encoding: str, limits: Limits) -> Iterator[str]:
    """The text in pieces; bytes that are no text become U+FFFD, which a row is refused for."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with opened(path, limits) as stream:
        while chunk := stream.read(CHUNK):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)


class Lines:
    """The lines of a text with their endings, none longer than allowed: of a longer one only the beginning is given.

    `number` is the line last given; `cut` holds the numbers of those that were cut.
    """

    def __init__(self, path: Path, encoding: str, limits: Limits) -> None:
        self._pieces = characters(path, encoding, limits)
        self._longest = limits.line_chars
        self.number = 0
        self.cut: set[int] = set()

    def __iter__(self) -> Iterator[str]:
        rest, dropping = "", False
        for piece in self._pieces:
            start = 0
            while (end := piece.find("\n", start)) >= 0:
                line, start = rest + piece[start : end + 1], end + 1
                rest = ""
                yield self._given(line, dropping)
                dropping = False
            rest = "" if dropping else rest + piece[start:]
            if len(rest) > self._longest:
                kept, rest, dropping = rest, "", True
                self._kept = kept[:1000]
        if rest or dropping:
            yield self._given(rest, dropping)

    _kept = ""

    def _given(self, line: str, dropped: bool) -> str:
        self.number += 1
        if dropped or len(line) > self._longest:
            self.cut.add(self.number)
            kept = self._kept if dropped else line[:1000]
            return kept.replace('"', "").replace("\n", "").replace("\r", "") + "\n"
        return line
