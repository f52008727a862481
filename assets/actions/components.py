"""Verbs of single components: enter, edit, retire, restore, picture. Each says why, and leaves its history."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction

from assets.actions.census import Census
from assets.actions.drawing import require_drawn, require_none_near
from assets.actions.pictures import seal, show
from assets.actions.writing import Deed, Placed, lock, write
from assets.contracts import Act, AssetView, ComponentChanged, Refusal, State
from assets.models import Asset, Change, Photo
from assets.rules import anchor, component_code, fields_of, shape_of
from assets.selectors import component_plan, component_row, view_of
from core.errors import Conflict, Forbidden, Invalid, Stale
from core.scope import Actor
from core.uploads import Uploaded
from grid import selectors as grid
from journal import actions as journal

EDIT = "component.edit"
FIELDS = ("names", "state", "authority", "owner", "maintainer", "accuracy", "source", "attributes")
LAST = "SELECT coalesce(max(code), %(least)s) FROM assets_asset WHERE code BETWEEN %(least)s AND %(most)s"
LONGEST_REASON = 1000


def create(
    *, actor: Actor, of_type: str, given: Mapping[str, Any], reason: str, photos: Iterable[bytes | Uploaded] = (),
    another: bool = False,
) -> AssetView:  # fmt: skip
    """A component stands on the register with the next code of its district and class.

    `another` says that it was looked at: it is not the one of its type that stands beside it.
    """
    why, sealed = reason_of(reason), seal(photos, actor)
    with transaction.atomic():
        census = Census(0, actor=actor)
        place = drawn_new(census, of_type, given)
        allow(actor, place[2])
        require_none_near(census.fact(of_type), place, actor=actor, another=another)
        row = enter(place, Deed(actor, Act.CREATE, why))
        show(row, sealed, actor)
        return view_of(row)


def edit(
    code: str, *, actor: Actor, version: int, given: Mapping[str, Any], reason: str, far: bool = False
) -> AssetView:
    """The component is as given, the rest of it as before; refused where somebody changed it since that version.

    `far` says that it was looked at: it does stand far from where the register had it.
    """
    return _change(code, actor, version, given, Deed(actor, Act.EDIT, reason_of(reason)), far=far)


def retire(code: str, *, actor: Actor, version: int, reason: str) -> AssetView:
    """The component stands no more; its code and its history stay."""
    return _change(code, actor, version, {"state": State.REMOVED.value}, Deed(actor, Act.RETIRE, reason_of(reason)))


def restore(code: str, *, actor: Actor, version: int, reason: str) -> AssetView:
    """A component that was removed stands again, in the state it had before."""
    before = (
        Change.objects.filter(asset__code=code, after__state=State.REMOVED.value, before__has_key="state")
        .order_by("-version")
        .first()
    )
    state = before.before["state"] if before and before.before else State.INTACT.value
    return _change(code, actor, version, {"state": state}, Deed(actor, Act.RESTORE, reason_of(reason)))


def _change(
    code: str, actor: Actor, version: int, given: Mapping[str, Any], deed: Deed, *, far: bool = False
) -> AssetView:
    with transaction.atomic():
        row = locked(code, actor)
        allow(actor, row.area)
        gone = row.state == State.REMOVED
        if gone != (deed.act is Act.RESTORE):
            raise Conflict("assets.stands_no_more" if gone else "assets.stands_already", code=code)
        if row.version != version:
            raise Stale("assets.stale", code=code, given=version, current=row.version)
        place = placed_changed(Census(0, actor=actor, every=True), row, given)
        require_drawn(given, row.type.geometry, row=row, far=far)
        allow(actor, place[2])
        return view_of(alter(row, place, deed))


def add_photos(code: str, *, actor: Actor, photos: Iterable[bytes | Uploaded]) -> list[Photo]:
    """The pictures show the component."""
    sealed = seal(photos, actor)
    with transaction.atomic():
        row = locked(code, actor)
        allow(actor, row.area)
        return show(row, sealed, actor)


def allow(actor: Actor, area: str) -> None:
    """Nothing, where the actor keeps the register of that ground; else Forbidden."""
    if not (actor.may(EDIT, area=area) or actor.may("admin", area=area)):
        raise Forbidden("assets.not_your_register")


def reason_of(text: str) -> str:
    """The reason as it is kept; Invalid where none was given."""
    kept = " ".join(text.replace("\0", "").split())[:LONGEST_REASON]
    if not kept:
        raise Invalid("assets.reason_needed")
    return kept


def locked(code: str, actor: Actor) -> Asset:
    """The component, locked; NotFound where the actor sees none."""
    lock([code])
    return component_row(code, actor=actor)


def enter(place: Placed, deed: Deed, request: int | None = None) -> Asset:
    """A placed row that is new stands in the register, and it is told."""
    code = place[0].code
    if code not in write([place], deed).entered:
        raise Conflict("assets.code_taken", code=code)
    row = Asset.objects.select_related("type").get(code=code)
    _tell(row, deed, (), request)
    return row


def alter(row: Asset, place: Placed, deed: Deed, request: int | None = None) -> Asset:
    """A component is as its placed row says, and it is told; where nothing differs, nothing happens."""
    if not write([place], deed).changed:
        return row
    row = Asset.objects.select_related("type").get(pk=row.pk)
    change = Change.objects.get(asset=row, version=row.version)
    _tell(row, deed, fields_of(change.before), request)
    return row


def _tell(row: Asset, deed: Deed, fields: tuple[str, ...], request: int | None) -> None:
    news = ComponentChanged(row.code, row.version, deed.act.value, fields, row.state, request)
    journal.record("assets.changed.v1", subject=row.code, actor=deed.actor, area=row.area, data=news)


def drawn_new(census: Census, kind: str, given: Mapping[str, Any]) -> Placed:
    """The row of a new component whose shape somebody drew; Invalid where it cannot be, or leaves the city."""
    placed = placed_new(census, kind, given)
    fact = census.fact(kind)
    if fact is not None:
        require_drawn(given, fact.geometry)
    return placed


def placed_new(census: Census, kind: str, given: Mapping[str, Any], code: str = "") -> Placed:
    """The row of a new component with its code and its place; Invalid with the reason where it cannot be."""
    fact = census.fact(kind)
    if fact is None or not fact.class_code:
        raise Invalid("assets.no_class_to_number", type=kind[:60])
    code = code or next_codes({district_of(given): 1}, fact.class_code)[0]
    return _placed(census, {**given, "type": fact.code, "code": code})


def district_of(given: Mapping[str, Any]) -> str:
    """The code of the district in which a given shape or point lies."""
    shape = shape_of(given["geometry"]) if given.get("geometry") is not None else None
    try:
        point = anchor(shape) if shape is not None else (float(given["lon"]), float(given["lat"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid("assets.no_place") from error
    place = grid.place_at(*point)
    if place is None:
        raise Invalid("assets.place_outside")
    return place.district


def placed_changed(census: Census, row: Asset, given: Mapping[str, Any]) -> Placed:
    """The row of a component with what is given in place of what it was."""
    held: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    if not {"geometry", "lon", "lat"} & given.keys():
        held["geometry"] = view_of(row).geometry
    same = given.get("attributes", row.attributes) == row.attributes
    under = {row.code: row.schema_number} if same else {}
    return _placed(census, {**held, **given, "type": row.type.code, "code": row.code}, under)


def _placed(census: Census, given: Mapping[str, Any], under: Mapping[str, int] | None = None) -> Placed:
    placed = census.place([(1, given)], under)
    if placed:
        return placed[0]
    refusal: Refusal = census.refused[-1]
    raise Invalid(refusal.reason, **{name: value for name, value in refusal.params.items() if name != "row"})


def next_codes(wanted: Mapping[str, int], class_code: str) -> list[str]:
    """So many next codes of a class in each district; call in the transaction that uses them, others wait for it."""
    found = []
    plan = component_plan()
    with connection.cursor() as cursor:
        for district, count in sorted(wanted.items()):
            prefix = f"{district}{class_code}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [prefix])
            cursor.execute(LAST, {"least": component_code(district, class_code, 0, plan),
                                  "most": component_code(district, class_code, plan.most, plan)})  # fmt: skip
            last = int(cursor.fetchone()[0][plan.head :])
            if last + count > plan.most:
                raise Conflict("assets.numbers_used_up", number=class_code, district=district)
            found += [component_code(district, class_code, last + n, plan) for n in range(1, count + 1)]
    return found
