"""What a rule may do by itself: earned by people's verdicts on its own incidents, lost by them (video.md 4.5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from video.contracts import RuleMode

VALIDATED = frozenset({"person", "bicycle", "motorcycle", "car", "truck", "bus"})
"""Labels for which public networks exist that were measured on real streets. Whatever else the shipped network finds
(stalls, refuse) it learnt from drawings: a rule that needs it counts or asks, and never reports by itself."""


@dataclass(frozen=True)
class Bar:
    """How right a rule must be. Shares of verdicts and numbers of them; the last `window` verdicts count.

    `promote` with at least `least` verdicts lets it report by itself; below `demote` with at least `least_fall` it
    asks a person again.
    """

    promote: float = 0.95
    demote: float = 0.85
    least: int = 20
    least_fall: int = 5
    window: int = 50


def bar_of(given: Mapping[str, float]) -> Bar:
    """The bar as a pack sets it; what it does not name is as usual."""
    usual = Bar()
    return Bar(
        promote=float(given.get("promote", usual.promote)),
        demote=float(given.get("demote", usual.demote)),
        least=int(given.get("least", usual.least)),
        least_fall=int(given.get("least_fall", usual.least_fall)),
        window=int(given.get("window", usual.window)),
    )


@dataclass(frozen=True)
class Measured:
    """How many of the last verdicts said right, and how many said wrong."""

    right: int = 0
    wrong: int = 0

    @property
    def judged(self) -> int:
        """All of them."""
        return self.right + self.wrong

    @property
    def precision(self) -> float | None:
        """The share that was right; None before anybody judged."""
        return self.right / self.judged if self.judged else None


def unproven(labels: Iterable[str]) -> list[str]:
    """The labels that no validated network finds."""
    return sorted(set(labels) - VALIDATED)


def earned(found: Measured, bar: Bar) -> bool:
    """Whether the verdicts let a rule report by itself."""
    return found.judged >= bar.least and (found.precision or 0.0) >= bar.promote


def fallen(found: Measured, bar: Bar) -> bool:
    """Whether the verdicts take that away."""
    return found.judged >= bar.least_fall and (found.precision or 0.0) < bar.demote


def may_start(labels: Iterable[str], vouched: RuleMode, found: Measured, bar: Bar) -> bool:
    """Whether a rule may be switched to automatic now: its labels are validated, and its verdicts, or while there are
    few of them the pack it comes from, speak for it."""
    if unproven(labels) or fallen(found, bar):
        return False
    return earned(found, bar) or (vouched is RuleMode.AUTOMATIC and found.judged < bar.least)


def mode_held(mode: RuleMode, labels: Iterable[str]) -> RuleMode:
    """What a rule does that stands as `mode`: its kind may have come to name what no validated network finds."""
    return RuleMode.REVIEW if mode is RuleMode.AUTOMATIC and unproven(labels) else mode


def mode_after(mode: RuleMode, ceiling: RuleMode, labels: Iterable[str], found: Measured, bar: Bar) -> RuleMode:
    """The mode that the verdicts leave a rule: automatic falls to review, review rises to what it may become."""
    if mode is RuleMode.AUTOMATIC and (fallen(found, bar) or unproven(labels)):
        return RuleMode.REVIEW
    rises = mode is RuleMode.REVIEW and ceiling is RuleMode.AUTOMATIC
    if rises and not unproven(labels) and earned(found, bar) and not fallen(found, bar):
        return RuleMode.AUTOMATIC
    return mode
