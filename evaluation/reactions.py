"""What evaluation does when there is news of cases, and when organisations move."""

from evaluation import actions, selectors
from evaluation.contracts import REPORT_READY
from exchange.contracts.messages import register_teller
from journal.contracts import EntryView, on

register_teller([REPORT_READY], selectors.tidings)


@on("case.closed.v1", "case.part_closed.v1", as_="evaluation.mark_closed_case")
def mark_closed_case(entry: EntryView) -> None:
    actions.mark_case(entry.subject)


@on("case.reopened.v1", as_="evaluation.withdraw_mark")
def withdraw_mark(entry: EntryView) -> None:
    actions.withdraw(entry.subject)


@on("case.*", "request.*", "order.*", as_=selectors.FOLLOWS)
def note_news(entry: EntryView) -> None:
    actions.note_news(entry.subject)


@on("case.history_taken.v1", as_="evaluation.note_history")
def note_history(entry: EntryView) -> None:
    actions.note_history(entry.data["first"], entry.data["last"])


@on("accounts.organisation_moved.v1", as_="evaluation.follow_organisations")
def follow_organisations(entry: EntryView) -> None:
    actions.follow_organisations()
    actions.follow_facts()
