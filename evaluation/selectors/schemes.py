"""Schemes by version, and the points that people gave."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from core.errors import Conflict, NotFound
from evaluation import rules
from evaluation.models import GivenPoints, Scheme, SchemeVersion
from evaluation.rules import Formula, Period


def schemes() -> list[Scheme]:
    """The schemes in force: those of packs first, of which the first judges where nobody chooses; each by code."""
    return sorted(Scheme.objects.filter(in_force=True), key=lambda row: (not row.pack, row.code))


def scheme(code: str) -> Scheme:
    """A scheme, in force or not; NotFound."""
    found = Scheme.objects.filter(code=code).first() if code and "\x00" not in code else None
    if found is None:
        raise NotFound("evaluation.no_such_scheme", code=code[:60].replace("\x00", ""))
    return found


def scheme_for(level: str, code: str = "") -> Scheme:
    """The scheme of that code, else the first in force that is for lines of this level; Conflict without any."""
    if code:
        return scheme(code)
    fitting = [row for row in schemes() if level in row.document.get("subjects", (level,))]
    if not fitting:
        raise Conflict("evaluation.no_scheme")
    return fitting[0]


def versions_of(row: Scheme) -> list[SchemeVersion]:
    """Every version of a scheme, newest first; a scheme from before there were versions has its first one unsaved."""
    return list(row.versions.order_by("-version")) or [
        SchemeVersion(scheme=row, version=1, valid_from=rules.EARLIEST, document=row.document)
    ]


def version_on(row: Scheme, day: date) -> SchemeVersion:
    """What a scheme says on a day: the newest version that was valid by then, else its first."""
    every = versions_of(row)
    return next((one for one in every if one.valid_from <= day), every[-1])


def formula_of(version: SchemeVersion) -> Formula:
    """The version as a formula."""
    return rules.formula_from(version.document)


def given_points(row: Scheme, level: str, period: Period) -> Mapping[str, Mapping[str, float]]:
    """By line and component, the points that were given last for the period."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    rows = GivenPoints.objects.filter(scheme=row, level=level, since=period.since, until=period.until).order_by("pk")
    for one in rows:
        found[one.key][one.component] = float(one.points)
    return found
