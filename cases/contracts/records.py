"""A case as evaluation counts it: who did what when, and whether in time. Ids and times, no personal data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Work(StrEnum):
    """What posts do with a case, each once: `accept` and `register` also when the answer is no."""

    VERIFY = "verify"
    ACCEPT = "accept"
    REGISTER = "register"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    CHECK = "check"
    CLOSE = "close"


class Satisfaction(StrEnum):
    """What the citizen said of how the case went when called back; `unreached` where nobody answered the call."""

    SATISFIED = "satisfied"
    FAIR = "fair"
    UNSATISFIED = "unsatisfied"
    UNREACHED = "unreached"


@dataclass(frozen=True)
class WorkDone:
    """One piece of work: when it is or was owed (without a limit: since when), done by whom, and whether a limit broke.

    `at` is None while it is not done; `by` may be known before, where somebody was told to do it.
    """

    owed_at: datetime
    at: datetime | None = None
    by: str = ""
    late: bool = False


@dataclass(frozen=True)
class OrderRecord:
    """A supervision order of a case: of whom an answer was demanded, when, by when, and when it came."""

    order: int
    org: str
    issued_at: datetime
    due_at: datetime
    replied_at: datetime | None = None


@dataclass(frozen=True)
class CaseRecord:
    """One case since it was last registered anew; `works` holds what came up. Paths are dotted, persons are keys.

    `merged` is another's duplicate, `part` one of a split case, `split` the case that was split; `urgent` was promised
    by the clock and not by working time; `held_since` is set while it stands still; `left` is the organisation that
    last sent it back, `shirkers` are all that passed it on before it was found to be passed around or did
    not take it after a refused return, each with when it was found; `satisfaction` is
    what the citizen said last, at `visited_at`, and stays said when the case is opened again; `forced_at` is when it
    was closed past the check, with approval. `reopened_at` is since when it stands so, if it was closed before;
    `earlier` tells how it stood each time until it was opened again, at `stood_until`.
    """

    number: str
    stage: str
    source: str
    category: str
    area: str
    org: str
    reported_at: datetime
    reported_by: str
    registered: bool
    settled: bool
    merged: bool
    part: bool
    split: bool
    urgent: bool
    exempt: bool
    works: Mapping[Work, WorkDone] = field(default_factory=dict)
    refused: bool = False
    reworks: int = 0
    returns: int = 0
    extensions: int = 0
    held_since: datetime | None = None
    deferred_at: datetime | None = None
    returned_at: datetime | None = None
    left: str = ""
    shirked_at: datetime | None = None
    shirkers: Mapping[str, datetime] = field(default_factory=dict)
    voided_at: datetime | None = None
    voided_by: str = ""
    satisfaction: str = ""
    visited_at: datetime | None = None
    orders: tuple[OrderRecord, ...] = ()
    reopened_at: datetime | None = None
    forced_at: datetime | None = None
    stood_until: datetime | None = None
    earlier: tuple["CaseRecord", ...] = ()
