"""Which files the rows of the city name: what a backup must hold, and no more.

Drafts and latest pictures of cameras show faces and are swept within hours: they are in no backup.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps

from core import vault
from video.adapters import pictures


class Source(NamedTuple):
    """A table, its columns that hold the hash of a file, where such files lie, and which of its rows count."""

    model: str
    columns: tuple[str, ...]
    place: Callable[[str], Path]
    rows: Mapping[str, Any] = {}


SOURCES = (
    Source("cases.Evidence", ("sha256",), vault.place, {"erased_at": None}),
    Source("cases.Evidence", ("public_sha256",), vault.place),
    Source("cases.Clip", ("public_sha256",), vault.place, {"state": "ready"}),
    Source("assets.Photo", ("sha256", "public_sha256"), vault.place),
    Source("video.Still", ("raw_sha256", "public_sha256"), pictures.place, {"incident__isnull": False}),
)


class Named(NamedTuple):
    """A file below MEDIA_ROOT, the hash of its content, and the column that names it."""

    path: Path
    sha256: str
    by: str


def named() -> Iterator[Named]:
    """Every file that a row names, once for each time it is named."""
    for source in SOURCES:
        rows = apps.get_model(source.model).objects.filter(**source.rows)
        for seals in rows.values_list(*source.columns).iterator():
            for column, seal in zip(source.columns, seals, strict=True):
                yield Named(source.place(seal), seal, f"{source.model}.{column}")
