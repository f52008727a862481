"""Layers of features read straight from SQL: pages by key, boxes, periods, and GeoJSON made by the database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from grid.contracts import FeatureQuery

PLANE = 85.06


@dataclass(frozen=True, slots=True)
class LayerTable:
    """How a layer is read: every part is SQL of ours, what people give goes in as parameters.

    `filters` are conditions on `%(given)s`; `more` is JSON whose keys join the properties and give way to them.
    """

    source: str
    key: str
    shape: str
    properties: Mapping[str, str]
    filters: Mapping[str, str] = field(default_factory=dict)
    changed: str = ""
    plane: str = ""
    more: str = ""

    def page(self, query: FeatureQuery, where: str, given: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Code and GeoJSON text of the first features after `query.after`, by code."""
        conditions, params = self._conditions(query, where, given)
        if query.after:
            conditions.append(f"{self.key} > %(after)s")
        asked = {**params, "after": query.after, "limit": query.limit}
        statement = (
            f"SELECT {self.key}, {self._feature()} FROM {self.source} WHERE {' AND '.join(conditions)}"
            f" ORDER BY {self.key} LIMIT %(limit)s"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, asked)
            return list(cursor.fetchall())

    def count(self, query: FeatureQuery, where: str, given: Mapping[str, Any]) -> int:
        """How many features match."""
        conditions, params = self._conditions(query, where, given)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {self.source} WHERE {' AND '.join(conditions)}", params)
            return int(cursor.fetchone()[0])

    def one(self, code: str, where: str, given: Mapping[str, Any]) -> str | None:
        """The GeoJSON text of one feature; None where there is none."""
        statement = f"SELECT {self._feature()} FROM {self.source} WHERE {where} AND {self.key} = %(code)s"
        with connection.cursor() as cursor:
            cursor.execute(statement, {**given, "code": code})
            row = cursor.fetchone()
        return str(row[0]) if row else None

    def _feature(self) -> str:
        pairs = ", ".join(f"'{name}', {column}" for name, column in self.properties.items())
        properties = f"json_build_object({pairs})"
        if self.more:
            properties = f"({self.more} || {properties}::jsonb)::json"
        return (
            f"json_build_object('type', 'Feature', 'id', {self.key}, 'geometry',"
            f" ST_AsGeoJSON({self.shape}, 7)::json, 'properties', {properties})::text"
        )

    def _conditions(
        self, query: FeatureQuery, where: str, given: Mapping[str, Any]
    ) -> tuple[list[str], dict[str, Any]]:
        conditions, params = [where], dict(given)
        if query.boxes:
            conditions.append(f"({' OR '.join(self._boxes(query, params))})")
        if query.timed and self.changed:
            for side, end, sign in (("from", query.since, ">="), ("to", query.until, "<=")):
                if end is not None:
                    params[f"changed_{side}"] = end
                    conditions.append(f"{self.changed} {sign} %(changed_{side})s")
        for name, value in query.where.items():
            params[f"filter_{name}"] = value
            conditions.append(self.filters[name].replace("%(given)s", f"%(filter_{name})s"))
        return conditions, params

    def _boxes(self, query: FeatureQuery, params: dict[str, Any]) -> Iterator[str]:
        for number, box in enumerate(query.boxes):
            sides = [f"box{number}_{side}" for side in ("west", "south", "east", "north")]
            params.update(zip(sides, box, strict=True))
            west, south, east, north = (f"%({side})s" for side in sides)
            exact = f"ST_Intersects({self.shape}, ST_MakeEnvelope({west}, {south}, {east}, {north}, 4326))"
            if not self.plane:
                yield exact
                continue
            low, high = (f"least(greatest({side}, {-PLANE}), {PLANE})" for side in (south, north))
            yield (
                f"({self.plane} && ST_Transform(ST_MakeEnvelope({west}, {low}, {east}, {high}, 4326), 3857)"
                f" AND {exact})"
            )


def iso(column: str) -> str:
    """SQL for a time as RFC 3339 in UTC; null stays null."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
