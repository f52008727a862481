"""What people said of incidents, and what it makes of the rules that found them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from core import clock
from core.scope import Actor
from video.contracts import Review, RuleMode
from video.models import Incident, Rule
from video.rules.earning import Bar, Measured, bar_of, earned, fallen, unproven
from video.selectors.cameras import incidents_to_judge, visible_to

WIDEST_WINDOW = 200
JUDGED = (Review.CONFIRMED.value, Review.DISMISSED.value)


def measured(rules: Mapping[int, Bar]) -> dict[int, Measured]:
    """The last verdicts on each rule, as many as its bar looks at, but none that can still be taken back; one query."""
    number = Window(RowNumber(), partition_by=F("rule_id"), order_by=[F("violated_at").desc(), F("id").desc()])
    judged = Incident.objects.filter(rule_id__in=list(rules), review__in=JUDGED, settles_at=None)
    rows = judged.annotate(number=number).filter(number__lte=WIDEST_WINDOW).order_by()
    found = {pk: [0, 0] for pk in rules}
    for pk, review, nth in rows.values_list("rule_id", "review", "number"):
        if nth <= rules[pk].window:
            found[pk][review != Review.CONFIRMED] += 1
    return {pk: Measured(right, wrong) for pk, (right, wrong) in found.items()}


@dataclass(frozen=True)
class PrecisionLine:
    """A rule of a camera and what people said of its last incidents."""

    rule: Rule
    found: Measured
    bar: Bar
    missing: list[str]

    @property
    def percent(self) -> float | None:
        """Its precision in percent; None before anybody judged."""
        return None if self.found.precision is None else 100 * self.found.precision

    @property
    def may_report(self) -> bool:
        """Whether the verdicts let it report by itself."""
        return earned(self.found, self.bar) and not self.missing

    @property
    def too_wrong(self) -> bool:
        """Whether the verdicts forbid it."""
        return fallen(self.found, self.bar)

    @property
    def yet(self) -> int:
        """How many verdicts are still missing before it can earn anything."""
        return max(0, self.bar.least - self.found.judged)

    @property
    def rises(self) -> bool:
        """Whether it will report by itself as soon as it has earned it."""
        return self.rule.mode == RuleMode.REVIEW and self.rule.ceiling == RuleMode.AUTOMATIC and not self.missing


def lines_of(rules: Iterable[Rule]) -> list[PrecisionLine]:
    """These rules with their verdicts, in one query more."""
    listed = list(rules)
    bars = {rule.pk: bar_of(rule.template.bar) for rule in listed}
    told = measured(bars)
    return [PrecisionLine(rule, told[rule.pk], bars[rule.pk], unproven(rule.template.labels)) for rule in listed]


def precision_lines(actor: Actor) -> QuerySet[Rule]:
    """The rules at work on the actor's ground, by camera; `lines_of` a page of them says how right they are."""
    rules = Rule.objects.filter(zone__camera__in=visible_to(actor), enabled=True)
    return rules.select_related("zone__camera", "template").order_by(
        "zone__camera__code", "zone__code", "template__code"
    )


def uid_of(text: str) -> str:
    """An incident's uid as it was given; empty where it is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def next_to_judge(actor: Actor, *, at: str = "", after: str = "") -> Incident | None:
    """The incident `at` (a uid) where it waits for my verdict; else the one behind `after`; else the oldest."""
    waiting = incidents_to_judge(actor).prefetch_related("stills")
    asked = waiting.filter(uid=at).first() if at else None
    if asked is not None:
        return asked
    passed = Incident.objects.filter(uid=after).first() if after else None
    if passed is None:
        return waiting.first()
    later = waiting.filter(violated_at__gte=passed.violated_at).exclude(
        violated_at=passed.violated_at, pk__lte=passed.pk
    )
    return later.first() or waiting.exclude(pk=passed.pk).first()


def taken_back_until(uid: str, actor: Actor) -> datetime | None:
    """Until when the actor may take back what they said of an incident; None when it is too late, or was another's."""
    found = Incident.objects.filter(uid=uid, reviewed_by=actor.key, camera__in=visible_to(actor)).first()
    return found.settles_at if found and found.settles_at and found.settles_at > clock.now() else None
