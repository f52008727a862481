"""What of the house itself can be found: pages of the help."""

from urllib.parse import urlencode

from core.finding import Finder, Hit, Hits, register_finder
from core.scope import Actor
from dashboard import selectors


def _help(asked: str, most: int, actor: Actor) -> Hits:
    found = selectors.help_with(asked)
    hits = [Hit(one["text"]["title"], f"/help/{one['topic'].code}/", one["line"]) for one in found[:most]]
    return Hits(hits, len(found), f"/help/?{urlencode({'q': asked})}")


register_finder(Finder("help", {"zh": "帮助", "en": "Help"}, lambda actor: actor.user_id is not None, _help))
