"""The general rules of responsibility: what packs say, what the city says instead and for how long, and what counts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Greatest

from accounts import selectors as accounts
from cases.models import Responsibility
from cases.rules import DutyRule
from cases.selectors.catalogue import category_rows
from core import clock
from core.errors import NotFound


@dataclass(frozen=True)
class GeneralRule:
    """A duty: the rule in force (the city's, else the pack's), what is to come, what the pack says, how many classes.

    `rule` is None where the only rule is one to come.
    """

    duty: str
    rule: Responsibility | None
    to_come: tuple[Responsibility, ...]
    pack: Responsibility | None
    classes: int

    @property
    def newest(self) -> Responsibility:
        """The last word on the duty: what a change takes the place of."""
        return self.to_come[-1] if self.to_come else self.rule or self.to_come[0]

    @property
    def differs(self) -> bool:
        """Whether the city says otherwise than its pack."""
        if self.rule is None or self.pack is None or self.rule.origin == "pack":
            return False
        return any(getattr(self.rule, name) != getattr(self.pack, name) for name in SAYS)


SAYS = ("names", "kind", "by", "cooperating", "arbiter")


def city_rules() -> QuerySet[Responsibility]:
    """Every general rule of the city, also those that are over and those to come, by duty, the newest first."""
    return Responsibility.objects.filter(origin="city").order_by("duty", "-valid_from", "-pk")


def general_rows() -> Iterator[dict[str, Any]]:
    """Every general rule of the city as a row of a file."""
    for row in city_rules():
        yield {
            "duty": row.duty,
            "name": row.names.get("zh", ""),
            "name_en": row.names.get("en", ""),
            "kind": row.kind,
            "level": row.by,
            "cooperating": ";".join(row.cooperating),
            "arbiter": ";".join(row.arbiter),
            "reason": row.reason,
            "valid_from": row.valid_from.isoformat() if row.valid_from else "",
            "valid_until": row.valid_until.isoformat() if row.valid_until else "",
        }


def city_rule(pk: int) -> Responsibility:
    """The city's general rule of that number; NotFound where there is none."""
    found = city_rules().filter(pk=pk).first()
    if found is None:
        raise NotFound("responsibility.no_general", id=pk)
    return found


# Asked with every registering, so it is a statement that Django need not compile: of those not over, what has begun.
_BEGUN = """
    SELECT * FROM cases_responsibility
     WHERE (origin = 'pack' AND NOT retired)
        OR (origin = 'city' AND valid_from <= %(at)s AND (valid_until IS NULL OR valid_until > %(at)s))
     ORDER BY duty, valid_from NULLS FIRST
"""


def _not_over(at: datetime) -> QuerySet[Responsibility]:
    """What packs say, and of the city what holds or will: by duty, a pack's first, then by their beginning."""
    lasting = Q(valid_until=None) | Q(valid_until__gt=Greatest(F("valid_from"), at))
    rows = Responsibility.objects.filter(Q(origin="pack", retired=False) | (Q(origin="city") & lasting))
    return rows.order_by("duty", F("valid_from").asc(nulls_first=True))


def rules_in_force(*, but: int = 0) -> dict[str, Responsibility]:
    """The rule that counts for each duty now, in one query; as if the city's rule `but` were not there."""
    now = clock.now()
    rows = Responsibility.objects.raw(_BEGUN, {"at": now})
    return {row.duty: row for row in rows if row.pk != but and row.state_at(now) == "in_force"}


def duty_rule(row: Responsibility) -> DutyRule:
    """A general rule as the rules see it; a draft has the number 0."""
    own = None if row.origin == "pack" else row.pk or 0
    return DutyRule(
        row.duty, row.names, row.kind, row.by, tuple(row.cooperating), tuple(row.arbiter), own=own, reason=row.reason
    )


def duty_rules(*, but: int = 0) -> dict[str, DutyRule]:
    """What counts for each duty now."""
    return {duty: duty_rule(row) for duty, row in rules_in_force(but=but).items()}


def duties() -> dict[str, Mapping[str, str]]:
    """The duties that a class may name, by code: those with a rule, in force or to come."""
    return {row.duty: row.names for row in _not_over(clock.now())}


def general_rules(duty: str = "") -> list[GeneralRule]:
    """Every duty with a rule in force or to come, or that one: two queries."""
    now = clock.now()
    rows, classes = _not_over(now), category_rows().filter(retired=False)
    if duty:
        rows, classes = rows.filter(duty=duty), classes.filter(department__duty=duty)
    held: dict[str, list[Responsibility]] = {}
    for row in rows:
        held.setdefault(row.duty, []).append(row)
    counts: dict[str, int] = {}
    for name in classes.values_list(KT("department__duty"), flat=True):
        counts[name] = counts.get(name, 0) + 1
    return [_entry(name, words, counts.get(name, 0), now) for name, words in held.items()]


def _entry(duty: str, rows: Iterable[Responsibility], classes: int, now: datetime) -> GeneralRule:
    words = list(rows)
    in_force = [row for row in words if row.state_at(now) == "in_force"]
    return GeneralRule(
        duty=duty,
        rule=in_force[-1] if in_force else None,
        to_come=tuple(row for row in words if row.state_at(now) == "to_come"),
        pack=next((row for row in words if row.origin == "pack"), None),
        classes=classes,
    )


def general_rule(duty: str) -> GeneralRule:
    """The general rule of that duty; NotFound where nobody has said or will say one."""
    found = general_rules(duty) if duty and "\x00" not in duty else []
    if not found:
        raise NotFound("responsibility.no_general_of", duty=duty)
    return found[0]


def general_told(row: Responsibility) -> dict[str, Any]:
    """A general rule by the fields of its form: what `core.versions` compares."""
    return {
        "origin": row.origin,
        "zh": row.names.get("zh", ""),
        "en": row.names.get("en", ""),
        "kind": row.kind,
        "by": row.by,
        "cooperating": sorted(row.cooperating),
        "arbiter": ";".join(row.arbiter),
        "reason": row.reason,
        "valid_from": _told_moment(row.valid_from),
        "valid_until": _told_moment(row.valid_until),
    }


def _told_moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""


def organisation_kinds() -> dict[str, Mapping[str, str]]:
    """The kinds that a general rule may name: those of the city's model, and those of organisations that stand."""
    standing: dict[str, Mapping[str, str]] = dict.fromkeys(accounts.organisations().values_list("kind", flat=True), {})
    return standing | dict(accounts.kinds().values_list("code", "names"))
