"""What an alarm is, how it stands, what is done with it, and the news of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from journal.contracts import BY_AREA, register_kind

SEE, HANDLE = "alarm.see", "alarm.handle"
LEVELS: Mapping[int, tuple[str, Mapping[str, str], str]] = {
    0: ("none", {"zh": "正常", "en": "Normal"}, "normal"),
    1: ("blue", {"zh": "蓝色", "en": "Blue"}, "info"),
    2: ("yellow", {"zh": "黄色", "en": "Yellow"}, "caution"),
    3: ("orange", {"zh": "橙色", "en": "Orange"}, "serious"),
    4: ("red", {"zh": "红色", "en": "Red"}, "critical"),
}
"""Each level with its word, its names and how grave pages show it."""


class RuleKind(StrEnum):
    """What a rule looks at: the values of a metric, or that they come at all."""

    LEVEL = "level"
    SILENCE = "silence"


class Act(StrEnum):
    """What becomes of an alarm; the first five by itself, the others by a person or a machine of ours."""

    RAISED = "raised"
    LEVEL = "level"
    CLEARED = "cleared"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    ESCALATE = "escalate"
    LINK = "link"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class AlarmRaised:
    """News: an alarm stands. `late` is true where it was over for long when it was found: it calls nobody."""

    alarm: int
    rule: str
    station: str
    stream: str
    level: int
    foreseen: bool
    late: bool


@dataclass(frozen=True, slots=True)
class AlarmTurned:
    """News: an alarm has another level (0: it is over), was corrected or retracted, or somebody did something."""

    alarm: int
    rule: str
    station: str
    act: str
    before: int
    level: int


@dataclass(frozen=True, slots=True)
class RuleSaved:
    """News: a rule of alarms has another version."""

    rule: str
    version: int


RAISED, TURNED, RULE_SAVED = "alarm.raised.v1", "alarm.turned.v1", "alarm.rule_saved.v1"
register_kind(RAISED, AlarmRaised, BY_AREA)
register_kind(TURNED, AlarmTurned, BY_AREA)
register_kind(RULE_SAVED, RuleSaved, BY_AREA)
