"""Every count and rate of domain.md section 7, in one registry. Pure: `selectors.counting` puts them into SQL.

A count is the number of facts (one per case) whose moment `at` lies in the period and that fulfil every condition:

- `word`: the fact says so; `!word`: it does not;
- `by:moment`: it had happened when the count was taken; `open:moment`: it had not; `past:moment`: the hour had come;
- `word>=n`, `word=n`: a number of the fact.

`owed` is the moment a post had to be done by; a count of what was owed in a period tells what was owed in it, whenever
it was done. What had been done is asked as of the end of the period (of a running one: as of now), so that a period
that is over reads the same whenever it is asked again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

PERSON_OF: Mapping[str, str] = {
    "report": "reported_by",
    "verify": "verify_by",
    "accept": "accept_by",
    "register": "register_by",
    "dispatch": "dispatch_by",
    "handle": "handle_by",
    "check": "check_by",
    "close": "close_by",
    "cancel": "voided_by",
}
"""The posts of domain.md section 7 (post evaluation attribution) and the column that names the person."""
SLICES = ("important", "urgent", "hotline")
"""Words that restrict any measure to a part of the cases: `handled@urgent`."""
EXEMPT = "!exempt"
EACH_ORDER = "orders"
"""As whose case a supervision order is counted: of the organisation that it pressed, each order once."""
EACH_SHIRKER = "shirks"
"""As whose case a shirked one is counted: of every organisation that did, and once for a place."""
BESIDE = (EACH_ORDER, EACH_SHIRKER)
"""Tables beside the facts, with a row for each organisation that something concerned, in `org`."""


@dataclass(frozen=True)
class Count:
    """How many cases; `line` is its word in domain.md, `post` whose work it is, `org` whose case it is counted as."""

    code: str
    zh: str
    en: str
    at: str
    conditions: tuple[str, ...]
    post: str = ""
    org: str = "org"
    line: str = "domain.md 7, EGV"

    @property
    def names(self) -> dict[str, str]:
        """Its name in both languages."""
        return {"zh": self.zh, "en": self.en}

    @property
    def raw(self) -> tuple[str, ...]:
        """The conditions of the raw count, in which nothing is exempt."""
        return tuple(one for one in self.conditions if one != EXEMPT)


@dataclass(frozen=True)
class Rate:
    """One count over another; without a denominator it is a dash. `good` says whether more of it is better."""

    code: str
    zh: str
    en: str
    numerator: str
    denominator: str
    good: bool = True
    line: str = "domain.md 7, EGV"

    @property
    def names(self) -> dict[str, str]:
        """Its name in both languages."""
        return {"zh": self.zh, "en": self.en}


_TOLD = ("!part",)
_OWED = "open:forced_at"
"""What was closed by force is owed by nobody any more, and counted apart: it makes no rate better or worse."""
_SENT = ("alive", "!split", _OWED)
_LOOKED = ("alive", _OWED)
_CLOSE = ("alive", "!split", EXEMPT, _OWED)
_HANDLE = (*_CLOSE, "!held")
_CALLED = ("alive", EXEMPT)
_CALLS = "domain.md 2.4, YC; 6, 12345"
_DEBT = "domain.md 7, SCORE/JN"
_PRESSED = "domain.md 5, YC; 7, SCORE"

COUNTS: Mapping[str, Count] = {
    row.code: row
    for row in (
        Count("reported", "上报数", "Reported", "reported_at", _TOLD, "report"),
        Count("valid", "有效上报数", "Valid reports", "reported_at", (*_TOLD, "valid"), "report"),
        Count("public", "公众举报数", "Reported by the public", "reported_at", (*_TOLD, "public")),
        Count("settled", "自行处置数", "Settled on the spot", "reported_at", (*_TOLD, "settled"), "report",
              line="domain.md 5, row 19"),
        Count("missed", "漏报数", "Missed by the patrol", "reported_at", (*_TOLD, "missed"), line=_DEBT),
        Count("observed", "巡查有效上报数与漏报数", "Found by the patrol, or missed", "reported_at",
              (*_TOLD, "observed"), line="domain.md 7, D"),
        Count("verify_owed", "应核实数", "To verify", "verify_owed", _TOLD, "verify"),
        Count("verified", "核实数", "Verified", "verify_owed", (*_TOLD, "by:verify_at"), "verify"),
        Count("verified_on_time", "按期核实数", "Verified in time", "verify_owed",
              (*_TOLD, "by:verify_at", "!verify_late"), "verify"),
        Count("accepted", "受理数", "Accepted", "accepted_at", _TOLD, "accept"),
        Count("accepted_on_time", "按期受理数", "Accepted in time", "accepted_at", (*_TOLD, "!accept_late"), "accept"),
        Count("accepted_right", "准确受理数", "Accepted rightly", "accepted_at", (*_TOLD, "!refused"), "accept"),
        Count("filed", "立案数", "Registered", "registered_at", _TOLD, "register"),
        Count("filed_on_time", "按时立案数", "Registered in time", "registered_at", (*_TOLD, "!register_late"),
              "register"),
        Count("filed_right", "准确立案数", "Registered rightly", "registered_at", (*_TOLD, "alive"), "register"),
        Count("dispatch_owed", "应派遣数", "To dispatch", "dispatch_owed", _SENT, "dispatch"),
        Count("dispatched", "派遣数", "Dispatched", "dispatch_owed", (*_SENT, "by:dispatch_at"), "dispatch"),
        Count("dispatched_on_time", "按时派遣数", "Dispatched in time", "dispatch_owed",
              (*_SENT, "by:dispatch_at", "!dispatch_late"), "dispatch"),
        Count("dispatched_right", "准确派遣数", "Dispatched rightly", "dispatch_owed",
              (*_SENT, "by:dispatch_at", "returns=0"), "dispatch"),
        Count("handle_owed", "应处置数", "To handle", "handle_owed", _HANDLE, "handle"),
        Count("handled", "处置数", "Handled", "handle_owed", (*_HANDLE, "by:handle_at"), "handle"),
        Count("handled_on_time", "按期处置数", "Handled in time", "handle_owed",
              (*_HANDLE, "by:handle_at", "!handle_late"), "handle"),
        Count("handled_late", "超期处置数", "Handled late", "handle_owed", (*_HANDLE, "by:handle_at", "handle_late"),
              "handle"),
        Count("unhandled", "未处置数", "Not handled", "handle_owed", (*_HANDLE, "open:handle_at"), "handle"),
        Count("unhandled_late", "超期未处置数", "Not handled and late", "handle_owed",
              (*_HANDLE, "open:handle_at", "past:handle_owed"), "handle"),
        Count("extended", "延期数", "Extended", "handle_owed", (*_HANDLE, "extensions>=1"), "handle", line=_DEBT),
        Count("check_owed", "应核查数", "To check", "check_owed", _LOOKED, "check"),
        Count("checked", "核查数", "Checked", "check_owed", (*_LOOKED, "by:check_at"), "check"),
        Count("checked_on_time", "按期核查数", "Checked in time", "check_owed",
              (*_LOOKED, "by:check_at", "!check_late"), "check"),
        Count("close_owed", "应结案数", "To close", "close_owed", _CLOSE, "close"),
        Count("close_owed_moving", "应结案数（扣除缓办）", "To close, less those on hold", "close_owed",
              (*_CLOSE, "!held"), "close", line="domain.md 7, SCORE"),
        Count("closed", "结案数", "Closed", "close_owed", (*_CLOSE, "by:closed_at"), "close"),
        Count("closed_on_time", "按期结案数", "Closed in time", "close_owed",
              (*_CLOSE, "by:closed_at", "!close_late"), "close"),
        Count("closed_late", "超期结案数", "Closed late", "close_owed", (*_CLOSE, "by:closed_at", "close_late"),
              "close"),
        Count("reworked", "返工数", "Reworked", "close_owed", (*_CLOSE, "reworks>=1"), "handle"),
        Count("reworked_once", "返工一次数", "Reworked once", "close_owed", (*_CLOSE, "reworks=1"), "handle",
              line="domain.md 7, SCORE"),
        Count("reworked_twice", "返工两次数", "Reworked twice", "close_owed", (*_CLOSE, "reworks=2"), "handle",
              line="domain.md 7, SCORE"),
        Count("reworked_often", "返工三次以上数", "Reworked three times or more", "close_owed",
              (*_CLOSE, "reworks>=3"), "handle", line="domain.md 7, SCORE"),
        Count("returned", "回退数", "Sent back", "returned_at", (), org="left"),
        Count("shirked", "推诿数", "Shirked", "shirks__at", (EXEMPT,), org=EACH_SHIRKER, line=_DEBT),
        Count("deferred", "缓办数", "Put on hold", "deferred_at", ("!split",)),
        Count("visited", "回访数", "Called back", "visited_at", _CALLED, "handle", line=_CALLS),
        Count("answered", "有效回访数", "Answered the call", "visited_at", (*_CALLED, "answered"), "handle",
              line=_CALLS),
        Count("satisfied", "回访满意数", "Satisfied", "visited_at", (*_CALLED, "satisfied"), "handle", line=_CALLS),
        Count("unsatisfied", "回访不满意数", "Not satisfied", "visited_at", (*_CALLED, "unsatisfied"), "handle",
              line=_CALLS),
        Count("pressed", "督办数", "Supervision orders", "orders__issued_at", (EXEMPT,), org=EACH_ORDER, line=_PRESSED),
        Count("reply_owed", "应答复督办数", "Orders to answer", "orders__due_at", (EXEMPT,), org=EACH_ORDER,
              line=_PRESSED),
        Count("replied", "督办答复数", "Orders answered", "orders__due_at", (EXEMPT, "by:orders__replied_at"),
              org=EACH_ORDER, line=_PRESSED),
        Count("replied_on_time", "按期答复督办数", "Orders answered in time", "orders__due_at",
              (EXEMPT, "by:orders__replied_at", "!orders__late"), org=EACH_ORDER, line=_PRESSED),
        Count("replied_late", "超期答复督办数", "Orders answered late", "orders__due_at",
              (EXEMPT, "by:orders__replied_at", "orders__late"), org=EACH_ORDER, line=_PRESSED),
        Count("unreplied_late", "超期未答复督办数", "Orders not answered and late", "orders__due_at",
              (EXEMPT, "open:orders__replied_at", "past:orders__due_at"), org=EACH_ORDER, line=_PRESSED),
        Count("forced", "强制结案数", "Closed by force", "forced_at", ("alive", "!split", EXEMPT), "close",
              line="domain.md 2.4, YC"),
        Count("voided", "作废数", "Voided", "voided_at", (), "cancel"),
    )
}  # fmt: skip
RATES: Mapping[str, Rate] = {
    row.code: row
    for row in (
        Rate("valid_rate", "有效上报率", "Valid reports", "valid", "reported"),
        Rate("missed_rate", "漏报率", "Missed", "missed", "observed", good=False, line="domain.md 7, D"),
        Rate("verified_on_time_rate", "按期核实率", "Verified in time", "verified_on_time", "verify_owed"),
        Rate("accepted_on_time_rate", "按期受理率", "Accepted in time", "accepted_on_time", "accepted"),
        Rate("accepted_right_rate", "准确受理率", "Accepted rightly", "accepted_right", "accepted"),
        Rate("filed_on_time_rate", "按时立案率", "Registered in time", "filed_on_time", "filed"),
        Rate("filed_right_rate", "准确立案率", "Registered rightly", "filed_right", "filed"),
        Rate("dispatched_on_time_rate", "按时派遣率", "Dispatched in time", "dispatched_on_time", "dispatch_owed"),
        Rate("dispatched_right_rate", "准确派遣率", "Dispatched rightly", "dispatched_right", "dispatch_owed"),
        Rate("handled_rate", "处置率", "Handled", "handled", "handle_owed", line="domain.md 7, EGV/JN"),
        Rate("handled_on_time_rate", "按期处置率", "Handled in time", "handled_on_time", "handle_owed",
             line="domain.md 7, EGV/JN"),
        Rate("unhandled_late_rate", "超期待处置率", "Pending and late", "unhandled_late", "handle_owed", good=False,
             line="domain.md 7, JN"),
        Rate("extended_rate", "延期率", "Extended", "extended", "handle_owed", good=False, line="domain.md 7, JN"),
        Rate("deferred_rate", "缓办率", "Put on hold", "deferred", "handle_owed", good=False, line="domain.md 7, D"),
        Rate("returned_rate", "回退率", "Sent back", "returned", "dispatched", good=False, line="domain.md 7, D"),
        Rate("shirked_rate", "推诿率", "Shirked", "shirked", "dispatched", good=False, line="domain.md 7, D"),
        Rate("checked_on_time_rate", "按期核查率", "Checked in time", "checked_on_time", "check_owed"),
        Rate("closed_rate", "结案率", "Closed", "closed", "close_owed"),
        Rate("closed_on_time_rate", "按期结案率", "Closed in time", "closed_on_time", "close_owed"),
        Rate("closed_on_time_moving_rate", "按期结案率（扣除缓办）", "Closed in time, less those on hold",
             "closed_on_time", "close_owed_moving", line="domain.md 7, SCORE"),
        Rate("visited_rate", "有效回访率", "Answered the call", "answered", "visited", line=_CALLS),
        Rate("satisfied_rate", "回访满意率", "Satisfied", "satisfied", "answered", line=_CALLS),
        Rate("replied_rate", "督办答复率", "Orders answered", "replied", "reply_owed", line=_PRESSED),
        Rate("replied_on_time_rate", "督办按期答复率", "Orders answered in time", "replied_on_time", "reply_owed",
             line=_PRESSED),
        Rate("unreplied_late_rate", "督办超期未答复率", "Orders not answered and late", "unreplied_late", "reply_owed",
             good=False, line=_PRESSED),
        Rate("reworked_rate", "返工率", "Reworked", "reworked", "close_owed", good=False, line="domain.md 7, JN"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """What a count came to: `raw` with nothing exempt, `net` with what was exempted left out."""

    raw: int = 0
    net: int = 0


def share(numerator: int, denominator: int) -> float | None:
    """The rate; None, shown as a dash, where there is nothing to count in: never 0 and never 1."""
    return numerator / denominator if denominator else None


def parted(ref: str) -> tuple[str, str]:
    """A reference `code` or `code@slice` in its two words; KeyError for one that is none."""
    code, _at, part = ref.partition("@")
    if (part or "@" in ref) and part not in SLICES:
        raise KeyError(ref)
    if code not in COUNTS and code not in RATES:
        raise KeyError(ref)
    return code, part


def counts_of(ref: str) -> tuple[str, ...]:
    """The counts that a reference needs: itself, or numerator and denominator of a rate; with its slice."""
    code, part = parted(ref)
    codes = (code,) if code in COUNTS else (RATES[code].numerator, RATES[code].denominator)
    return tuple(f"{one}@{part}" if part else one for one in codes)


NUMBER = re.compile(r"(\w+)(>=|=)(\d+)")
