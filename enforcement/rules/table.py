"""The way of a file as one table (行政处罚法, 行政强制法): who may lead it from where to where, on what ground."""

from collections.abc import Iterable

from core import steps
from enforcement.contracts import ENDS, Office, Stage

S = Stage
HANDLE, REVIEW, DECIDE = Office.HANDLE, Office.REVIEW, Office.DECIDE
TWO = ("acting", "two_officers", "credentials", "recusal")
"""No inquiry, no telling and no service by one person alone."""
DUE = ("noticed", "plea_over", "hearing_over", "plea_not_heavier")
BEFORE_DECISION = (S.INVESTIGATING, S.CONCLUDED, S.NOTIFIED, S.HEARING, S.HEARD, S.REVIEWED, S.DISCUSSED)
READY = (S.HEARD, S.REVIEWED, S.DISCUSSED)
AFTER = (S.SERVED, S.URGED, S.ENFORCING, S.AT_COURT)
OPEN = tuple(stage for stage in S if stage not in ENDS)


class Step(steps.Step[Stage, Office]):
    """One row of the table of files."""


def _step(verb: str, sources: Iterable[Stage], target: Stage, duties: Iterable[Office], *needs: str) -> Step:
    return Step(verb, frozenset(sources), target, frozenset(duties), needs)


def _stay(verb: str, stages: Iterable[Stage], duties: Iterable[Office], *needs: str) -> tuple[Step, ...]:
    """What leaves the file in its stage."""
    return tuple(_step(verb, (stage,), stage, duties, *needs) for stage in stages)


STEPS: tuple[Step, ...] = (
    *_stay("assign", OPEN, (HANDLE, DECIDE), "person", "officers"),
    *_stay("recuse", OPEN, (DECIDE,), "person", "of_the_file", "reason"),
    _step("file", (S.OPENED,), S.INVESTIGATING, (DECIDE,), "person", "not_investigator", "ordinary", "cause_in_force",
          "two_officers", "credentials", "recusal", "limitation"),
    _step("dismiss", (S.OPENED,), S.DISMISSED, (DECIDE,), "person", "reason"),
    _step("decide_on_spot", (S.OPENED,), S.DECIDED, (HANDLE,), "person", "simple", *TWO, "cause_in_force",
          "limitation", "simple_kinds", "simple_limit", "in_band", "told_at_once"),
    *_stay("gather", (S.OPENED, S.INVESTIGATING), (HANDLE,), *TWO, "title"),
    *_stay("examine", (S.OPENED, S.INVESTIGATING), (HANDLE,), *TWO, "unexamined"),
    *_stay("preserve", (S.INVESTIGATING,), (DECIDE,), "person", "two_officers", "credentials", "recusal", "things"),
    *_stay("seize", (S.INVESTIGATING, S.CONCLUDED), (DECIDE,), "person", "two_officers", "credentials", "recusal",
           "things", "list_signed"),
    *_stay("prolong", BEFORE_DECISION, (DECIDE,), "person", "measure", "seizure", "not_prolonged", "not_lapsed",
           "reason"),
    *_stay("release", (*BEFORE_DECISION, S.DECIDED, *AFTER, S.FULFILLED, S.SPARED, S.CEASED), (HANDLE, DECIDE),
           "measure", "reason"),
    _step("conclude", (S.INVESTIGATING,), S.CONCLUDED, (HANDLE,), *TWO, "evidence", "examined", "summary"),
    *_stay("extend", BEFORE_DECISION, (DECIDE,), "person", "extensible", "in_time", "reason"),
    _step("notify", (S.CONCLUDED,), S.NOTIFIED, (HANDLE,), *TWO, "cause_in_force", "kinds", "in_band", "rights_told",
          "receipt"),
    _step("ask_hearing", (S.NOTIFIED,), S.HEARING, (HANDLE,), "acting", "hearing_right", "hearing_asked_in_time"),
    *_stay("call_hearing", (S.HEARING,), (DECIDE,), "person", "chair", "hearing_ahead"),
    _step("hold_hearing", (S.HEARING,), S.HEARD, (HANDLE, REVIEW), "person", "hearing_called", "chair_acts",
          "hearing_day", "record"),
    _step("forgo_hearing", (S.HEARING,), S.NOTIFIED, (HANDLE,), "acting", "reason"),
    _step("hear_plea", (S.NOTIFIED,), S.HEARD, (HANDLE,), *TWO, "plea"),
    _step("review", (S.HEARD,), S.REVIEWED, (REVIEW,), "person", "not_investigator", "legal_reviewer", "opinion"),
    _step("discuss", (S.HEARD, S.REVIEWED), S.DISCUSSED, (DECIDE,), "person", "review_done", "members", "minutes"),
    _step("decide", READY, S.DECIDED, (DECIDE,), "person", "not_investigator", "two_officers", "recusal",
          "cause_in_force", *DUE, "review_done", "discussion_done", "in_time", "kinds", "in_band"),
    _step("spare", READY, S.SPARED, (DECIDE,), "person", "not_investigator", *DUE[:3], "review_done",
          "spare_ground", "reason"),
    _step("reinvestigate", (S.CONCLUDED, *READY), S.INVESTIGATING, (DECIDE, REVIEW), "person", "reason"),
    _step("drop", BEFORE_DECISION, S.DROPPED, (DECIDE,), "person", "released", "reason"),
    _step("transfer", BEFORE_DECISION, S.TRANSFERRED, (DECIDE,), "person", "reason"),
    _step("serve", (S.DECIDED,), S.SERVED, (HANDLE,), *TWO, "service_day", "service_fits", "receipt"),
    *_stay("lodge", (*AFTER, S.FULFILLED), (HANDLE,), "acting", "simple", "not_lodged"),
    *_stay("pay", AFTER, (HANDLE,), "owing", "amount", "not_more", "cash_allowed", "receipt"),
    *_stay("instal", (S.SERVED, S.URGED), (DECIDE,), "person", "owing", "plan"),
    *_stay("challenge", (S.SERVED, S.URGED, S.ENFORCING, S.AT_COURT), (HANDLE, REVIEW), "not_challenged",
           "remedy_open", "reason"),
    *_stay("uphold", (S.SERVED, S.URGED, S.ENFORCING, S.AT_COURT), (REVIEW, DECIDE), "challenged", "reason"),
    _step("annul", (S.DECIDED, *AFTER, S.FULFILLED), S.ANNULLED, (DECIDE,), "person", "released", "reason"),
    *_stay("perform", AFTER, (HANDLE,), "acting", "to_perform", "reason"),
    _step("urge", (S.SERVED,), S.URGED, (HANDLE,), *TWO, "in_default", "not_challenged", "receipt"),
    *_stay("hear_urged", (S.URGED,), (HANDLE,), *TWO, "said"),
    _step("enforce", (S.URGED,), S.ENFORCING, (DECIDE,), "person", "own_force", "in_default", "urge_heard",
          "not_challenged", "remedies_lapsed"),
    *_stay("carry_out", (S.ENFORCING,), (HANDLE,), *TWO, "to_perform", "by_day", "reason"),
    _step("apply_court", (S.URGED,), S.AT_COURT, (DECIDE,), "person", "in_default", "urge_over", "not_challenged",
          "suit_lapsed", "court_in_time"),
    _step("court_done", (S.AT_COURT,), S.FULFILLED, (HANDLE, DECIDE), "reason"),
    _step("cease", (S.URGED, S.ENFORCING, S.AT_COURT), S.CEASED, (DECIDE,), "person", "reason"),
    _step("fulfil", (S.SERVED, S.URGED, S.ENFORCING), S.FULFILLED, (HANDLE,), "paid_up", "performed"),
    _step("close", (S.FULFILLED, S.SPARED, S.CEASED), S.CLOSED, (DECIDE,), "person", "released", "lodged"),
)  # fmt: skip
VERBS: tuple[str, ...] = tuple(dict.fromkeys(step.verb for step in STEPS))


def rows(verb: str) -> tuple[Step, ...]:
    """The rows of a verb; none for a word that is none."""
    return tuple(step for step in STEPS if step.verb == verb)


def row(verb: str, stage: Stage) -> Step | None:
    """The row of the verb that starts in this stage."""
    return next((step for step in STEPS if step.verb == verb and stage in step.sources), None)


def steps_from(stage: Stage) -> tuple[Step, ...]:
    """What may follow a stage, in the order of the table."""
    return tuple(step for step in STEPS if stage in step.sources)
