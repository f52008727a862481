"""What exchange makes of news: people are told what concerns them, and webhooks what they asked for."""

from exchange import actions
from exchange.contracts.messages import told_kinds
from journal.contracts import EntryView, on


@on("*", as_="exchange.send_entries")
def send_entries(entry: EntryView) -> None:
    """Webhooks that asked for such entries have it on its way."""
    actions.send_entry(entry)


@on(*told_kinds(), as_="exchange.tell_people")
def tell_people(entry: EntryView) -> None:
    """Those whom an entry concerns have a message of it."""
    actions.tell_people(entry)
