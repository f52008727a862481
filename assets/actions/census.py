"""Types from packs, and rows by the thousand: an import is judged row by row and written batch by batch."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from assets.actions.writing import Deed, Placed, write
from assets.contracts import Act, AssetsImported, ImportReport, Refusal
from assets.models import Asset, AssetType, Survey
from assets.rules import Row, TypeFacts, read, type_columns, type_problems
from assets.selectors import component_plan, hot_attributes
from core import clock, hot
from core.errors import Code, Conflict, Forbidden, Invalid
from core.schema import Problem, validate
from core.scope import Actor
from grid import selectors as grid
from journal import actions as journal

BATCH = 5000
COMPONENTS = hot.Place("assets_asset", "type_id", "code")


@transaction.atomic
def save_type(given: Mapping[str, Any], *, actor: Actor, pack: str = "") -> None:
    """The type exists with these names, class code, geometry and schema; assets made before keep theirs."""
    _only_admins(actor)
    problems = type_problems(given)
    if problems:
        raise Invalid(problems[0].code, **problems[0].params)
    columns = {**type_columns(given), "pack": pack, "retired": False}
    if columns["major"]:
        same = (
            AssetType.objects.filter(major=columns["major"], minor=columns["minor"]).exclude(code=given["code"]).first()
        )
        if same:
            raise Conflict("assets.class_taken", number=columns["major"] + columns["minor"], type=same.code)
    held = AssetType.objects.select_for_update(no_key=True).filter(code=given["code"]).first()
    if held is not None and (held.schema, held.moves) != (columns["schema"], columns["moves"]):
        held.former.create(number=held.schema_number, schema=held.schema, moves=held.moves)
        columns["schema_number"] = held.schema_number + 1
    AssetType.objects.update_or_create(code=given["code"], defaults=columns)


@transaction.atomic
def retire_types(codes: Iterable[str], *, actor: Actor) -> None:
    """These types are offered no more; what stands of them stays."""
    _only_admins(actor)
    AssetType.objects.filter(code__in=list(codes)).update(retired=True)


def keep_indexes(*, actor: Actor) -> tuple[list[str], list[str]]:
    """Every attribute that a list narrows by has an index, those that none narrows by any more have none."""
    _only_admins(actor)
    return hot.keep_indexes(COMPONENTS, hot_attributes())


@transaction.atomic
def import_assets(rows: Iterable[Mapping[str, Any]], *, actor: Actor, source: str = "") -> ImportReport:
    """Every sound row is on the map in its cell; the others are named with a reason, and the census is on record.

    A row: code, lon, lat (WGS 84); type, names, state, authority, owner, maintainer, accuracy, source, attributes.
    A code that is known is updated; a code given twice in one import is taken once and refused after.
    """
    census = begin_census(actor=actor, source=source)
    numbered = iter(enumerate(rows, start=1))
    while batch := list(islice(numbered, BATCH)):
        census.take(batch)
    return end_census(census, actor=actor)


@transaction.atomic
def begin_census(*, actor: Actor, source: str = "") -> "Census":
    """A census is on record that rows can be taken into, in as many transactions as it needs."""
    _only_admins(actor)
    survey = Survey.objects.create(source=source[:200], taken_at=clock.now(), taken_by=actor.key)
    return Census(survey.pk, actor=actor)


@transaction.atomic
def end_census(census: "Census", *, actor: Actor) -> ImportReport:
    """The census has its counts, and it is told that it was taken."""
    _only_admins(actor)
    Survey.objects.filter(pk=census.survey).update(refused=len(census.refused))
    counts = Survey.objects.values("created", "updated", "refused").get(pk=census.survey)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Asset._meta.db_table}")
    city = grid.city()
    news = AssetsImported(census.survey, **counts)
    journal.record(
        "assets.imported.v1", subject=f"survey:{census.survey}", actor=actor, area=city.path if city else "", data=news
    )
    return ImportReport(census.survey, census.created, census.updated, census.unchanged, tuple(census.refused))


class Census:
    """One census under way; in another process it goes on under the number of its survey.

    `every`: retired types are known too, for what already stands.
    """

    def __init__(self, survey: int, *, actor: Actor, every: bool = False) -> None:
        self.survey, self.actor = survey, actor
        self.plan = component_plan()
        self.created = self.updated = self.unchanged = 0
        self.refused: list[Refusal] = []
        self._seen: set[str] = set()
        self._verdicts: dict[tuple[int, str], list[Problem]] = {}
        types = list(AssetType.objects.all() if every else AssetType.objects.filter(retired=False))
        self._schemas = {row.pk: row.schema for row in types}
        self._numbers = {row.pk: row.schema_number for row in types}
        facts = [TypeFacts(row.pk, row.code, row.major + row.minor, row.geometry, row.schema_number) for row in types]
        self._types = {fact.class_code: fact for fact in facts if fact.class_code} | {fact.code: fact for fact in facts}

    def offer(self, fact: TypeFacts, schema: Mapping[str, Any]) -> None:
        """A type that is about to exist is known already."""
        self._schemas[fact.pk] = dict(schema)
        self._numbers[fact.pk] = fact.schema_number
        self._types |= {name: fact for name in (fact.code, fact.class_code) if name}

    def fact(self, code: str) -> TypeFacts | None:
        """The type of that code or class."""
        return self._types.get(code)

    def schema_of(self, fact: TypeFacts) -> Mapping[str, Any]:
        """The schema of a type's attributes."""
        found: Mapping[str, Any] = self._schemas[fact.pk]
        return found

    def take(self, batch: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """Stores the sound rows of a batch and remembers the others."""
        placed = self.place(batch)
        if placed:
            self.store(placed)

    def place(
        self, batch: Sequence[tuple[int, Mapping[str, Any]]], under: Mapping[str, int] | None = None
    ) -> list[Placed]:
        """The sound rows of a batch with their cells; the others are remembered with a reason.

        `under` says of codes whose attributes stay as they are under which schema those were written.
        """
        sound = list(self._sound(batch, under or {}))
        places = grid.places_at([(row.lon, row.lat) for row in sound])
        led = self._led(sound, places)
        placed: list[Placed] = []
        for row, place in zip(sound, places, strict=True):
            if place is None:
                self.refused.append(
                    Refusal(row.number, row.code, "assets.outside", {"row": row.number, "code": row.code})
                )
            elif not row.code.startswith(_district(place)) and (row.code, _district(place)) not in led:
                params = {"row": row.number, "code": row.code, "district": _district(place)}
                self.refused.append(Refusal(row.number, row.code, "assets.other_district", params))
            else:
                placed.append((row, *place))
        return placed

    def _led(self, sound: Sequence[Row], places: Sequence[tuple[str, str] | None]) -> set[tuple[str, str]]:
        """Codes that name another district, with the district where a new map has laid them: they stand there."""
        pairs = zip(sound, places, strict=True)
        codes = [row.code for row, place in pairs if place and not row.code.startswith(_district(place))]
        rows = Asset.objects.filter(code__in=codes).values_list("code", "area") if codes else ()
        return {(code, _district(("", area))) for code, area in rows}

    def _sound(self, batch: Sequence[tuple[int, Mapping[str, Any]]], under: Mapping[str, int]) -> Iterator[Row]:
        for number, given in batch:
            row = read(number, given, self._types, self.plan)
            if isinstance(row, Row):
                row = self._judged(replace(row, schema_number=under.get(row.code, row.schema_number)))
            if isinstance(row, Refusal):
                self.refused.append(row)
                continue
            self._seen.add(row.code)
            yield row

    def _judged(self, row: Row) -> Row | Refusal:
        """The row, unless its code came before or its attributes break the schema of its type."""
        if row.code in self._seen:
            return Refusal(row.number, row.code, "assets.code_twice", {"row": row.number, "code": row.code})
        number = self._numbers[row.type_pk]
        if row.schema_number != number:
            return row
        key = (row.type_pk, json.dumps(row.attributes, sort_keys=True))
        if key not in self._verdicts:
            self._verdicts[key] = validate(self._schemas[row.type_pk], row.attributes)[:1]
        if number > 1 and self._verdicts[key] and (held := self._as_written(row)):
            return replace(row, schema_number=held)
        for problem in self._verdicts[key]:
            params = {"row": row.number, "code": row.code, "field": problem.path or "/", "why": Code(problem.code)}
            return Refusal(row.number, row.code, "assets.bad_attributes", params)
        return row

    def _as_written(self, row: Row) -> int:
        """The number of the schema under which the component has these very attributes; 0 where it has others."""
        held = Asset.objects.filter(code=row.code, attributes=row.attributes).values_list("schema_number", flat=True)
        return held.first() or 0

    def store(self, placed: list[Placed]) -> None:
        """Placed rows are on the map; those that differ in nothing are left alone."""
        written = write(placed, Deed(self.actor, Act.IMPORT, survey=self.survey))
        created, updated = len(written.entered), len(written.changed)
        self.created += created
        self.updated += updated
        Survey.objects.filter(pk=self.survey).update(created=F("created") + created, updated=F("updated") + updated)
        self.unchanged += len(placed) - created - updated


def _district(place: tuple[str, str]) -> str:
    """The district of a cell and its dotted path."""
    return place[1].split(".")[1]


def _only_admins(actor: Actor) -> None:
    if not actor.may("admin"):
        raise Forbidden("assets.not_admin")
