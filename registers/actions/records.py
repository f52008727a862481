"""Verbs of records: enter, amend, take a step (move, renew, end). Each leaves its turn and its news."""

from collections.abc import Mapping
from typing import Any

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction
from django.utils.timezone import get_default_timezone, localtime

from assets import selectors as assets
from core import clock, moves
from core.errors import Conflict, Forbidden, Invalid, Names
from core.schema import questions
from core.scope import Actor
from grid import selectors as grid
from journal import actions as journal
from registers import rules
from registers.actions import writing
from registers.actions.lifting import stands, unmasks
from registers.actions.linking import leads_to, tie
from registers.contracts import Act, Declared, Placing, RecordAmended, RecordEntered, RecordMoved, RecordView, Step
from registers.models import Record
from registers.selectors import (
    declared_of,
    facts_of,
    keeps,
    known,
    lies_inside,
    minute_of_day,
    needs_place,
    obeyed,
    version_of,
    view_of,
)


def enter(
    register: str, *, actor: Actor, given: Mapping[str, Any], place: Any = None, asset: str = "",
    links: Mapping[str, str] | None = None, key: str = "", organisation: str = "",
) -> RecordView:  # fmt: skip
    """A record stands in the register, in its first state, under the next number; once for each `key` of the actor.

    `organisation` keeps it, by its code; without one the actor's own does.
    """
    version, declared = known(register, actor)
    key = writing.key_of(key)
    if key and (held := Record.objects.filter(register=version.register, key=key).first()) is not None:
        return _told(held, declared, actor)
    if version.register.retired:
        raise Conflict("registers.retired", register=Names(declared.names))
    try:
        with transaction.atomic():
            row = Record(register=version.register, written_under=version, key=key, created_at=clock.now())
            row.org = writing.keeper_of(organisation, actor)
            return _entered(row, declared, actor, given, place, asset, links or {})
    except IntegrityError:
        held = Record.objects.filter(register=version.register, key=key).first() if key else None
        if held is None:
            raise
        return _told(held, declared, actor)


def _told(held: Record, declared: Declared, actor: Actor) -> RecordView:
    """The record that the actor has entered under the key; Conflict where it was somebody else's telling."""
    mine = held.turns.filter(number=1, actor=actor.key).exists()
    if not mine or not keeps(declared, actor, org=held.org, area=held.area):
        raise Conflict("registers.key_taken")
    return view_of(held, obeyed(held.written_under, declared))


def _entered(
    row: Record, declared: Declared, actor: Actor, given: Mapping[str, Any], place: Any, asset: str,
    links: Mapping[str, str],
) -> RecordView:  # fmt: skip
    row.attributes = writing.valid_attributes(declared, given)
    _put(row, declared, actor, place, asset)
    targets = _targets(declared, actor, links)
    if not row.area:
        row.area = next(
            (one.area for one in targets.values() if one is not None and one.area), ""
        ) or writing.home_area(row.org)
    if not keeps(declared, actor, org=row.org, area=row.area):
        raise Forbidden("registers.not_yours")
    writing.enter_state(row, declared, declared.states[0].code, row.created_at)
    row.number = writing.next_number(row, declared)
    writing.write(row, declared, writing.Deed(actor, Act.ENTER), {})
    for code, target in targets.items():
        tie(row, declared, code, links[code], target, actor)
    journal.record(
        "registers.entered.v1", subject=row.number, actor=actor, org=row.org, area=row.area,
        data=RecordEntered(declared.code, row.number, row.state),
    )  # fmt: skip
    return view_of(row, declared)


def _put(row: Record, declared: Declared, actor: Actor, place: Any, asset: str) -> None:
    shape = writing.shape_of(declared, place)
    if shape is None and needs_place(declared) and not asset:
        raise Invalid("registers.place_needed")
    if declared.assets and declared.placing is Placing.NONE and not asset:
        raise Invalid("registers.asset_needed")
    writing.settle(row, shape)
    if not asset:
        return
    about = assets.asset(asset, actor=actor) if "\0" not in asset else None
    if about is None or about.type not in declared.assets:
        raise Invalid("registers.unknown_asset", asset=asset[:24].replace("\0", ""))
    row.asset = about.code
    if shape is None:
        row.area, row.cell = about.area, about.cell
        if needs_place(declared) and declared.placing.value == "point":
            row.geom = Point(about.lon, about.lat, srid=4326)


def _targets(declared: Declared, actor: Actor, links: Mapping[str, str]) -> dict[str, Record | None]:
    """What the new record names, as the actor sees it; Invalid where it must name something and does not."""
    for link in declared.links:
        if link.needed and not links.get(link.code):
            raise Invalid("registers.link_needed", link=Names(link.names))
    return {code: leads_to(declared, code, to, actor) for code, to in links.items()}


@transaction.atomic
def amend(
    register: str, number: str, *, actor: Actor, version: int, given: Mapping[str, Any], place: Any = None,
    reason: str = "",
) -> RecordView:  # fmt: skip
    """The attributes are as given, the others as before, under the register as it is declared now."""
    row, declared = writing.locked(register, number, actor, version)
    if not keeps(declared, actor, org=row.org, area=row.area):
        raise Forbidden("registers.not_yours")
    if row.ended:
        raise Conflict("registers.ended", number=number)
    before, declared = dict(row.attributes), _lifted(row, declared)
    row.attributes = writing.valid_attributes(declared, {**row.attributes, **given})
    shape = writing.shape_of(declared, place)
    moved = shape is not None and (row.geom is None or not shape.equals_exact(row.geom, 1e-9))
    if before == row.attributes and not moved:
        return view_of(Record.objects.select_related("written_under").get(pk=row.pk), declared)
    if moved:
        writing.settle(row, shape)
        if not keeps(declared, actor, org=row.org, area=row.area):
            raise Forbidden("registers.not_yours")
    turn = writing.write(row, declared, writing.Deed(actor, Act.AMEND, reason=writing.text_of(reason)), before)
    fields = (*turn.changes, *(("place",) if moved else ()))
    journal.record(
        "registers.amended.v1", subject=row.number, actor=actor, org=row.org, area=row.area,
        data=RecordAmended(declared.code, row.number, tuple(fields)),
    )  # fmt: skip
    return view_of(row, declared)


def _lifted(row: Record, declared: Declared) -> Declared:
    """The register as it is declared now, which the record obeys from here on where its state is still one of it."""
    newest = version_of(declared.code)
    if newest.pk == row.written_under_id:
        return declared
    now_declared = declared_of(newest)
    if not stands(row, now_declared):
        return declared
    steps = moves.pending(row.written_under.document, newest.document)
    if unmasks(declared, now_declared, steps):
        return declared
    row.written_under, row.attributes = newest, moves.moved(row.attributes, steps)
    return now_declared


@transaction.atomic
def take_step(
    register: str, number: str, step: str, *, actor: Actor, version: int, given: Mapping[str, Any] | None = None,
    place: Any = None, reason: str = "", key: str = "",
) -> RecordView:  # fmt: skip
    """The step is taken: the record stands in its target state, with what it asks, its term, and the flags it raised.

    Told again under the same `key` it is taken once. Refused where the state, a right, a need or a check says no.
    """
    row, declared = writing.locked(register, number, actor)
    key = writing.key_of(key)
    if writing.told_before(row, key, actor, step):
        return view_of(row, declared)
    writing.require_version(row, version)
    taken = declared.step(step)
    if taken is None or row.state not in taken.sources:
        raise Conflict("registers.not_now", number=number, state=Names(declared.state_of(row.state).names))
    if not may_take(taken, row, actor):
        raise Forbidden("registers.step_not_yours", step=Names(taken.names))
    before, state = dict(row.attributes), row.state
    asked = {name: value for name, value in (given or {}).items() if name in taken.asks}
    row.attributes = writing.valid_attributes(declared, {**row.attributes, **asked})
    spot = _spot(taken, declared, place)
    flags = _checked(row, declared, taken, spot, writing.text_of(reason))
    _turned(row, declared, taken, flags)
    if spot is not None and row.geom is None:
        _settle_later(row, spot)
    deed = writing.Deed(actor, Act.STEP, step, writing.text_of(reason), flags, spot, key)
    turn = writing.write(row, declared, deed, before, state)
    news = RecordMoved(declared.code, row.number, step, state, row.state, flags, turn.number)
    journal.record("registers.moved.v1", subject=row.number, actor=actor, org=row.org, area=row.area, data=news)
    return view_of(row, declared)


def may_take(step: Step, row: Record, actor: Actor) -> bool:
    """Whether the actor holds one of the duties or rights that the step wants, over this record."""
    return any(actor.may(right, org=row.org, area=row.area) for right in (*step.by, "admin"))


def _settle_later(row: Record, spot: Point) -> None:
    """The record lies where the step was taken; it stays in the area of those who began it, who go on to see it."""
    if grid.place_at(spot.x, spot.y) is None:
        return
    area = row.area
    writing.settle(row, spot)
    row.area = area or row.area


def _spot(step: Step, declared: Declared, place: Any) -> Point | None:
    if not step.place:
        return None
    shape = writing.shape_of(declared, place)
    if not isinstance(shape, Point):
        raise Invalid("registers.place_needed")
    return shape


def _checked(row: Record, declared: Declared, step: Step, spot: Point | None, reason: str) -> tuple[str, ...]:
    """The flags that the step raises; refused where it needs what is not there or a check says no."""
    labels = {one.name: one.names for one in questions(declared.schema)}
    for name in rules.missing(step, row.attributes):
        raise Invalid("registers.attribute_needed", field=name, label=Names(labels.get(name, {})))
    if step.reason and not reason:
        raise Invalid("registers.reason_needed")
    facts, minute = facts_of(row), minute_of_day(clock.now())
    point = spot if spot is not None else row.geom
    flags = []
    for check in step.checks:
        if rules.holds(check, facts, minute=minute, inside=lambda path: lies_inside(row, path, point)):
            continue
        if check.refuses:
            raise Conflict("registers.check", check=check.code, says=Names(check.says))
        flags.append(check.code)
    return tuple(flags)


def _turned(row: Record, declared: Declared, step: Step, flags: tuple[str, ...]) -> None:
    now = clock.now()
    writing.enter_state(row, declared, step.target, now)
    row.flags = sorted({*row.flags, *flags} - {"overdue"})
    if step.term == "end":
        if row.valid_from and row.valid_until and row.valid_from < now:
            row.valid_until = min(now, row.valid_until)
    elif step.term and declared.term is not None:
        zone = get_default_timezone()
        since = rules.renewed_from(now, row.valid_until) if step.term == "renew" else now
        if since > rules.term_end(declared.term, now, zone):
            raise Conflict("registers.renewed_already", until=localtime(since).date().isoformat())
        row.valid_from = since if step.term == "start" or row.valid_from is None else row.valid_from
        row.valid_until = rules.term_end(declared.term, since, zone)
