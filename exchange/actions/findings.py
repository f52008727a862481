"""What a check found out, small enough to keep: counts, the first faults, suspicions, extent, some of the shapes."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import shapely

from exchange.contracts import BEFORE, Fault, Outcome, Suspicion, Verdict

MOST_FAULTS = 1000
MOST_ROWS = 200
MOST_SHAPES = 1500
MOST_VERTICES = 400


class Findings:
    """Gathers verdicts batch by batch; every fault is handed to `keep`, the first ones stay in the report."""

    def __init__(self, keep: Callable[[dict[str, Any]], None]) -> None:
        self._keep = keep
        self.total = self.faults_in_all = 0
        self.counts = dict.fromkeys(map(str, Outcome), 0)
        self.faults: list[dict[str, Any]] = []
        self.rows: list[dict[str, Any]] = []
        self.suspicions: list[dict[str, Any]] = []
        self.bounds: list[float] | None = None
        self.sheets: list[dict[str, Any]] = []
        self._shapes: list[Verdict] = []
        self._out: list[Verdict] = []
        self._every = 1

    def turn_to(self, kind: str, names: Mapping[str, str]) -> None:
        """What comes from now on stands in that sheet of a book."""
        self.sheets.append({"kind": kind, "names": dict(names), "counts": dict.fromkeys(map(str, Outcome), 0)})

    def take(self, verdicts: Iterable[Verdict]) -> None:
        """A batch of verdicts is counted."""
        for verdict in verdicts:
            self.total += 1
            self.counts[verdict.outcome] += 1
            if self.sheets:
                self.sheets[-1]["counts"][verdict.outcome] += 1
            self._faults(verdict)
            if verdict.outcome in (Outcome.ADD, Outcome.CHANGE, Outcome.RETIRE) and len(self.rows) < MOST_ROWS:
                row = {"line": verdict.row.line, "code": plain(verdict.code), "outcome": verdict.outcome.value}
                self.rows.append({**row, **self._where()})
            if drawn_of(verdict) is not None:
                self._shape(verdict)

    def blame(self, fault: Fault, row: int = 0) -> None:
        """One more fault is kept, of a row or (0) of the whole sheet."""
        self.faults_in_all += 1
        told = {
            "row": row, "line": fault.line, "column": plain(fault.column), "code": fault.code,
            "params": {name: plain(value) for name, value in fault.params.items()}, "label": dict(fault.label),
            **self._where(),
        }  # fmt: skip
        self._keep(told)
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(told)

    def _where(self) -> dict[str, Any]:
        return {"sheet": self.sheets[-1]["names"]} if self.sheets else {}

    def take_out(self, verdicts: Iterable[Verdict]) -> None:
        """What the file leaves out is counted beside its rows, and seen on the map."""
        for verdict in verdicts:
            self.counts[verdict.outcome] += 1
            if len(self.rows) < MOST_ROWS:
                self.rows.append({"line": 0, "code": plain(verdict.code), "outcome": verdict.outcome.value})
            if verdict.row.geometry is not None and len(self._out) < MOST_SHAPES:
                self._out.append(verdict)

    def suspect(self, found: Iterable[Suspicion]) -> None:
        """These suspicions are to be read."""
        for one in found:
            self.suspicions.append({"code": one.code, "params": dict(one.params), "grave": one.grave})

    def _faults(self, verdict: Verdict) -> None:
        for fault in verdict.row.faults:
            self.blame(fault, verdict.row.number)

    def _shape(self, verdict: Verdict) -> None:
        for shape in (drawn_of(verdict), verdict.before):
            if shape is not None and not shape.is_empty:
                west, south, east, north = shape.bounds
                held = self.bounds or [west, south, east, north]
                self.bounds = [min(held[0], west), min(held[1], south), max(held[2], east), max(held[3], north)]
        if self.total % self._every == 0:
            self._shapes.append(verdict)
        if len(self._shapes) > MOST_SHAPES:
            self._shapes = self._shapes[::2]
            self._every *= 2

    def report(self) -> dict[str, Any]:
        """As it is kept with the import."""
        told = {
            "counts": self.counts, "faults": self.faults, "faults_in_all": self.faults_in_all, "rows": self.rows,
            "suspicions": self.suspicions, "bounds": self.bounds,
        }  # fmt: skip
        return {**told, "sheets": self.sheets} if self.sheets else told

    def preview(self) -> list[dict[str, Any]]:
        """GeoJSON features of some of the shapes, simplified, with what would become of them.

        What is there now of those that would change comes first, so that it is drawn beneath.
        """
        now = [_feature(one, one.before, BEFORE) for one in self._shapes if one.before is not None]
        return now + [_feature(one, drawn_of(one), one.outcome.value) for one in [*self._out, *self._shapes]]


def drawn_of(verdict: Verdict) -> Any:
    """The shape of a row, or the one that can only be drawn because something is wrong with it."""
    return verdict.row.drawn if verdict.row.geometry is None else verdict.row.geometry


def _feature(verdict: Verdict, shape: Any, outcome: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": plain(verdict.code), "outcome": outcome, "line": verdict.row.line},
        "geometry": json.loads(shapely.to_geojson(_simple(shape))),
    }


def plain(value: object) -> Any:
    """A value that JSON and a table can keep: numbers stay, texts lose what is no character."""
    if isinstance(value, int):
        return value
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in str(value)[:200])


def _simple(shape: Any) -> Any:
    west, south, east, north = shape.bounds
    tolerance = max(east - west, north - south) / 500
    while shapely.get_num_coordinates(shape) > MOST_VERTICES and tolerance < 1:
        shape = shapely.simplify(shape, tolerance, preserve_topology=False)
        tolerance *= 2
    return shapely.set_precision(shape, 1e-7, mode="pointwise") if shape.geom_type == "Point" else shape
