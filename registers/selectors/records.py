"""Records: the list by filters, one of them, the facts its checks ask, its history and links."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.gis.geos import Point
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.lookups import DataContains
from django.db.models import Count, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Least
from django.utils.timezone import localtime

from core import clock
from core.errors import Invalid, NotFound
from core.hot import equals
from core.languages import pick
from core.querying import NOTHING, scope_q
from core.schema import Hot, Question, kind_of, questions
from core.scope import Actor
from registers import rules
from registers.contracts import CASE, Declared, Found, Placing, RecordView, found
from registers.models import Record, Tie, Turn
from registers.selectors.declared import (
    declared_of,
    each_obeyed,
    registers_for,
    states_of,
    version_of,
    versions_in_force,
    visible_to,
)

PAGE, MOST = 30, 200
FILTERS = ("state", "expiring", "flag", "q")
EXPIRING = ("7", "30", "90", "over")
DEPTH = 2
PAIRS, LETTERS = "registers_pairs", ArrayField(TextField())
"""The function of the index that words are found by, and what it answers."""


class Page(NamedTuple):
    """Records, newest first, and the key behind which the next ones follow; None at the end."""

    rows: list[Record]
    following: int | None


def records(declared: Declared, options: Mapping[str, str], actor: Actor) -> QuerySet[Record]:
    """The records of a register that pass the filters; Invalid where a filter makes no sense."""
    rows = Record.objects.filter(visible_to(declared, actor), register=declared.pk)
    for name, value in options.items():
        if value:
            rows = rows.filter(_narrowed(declared, name, value))
    return rows.prefetch_related("written_under")


def _narrowed(declared: Declared, name: str, value: str) -> Q:
    asked = {one.name: one for one in questions(declared.schema)}
    if "\0" in value or len(value) > 120:
        raise Invalid("registers.bad_filter", filter=name, value=value[:40].replace("\0", ""))
    if name == "state" and value in {state.code for state in states_of([declared])[declared.code]}:
        return Q(state=value)
    if name == "expiring" and value in EXPIRING:
        return _expiring(value)
    if name == "flag":
        return Q(flags__contains=[value])
    if name == "q":
        return said(value)
    attribute = name.removeprefix("attr.")
    if name.startswith("attr.") and attribute in asked and attribute not in declared.personal:
        rule = (declared.schema.get("properties") or {})[attribute]
        return equals(Hot(attribute, kind_of(rule)), _typed(asked[attribute], value))
    raise Invalid("registers.bad_filter", filter=name[:40], value=value[:40])


def _expiring(value: str) -> Q:
    now = clock.now()
    if value == "over":
        return Q(valid_until__lte=now, ended=False)
    return Q(valid_until__gt=now, valid_until__lte=now + timedelta(days=int(value)), ended=False)


def said(words: str) -> Q:
    """Those whose number begins so or whose words hold it; two letters and more by the index of their pairs."""
    held_whole = Q(number__istartswith=words) | Q(words__icontains=words)
    if len(words) < 2:
        return held_whole
    held = Func(F("number"), F("words"), function=PAIRS, arg_joiner=" || ' ' || ", output_field=LETTERS)
    return held_whole & Q(DataContains(held, Func(Value(words), function=PAIRS, output_field=LETTERS)))


def _typed(asked: Question, value: str) -> Any:
    if asked.kind == "boolean":
        return value == "true"
    if asked.kind == "choice":
        return next((one for one in asked.choices if str(one) == value), value)
    if asked.kind in ("integer", "number"):
        if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", value):
            raise Invalid("registers.bad_filter", filter="attr", value=value[:40])
        return float(value) if "." in value else int(value)
    return value


def page_of(rows: QuerySet[Record], *, below: int | None = None, most: int = PAGE) -> Page:
    """The next records by falling key."""
    if below is not None:
        rows = rows.filter(pk__lt=below)
    taken = list(rows.order_by("-pk")[: most + 1])
    return Page(taken[:most], taken[most - 1].pk if len(taken) > most else None)


def state_counts(registers: Sequence[Declared], actor: Actor) -> dict[tuple[str, str], int]:
    """How many of the records that the actor sees stand in each state of each of these registers."""
    theirs = NOTHING
    for declared in registers:
        theirs |= Q(register__code=declared.code) & visible_to(declared, actor)
    rows = Record.objects.filter(theirs).values_list("register__code", "state").annotate(n=Count("pk"))
    return {(code, state): many for code, state, many in rows}


def record_row(declared: Declared, number: str, actor: Actor) -> Record:
    """A record of a register by its number; NotFound where the actor sees none."""
    rows = Record.objects.select_related("register", "written_under")
    row = None
    if "\0" not in number:
        row = rows.filter(visible_to(declared, actor), register__code=declared.code, number=number).first()
    if row is None:
        raise NotFound("registers.no_record", number=number[:60].replace("\0", ""))
    return row


def view_of(row: Record, declared: Declared) -> RecordView:
    """A record as people and programs see it under the register that it obeys, personal attributes masked."""
    state = declared.state_of(row.state)
    lon, lat = anchor_of(row)
    return RecordView(
        register=declared.code, number=row.number, title=rules.title_of(declared, row.attributes),
        state=row.state, state_names=state.names,
        level=state.level, ended=row.ended, org=row.org, area=row.area,
        attributes=rules.masked(row.attributes, declared.personal), asset=row.asset, valid_from=row.valid_from,
        valid_until=row.valid_until, due_at=row.due_at, flags=tuple(row.flags), version=row.version,
        written_under=row.written_under.number, created_at=row.created_at, changed_at=row.changed_at, lon=lon, lat=lat,
        geometry=json.loads(row.geom.geojson) if row.geom else {},
    )  # fmt: skip


def views_of(rows: Sequence[Record], newest: Declared) -> list[RecordView]:
    """The records of a list as people and programs see them."""
    return [view_of(row, declared) for row, declared in each_obeyed(rows, newest)]


def anchor_of(row: Record) -> tuple[float, float] | tuple[None, None]:
    """A point that stands for the place of a record."""
    if not row.geom:
        return None, None
    point = row.geom if row.geom.geom_type == "Point" else row.geom.point_on_surface
    return point.x, point.y


def history(row: Record, declared: Declared) -> list[Turn]:
    """What became of a record, newest first; a value that became personal after it was written is masked as well."""
    turns = list(row.turns.order_by("-number")[:MOST])
    late = declared.personal - declared_of(row.written_under).personal
    for turn in turns if late else ():
        sides = [rules.masked({name: pair[side] for name, pair in turn.changes.items()}, late) for side in (0, 1)]
        turn.changes = {name: [side[name] for side in sides] for name in turn.changes}
    return turns


def ties_of(row: Record, actor: Actor) -> list[Tie]:
    """The records that a record is linked to now, of those that the actor may see."""
    rows = row.ties.filter(until__isnull=True, target__isnull=False)
    held = list(rows.select_related("target__register").order_by("pk")[:MOST])
    seen = _seen([tie.target for tie in held if tie.target], actor)
    return [tie for tie in held if tie.target_id in seen]


def tied_from(row: Record, actor: Actor) -> list[Tie]:
    """The records that are linked to this one now, of those that the actor may see, newest first."""
    rows = Tie.objects.filter(target=row, until__isnull=True)
    held = list(rows.select_related("record__register", "record__written_under").order_by("-pk")[:MOST])
    seen = _seen([tie.record for tie in held], actor)
    return [tie for tie in held if tie.record_id in seen]


def _seen(rows: Sequence[Record], actor: Actor) -> set[int]:
    """The keys of those of these records that the actor may see, by who may see their registers today."""
    if not rows:
        return set()
    theirs = NOTHING
    for version in versions_in_force(retired=True).filter(register__in={row.register_id for row in rows}):
        theirs |= Q(register=version.register) & visible_to(declared_of(version), actor)
    return set(Record.objects.filter(theirs, pk__in=[row.pk for row in rows]).values_list("pk", flat=True))


def linked_record(row: Record, link: str) -> Record | None:
    """The record that the only link of that code leads to."""
    tie = row.ties.filter(link=link, until__isnull=True).select_related("target__written_under").first()
    return tie.target if tie else None


def facts_of(row: Record, depth: int = DEPTH) -> dict[str, Any]:
    """What checks may ask of a record: attributes, days to dates, state, validity, and the same of what it names."""
    now = clock.now()
    declared = declared_of(row.written_under)
    links = {}
    if depth:
        for link in declared.links:
            target = linked_record(row, link.code) if link.most == 1 and link.to != CASE else None
            if target is not None:
                links[link.code] = facts_of(target, depth - 1)
    return {
        "attributes": row.attributes, "days": rules.days_to(row.attributes, localtime(now).date()), "state": row.state,
        "valid": row.valid_until is not None and row.valid_until > now, "placed": row.geom is not None, "links": links,
    }  # fmt: skip


def records_waiting(actor: Actor) -> QuerySet[Record]:
    """Records from whose state the actor may take a step, and which must not stay as they are; the soonest due first.

    These are the ones whose state has a time limit, and those that are told of as they expire soon. Which step they
    wait for is read of the register in force.
    """
    now, waits = clock.now(), NOTHING
    for version, declared in registers_for(actor):
        ends = Q(due_at__isnull=False)
        if declared.term and declared.term.remind:
            ends |= Q(valid_until__gt=now, valid_until__lte=now + timedelta(days=max(declared.term.remind)))
        mine = NOTHING
        for right, states in _steps_by_right(declared).items():
            if actor.holds(right):
                mine |= Q(state__in=sorted(states)) & scope_q(actor.scope(right))
        waits |= Q(register=version.register) & visible_to(declared, actor) & mine & ends
    rows = Record.objects.filter(waits, ended=False).select_related("register", "written_under")
    return rows.annotate(ends_at=Least("due_at", "valid_until")).order_by("ends_at", "pk")


def _steps_by_right(declared: Declared) -> dict[str, set[str]]:
    """From which states each duty or right takes a record further."""
    found: dict[str, set[str]] = {}
    for step in declared.steps:
        for right in (*step.by, "admin"):
            found.setdefault(right, set()).update(step.sources)
    return found


def records_found(words: str, actor: Actor) -> QuerySet[Record]:
    """Records of every register in force that the actor may see, whose number begins so or whose words hold it."""
    return _of_all_registers(actor).filter(said(words))


def records_about(asset: str, actor: Actor) -> QuerySet[Record]:
    """Records of every register in force about a component, of those that the actor may see, newest first."""
    return _of_all_registers(actor).filter(asset=asset)


def _of_all_registers(actor: Actor) -> QuerySet[Record]:
    theirs = NOTHING
    for version, declared in registers_for(actor):
        theirs |= Q(register=version.register) & visible_to(declared, actor)
    return Record.objects.filter(theirs).select_related("register", "written_under").order_by("-pk")


def lies_inside(row: Record, path: str, point: Point | None) -> bool:
    """Whether the point lies in the area of the record that `links.permit.links.site` leads to."""
    target = _led_to(row, path)
    if target is None or point is None:
        return False
    return Record.objects.filter(pk=target.pk, geom__covers=point).exists()


def _led_to(row: Record, path: str) -> Record | None:
    target: Record | None = row
    for step in path.split(".")[1::2]:
        target = linked_record(target, step) if target is not None else None
    return target


def grounds_of(row: Record, declared: Declared, actor: Actor) -> list[Mapping[str, Any]]:
    """The areas, as GeoJSON, in which steps of the record want its place to lie, of those that the actor may see."""
    paths = {check.what for step in declared.steps for check in step.checks if check.form == "inside"}
    held = [target for path in sorted(paths) if (target := _led_to(row, path)) is not None]
    seen = _seen(held, actor)
    return [json.loads(target.geom.geojson) for target in held if target.geom and target.pk in seen]


def tied_cases(row: Record, actor: Actor) -> list[tuple[Tie, Found]]:
    """The cases that a record is linked to, of those that the actor may see, newest link first."""
    ties = list(row.ties.filter(target__isnull=True, until__isnull=True).order_by("-pk")[:MOST])
    seen = {case.key: case for case in found(CASE, [tie.to for tie in ties], actor)}
    return [(tie, seen[tie.to]) for tie in ties if tie.to in seen]


def tied_to_case(number: str, actor: Actor) -> list[Found]:
    """The records that are linked to a case now, of those that the actor may see, as lines with a link."""
    rows = Tie.objects.filter(to=number, target__isnull=True, until__isnull=True)
    held = [
        tie.record for tie in rows.select_related("record__register", "record__written_under").order_by("pk")[:MOST]
    ]
    seen = _seen(held, actor)
    lines = []
    for row in (one for one in held if one.pk in seen):
        one = declared_of(row.written_under)
        label = " ".join(part for part in (pick(one.one), row.title or row.number) if part)
        state = pick(one.state_of(row.state).names)
        lines.append(Found(row.number, label, f"/registers/{row.register.code}/{row.number}/", state))
    return lines


def offered(register: str, actor: Actor) -> list[tuple[str, str]]:
    """The newest records of a register that have not ended, of those that the actor may see: numbers and titles."""
    declared = declared_of(version_of(register))
    rows = Record.objects.filter(visible_to(declared, actor), register=declared.pk, ended=False).order_by("-pk")
    return list(rows.values_list("number", "title")[:PAGE])


def minute_of_day(moment: datetime) -> int:
    """The minute of the city's day."""
    here = localtime(moment)
    return here.hour * 60 + here.minute


def needs_place(declared: Declared) -> bool:
    """Whether a record has its place from the beginning: it has one, and no step asks for it later."""
    return declared.placing is not Placing.NONE and not any(step.place for step in declared.steps)


def attribute_lines(declared: Declared, held: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """The attributes by name and label, in the order of the schema; what it does not know keeps its own name."""
    asked = {one.name: one for one in questions(declared.schema)}
    names = [*(name for name in asked if name in held), *(name for name in held if name not in asked)]
    found_lines = []
    for name in names:
        one = asked.get(name)
        unit = f" {one.unit}" if one and one.unit else ""
        value = "、".join(map(str, held[name])) if isinstance(held[name], list) else held[name]
        label = pick(one.names) if one else name
        plain = isinstance(value, bool) or value in (None, "")
        found_lines.append((name, label, value if plain else f"{shown(declared, name, value)}{unit}"))
    return found_lines


def shown(declared: Declared, name: str, value: Any) -> str:
    """A value as people read it: choices have names in `x-choices`."""
    rule = (declared.schema.get("properties") or {}).get(name) or {}
    return pick((rule.get("x-choices") or {}).get(str(value))) or str(value)
