"""The matrix of responsibility: class x place, its holes and its conflicts, in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cases.models import Category, words
from cases.rules import Answer, Book, DutyRule, Line, Office, resolve
from cases.selectors.catalogue import categories
from cases.selectors.responsibility import book
from core.errors import NotFound
from core.scope import under
from grid import selectors as grid
from grid.contracts import Level, RegionName

MISSING = ("no_organisation", "class_without_duty", "duty_without_rule")
Leaves = Mapping[str, int]
Spread = Mapping[str, Answer]


@dataclass(frozen=True)
class Square:
    """A class at a place: the different answers found there with the number of cells of each, most cells first."""

    place: RegionName
    answers: tuple[tuple[Answer, int], ...]
    specials: tuple[int, ...]

    @property
    def empty(self) -> int:
        """In how many cells nobody is responsible."""
        return sum(cells for answer, cells in self.answers if not answer.organisation)

    @property
    def disputed(self) -> bool:
        """Whether two organisations are equally near somewhere in it."""
        return any(answer.rivals for answer, _cells in self.answers)


@dataclass(frozen=True)
class Row:
    """A class with its duty and its squares, one for each column."""

    category: Category
    duty: DutyRule | None
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class Matrix:
    """Rows by major class; `majors` are all there are, `inside` the district that is opened."""

    columns: tuple[RegionName, ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    majors: tuple[str, ...]
    inside: RegionName | None
    offices: Mapping[str, Office]
    major: str = ""


@dataclass(frozen=True)
class Hole:
    """A class for which nobody is responsible in so many cells; `places` are the widest regions that are all empty."""

    category: Category
    cells: int
    places: tuple[RegionName, ...]
    answer: Answer

    @property
    def missing(self) -> Line:
        """What is not there, so that nobody is found."""
        return next(line for line in self.answer.lines if line.code in MISSING)


@dataclass(frozen=True)
class Clash:
    """Organisations that are equally near for a duty; the first is taken. It concerns these classes."""

    duty: DutyRule
    organisations: tuple[str, ...]
    cells: int
    places: tuple[RegionName, ...]
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Faults:
    """What is wrong with the matrix, and of how many cells and classes it speaks."""

    holes: tuple[Hole, ...]
    clashes: tuple[Clash, ...]
    classes: int
    cells: int
    offices: Mapping[str, Office] = field(default_factory=dict)


class _City:
    """The regions of the map in force and how many cells each community has."""

    def __init__(self) -> None:
        self.regions = grid.region_names()
        self.leaves: Leaves = grid.cell_counts()
        self._widest: dict[frozenset[str], tuple[RegionName, ...]] = {}

    def inside(self, code: str) -> RegionName | None:
        """The district of that code; None for the whole city."""
        if not code:
            return None
        found = next((one for one in self.regions if one.code == code and one.level == Level.DISTRICT), None)
        if found is None:
            raise NotFound("responsibility.no_district", given=code)
        return found

    def columns(self, district: RegionName | None) -> tuple[RegionName, ...]:
        """The districts of the city, or the streets of one."""
        level = Level.STREET if district else Level.DISTRICT
        root = district.path if district else ""
        return tuple(one for one in self.regions if one.level == level and under(one.path, root))

    def widest(self, leaves: Iterable[str]) -> tuple[RegionName, ...]:
        """The fewest regions that together are exactly these communities."""
        held = frozenset(leaves)
        if held not in self._widest:
            self._widest[held] = self._cover(held)
        return self._widest[held]

    def _cover(self, held: frozenset[str]) -> tuple[RegionName, ...]:
        found: list[RegionName] = []
        for region in sorted(self.regions, key=lambda one: (one.path.count("."), one.path)):
            beneath = [leaf for leaf in self.leaves if under(leaf, region.path)]
            covered = any(under(region.path, one.path) for one in found)
            if beneath and not covered and held.issuperset(beneath):
                found.append(region)
        return tuple(found)


class _Spreads:
    """The answers of every community, worked out once for each duty (for a class with special rules: once for it)."""

    def __init__(self, held: Book, leaves: Leaves) -> None:
        self.held, self.leaves = held, leaves
        self._special = {one.category for one in held.specials}
        self._known: dict[tuple[str, str], Spread] = {}

    def of(self, code: str) -> Spread:
        """Community -> answer for a class."""
        key = ("", code) if code in self._special else (self.held.duties.get(code, ""), "")
        if key not in self._known:
            self._known[key] = {leaf: resolve(self.held, code, leaf) for leaf in self.leaves}
        return self._known[key]


def major_of(row: Category) -> str:
    """The major class: the letter of the kind and two figures, E04."""
    return f"{'C' if row.kind == 'component' else 'E'}{row.major}"


def major_name(row: Category) -> str:
    """What the major class is called, in the reader's language."""
    code = major_of(row)
    return str(words.MAJOR_NAMES.get(code, code))


def matrix(*, inside: str = "", major: str = "", text: str = "", every: bool = False) -> Matrix:
    """The matrix of the districts, or of the streets of one; of one major class, or of the classes a text finds.

    With `every` it is of all major classes where none is named.
    """
    rows, city = categories(), _City()
    held = book(rows)
    spreads = _Spreads(held, city.leaves)
    district = city.inside(inside)
    columns = city.columns(district)
    majors = tuple(sorted({major_of(row) for row in rows}))
    if not every:
        major = "" if text else major if major in majors else next(iter(majors), "")
    shown = [row for row in rows if _matches(row, text) and major in ("", major_of(row))]
    groups: dict[str, list[Row]] = {}
    for row in shown:
        spread = spreads.of(row.code)
        squares = tuple(_square(place, spread, city.leaves) for place in columns)
        found = Row(row, held.rules.get(held.duties.get(row.code, "")), squares)
        groups.setdefault(major_of(row), []).append(found)
    grouped = tuple((name, tuple(found)) for name, found in sorted(groups.items()))
    return Matrix(columns, grouped, majors, district, held.by_code, major)


def _matches(row: Category, text: str) -> bool:
    words = text.casefold().split()
    told = " ".join((row.code, *map(str, row.names.values()))).casefold()
    return all(word in told for word in words)


def _square(place: RegionName, spread: Spread, leaves: Leaves) -> Square:
    cells: dict[tuple[object, ...], int] = {}
    firsts: dict[tuple[object, ...], Answer] = {}
    specials: set[int] = set()
    for leaf, answer in spread.items():
        if not under(leaf, place.path):
            continue
        firsts.setdefault(answer.who, answer)
        cells[answer.who] = cells.get(answer.who, 0) + leaves[leaf]
        specials |= {answer.special} if answer.special else set()
    ordered = sorted(cells, key=lambda who: -cells[who])
    return Square(place, tuple((firsts[who], cells[who]) for who in ordered), tuple(sorted(specials)))


def faults() -> Faults:
    """Every class that has nobody somewhere, and every duty for which organisations are equally near."""
    rows, city = categories(), _City()
    held = book(rows)
    spreads = _Spreads(held, city.leaves)
    holes = []
    rivals: dict[tuple[str, tuple[str, ...]], dict[str, set[str]]] = {}
    for row in rows:
        spread = spreads.of(row.code)
        empty = {leaf: answer for leaf, answer in spread.items() if not answer.organisation}
        if empty:
            cells = sum(city.leaves[leaf] for leaf in empty)
            holes.append(Hole(row, cells, city.widest(empty), next(iter(empty.values()))))
        for leaf, answer in spread.items():
            if answer.rivals:
                key = (held.duties[row.code], (answer.organisation, *answer.rivals))
                found = rivals.setdefault(key, {"leaves": set(), "classes": set()})
                found["leaves"].add(leaf)
                found["classes"].add(row.code)
    clashes = [
        Clash(
            held.rules[duty],
            organisations,
            sum(city.leaves[leaf] for leaf in found["leaves"]),
            city.widest(found["leaves"]),
            tuple(sorted(found["classes"])),
        )
        for (duty, organisations), found in rivals.items()
    ]
    return Faults(tuple(holes), tuple(clashes), len(rows), sum(city.leaves.values()), held.by_code)
