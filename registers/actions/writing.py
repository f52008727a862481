"""How every verb of a record is kept: lock, validate, place, what is unique, its turn, the next notice."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry, Point
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localtime

from accounts import selectors as accounts
from core import clock
from core.errors import Code, Conflict, Invalid, Names, NotFound, Stale
from core.schema import questions, validate
from core.scope import Actor
from core.worktime import ROUND_THE_CLOCK
from grid import selectors as grid
from registers import rules
from registers.contracts import OFFICE_HOURS, Act, Declared, Placing
from registers.models import Record, Told, Turn, UniqueValue
from registers.selectors import anchor_of, known, obeyed, visible_to

KINDS = {
    Placing.POINT: ("Point",),
    Placing.LINE: ("LineString", "MultiLineString"),
    Placing.AREA: ("Polygon", "MultiPolygon"),
}
LONGEST_REASON, MOST_VERTICES, LONGEST_KEY = 1000, 20_000, 80
NEXT = """
    INSERT INTO registers_numberrun (register_id, head, last) VALUES (%s, %s, 1)
    ON CONFLICT (register_id, head) DO UPDATE SET last = registers_numberrun.last + 1 RETURNING last
"""
BEHIND = """
    INSERT INTO registers_numberrun (register_id, head, last) VALUES (%s, %s, %s)
    ON CONFLICT (register_id, head) DO UPDATE SET last = greatest(registers_numberrun.last, excluded.last)
"""


@dataclass(frozen=True)
class Deed:
    """What is written into the history of a record beside what changed."""

    actor: Actor
    act: Act
    step: str = ""
    reason: str = ""
    flags: tuple[str, ...] = ()
    place: Point | None = None
    key: str = ""


def locked(register: str, number: str, actor: Actor, version: int | None = None) -> tuple[Record, Declared]:
    """The record, locked, and its register as it was written under; Stale where it has moved on since `version`."""
    _version, newest = known(register, actor)
    rows = Record.objects.select_for_update(of=("self",)).select_related("register", "written_under")
    row = None
    if "\0" not in number:
        row = rows.filter(visible_to(newest, actor), register__code=register, number=number).first()
    if row is None:
        raise NotFound("registers.no_record", number=number[:60].replace("\0", ""))
    if version is not None:
        require_version(row, version)
    return row, obeyed(row.written_under, newest)


def require_version(row: Record, version: int) -> None:
    """Nothing, where the record is as the caller saw it; else Stale."""
    if row.version != version:
        raise Stale("registers.stale", number=row.number, given=version, current=row.version)


def text_of(text: str) -> str:
    """A reason as it is kept."""
    return " ".join(text.replace("\0", "").split())[:LONGEST_REASON]


def valid_attributes(declared: Declared, given: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes, which are as the schema wants them; empty ones are left out, and what stands about a text."""
    bare = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    kept = {name: value for name, value in bare.items() if value not in (None, "", [])}
    _require_storable(kept)
    found = validate(declared.schema, kept)
    if found:
        names = {one.name: one.names for one in questions(declared.schema)}
        field = found[0].path.strip("/").split("/")[0]
        label = names.get(field) or {"zh": field or "—", "en": field or "—"}
        raise Invalid("registers.bad_attribute", field=field, label=Names(label), why=Code(found[0].code))
    return kept


def _require_storable(kept: Mapping[str, Any]) -> None:
    """Invalid for what no JSON column holds: NUL, half a character, a number beyond all numbers."""
    try:
        json.dumps(kept, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, TypeError) as error:
        raise Invalid("registers.bad_text") from error
    if "\\u0000" in json.dumps(kept):
        raise Invalid("registers.bad_text")


def shape_of(declared: Declared, given: Any) -> GEOSGeometry | None:
    """The place that was given as GeoJSON, WKT or (lon, lat); Invalid where the register has another kind of place."""
    if given in (None, "", {}):
        return None
    try:
        text = json.dumps(given, allow_nan=False) if isinstance(given, Mapping) else given
        shape = Point(given[0], given[1], srid=4326) if isinstance(given, tuple) else GEOSGeometry(text, srid=4326)
        bad = not shape.valid or shape.empty or shape.num_coords > MOST_VERTICES or shape.hasz
        west, south, east, north = shape.extent if not shape.empty else (999, 999, 999, 999)
    except (ValueError, TypeError, GEOSException, GDALException) as error:
        raise Invalid("registers.bad_place") from error
    if bad or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid("registers.bad_place")
    if shape.geom_type not in KINDS.get(declared.placing, ()):
        raise Invalid("registers.wrong_place")
    return shape


def settle(row: Record, shape: GEOSGeometry | None) -> None:
    """The record lies there, in the area of the map in force; Invalid outside the map."""
    if shape is None:
        return
    row.geom = shape
    lon, lat = anchor_of(row)
    place = grid.place_at(lon, lat) if lon is not None and lat is not None else None
    if place is None:
        raise Invalid("registers.place_outside")
    row.area, row.cell = place.area, place.cell


def keeper_of(organisation: str, actor: Actor) -> str:
    """The path of the organisation that keeps a new record: the one named, else the actor's own."""
    return str(accounts.organisation(organisation).path) if organisation else actor.org


def home_area(org: str) -> str:
    """The area of the organisation at the end of the path."""
    code = org.rpartition(".")[2]
    home = accounts.organisations().filter(code=code).first() if code else None
    return home.area if home else ""


def next_number(row: Record, declared: Declared) -> str:
    """The next number of the register in that district and year."""
    district = row.area.split(".")[1] if "." in row.area else row.area
    head, digits = rules.number_head(declared.number, district=district, year=localtime(clock.now()).year)
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [row.register_id, head])
        last = cursor.fetchone()[0]
    return f"{head}{last:0{digits}d}"


def keep_runs(register: int, declared: Declared, numbers: Iterable[str]) -> None:
    """The next numbers of the register come behind these, which were given elsewhere."""
    heads: dict[str, int] = {}
    for number in numbers:
        told = rules.number_told(declared.number, number)
        if told is not None:
            heads[told[0]] = max(told[1], heads.get(told[0], 0))
    with connection.cursor() as cursor:
        for head in sorted(heads):
            cursor.execute(BEHIND, [register, head, heads[head]])


def keep_words(row: Record, declared: Declared) -> None:
    """The title and what the record is found by follow its attributes; nothing personal is among them."""
    row.title = rules.title_of(declared, row.attributes)
    names = [name for name in (*declared.titles, *declared.columns, *declared.unique) if name not in declared.personal]
    row.words = " ".join(str(row.attributes[name]) for name in dict.fromkeys(names) if row.attributes.get(name))[:2000]


def keep_unique(row: Record, declared: Declared) -> None:
    """Its unique values are its own while it has not ended; Conflict where another record has one of them."""
    held = {one.name: one for one in row.unique_values.all()}
    for name in declared.unique:
        value = "" if row.ended else str(row.attributes.get(name, ""))[:200]
        before = held.get(name)
        if before is not None and before.value != value:
            before.delete()
        if value and (before is None or before.value != value):
            _claim(row, declared, name, value)


def _claim(row: Record, declared: Declared, name: str, value: str) -> None:
    label = next((one.names for one in questions(declared.schema) if one.name == name), {})
    try:
        with transaction.atomic():
            UniqueValue.objects.create(register=row.register, record=row, name=name, value=value)
    except IntegrityError as error:
        raise Conflict("registers.value_taken", field=name, label=Names(label)) from error


def plan_notices(row: Record, declared: Declared, told: Iterable[Told] | None = None) -> None:
    """The next moment at which the record is to be told of is set; an ended record rests."""
    if row.ended:
        row.next_at = None
        return
    ends = {"remind": row.valid_until, "lapse": row.valid_until, "overdue": row.due_at}
    rows = (row.told.all() if told is None else told) if row.pk else ()
    done = {(one.kind, one.days) for one in rows if one.end == ends[one.kind]}
    coming = rules.notices(declared, state=row.state, valid_until=row.valid_until, due_at=row.due_at)
    row.next_at = rules.next_notice(coming, done)


def enter_state(row: Record, declared: Declared, state: str, now: datetime) -> None:
    """The record stands in that state since now; an end is an end."""
    entered = declared.state_of(state)
    row.state, row.ended = state, entered.end
    hours = grid.calendar(OFFICE_HOURS, row.area) if rules.counts_working_time(entered) else ROUND_THE_CLOCK
    row.due_at = rules.due_of(entered, now, hours)


def write(row: Record, declared: Declared, deed: Deed, before: Mapping[str, Any], state: str = "") -> Turn:
    """The changed record is stored with its next version and the turn that says what became of it."""
    row.changed_at = clock.now()
    if row.pk:
        row.version += 1
    keep_words(row, declared)
    plan_notices(row, declared)
    row.save()
    keep_unique(row, declared)
    told = rules.masked(before, declared.personal), rules.masked(row.attributes, declared.personal)
    keys = [key for key in {**before, **row.attributes} if before.get(key) != row.attributes.get(key)]
    changes = {key: [told[0].get(key), told[1].get(key)] for key in keys}
    last = row.turns.order_by("-number").values_list("number", flat=True).first() or 0
    return Turn.objects.create(
        record=row, number=last + 1, at=row.changed_at, act=deed.act, step=deed.step, before=state, after=row.state,
        changes=changes, flags=list(deed.flags), place=deed.place, reason=deed.reason, actor=deed.actor.key,
        actor_label=deed.actor.label[:120], key=deed.key,
    )  # fmt: skip


def told_before(row: Record, key: str, actor: Actor, step: str) -> bool:
    """Whether the actor has taken that step under the key; Conflict where it was another step, or somebody else's."""
    turn = row.turns.filter(key=key).first() if key else None
    if turn is not None and (turn.actor, turn.step) != (actor.key, step):
        raise Conflict("registers.key_taken")
    return turn is not None


def key_of(key: str) -> str:
    """The key of a telling; Invalid where it is too long or unreadable."""
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid("registers.bad_key")
    return key
