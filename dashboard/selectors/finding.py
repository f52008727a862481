"""The search over everything: what each app answers, of those whose things the person may see at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from core.finding import COUNTED, Finder, Hit, finders
from core.patience import Patience, Silence
from core.scope import Actor

MOST_TYPED = 60
SHOWN, ALONE = 5, 50


@dataclass(frozen=True, slots=True)
class Group:
    """What one app found: how many, whether more than were counted, where all are; or its silence."""

    code: str
    names: Mapping[str, str]
    hits: Sequence[Hit]
    count: int
    more: bool
    href: str
    silence: str = ""


def words_of(typed: str) -> str:
    """What was typed as it is looked for: what cannot be printed keeps words apart, and nobody types a novel."""
    plain = "".join(letter if letter.isprintable() else " " for letter in typed)
    return " ".join(plain[:MOST_TYPED].split())


def everything(words: str, actor: Actor, of: str = "") -> list[Group]:
    """The groups in which something was found or that did not answer; of one app, more of it."""
    patience = Patience(*settings.PATIENCE_S)
    asked = [one for one in finders() if one.concerns(actor) and of in ("", one.code)] if words else []
    groups = [_group(one, words, ALONE if of else SHOWN, actor, patience) for one in asked]
    return [group for group in groups if group.hits or group.silence]


def only_one(groups: Sequence[Group]) -> str:
    """The page of the only thing found, where its number or code was typed whole; "" where there is more to see."""
    hits = [hit for group in groups for hit in group.hits]
    alone = len(hits) == 1 and not any(group.silence for group in groups)
    return hits[0].href if alone and hits[0].exact else ""


def _group(one: Finder, words: str, most: int, actor: Actor, patience: Patience) -> Group:
    found = patience.ask(f"finding.{one.code}", lambda: one.find(words, most, actor))
    if isinstance(found, Silence):
        return Group(one.code, one.names, [], 0, False, "", found.value)
    return Group(one.code, one.names, found.rows, min(found.count, COUNTED), found.count > COUNTED, found.href)
