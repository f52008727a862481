"""How requests are shown: on the page of their case and in the queue."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.forms import BaseForm
from django.http import QueryDict

from cases import rules, selectors
from cases.forms import AskForm, OrderForm, RescheduleForm
from cases.models import Case, Request, words
from core import clock
from core.languages import pick
from core.scope import Actor

Choices = list[tuple[str, str]]


def context(
    found: Case, actor: Actor, rows: list[Request], facts: rules.CaseFacts, bound: AskForm | None = None
) -> dict[str, Any]:
    """What the pane of a case shows of its requests: those there are, those one may make, and the hold."""
    duties = actor.duties(found.org, found.area)
    level = selectors.level_of(actor)
    return {
        "requests": [line(row, actor, duties, level) for row in rows],
        "asks": [_ask(found, one, bound) for one in selectors.askable(found, actor, facts, rows)],
        "may_resume": selectors.may_resume(found, actor),
    }


def pressing(found: Case, actor: Actor, typed: OrderForm | None = None) -> dict[str, Any]:
    """What the pane of a case shows of supervision orders and of coordination."""
    may_order = selectors.may_order(found, actor)
    orders = [
        {
            "row": row,
            "at": f"reply-{row.pk}",
            "state": selectors.order_state(row),
            "may_reply": selectors.may_reply(found, row, actor),
        }
        for row in selectors.orders(found)
    ]
    return {
        "orders": orders,
        "order_form": (typed or OrderForm(initial={"version": found.version})) if may_order else None,
        "may_coordinate": selectors.may_coordinate(found, actor),
        "coordinated": words.COORDINATION_NAMES.get(found.coordination, ""),
    }


def line(row: Request, actor: Actor, duties: Iterable[Any], level: str) -> dict[str, Any]:
    """A request with its signatures, and whether the actor may sign or withdraw it now."""
    given = list(row.signatures.all())
    no = rules.sign_refusal(selectors.paper_of(row), frozenset(duties), level, actor.key)
    return {
        "row": row,
        "at": f"decide-{row.pk}",
        "chain": [_place(signer, given, place) for place, signer in enumerate(row.chain)],
        "may_sign": no is None,
        "may_withdraw": row.is_open and row.asked_by == actor.key,
        "tone": {"open": "info", "approved": "normal", "refused": "critical"}.get(row.state, "off"),
    }


def _place(signer: Mapping[str, Any], given: list[Any], place: int) -> dict[str, Any]:
    signed = given[place] if place < len(given) else None
    return {"name": pick(signer["names"]) or words.DUTY_NAMES[signer["duty"]], "signed": signed}


def _ask(found: Case, one: selectors.Askable, bound: AskForm | None) -> dict[str, Any]:
    if bound is not None and bound.data.get("kind") == one.kind:
        return {"kind": one.kind, "form": bound, "open": True}
    return {"kind": one.kind, "form": ask_form(found, one), "open": False}


def ask_form(found: Case, one: selectors.Askable, **options: Any) -> AskForm:
    """The form of one kind of request: grounds of the rule, and what the kind needs."""
    grounds = [(ground["code"], pick(ground["names"])) for ground in one.rule.grounds]
    initial = {"kind": one.kind, "version": found.version, "minutes": one.most or None}
    most = {"minutes": one.most, "days": one.rule.days, "now": clock.now()}
    return AskForm(one.kind, grounds, most, initial=initial, **options)


def reschedule_form(found: Case, rows: Iterable[Mapping[str, Any]] | None = None, **options: Any) -> RescheduleForm:
    """The form that moves the end of one of the clocks that run with a limit.

    Of the `rows` that are shown only those that can be moved are offered; one that was sent may name any that runs, so
    that a clock that has become late since is refused with the sentence that says so.
    """
    offered: Iterable[Mapping[str, Any]] = selectors.why_due(found) if rows is None else filter(_movable, rows)
    listed = [row for row in offered if row["running"] and row["due_at"]]
    running = [(row["kind"], str(words.CLOCK_NAMES[row["kind"]])) for row in listed]
    return RescheduleForm(running, initial={"version": found.version}, **options)


def renew(form: BaseForm, found: Case) -> None:
    """A form that was refused keeps what was typed, and is from now on for the case as it is shown beside it."""
    kept = cast(QueryDict, form.data).copy()
    kept["version"] = str(found.version)
    form.data = kept


def may_reschedule(found: Case, actor: Actor, rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the actor may move the end of some clock now."""
    mine = actor.duties(found.org, found.area) & rules.RESCHEDULERS
    return bool(mine) and any(map(_movable, rows)) and found.held_until is None


def _movable(row: Mapping[str, Any]) -> bool:
    return bool(row["running"] and row["due_at"] and not row["late"])
