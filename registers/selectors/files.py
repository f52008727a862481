"""What the columns of a file of a register are, and what a batch of its rows asks the tables."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts import selectors as accounts
from assets import selectors as assets
from assets.contracts import AssetView
from core.schema import questions
from core.scope import Actor
from exchange.contracts import Column, Row
from grid import selectors as grid
from registers import rules
from registers.contracts import ATTRIBUTE, CASE, LINK, Declared, found
from registers.models import Record, RegisterVersion, Tie, UniqueValue
from registers.selectors.declared import declared_of, versions_in_force

WORDS = {
    "boolean": ("是或否", "yes or no"), "integer": ("整数", "a whole number"), "number": ("数字", "a number"),
    "date": ("日期，如 2026-10-01", "a date, such as 2026-10-01"),
    "array": ("可多个，用顿号分开", "several, with commas"),
}  # fmt: skip
NUMBERS = {"zh": "编号，可多个，用顿号分开", "en": "numbers, several with commas"}


def _in_force(register: str) -> Declared | None:
    rows = versions_in_force().filter(register__code=register.replace("\0", ""))
    version = rows.first() if register else None
    return declared_of(version) if version else None


def state_hint(register: str) -> dict[str, str]:
    """The states of a register in force, as they may stand in a file; the first where nothing does."""
    declared = _in_force(register)
    if declared is None:
        return {}
    return {
        "zh": "、".join(one.names.get("zh", one.code) for one in declared.states),
        "en": ", ".join(one.names.get("en", one.code) for one in declared.states),
    }


def file_columns(register: str) -> list[Column]:
    """The attributes and links of a register in force; nothing where there is none of that code."""
    declared = _in_force(register)
    if declared is None:
        return []
    rows = declared.schema.get("properties") or {}
    needed = {one.name for one in questions(declared.schema) if one.required}
    columns = []
    for one in questions(declared.schema):
        hint = rules.hint_of(rows[one.name], WORDS)
        if one.name in needed:
            hint = {language: f"{mark}{hint[language]}" for language, mark in (("zh", "必填；"), ("en", "needed; "))}
        columns.append(Column(f"{ATTRIBUTE}{one.name}", one.names, aliases=(one.name,), hint=hint))
    for link in declared.links:
        cases = {"zh": "案件编号，可多个，用顿号分开", "en": "numbers of cases, several with commas"}
        columns.append(
            Column(f"{LINK}{link.code}", link.names, aliases=(link.code,), hint=cases if link.to == CASE else NUMBERS)
        )
    return columns


@dataclass
class Known:
    """What a batch of rows asks the tables, asked once for all of them.

    `components`: those that rows are about, by code. `targets`: what links lead to, by link and number (None for a
    case). `taken`: whose a unique value is.
    """

    records: Mapping[str, Record]
    places: Mapping[int, tuple[str, str]]
    components: Mapping[str, AssetView]
    targets: Mapping[tuple[str, str], Record | None]
    tied: Collection[tuple[int, str, str]]
    taken: Mapping[tuple[str, str], str]


def known_of(version: RegisterVersion, declared: Declared, rows: Sequence[Row], actor: Actor) -> Known:
    """The records that these rows tell of, where they lie, what they name and what is taken already."""
    held = Record.objects.filter(register=version.register, number__in={text_in(row, "number")[:60] for row in rows})
    records = {one.number: one for one in held.select_related("register", "written_under")}
    ties = Tie.objects.filter(record__in=list(records.values()), until__isnull=True)
    return Known(
        records=records, places=_places(rows), components=_components(declared, rows, actor),
        targets=_targets(declared, rows, actor),
        tied=set(ties.values_list("record_id", "link", "to")),
        taken=_taken(version, declared, rows),
    )  # fmt: skip


def text_in(row: Row, name: str) -> str:
    """What stands in that field of a row."""
    return rules.text_of_cell(row.values.get(name))


def attribute_in(declared: Declared, row: Row, name: str) -> Any:
    """An attribute that a row tells, as far as its cell can be understood."""
    rule = (declared.schema.get("properties") or {}).get(name) or {}
    return rules.attribute_of(rule, row.values.get(f"{ATTRIBUTE}{name}"))


def _places(rows: Sequence[Row]) -> dict[int, tuple[str, str]]:
    """Cell and area of the rows that lie on the map, by a point inside their shape."""
    shapes = {row.number: row.geometry for row in rows if row.geometry is not None}
    points = [shape.representative_point() for shape in shapes.values()]
    hits = grid.places_at([(point.x, point.y) for point in points])
    return {number: hit for number, hit in zip(shapes, hits, strict=True) if hit}


def _components(declared: Declared, rows: Sequence[Row], actor: Actor) -> dict[str, AssetView]:
    codes = {text_in(row, "component") for row in rows} - {""} if declared.assets else ()
    return assets.assets_of(codes, actor=actor) if codes else {}


def _targets(declared: Declared, rows: Sequence[Row], actor: Actor) -> dict[tuple[str, str], Record | None]:
    hits: dict[tuple[str, str], Record | None] = {}
    for link in declared.links:
        numbers = {to[:60] for row in rows for to in rules.listed(text_in(row, f"{LINK}{link.code}"))}
        if numbers and link.to == CASE:
            hits |= {(link.code, case.key): None for case in found(CASE, sorted(numbers), actor)}
        elif numbers:
            theirs = Record.objects.filter(register__code=link.to, number__in=numbers)
            hits |= {(link.code, row.number): row for row in theirs}
    return hits


def _taken(version: RegisterVersion, declared: Declared, rows: Sequence[Row]) -> dict[tuple[str, str], str]:
    owners: dict[tuple[str, str], str] = {}
    for name in declared.unique:
        values = {str(attribute_in(declared, row, name))[:200] for row in rows} - {""}
        held = UniqueValue.objects.filter(register=version.register, name=name, value__in=values)
        owners |= {(name, value): number for value, number in held.values_list("value", "record__number")}
    return owners


def organisations_by_word() -> dict[str, list[tuple[str, str]]]:
    """Path and area of the organisations of now, by what they are called: their code before any name."""
    hits: dict[str, list[tuple[str, str]]] = {}
    rows = list(accounts.organisations())
    for row in rows:
        for word in {name.casefold() for name in row.names.values()}:
            hits.setdefault(word, []).append((str(row.path), row.area))
    return hits | {row.code.casefold(): [(str(row.path), row.area)] for row in rows}
