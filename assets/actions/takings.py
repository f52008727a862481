"""Files of components, row by row: what would become of each, and then exactly that."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import shapely

from assets import selectors
from assets.actions.census import Census, begin_census, end_census, save_type
from assets.contracts import Geometry, Refusal
from assets.rules import (
    KINDS,
    PREFIX,
    TypeFacts,
    anchor,
    cast,
    class_of,
    component_code,
    type_problems,
    unpacked,
)
from core import ground
from core.errors import Invalid
from core.geo import haversine_m
from core.scope import Actor
from exchange.contracts import Outcome, Row, Suspicion, Verdict
from grid import selectors as grid

FIELDS = {
    "assets.bad_code": "code", "assets.code_twice": "code", "assets.unknown_type": "type",
    "assets.class_differs": "code", "assets.bad_state": "state", "assets.bad_accuracy": "accuracy",
    "assets.bad_attributes": "attributes", "assets.no_sequence": "sequence", "assets.other_district": "code",
}  # fmt: skip
NEW = 0
LOOKED_AT = 50


def new_type(options: Mapping[str, str]) -> dict[str, Any] | None:
    """The type that an import brings along; None where it takes one that exists."""
    if not options.get("new_type"):
        return None
    return {
        "code": options["new_type"],
        "names": {"zh": options.get("new_zh") or "", "en": options.get("new_en") or ""},
        "major": (options.get("new_class") or "")[:2],
        "minor": (options.get("new_class") or "")[2:],
        "geometry": options.get("new_geometry") or Geometry.POINT.value,
        "attributes": {},
    }


def begin_components(options: Mapping[str, str], *, actor: Actor) -> Mapping[str, Any]:
    """The new type exists, and a census that the rows belong to."""
    made = new_type(options)
    if made and made["code"] not in selectors.type_rows():
        save_type(made, actor=actor)
    return {"survey": begin_census(actor=actor, source=options.get("source") or "").survey}


class Components:
    """Components of one type or of several; one without a code gets it from its district, class and number."""

    def __init__(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> None:
        self.actor = actor
        self.census = Census(int(keep.get("survey") or 0), actor=actor)
        made = new_type(options)
        problems = type_problems(made) if made else []
        if problems:
            raise Invalid(problems[0].code, **problems[0].params)
        self.type = options.get("new_type") or options.get("type") or ""
        if made and self.census.fact(made["code"]) is None:
            self.census.offer(
                TypeFacts(NEW, made["code"], made["major"] + made["minor"], made["geometry"]), made["attributes"]
            )
        self._called = {name: code for code, kind in selectors.type_rows().items() for name in kind["names"].values()}
        self.bounds = grid.bounds()
        self._points: list[tuple[float, float]] = []
        self._moved: list[tuple[tuple[float, float], tuple[float, float]]] = []
        self._rows = self._outside = 0

    def look(self, rows: Sequence[Row]) -> None:
        """One pass is enough."""

    def suspicions(self) -> list[Suspicion]:
        """Changed axes, a bent datum (by what is known, else by the roads), ground outside the map."""
        if self.bounds is None or not self._rows:
            return []
        if ground.swapped(self._points, self.bounds):
            return [Suspicion("assets.axes_swapped", {})]
        bent = self._bent()
        if bent:
            return [Suspicion("assets.datum_bent", {"datum": bent[0].upper(), "metres": round(bent[1])})]
        beside = ground.fit(self._points, grid.metres_to_roads) if len(self._moved) < ground.FEWEST else None
        if beside and beside.bent:
            told = {"datum": beside.datum.upper(), "metres": round(beside.as_given), "near": round(beside.straightened)}
            return [Suspicion("assets.datum_off_roads", told)]
        if self._outside * 2 > self._rows:
            return [Suspicion("assets.mostly_outside", {"percent": round(self._outside * 100 / self._rows)})]
        if len(self._moved) >= ground.FEWEST or (beside and beside.sound):
            return []
        return [Suspicion("assets.datum_unproven", {"least": ground.FEWEST}, grave=False)]

    def _bent(self) -> tuple[str, float] | None:
        step = max(1, -(-len(self._moved) // ground.MOST))
        pairs = self._moved[::step]
        known = [pair[1] for pair in pairs]

        def metres_off(points: Sequence[tuple[float, float]]) -> float:
            return median(haversine_m(*one, *other) for one, other in zip(points, known, strict=True))

        return ground.bent([pair[0] for pair in pairs], metres_off)

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row of a batch."""
        before = len(self.census.refused)
        placed = {row.number: (row, cell, area) for row, cell, area in self.census.place(self._given(rows))}
        refused = {refusal.row: refusal for refusal in self.census.refused[before:]}
        known = selectors.as_stored([row.code for row, _, _ in placed.values()])
        verdicts = []
        for row in rows:
            self._rows += 1
            if row.number in refused:
                self._refuse(row, refused[row.number])
            if row.number not in placed:
                verdicts.append(Verdict(row, Outcome.REFUSE, str(row.values.get("code") or "")))
                continue
            verdicts.append(self._verdict(row, placed[row.number], known))
        return verdicts

    def _verdict(self, row: Row, placed: tuple[Any, str, str], known: Mapping[str, Mapping[str, Any]]) -> Verdict:
        found = placed[0]
        held = known.get(found.code)
        if held is None:
            return Verdict(row, Outcome.ADD, found.code, placed)
        self._moved.append(((found.lon, found.lat), (held["lon"], held["lat"])))
        wanted = {name: getattr(found, name) for name in held if name not in ("cell", "area")}
        same = wanted | {"cell": placed[1], "area": placed[2]} == held
        if same:
            return Verdict(row, Outcome.SAME, found.code)
        before = shapely.from_wkb(held["shape"]) if held["shape"] else shapely.Point(held["lon"], held["lat"])
        return Verdict(row, Outcome.CHANGE, found.code, placed, before)

    def _refuse(self, row: Row, refusal: Refusal) -> None:
        self._outside += refusal.reason == "assets.outside"
        params = {name: value for name, value in refusal.params.items() if name != "row"}
        name = FIELDS.get(refusal.reason, "lon")
        if name == "attributes":
            name = _column_of(str(params["field"]).strip("/").split("/")[0], row)
        row.refuse(name, refusal.reason, **params)

    def _given(self, rows: Sequence[Row]) -> list[tuple[int, dict[str, Any]]]:
        """Rows as a census takes them; those with a fault, or without a code that could be made, are left out."""
        shaped = [row for row in rows if not row.faults and _has_kind(row)]
        self._points += [_place(row) for row in shaped[:: max(1, len(shaped) // LOOKED_AT)]]
        bare = [row for row in shaped if not row.values.get("code")]
        places = grid.places_at([_place(row) for row in bare])
        for row, place in zip(bare, places, strict=True):
            self._name(row, place[1].split(".")[1] if place else "")
        return [(row.number, self._census_row(row)) for row in shaped if not row.faults]

    def _name(self, row: Row, district: str) -> None:
        """The row gets the code of its district, its class and its number; the same number gives the same code."""
        fact = self.census.fact(self._kind(row))
        number = str(row.values.get("sequence") or "").removesuffix(".0")
        if fact is None or not fact.class_code:
            row.refuse("type", "assets.no_class")
        elif not (number.isascii() and number.isdigit() and 0 < int(number[:12]) <= self.census.plan.most):
            row.refuse("sequence", "assets.no_sequence", value=number[:20] or "-", digits=self.census.plan.numbers)
        elif not district:
            self._outside += 1
            row.refuse("lon", "assets.outside", code=number)
        else:
            row.values["code"] = component_code(district, fact.class_code, int(number), self.census.plan)

    def _kind(self, row: Row) -> str:
        """The type of a row: its own, by code, class or name, else the one of all rows."""
        written = str(row.values.get("type") or self.type)
        return written if self.census.fact(written) else self._called.get(written, written)

    def _census_row(self, row: Row) -> dict[str, Any]:
        told = {name: value for name, value in row.values.items() if value != "" and name != "attributes"}
        named = {name.removeprefix(PREFIX): told.pop(name) for name in tuple(told) if name.startswith(PREFIX)}
        values = {name: str(value) for name, value in told.items()}
        kind = self._kind(row)
        fact = self.census.fact(kind or class_of(values["code"], self.census.plan))
        schema = self.census.schema_of(fact) if fact else {}
        names = {lang: values.pop(key) for lang, key in (("zh", "name"), ("en", "name_en")) if key in values}
        attributes = cast(schema, {**unpacked(row.values.get("attributes") or {}), **named})
        return {**values, **_shape(row), "type": kind, "names": names, "attributes": attributes}

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The components are on the map."""
        placed = [one.item for one in verdicts if one.outcome in (Outcome.ADD, Outcome.CHANGE)]
        if placed:
            self.census.store(placed)

    def finish(self) -> Mapping[str, Any]:
        """The census has its counts and is told of."""
        report = end_census(self.census, actor=self.actor)
        return {"survey": report.survey}


def _column_of(attribute: str, row: Row) -> str:
    """The field of the form that an attribute is; the column itself where it was kept under its own name."""
    named = PREFIX + attribute
    return (
        named if named in row.values else attribute if attribute in row.values.get("attributes", ()) else "attributes"
    )


def _has_kind(row: Row) -> bool:
    """Whether the shape is a point, a line or an area at all; the row is told where it is not."""
    if row.geometry is not None and row.geometry.geom_type in KINDS:
        return True
    shape = row.geometry.geom_type if row.geometry is not None else "-"
    row.refuse("lon", "assets.no_such_shape", code=str(row.values.get("code") or ""), shape=shape)
    return False


def _shape(row: Row) -> dict[str, Any]:
    """The shape as a census takes it; a point is two numbers, which is much the quickest."""
    if row.geometry is not None and row.geometry.geom_type != "Point":
        return {"geometry": row.geometry}
    lon, lat = _place(row)
    return {"lon": lon, "lat": lat}


def _place(row: Row) -> tuple[float, float]:
    return anchor(row.geometry)
