"""What the dashboard does when something has happened elsewhere: keep the wall's tiles."""

from dashboard import actions
from dashboard.contracts import SUBSCRIBER
from journal.contracts import EntryView, on

MARKED = "evaluation.marked.v1"


@on("case.*.v1", MARKED, as_=SUBSCRIBER, from_start=True)
def keep_tiles(entry: EntryView) -> None:
    """The tiles and the cases in mind follow the journal."""
    if entry.kind == MARKED:
        actions.take_mark(entry)
    elif "stage" in entry.data:
        actions.take_case(entry)
