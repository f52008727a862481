"""What people decide about a file: which column is which field, the plane, the datum, the settings of its kind."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from core.errors import Invalid, Names
from core.scope import Actor
from exchange import selectors
from exchange.actions.steps import locked, refuse_unless
from exchange.adapters import queue
from exchange.adapters.planes import Plane
from exchange.codecs.text import named
from exchange.contracts import Datum, Intake, State, intakes
from exchange.models import ImportJob
from exchange.rules.mapping import brought, fields_of, guess, left_over, problems

LONGEST = 4000


@transaction.atomic
def map_columns(
    uid: str,
    *,
    actor: Actor,
    mapping: Mapping[str, str],
    options: Mapping[str, str] | None = None,
    attributes: Sequence[str] | None = None,
) -> ImportJob:
    """The columns mean this; the file waits for its check, whose earlier result is forgotten.

    A field that a setting brings along and nobody named is guessed; so are the columns kept without `attributes`.
    """
    selectors.only_admins(actor)
    job = locked(uid)
    refuse_unless(job, State.UPLOADED, State.CHECKED, State.MAPPED)
    intake = intakes()[job.kind]
    header = selectors.header_of(job)
    job.options |= _options(job, intake, dict(options or {}))
    columns = intake.asked(job.options)
    fields = fields_of(columns, intake.geometry, header)
    wanted = {name: column for name, column in mapping.items() if column}
    unnamed = [field for field in brought(intake.columns, fields) if field.name not in mapping]
    wanted |= guess(unnamed, header, set(wanted.values()))
    faults = problems(wanted, fields, intake.geometry, header)
    if faults:
        raise Invalid(faults[0][0], **faults[0][1])
    kept = left_over(wanted, columns, header) if attributes is None else attributes
    job.options["attributes"] = [column for column in kept if column in header.columns]
    job.mapping, job.state = wanted, State.MAPPED
    job.report, job.preview, job.counts, job.total, job.done, job.beat_at = {}, [], {}, 0, 0, None
    job.epoch, job.attempts = job.epoch + 1, 0
    job.save()
    transaction.on_commit(lambda: queue.ask(str(job.uid)), robust=True)
    return job


def _options(job: ImportJob, intake: Intake, given: dict[str, str]) -> dict[str, str]:
    known = {choice.name: choice for choice in intake.choices()}
    for name, value in given.items():
        if name not in known and name not in ("crs", "datum", "encoding"):
            raise Invalid("exchange.unknown_option", option=name[:40])
        if not isinstance(value, str) or len(value) > LONGEST or "\x00" in value:
            raise Invalid("exchange.bad_option", option=name)
    if given.get("datum", "wgs84") not in set(Datum):
        raise Invalid("exchange.bad_option", option="datum")
    if given.get("encoding") and not named(given["encoding"]):
        raise Invalid("exchange.bad_option", option="encoding")
    if given.get("encoding"):
        given["encoding"] = named(given["encoding"])
    if given.get("crs"):
        Plane(given["crs"])
    for name, choice in known.items():
        value = given.get(name, job.options.get(name, ""))
        allowed = {code for code, _label in choice.choices}
        if (choice.required and not value) or (allowed and value and value not in allowed):
            raise Invalid("exchange.bad_option", option=Names(choice.label))
    return given
