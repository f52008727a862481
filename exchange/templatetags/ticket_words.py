"""Words of tickets for pages."""

from django import template

from exchange.models import ticket_words as words

register = template.Library()
_WORDS = {"state": words.TICKET_STATES, "score": words.SCORES, "told": words.REPLY_KINDS}


@register.filter
def ticket_word(code: str, sort: str) -> str:
    """The word for a code of a sort: state, score, told."""
    return str(_WORDS[sort].get(code, code))
