"""Rows go out: streamed where the format can, else from a file that is gone once it was read."""

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.db import transaction

from core.errors import NotFound
from core.scope import Actor
from exchange import selectors
from exchange.codecs import writing
from exchange.contracts import FileExported, datasets
from journal.actions import record


class Written(NamedTuple):
    """What to send: the type of content, and its text in pieces or an open file."""

    content_type: str
    text: Iterable[str] | None = None
    file: BinaryIO | None = None


def export(name: str, suffix: str, options: Mapping[str, str], *, actor: Actor) -> Written:
    """The rows of a dataset in a format, named by the suffix of its file; the journal says who took them away."""
    selectors.only_admins(actor)
    dataset = datasets().get(name)
    if dataset is None or suffix not in writing.TYPES:
        raise NotFound("exchange.unknown_dataset", name=f"{name}.{suffix}"[:60])
    rows = dataset.rows(options, actor=actor)
    with transaction.atomic():
        news = FileExported(name, suffix, dict(options))
        record("exchange.exported.v1", subject=f"dataset:{name}", actor=actor, data=news)
    if suffix in writing.TEXTS:
        return Written(writing.TYPES[suffix], text=writing.TEXTS[suffix](dataset.columns, rows))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "file"
        writing.FILES[suffix](target, name, dataset.columns, rows)
        return Written(writing.TYPES[suffix], file=target.open("rb"))
