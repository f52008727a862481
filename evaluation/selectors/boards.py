"""Boards: lines with their score or their measures, ranked, beside the period before and beside what was published."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from accounts import selectors as accounts
from cases import selectors as cases
from core.errors import Invalid
from core.scope import Actor
from evaluation import rules
from evaluation.models import Publication, Scheme, SchemeVersion
from evaluation.rules import Formula, Result, Tally
from evaluation.selectors.counting import AREAS, RIGHT, Question, tallies
from evaluation.selectors.schemes import formula_of, given_points, scheme_for, version_on
from grid import selectors as grid

NOTHING: Mapping[str, Tally] = {}


@dataclass(frozen=True)
class Judged:
    """One line that a scheme judged: after exemptions, raw, in the period before, and as it was published."""

    key: str
    names: Mapping[str, str]
    result: Result
    raw: Result
    before: Result
    counts: Mapping[str, Tally]
    rank: int | None = None
    rank_before: int | None = None
    published: float | None = None
    is_published: bool = False

    @property
    def change(self) -> float | None:
        """By how much the score grew since the period before."""
        return _difference(self.result.value, self.before.value)

    @property
    def since_published(self) -> float | None:
        """By how much the score differs from what was published, None where they agree or nothing was."""
        return _difference(self.result.value, self.published) or None


@dataclass(frozen=True)
class Ranking:
    """The lines of a question, judged by a version of a scheme, best first; those that cannot be judged last."""

    asked: Question
    scheme: Scheme
    version: SchemeVersion
    formula: Formula
    lines: tuple[Judged, ...]
    publication: Publication | None


@dataclass(frozen=True)
class Cell:
    """One measure of one line: a count, or a rate with the period before."""

    measure: str
    numerator: str
    denominator: str
    tally: Tally
    under: Tally | None
    rate: float | None
    change: float | None


@dataclass(frozen=True)
class Measured:
    """One line of a table of measures."""

    key: str
    names: Mapping[str, str]
    cells: tuple[Cell, ...]


def ranking(actor: Actor, asked: Question, code: str = "") -> Ranking:
    """The lines judged by a scheme (the first that fits, without a code); Invalid for lines that none can judge."""
    scheme = judging(asked.by, code)
    version = version_on(scheme, asked.period.since)
    formula = formula_of(version)
    earlier = asked.before()
    counts, before = (tallies(actor, one, formula.refs) for one in (asked, earlier))
    given, given_before = (given_points(scheme, asked.by, one.period) for one in (asked, earlier))
    names = names_of(actor, asked, counts)
    lines = [
        Judged(
            key,
            name,
            rules.evaluate(formula, counts.get(key, NOTHING), given.get(key, {})),
            rules.evaluate(formula, counts.get(key, NOTHING), given.get(key, {}), raw=True),
            rules.evaluate(formula, before.get(key, NOTHING), given_before.get(key, {})),
            counts.get(key, NOTHING),
        )
        for key, name in names.items()
    ]
    publication = published(scheme, asked)
    return Ranking(asked, scheme, version, formula, _ranked(lines, publication), publication)


def judging(by: str, code: str = "") -> Scheme:
    """The scheme that judges such lines: that of this code, else the first that fits; Invalid where it judges none."""
    if by not in rules.JUDGED:
        raise Invalid("evaluation.level")
    scheme = scheme_for(by, code)
    if by not in scheme.document.get("subjects", rules.JUDGED):
        raise Invalid("evaluation.scheme_level", scheme=scheme.code)
    return scheme


def published(scheme: Scheme, asked: Question) -> Publication | None:
    """What was published of exactly this question, by this scheme."""
    period = asked.period
    return Publication.objects.filter(
        scheme=scheme.code, level=asked.by, within=asked.within, since=period.since, until=period.until
    ).first()


def _ranked(lines: list[Judged], publication: Publication | None) -> tuple[Judged, ...]:
    """Equal scores have equal ranks."""
    now = _ranks({line.key: line.result.value for line in lines})
    then = _ranks({line.key: line.before.value for line in lines})
    held = {row.key: row.score for row in publication.rows.all()} if publication else {}
    ranked = [
        replace(
            line,
            rank=now.get(line.key),
            rank_before=then.get(line.key),
            is_published=line.key in held,
            published=float(score) if (score := held.get(line.key)) is not None else None,
        )
        for line in lines
    ]
    return tuple(sorted(ranked, key=lambda line: (line.rank is None, line.rank or 0, line.key)))


def _ranks(values: Mapping[str, float | None]) -> dict[str, int]:
    held = [value for value in values.values() if value is not None]
    return {key: 1 + sum(one > value for one in held) for key, value in values.items() if value is not None}


def measured(actor: Actor, asked: Question, table: str) -> tuple[Measured, ...]:
    """The lines with the measures of a table; those with most of the first measure first."""
    if table not in rules.TABLES:
        raise Invalid("evaluation.table")
    refs = rules.TABLES[table][1]
    counts, before = (tallies(actor, one, refs) for one in (asked, asked.before()))
    lines = [
        Measured(key, name, tuple(_cell(ref, counts.get(key, NOTHING), before.get(key, NOTHING)) for ref in refs))
        for key, name in names_of(actor, asked, counts).items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.cells[0].tally.net, line.key)))


def _cell(ref: str, line: Mapping[str, Tally], before: Mapping[str, Tally]) -> Cell:
    over, *under = rules.counts_of(ref)
    if not under:
        return Cell(ref, over, "", line.get(over, Tally()), None, None, None)
    now, then = (_rate(one, over, under[0]) for one in (line, before))
    change = _difference(now, then)
    return Cell(ref, over, under[0], line.get(over, Tally()), line.get(under[0], Tally()), now, change)


def _rate(line: Mapping[str, Tally], over: str, under: str) -> float | None:
    return rules.share(line.get(over, Tally()).net, line.get(under, Tally()).net)


def _difference(now: float | None, then: float | None) -> float | None:
    return None if now is None or then is None else round(now - then, 4)


def names_of(actor: Actor, asked: Question, found: Mapping[str, object]) -> dict[str, Mapping[str, str]]:
    """Every line that the board has, with its name: regions whether they have cases or not, others that have some."""
    if asked.by in AREAS:
        return _regions(actor, asked, found)
    known = _known_names(asked.by, list(found))
    return {key: known.get(key, {"zh": key, "en": key}) for key in sorted(found)}


def _known_names(by: str, keys: list[str]) -> Mapping[str, Mapping[str, str]]:
    if by == "organisation":
        return {row.code: row.names for row in accounts.organisations()}
    if by == "person":
        ids = [int(key.removeprefix("user:")) for key in keys if key.removeprefix("user:").isdigit()]
        return {one.key: {"zh": one.label, "en": one.label} for one in accounts.people(ids).values()}
    if by == "category":
        return cases.category_names()
    return {"post": rules.POSTS, "source": rules.SOURCES, "city": {"": rules.LEVELS["city"]}}[by]


def _regions(actor: Actor, asked: Question, found: Mapping[str, object]) -> dict[str, Mapping[str, str]]:
    seen = actor.scope(RIGHT)
    within = [row for row in grid.regions(asked.by) if not asked.within or asked.within in row.path.split(".")]
    return {row.code: row.names for row in within if row.code in found or seen.covers("", row.path)}
