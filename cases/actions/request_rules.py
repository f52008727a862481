"""The city's own rules of asking: who asks, on which grounds, who signs; versions that count from a moment on."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from cases import rules
from cases.actions.classes import reason_of
from cases.actions.looking import one_at_a_time
from cases.actions.responsibility import period
from cases.contracts import RequestKind
from cases.contracts.requests import ASKING_CHANGED, ASKING_ENDED, AskingNews
from cases.models import RequestRule
from cases.selectors import asking_entry, asking_version, chains_of, nobody_signs, request_fields
from core import clock
from core.errors import Conflict, Forbidden, Invalid, Names
from core.scope import Actor, Duty
from core.versions import refuse_stale
from journal import actions as journal

_LOCK = 0x0E5B0418
MOST_SIGNERS, MOST_GROUNDS, LONGEST_NAME = 6, 20, 60
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
LIMITS: Mapping[str, int] = {"most": 99, "share": 10, "days": 3650, "shirk_after": 99}


@transaction.atomic
def save_request_rule(
    kind: str, says: Mapping[str, Any], *, actor: Actor, reason: str, valid_from: datetime | None = None,
    seen: str | None = None,
) -> RequestRule:  # fmt: skip
    """Requests of this kind are asked and signed so from that moment on (now); those that run keep their chain.

    Within what a case must be taken after a refused return stays as it is where nothing is said of it; {} is never.
    Stale where the last word on the kind reads otherwise than was `seen`.
    """
    _may(actor)
    why, row = reason_of(reason), _drafted(kind, says)
    one_at_a_time(_LOCK)
    entry = asking_entry(kind)
    refuse_stale(seen, entry.newest.told())
    if entry.to_come is not None:
        raise Conflict("asking.follows")
    if "take_within" not in says and entry.counts is not None:
        row.take_within = entry.counts.take_within
    if entry.counts is not None and row.told() == entry.counts.told():
        raise Invalid("asking.nothing_changes")
    if (missing := nobody_signs(row)) is not None:
        raise Invalid("asking.nobody_signs", who=Names(missing))
    begins, _never = period(valid_from, None)
    row.origin, row.reason, row.valid_from = "city", why, begins
    row.made_by, row.made_label, row.made_at = actor.key, actor.label, clock.now()
    if entry.counts is not None and entry.counts.origin == "city":
        RequestRule.objects.filter(pk=entry.counts.pk).update(valid_until=begins)
    row.save(force_insert=True)
    _tell(ASKING_CHANGED, row, actor, entry.counts, row, why)
    return row


@transaction.atomic
def end_request_rule(pk: int, *, actor: Actor, reason: str, seen: str | None = None) -> RequestRule:
    """The city's version is over, so that the pack's word counts again; one to come never begins."""
    _may(actor)
    why = reason_of(reason)
    one_at_a_time(_LOCK)
    row = asking_version(pk)
    refuse_stale(seen, row.told())
    now, state = clock.now(), row.state_at(clock.now())
    if state == "over":
        raise Conflict("asking.over")
    before = row if state == "in_force" else asking_entry(row.kind).counts
    row.valid_until, row.ended_by = (now if state == "in_force" else row.valid_from), actor.key
    row.save(update_fields=["valid_until", "ended_by"])
    if state == "to_come":
        earlier = RequestRule.objects.filter(kind=row.kind, origin="city", valid_until=row.valid_from).exclude(pk=pk)
        earlier.filter(valid_from__lt=row.valid_from).update(valid_until=None)
    _tell(ASKING_ENDED, row, actor, before, asking_entry(row.kind).counts, why)
    return row


def _may(actor: Actor) -> None:
    if not actor.may("admin"):
        raise Forbidden("asking.not_yours")


def _drafted(kind: str, says: Mapping[str, Any]) -> RequestRule:
    """A rule of these words, not saved yet; Invalid where they make no sense."""
    if kind not in {known.value for known in RequestKind}:
        raise Invalid("case.unknown_request", given=kind[:20])
    fields = request_fields(says)
    fields["take_within"] = _take_within(kind, fields["take_within"])
    grounds = fields["grounds"]
    chains = [fields["chain"], *(fields[name] for name in ("again",) if fields[name])]
    chains += [ground["chain"] for ground in grounds if ground.get("chain")]
    known = frozenset(Duty)
    if not fields["askers"] or not frozenset(fields["askers"]) <= known or not all(map(_is_chain, chains)):
        raise Invalid("asking.bad_rule")
    codes = [str(ground.get("code", "")) for ground in grounds]
    fine = all(CODE.fullmatch(code) for code in codes) and all(_is_named(ground.get("names")) for ground in grounds)
    if not fine or len(set(codes)) < len(codes) or len(codes) > MOST_GROUNDS:
        raise Invalid("asking.bad_ground")
    if not all(0 <= fields[name] <= most for name, most in LIMITS.items()):
        raise Invalid("asking.bad_limit")
    return RequestRule(kind=kind, **fields)


def _take_within(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The time within which a case must be taken after its return was refused, as it is kept; of returns alone."""
    if not given:
        return {}
    if kind != RequestKind.RETURN or rules.limit_fault(given):
        raise Invalid("asking.bad_limit")
    return {"value": rules.whole(given["value"]), "unit": str(given["unit"])}


def _is_chain(chain: Sequence[Mapping[str, Any]]) -> bool:
    fine = all(
        one.get("duty") in frozenset(Duty)
        and one.get("level", "") in ("", *rules.LEVELS)
        and _is_named(one.get("names"))
        for one in chain
    )
    return fine and 1 <= len(chain) <= MOST_SIGNERS and not chain[-1].get("waived")


def _is_named(names: Any) -> bool:
    told = [names.get(language, "") for language in ("zh", "en")] if isinstance(names, Mapping) else [""]
    return all(isinstance(text, str) and text.strip() and len(text) <= LONGEST_NAME and text.isprintable()
               for text in told)  # fmt: skip


def _tell(
    kind: str, row: RequestRule, actor: Actor, before: RequestRule | None, after: RequestRule | None, reason: str
) -> None:
    begins = row.valid_from.isoformat() if row.valid_from else ""
    news = AskingNews(row.pk, row.kind, _words(before), _words(after), begins, reason)
    journal.record(kind, subject=f"asking:{row.kind}", actor=actor, data=news)


def _words(row: RequestRule | None) -> dict[str, str]:
    if row is None:
        return {}
    told = {"askers": " ".join(row.askers), "limits": " ".join(f"{name}={getattr(row, name):g}" for name in LIMITS)}
    if row.take_within:
        told["take_within"] = f"{row.take_within['value']:g} {row.take_within['unit']}"
    for one in chains_of(row):
        name = {"usual": "chain", "again": "again"}.get(one.what, f"ground.{one.ground}")
        told[name] = " → ".join(f"{signer.duty}@{signer.level}".rstrip("@") for signer in one.signers)
    return told
