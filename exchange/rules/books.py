"""Which sheet of a book a sheet of a workbook is. Pure."""

import re
from collections.abc import Mapping

from exchange.contracts.books import Book, Sheet

NOTES = frozenset({"whatgoeswhere", "填写说明"})
NOISE = re.compile(r"[\s\d_\-.:()（）、]+")


def sheet_called(book: Book, title: str, kinds: Mapping[str, Mapping[str, str]]) -> Sheet | None:
    """The sheet of that title, by what it or its kind is called in any language; a number before it says nothing."""
    wanted = _plain(title)
    for sheet in book.sheets:
        if wanted in {_plain(word) for word in (sheet.kind, *sheet.names.values(), *kinds[sheet.kind].values())}:
            return sheet
    return None


def is_notes(title: str) -> bool:
    """Whether a sheet only says how a template is filled in."""
    return _plain(title) in NOTES


def _plain(text: str) -> str:
    return NOISE.sub("", text).lower()
