"""What exchange makes of news: people are told what concerns them."""

from exchange import actions
from exchange.contracts.messages import told_kinds
from journal.contracts import EntryView, on


@on(*told_kinds(), as_="exchange.tell_people")
def tell_people(entry: EntryView) -> None:
    """Those whom an entry concerns have a message of it."""
    actions.tell_people(entry)
