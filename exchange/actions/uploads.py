"""A file comes in: kept, recognised, its header read, its columns guessed."""

from collections.abc import Iterable
from itertools import islice
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.db import transaction

from core import clock
from core.errors import DomainError, Invalid
from core.personal import masked_words
from core.scope import Actor
from exchange import codecs, selectors
from exchange.actions.steps import locked, refuse_unless
from exchange.adapters import folder
from exchange.contracts import State, intakes
from exchange.models import ImportJob
from exchange.rules.mapping import fields_of, guess, left_over

SAMPLE = 5
SHOWN = 60


def upload(name: str, chunks: Iterable[bytes], *, kind: str, actor: Actor, layer: str = "") -> ImportJob:
    """The file is kept and understood as far as its header; nothing of it is in the city yet."""
    selectors.only_admins(actor)
    intake = intakes().get(kind)
    if intake is None:
        raise Invalid("exchange.unknown_kind", kind=kind[:40])
    name = PurePath(name.replace("\\", "/")).name.replace("\x00", "")[-200:] or "file"
    job = ImportJob(uid=uuid4(), kind=kind, name=name, created_at=clock.now(), created_by=actor.key)
    job.created_label = actor.label[:200]
    job.sha256, job.size = folder.keep(job.uid, chunks)
    try:
        _describe(job, layer)
    except DomainError:
        folder.drop(job.uid)
        raise
    job.save()
    return job


@transaction.atomic
def choose_layer(uid: str, *, layer: str, actor: Actor) -> ImportJob:
    """Another layer or sheet of the file is the one to read; its columns are guessed anew."""
    selectors.only_admins(actor)
    job = locked(uid)
    refuse_unless(job, State.UPLOADED, State.CHECKED, State.MAPPED)
    _describe(job, layer)
    job.state, job.beat_at, job.epoch = State.UPLOADED, None, job.epoch + 1
    job.report, job.preview, job.counts, job.total, job.done = {}, [], {}, 0, 0
    job.save()
    return job


def _describe(job: ImportJob, layer: str) -> None:
    path = folder.path_of(job.uid)
    with path.open("rb") as start:
        job.format = codecs.format_of(job.name, start.read(16))
    source = codecs.open_source(path, job.format, layer=layer)
    header = source.header
    intake = intakes()[job.kind]
    options = {choice.name: choice.default for choice in intake.choices()}
    columns = intake.asked(options)
    job.mapping = guess(fields_of(columns, intake.geometry, header), header)
    samples = [record.values for record in islice(source.records(), SAMPLE)]
    job.header = {
        "columns": list(header.columns), "layers": list(header.layers), "layer": header.layer,
        "encoding": header.encoding, "crs": header.crs, "shapes": header.shapes,
        "sample": [[_short(values.get(column, "")) for column in header.columns] for values in samples],
    }  # fmt: skip
    job.options = {"crs": header.crs or "EPSG:4326", "datum": "wgs84", "encoding": header.encoding, **options}
    job.options["attributes"] = left_over(job.mapping, columns, header)


def _short(value: Any) -> str:
    """A cell as the example of its column: the row of the job stays, so it holds nobody's number."""
    text = masked_words(str(value).replace("\x00", ""))
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
