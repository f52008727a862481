"""Files of roads, water and parks, row by row: what would become of each, and then exactly that."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import shapely

from core import ground
from core.scope import Actor
from exchange.contracts import Outcome, Row, Suspicion, Verdict
from grid import selectors
from grid.actions import drafts
from grid.rules.base_features import KINDS, LONGEST_CLASS, SHAPES, class_of, kind_of
from grid.rules.divisions import LONGEST_NAME
from grid.rules.shapes import BaseShape

Key = tuple[str, str, str, str, bytes]


class BaseFeatures:
    """Roads, rivers, parks, the sea. They have no code: one of the same kind, class, name and shape is the same one.

    A class is said in our words, unless the draft has that very feature in the words of the file.
    """

    def __init__(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> None:
        self.actor = actor
        self.version = int(keep.get("version") or 0)
        shown = self.version or selectors.newest_draft() or selectors.map_version()
        self.kind = options.get("kind") or ""
        self.replaces = options.get("replace") == "yes"
        outlines = list(selectors.draft_outlines(shown).values())
        self.bounds = selectors.bounds_of(outlines)
        self.held: dict[Key, list[int]] = {}
        roads = []
        for pk, shape in selectors.draft_base(shown):
            self.held.setdefault(_key(shape), []).append(pk)
            roads += [shape.geom] if shape.kind == "road" else []
        self._ground = roads or outlines
        self.given: set[Key] = set()
        self._points: list[tuple[float, float]] = []
        self._seen: set[Key] = set()

    def look(self, rows: Sequence[Row]) -> None:
        """What the file gives is remembered: all else of its kinds may be replaced."""
        for row in rows:
            shape = self._shape(row)
            if shape is not None:
                self.given.add(_key(shape))
                self._points += [(float(x), float(y)) for x, y in shapely.get_coordinates(shape.geom)[::20]]

    def suspicions(self) -> list[Suspicion]:
        """Changed axes, ground beside the city, a bent datum, what a replacement would take away."""
        found = (
            [] if not self.replaces else [Suspicion("grid.base_replaced", {"count": len(self._left())}, grave=False)]
        )
        if self.bounds is None or not self._points:
            return [*found, Suspicion("grid.datum_unproven", {}, grave=False)]
        if ground.swapped(self._points, self.bounds):
            return [*found, Suspicion("grid.axes_swapped", {})]
        outside = sum(not ground.inside(point, self.bounds, 0.2) for point in self._points)
        if outside * 2 > len(self._points):
            return [*found, Suspicion("grid.outside_city", {"percent": round(outside * 100 / len(self._points))})]
        return [*found, *self._bent()]

    def _bent(self) -> list[Suspicion]:
        """Roads, water and parks follow roads, and these the edges of districts: a bent file lies off them."""
        beside = ground.fit(self._points, selectors.distances_to(self._ground))
        if beside and beside.bent:
            told = {"datum": beside.datum.upper(), "metres": round(beside.as_given), "near": round(beside.straightened)}
            return [Suspicion("grid.base_bent", told)]
        return [] if beside and beside.sound else [Suspicion("grid.base_unproven", {}, grave=False)]

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row."""
        return [self._judged(row) for row in rows]

    def _judged(self, row: Row) -> Verdict:
        called = str(row.values.get("name") or "")
        shape = self._shape(row, refuse=True)
        if shape is None:
            return Verdict(row, Outcome.REFUSE, called)
        key = _key(shape)
        if key in self.held or key in self._seen:
            return Verdict(row, Outcome.SAME, called)
        self._seen.add(key)
        return Verdict(row, Outcome.ADD, called, shape)

    def _shape(self, row: Row, *, refuse: bool = False) -> BaseShape | None:
        """The feature of a row; None where something is wrong with it, which is said when asked."""
        if row.faults or row.geometry is None:
            return None
        written = str(row.values.get("kind") or "")
        kind = kind_of(written) if written else self.kind
        said = str(row.values.get("class") or "").strip()
        rank = class_of(said, kind)
        names = {"zh": str(row.values.get("name") or ""), "en": str(row.values.get("name_en") or "")}
        fault = _fault(kind, written, rank, names, row.geometry.geom_type)
        if fault is None:
            shape = BaseShape(kind, rank, names, row.geometry)
            as_said = replace(shape, rank=said)
            return as_said if said != rank and _key(as_said) in self.held else shape
        if refuse:
            field, code, params = fault
            row.refuse(field, code, **params)
        return None

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The features are in the draft."""
        shapes = [one.item for one in verdicts if one.outcome is Outcome.ADD]
        if shapes:
            drafts.take_base(self.version, shapes, actor=self.actor)

    def finish(self) -> Mapping[str, Any]:
        """With a replacement, what the file does not give of its kinds is gone; answers how many there are of each."""
        gone = drafts.drop_base(self.version, self._left(), actor=self.actor) if self.replaces else 0
        return {"version": self.version, "removed": gone, "base": selectors.base_counts(self.version)}

    def _left(self) -> list[int]:
        kinds = {key[0] for key in self.given}
        return [pk for key, held in self.held.items() if key[0] in kinds and key not in self.given for pk in held]


def _fault(
    kind: str, written: str, rank: str, names: Mapping[str, str], shape: str
) -> tuple[str, str, dict[str, object]] | None:
    """What is wrong with a row: its field, and a code with its parameters."""
    if kind not in KINDS:
        return "kind", "grid.base_kind", {"kind": written[:40] or "-"}
    if shape not in SHAPES[kind]:
        return "kind", "grid.base_shape", {"kind": kind, "shape": shape}
    if len(rank) > LONGEST_CLASS:
        return "class", "exchange.text_too_long", {"limit": LONGEST_CLASS}
    long = next((language for language in names if len(names[language]) > LONGEST_NAME), "")
    if long:
        return "name" if long == "zh" else "name_en", "exchange.text_too_long", {"limit": LONGEST_NAME}
    return None


def _key(shape: BaseShape) -> Key:
    return shape.kind, shape.rank, shape.names.get("zh", ""), shape.names.get("en", ""), shapely.to_wkb(shape.geom)
