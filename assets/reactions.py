"""What assets make of news: components go where a new map puts them; and whom their own news concerns."""

from assets import actions, selectors
from assets.contracts import OCCASIONS
from exchange.contracts.messages import register_teller
from journal.contracts import EntryView, on

AT_ONCE = 500

register_teller([occasion.code for occasion in OCCASIONS], selectors.tidings)


@on("grid.published.v1", as_="assets.follow_map")
def follow_map(entry: EntryView) -> None:
    """Components stand in the cells of the map in force; a map that changes many of them is left to the sweep."""
    actions.follow_map(most=AT_ONCE)
