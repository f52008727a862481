"""What the dashboard does when something has happened elsewhere: keep the wall's tiles, close drafts that were made."""

from dashboard import actions
from dashboard.contracts import SUBSCRIBER, UNITS
from journal.contracts import EntryView, on

MARKED, IMPORTED = "evaluation.marked.v1", "exchange.imported.v1"


@on("case.*.v1", MARKED, as_=SUBSCRIBER, from_start=True)
def keep_tiles(entry: EntryView) -> None:
    """The tiles and the cases in mind follow the journal."""
    if entry.kind == MARKED:
        actions.take_mark(entry)
    elif "stage" in entry.data:
        actions.take_case(entry)


@on(IMPORTED, as_="dashboard.units_made")
def end_joining(entry: EntryView) -> None:
    """Units that have joined leave no copy of their people behind."""
    if entry.data["kind"] == UNITS:
        actions.end_joining(entry.data["job"], entry.at)
