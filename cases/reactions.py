"""What cases make of news: their cases go where organisations go; and whom their own news concerns."""

from accounts.contracts import Stake, register_stake
from cases import actions, selectors
from cases.contracts import OCCASIONS, PAPER_OCCASIONS
from exchange.contracts.messages import register_teller
from journal.contracts import EntryView, on
from registers.selectors import NEWS as RECORDS
from telemetry.contracts.alarms import RAISED, TURNED

register_stake(Stake("open_cases", {"zh": "未结案件", "en": "Open cases"}, selectors.open_under, hinders=True))
register_teller(OCCASIONS, selectors.tidings)
register_teller(PAPER_OCCASIONS, selectors.paper_tidings)


@on("accounts.organisation_moved.v1", as_="cases.follow_organisations")
def follow_organisations(entry: EntryView) -> None:
    """The open cases of whoever moved stand where they stand now; the sweep brings the ended ones along."""
    actions.follow_organisations()


@on(*actions.NEWS, as_="cases.answer_partners")
def answer_partners(entry: EntryView) -> None:
    """The partner whose ticket the case stands for is to be told how it goes."""
    actions.answer_partners(entry)


@on(*RECORDS, as_="cases.report_raised")
def report_raised(entry: EntryView) -> None:
    """What a record of a register calls for is a case."""
    actions.report_raised(entry)


@on(RAISED, TURNED, as_="cases.report_alarm")
def report_alarm(entry: EntryView) -> None:
    """An alarm that is grave enough is a case, and its case hears what becomes of it."""
    actions.report_alarm(entry)


@on("case.registered.v1", "case.sent_to_district.v1", as_="cases.dispatch_by_rule")
def dispatch_by_rule(entry: EntryView) -> None:
    """A case that begins to wait for its dispatch is shown to the rules of automatic dispatch."""
    actions.dispatch_by_rule(entry.subject)
