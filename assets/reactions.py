"""What assets make of their own news: whom it concerns, for those who bring messages."""

from assets import selectors
from assets.contracts import OCCASIONS
from exchange.contracts.messages import register_teller

register_teller([occasion.code for occasion in OCCASIONS], selectors.tidings)
