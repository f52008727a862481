"""Verbs of packs: put releases in force, take them out of force."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection, transaction

from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Actor
from journal.actions import record
from packs import rules, selectors
from packs.contracts import Change, Lifted, Lifting, PackApplied, PackRetired, Settling, handlers
from packs.models import PackRelease

_LOCK = 0x7061636B73  # "packs"


class Applied(NamedTuple):
    """What applying one pack did; without changes the release in force stayed what it was."""

    code: str
    version: str
    changes: tuple[Change, ...]
    news: bool


@transaction.atomic
def apply(codes: Iterable[str] | None = None, *, actor: Actor, root: Path | None = None) -> list[Applied]:
    """These packs (all without any) and those they need are in force, all of them or none.

    Invalid `packs.faulty` where `packs check` would complain; NotFound for a pack that is not in the library.
    """
    _require_admin(actor)
    library = selectors.library(root)
    documents = {code: pack.document for code, pack in library.packs.items()}
    wanted = list(codes) if codes is not None else rules.order(documents)
    missing = [code for code in wanted if code not in documents]
    if missing:
        raise NotFound("packs.no_such_pack", codes=", ".join(missing))
    chosen = {need for code in wanted for need in rules.needed(code, documents)}
    faults = selectors.problems(library, chosen)
    if faults:
        raise Invalid("packs.faulty", number=len(faults), first=str(faults[0]))
    _lock()
    return [_apply_one(documents[code], actor) for code in rules.order(documents) if code in chosen]


@transaction.atomic
def retire(code: str, *, actor: Actor) -> None:
    """The pack is out of force and what it brought is retired; Conflict while another pack in force needs it."""
    _require_admin(actor)
    _lock()
    release = PackRelease.objects.filter(code=code, in_force=True).first()
    if release is None:
        raise NotFound("packs.not_in_force", code=code)
    others = selectors.needed_by(code)
    if others:
        raise Conflict("packs.still_needed", code=code, by=", ".join(others))
    empty = {key: value for key, value in release.manifest.items() if key in rules.META}
    changes = _put_in_force(empty, actor)
    release.in_force = False
    release.save(update_fields=["in_force"])
    news = PackRetired(code, release.version, sum(change.what == "retire" for change in changes))
    record("pack.retired.v1", subject=f"pack:{code}", actor=actor, data=news)


def settle(*, actor: Actor) -> tuple[list[str], list[str]]:
    """What packs in force need beside their rows is there, such as indexes; answers what was made and taken away.

    Called outside a transaction, so that nobody waits for it. Told again it changes nothing.
    """
    _require_admin(actor)
    made: list[str] = []
    gone: list[str] = []
    for handler in handlers().values():
        if isinstance(handler, Settling):
            new, old = handler.settle(actor)
            made, gone = made + new, gone + old
    return made, gone


def lift(*, actor: Actor) -> list[Lifted]:
    """Rows written under older schemas are carried over by the moves of packs in force; answers what came of it.

    Called outside a transaction, it commits batch by batch: one that died goes on where it was when told again.
    """
    _require_admin(actor)
    return [one for handler in handlers().values() if isinstance(handler, Lifting) for one in handler.lift(actor)]


@transaction.atomic
def rehearse(
    codes: Iterable[str] | None = None, *, actor: Actor, root: Path | None = None
) -> tuple[list[Applied], list[Lifted]]:
    """What applying these packs and carrying rows over would do: all of it is done and taken back."""
    point = transaction.savepoint()
    done = apply(codes, actor=actor, root=root), lift(actor=actor)
    transaction.savepoint_rollback(point)
    return done


@contextmanager
def trial(code: str, *, actor: Actor, root: Path | None = None) -> Iterator[Mapping[str, Any]]:
    """Inside, the pack is in force as its folder reads, with what it needs; afterwards nothing of it is."""
    with transaction.atomic():
        apply([code], actor=actor, root=root)
        release = PackRelease.objects.get(code=code, in_force=True)
        yield release.manifest
        transaction.set_rollback(True)


def _apply_one(document: Mapping[str, Any], actor: Actor) -> Applied:
    code, version, fingerprint = str(document["code"]), str(document["version"]), rules.fingerprint(document)
    before = PackRelease.objects.filter(code=code, in_force=True).first()
    changes = _put_in_force(document, actor)
    if before is not None and before.hash == fingerprint and not changes:
        return Applied(code, version, (), False)
    if before is not None:
        before.in_force = False
        before.save(update_fields=["in_force"])
    PackRelease.objects.create(
        code=code,
        version=version,
        hash=fingerprint,
        manifest=document,
        applied_at=clock.now(),
        applied_by=actor.key,
    )
    told = Counter(change.what for change in changes)
    news = PackApplied(code, version, fingerprint, told["add"], told["change"] + told["revive"], told["retire"])
    record("pack.applied.v1", subject=f"pack:{code}", actor=actor, data=news)
    return Applied(code, version, tuple(changes), True)


def _put_in_force(document: Mapping[str, Any], actor: Actor) -> list[Change]:
    found: list[Change] = []
    for _section, handler in selectors.concerned(document):
        changes = [change for change in handler.diff(document) if change.what != "keep"]
        if changes:
            handler.apply(document, actor)
        found += changes
    return found


def _require_admin(actor: Actor) -> None:
    if not actor.may("admin"):
        raise Forbidden("packs.not_an_administrator")


def _lock() -> None:
    """One at a time: two people applying the same library would otherwise both see nothing in force."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
