"""What of the map can be found: regions and roads by name, regions and cells by code; each leads to its place."""

from core.errors import Invalid
from core.finding import COUNTED, Finder, Hit, Hits, register_finder
from core.languages import pick
from core.scope import Actor
from grid import selectors
from grid.contracts import Found
from grid.rules.search import cleaned

KINDS = {
    "city": {"zh": "城市", "en": "City"},
    "district": {"zh": "区", "en": "District"},
    "street": {"zh": "街道", "en": "Street"},
    "community": {"zh": "社区", "en": "Community"},
    "cell": {"zh": "单元网格", "en": "Cell"},
    "road": {"zh": "道路", "en": "Road"},
}


def _place(place: Found, asked: str) -> Hit:
    name = pick(place.full_names) or pick(place.names)
    label = " ".join(part for part in (name, "" if place.code == name else place.code) if part)
    return Hit(label, f"/map/?at={place.lon:.6f},{place.lat:.6f}", pick(KINDS.get(place.kind)), place.code == asked)


def _places(asked: str, most: int, actor: Actor) -> Hits:
    try:
        words = cleaned(asked)
    except Invalid:
        return Hits([], 0)
    found = [one for one in selectors.places_named(words, COUNTED + 1) if one.score == 1.0]
    return Hits([_place(place, asked) for place in found[:most]], len(found))


register_finder(Finder("places", {"zh": "地点", "en": "Places"}, lambda actor: bool(actor.rights), _places))
