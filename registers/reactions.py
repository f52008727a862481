"""What registers make of news: those who keep a register are told of records that expire, lapse or are overdue."""

from exchange.contracts.messages import register_teller
from registers import selectors
from registers.contracts import OCCASIONS

register_teller([occasion.code for occasion in OCCASIONS], selectors.tidings)
