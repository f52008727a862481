"""What registers know of components: the records about one, such as its inspections."""

from collections.abc import Sequence

from assets.contracts import About, AssetView, register_knowledge
from core.languages import pick
from core.scope import Actor
from registers import selectors

MOST = 30


def _about(view: AssetView, class_code: str, actor: Actor) -> Sequence[About]:
    found = []
    for row in selectors.records_about(view.code, actor)[:MOST]:
        declared = selectors.declared_of(row.written_under)
        label = " ".join(part for part in (pick(declared.one), row.number, row.title) if part)
        href = f"/registers/{row.register.code}/{row.number}/"
        found.append(About(label, href, pick(declared.state_of(row.state).names), row.changed_at, row.ended))
    return sorted(found, key=lambda one: one.over)


register_knowledge("records", {"zh": "台账记录", "en": "Records about it"}, _about)
