"""The rules of asking as an administrator reads them: what counts, what is to come, what was, what the pack says."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from accounts import selectors as accounts
from cases import rules
from cases.contracts import RequestKind
from cases.models import RequestRule
from cases.selectors.catalogue import steps_model
from cases.selectors.requests import request_rule
from core import clock
from core.errors import NotFound
from core.scope import Duty


class AskingEntry(NamedTuple):
    """One kind of request: the rule that counts now, the city's next one, its older ones newest first, the pack's."""

    kind: str
    counts: RequestRule | None
    to_come: RequestRule | None
    over: list[RequestRule]
    pack: RequestRule | None

    @property
    def newest(self) -> RequestRule:
        """The last word on the kind; an empty rule where nobody has said any."""
        return self.to_come or self.counts or RequestRule(kind=self.kind)


class Chain(NamedTuple):
    """A chain of signatures of a rule: the `usual` one, that of what was granted `again`, or that of a `ground`."""

    what: str
    ground: str
    signers: tuple[rules.Signer, ...]


def pack_request_rules() -> dict[str, RequestRule]:
    """What packs say about each kind of request."""
    return {row.kind: row for row in RequestRule.objects.filter(origin="pack")}


def asking_entries() -> list[AskingEntry]:
    """Every kind of request with all that was ever said about it, in one query."""
    now, rows = clock.now(), list(RequestRule.objects.order_by("-valid_from", "-pk"))
    return [_entry(kind.value, [row for row in rows if row.kind == kind], now) for kind in RequestKind]


def asking_entry(kind: str) -> AskingEntry:
    """The same for one kind; NotFound where there is none of that name."""
    found = next((entry for entry in asking_entries() if entry.kind == kind), None)
    if found is None:
        raise NotFound("case.unknown_request", given=kind[:20])
    return found


def _entry(kind: str, rows: list[RequestRule], now: Any) -> AskingEntry:
    states: dict[str, list[RequestRule]] = {"over": [], "to_come": [], "in_force": []}
    for row in rows:
        if row.origin == "city":
            states[row.state_at(now)].append(row)
    pack = next((row for row in rows if row.origin == "pack"), None)
    own = next(iter(states["in_force"]), None)
    return AskingEntry(kind, own or pack, next(iter(states["to_come"]), None), states["over"], pack)


def asking_version(pk: int) -> RequestRule:
    """The city's own version of that number."""
    found = RequestRule.objects.filter(pk=pk, origin="city").first()
    if found is None:
        raise NotFound("asking.unknown")
    return found


def chains_of(row: RequestRule) -> Iterator[Chain]:
    """Every chain that the rule names, whoever may waive a place of it."""
    rule = request_rule(row)
    if rule is None:
        return
    yield Chain("usual", "", rule.chain)
    yield from (Chain("ground", code, chain) for code, chain in rule.chains.items())
    if rule.again:
        yield Chain("again", "", rule.again)


def nobody_signs(row: RequestRule) -> Mapping[str, str] | None:
    """The name of the first signer whom nobody is left to be, as the city's people and its model of steps are now."""
    rule, levels = request_rule(row), steps_model().levels.get("sign", ())
    held = accounts.able_people([str(duty) for duty in Duty])
    if rule is None:
        return None
    for one in chains_of(row):
        chain = rules.chain_for(rule, (), levels, one.ground, int(one.what == "again"))
        able = [_able(held[signer.duty], signer.level) for signer in chain]
        missing = rules.nobody_for(chain, able) if chain else one.signers[-1]
        if missing is not None:
            return missing.names
    return None


def _able(people: Mapping[int, str], level: str) -> list[int]:
    return [person for person, stands in people.items() if not level or stands == level]
