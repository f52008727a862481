"""What exchange itself gives away: tickets of partners, what was refused of them, and what was sent."""

from exchange import selectors
from exchange.contracts.exports import register_listing

register_listing(selectors.RefusalList())
register_listing(selectors.SendingList())
register_listing(selectors.TicketList())
