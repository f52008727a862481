"""What registers give away: the list of a register, by export jobs."""

from exchange.contracts.exports import register_listing
from registers.selectors import RecordList

register_listing(RecordList())
