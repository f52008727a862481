"""What of components can be found: components by the beginning of their code, by type and by name."""

from urllib.parse import urlencode

from assets import selectors
from assets.contracts import AssetView
from assets.templatetags.component_words import told
from core.finding import COUNTED, Finder, Hit, Hits, register_finder
from core.languages import pick
from core.scope import Actor


def _component(view: AssetView, asked: str) -> Hit:
    label = " ".join(part for part in (pick(view.type_names), pick(view.names), view.code) if part)
    return Hit(label, f"/components/{view.code}/", told(view.state, "state"), view.code == asked)


def _components(asked: str, most: int, actor: Actor) -> Hits:
    filters = selectors.Filters(q=asked)
    found, following = selectors.components(filters, actor=actor, limit=most)
    count = selectors.how_many(filters, COUNTED, actor=actor) if following else len(found)
    return Hits([_component(view, asked) for view in found], count, f"/components/?{urlencode({'q': asked})}")


register_finder(
    Finder("components", {"zh": "部件", "en": "Components"}, lambda actor: bool(actor.areas()), _components)
)  # fmt: skip
