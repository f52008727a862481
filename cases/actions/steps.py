"""One function per step. Each locks, moves and tells in one transaction; errors are those of `moving`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from cases import rules
from cases.actions.holds import end_hold
from cases.actions.moving import judge, lock, locked, move, tell
from cases.actions.papers import use_request
from cases.actions.pictures import seal
from cases.contracts import SHIRKED, CaseView, Phase, Photo, RequestKind
from cases.models import Case, Category, StepsModel
from cases.selectors import (
    candidates,
    category,
    category_for,
    controls_at,
    is_switched_on,
    limit_for,
    live_requests,
    responsible_for,
    shirk_after,
    specials_of,
    steps_model,
    target_of,
)
from core import clock
from core.errors import Conflict, Invalid
from core.scope import Actor
from core.uploads import Uploaded

Photos = Iterable[Photo | bytes | Uploaded]


def _eligible(case: Case, who: str) -> frozenset[str]:
    return frozenset(person.key for person in candidates(case, who))


@transaction.atomic
def send_verify(number: str, *, actor: Actor, version: int, collector: str, note: str = "") -> CaseView:
    """A collector is asked to look whether the report is true."""
    case = lock(number, actor, version)
    given = {"collector": collector, "eligible": _eligible(case, "collector")}
    kept = {"collector": collector, "note": note}
    move(case, "send_verify", actor, given=given, kept=kept, changes={"collector": collector})
    return tell(case, "send_verify", actor)


def verify(
    number: str, *, actor: Actor, version: int, verdict: bool | None, photos: Photos = (), note: str = ""
) -> CaseView:
    """The collector has said whether the report is true, with a picture; the case is back at the acceptor."""
    pictures = seal(photos, Phase.VERIFY, actor)
    with transaction.atomic():
        case = lock(number, actor, version)
        kept = {"verdict": verdict, "note": note}
        move(case, "verify", actor, given={"verdict": verdict}, kept=kept, pictures=pictures)
        return tell(case, "verify", actor)


@transaction.atomic
def accept(number: str, *, actor: Actor, version: int, category: str = "", note: str = "") -> CaseView:
    """The report is a case of a class and waits to be registered; without `category` the one it was reported with."""
    return take_on(lock(number, actor, version), actor, steps_model(), category, note)


def take_on(case: Case, actor: Actor, model: StepsModel, category: str = "", note: str = "") -> CaseView:
    """A locked case is accepted."""
    code = category or case.category_code
    chosen = _category(code, case) if code else None
    changes: dict[str, Any] = {"accepted_at": clock.now()}
    if chosen is not None:
        changes |= {"category": chosen, "kind": chosen.kind}
    kept = {"category": code, "note": note}
    move(case, "accept", actor, given={"category": code}, kept=kept, changes=changes, model=model)
    return tell(case, "accept", actor)


def _category(code: str, case: Case) -> Any:
    """The class of that code; one that was switched off or retired only where the case was reported with it."""
    if code == case.category_code:
        return category_for(case)
    found = category(code)
    if found is None:
        raise Invalid("case.unknown_category", given=code)
    if not is_switched_on(code):
        raise Invalid("class.switched_off", given=code)
    return found


@transaction.atomic
def reject(number: str, *, actor: Actor, version: int, reason: str) -> CaseView:
    """The report is not accepted, and why stands in its history."""
    return _with_reason(number, "reject", actor, version, reason)


@transaction.atomic
def register(number: str, *, actor: Actor, version: int, condition: str, note: str = "") -> CaseView:
    """The case is registered under a condition of its class; the promise is copied onto it, the total clock runs."""
    return enter(lock(number, actor, version), actor, steps_model(), condition, note)


def enter(
    case: Case, actor: Actor, model: StepsModel, condition: str, note: str = "", like: Case | None = None,
    controls: Sequence[rules.Control] | None = None,
) -> CaseView:  # fmt: skip
    """A locked case is registered; one that is `like` another, of its class and condition, is promised the same.

    `controls` are the control areas of its cell, where they have been read already.
    """
    chosen = like.category if like else category_for(case)
    specials = specials_of(chosen.code) if chosen else []
    promise = like.promise if like else {}
    if chosen is not None and like is None:
        held = controls_at(case.cell) if controls is None else controls
        _refuse_controlled(held, chosen.code)
        promise = _promise(chosen, condition, case, model, specials, held)
    changes: dict[str, Any] = {"registered_at": clock.now(), "category": chosen, "promise": promise}
    if chosen is not None and chosen.quick:
        changes["priority"] = max(case.priority, 1)
    if chosen is not None and not responsible_for(chosen, case.area, specials).organisation:
        changes["coordination"] = "no_owner"
    kept = {"condition": condition, "note": note}
    move(case, "register", actor, given={"condition": condition}, kept=kept, changes=changes, model=model)
    return tell(case, "register", actor)


def _refuse_controlled(controls: Sequence[rules.Control], code: str) -> None:
    """Conflict while a control area keeps the class from being registered in the cell."""
    held = rules.blocking(controls, code)
    if held is not None and held.until is not None:
        until = localtime(held.until).strftime("%Y-%m-%d %H:%M")
        raise Conflict("case.controlled", area=held.name, until=until)


def _promise(
    chosen: Category, condition: str, case: Case, model: StepsModel, specials: Sequence[rules.Special],
    controls: Sequence[rules.Control],
) -> dict[str, Any]:  # fmt: skip
    """What is promised, with the limit of the ground it lies on and whose word that is: no later rule moves it."""
    found = limit_for(chosen, condition, case, model, specials, controls)
    return promise_of(chosen, condition, found) if found is not None else {}


def promise_of(chosen: Category, condition: str, found: rules.Limit) -> dict[str, Any]:
    """A condition of a class as it is promised, with a limit that was found for it."""
    row = next(row for row in chosen.conditions if str(row["code"]) == condition)
    return {
        "category": chosen.code,
        "category_version": chosen.version,
        "names": chosen.names,
        "condition": condition,
        "text": row["text"],
        "limit": found.limit,
        "says": found.says,
        "closing": row.get("closing", {}),
    }


@transaction.atomic
def refuse(number: str, *, actor: Actor, version: int, reason: str) -> CaseView:
    """The case is not registered, and why stands in its history."""
    return _with_reason(number, "refuse", actor, version, reason)


@transaction.atomic
def dispatch_district(number: str, *, actor: Actor, version: int, district_centre: str, note: str = "") -> CaseView:
    """A district centre commands the case from here on; the handling clock runs."""
    return _send(number, "dispatch_district", actor, version, "district_centre", district_centre, note)


@transaction.atomic
def dispatch(number: str, *, actor: Actor, version: int, department: str, note: str = "") -> CaseView:
    """The case belongs to a department; the handling clock runs, since the district had it or from now."""
    return _send(number, "dispatch", actor, version, "department", department, note)


def _send(number: str, verb: str, actor: Actor, version: int, what: str, code: str, note: str) -> CaseView:
    return send(lock(number, actor, version), verb, actor, what, code, {"note": note})


def send(case: Case, verb: str, actor: Actor, what: str, code: str, kept: Mapping[str, Any]) -> CaseView:
    """A locked case is dispatched; `kept` is what its history says beside the organisation."""
    target = target_of(code) if code else None
    changes: dict[str, Any] = {"org": target.path if target else "", "handler": ""}
    changes["coordination"] = ""
    if case.dispatched_at is None:
        changes["dispatched_at"] = clock.now()
    move(case, verb, actor, given={"target": target}, kept={what: code, **kept}, changes=changes)
    return tell(case, verb, actor)


@transaction.atomic
def assign(number: str, *, actor: Actor, version: int, handler: str, note: str = "") -> CaseView:
    """Somebody of the department handles the case."""
    case = lock(number, actor, version)
    given = {"handler": handler, "eligible": _eligible(case, "handler")}
    move(case, "assign", actor, given=given, kept={"handler": handler, "note": note}, changes={"handler": handler})
    return tell(case, "assign", actor)


@transaction.atomic
def revoke(number: str, *, actor: Actor, version: int, reason: str) -> CaseView:
    """The department has the case as it came: it may be assigned to somebody else, or asked to be returned."""
    case = lock(number, actor, version)
    kept = {"reason": reason, "handler": case.handler}
    move(case, "revoke", actor, given={"reason": reason}, kept=kept, changes={"handler": ""})
    return tell(case, "revoke", actor)


def submit(number: str, *, actor: Actor, version: int, result: str, photos: Photos = ()) -> CaseView:
    """The handler says what was done, with a picture; the desk has the case again."""
    pictures = seal(photos, Phase.HANDLE, actor)
    with transaction.atomic():
        case = lock(number, actor, version)
        move(case, "submit", actor, given={"result": result}, kept={"result": result}, pictures=pictures)
        return tell(case, "submit", actor)


@transaction.atomic
def redo(number: str, *, actor: Actor, version: int, reason: str) -> CaseView:
    """The handler has the case again, because the desk is not content; what was given stays."""
    return _with_reason(number, "redo", actor, version, reason)


@transaction.atomic
def confirm(number: str, *, actor: Actor, version: int, note: str = "") -> CaseView:
    """The department stands by the result; the handling clock stops."""
    case = lock(number, actor, version)
    move(case, "confirm", actor, kept={"note": note}, changes={"confirmed_at": clock.now()})
    return tell(case, "confirm", actor)


@transaction.atomic
def send_back(number: str, *, actor: Actor, version: int, note: str = "") -> CaseView:
    """The case is with the city's command again, as an approved request asked; the clock goes on."""
    case = lock(number, actor, version)
    left = case.org
    code = left.rpartition(".")[2]
    returners = [*(one for one in case.returned_by if one != code), code]
    changes = {"org": "", "handler": "", "return_count": case.return_count + 1, "returned_by": returners}
    shirked = rules.is_shirked(returners, shirk_after())
    if shirked:
        changes |= {"coordination": "shirked", "shirked_at": clock.now()}
    move(case, "send_back", actor, kept={"note": note, "left": code}, changes=changes)
    use_request(case, RequestKind.RETURN)
    if shirked:
        tell(case, "send_back", actor, kind=SHIRKED, left=left)
    return tell(case, "send_back", actor, left=left)


@transaction.atomic
def send_check(number: str, *, actor: Actor, version: int, collector: str, note: str = "") -> CaseView:
    """A collector is asked to look whether it has been handled."""
    case = lock(number, actor, version)
    given = {"collector": collector, "eligible": _eligible(case, "collector")}
    kept = {"collector": collector, "note": note}
    move(case, "send_check", actor, given=given, kept=kept, changes={"collector": collector})
    return tell(case, "send_check", actor)


def check_pass(number: str, *, actor: Actor, version: int, photos: Photos = (), note: str = "") -> CaseView:
    """The collector has seen that it is handled; the case waits to be closed."""
    pictures = seal(photos, Phase.CHECK, actor)
    with transaction.atomic():
        case = lock(number, actor, version)
        move(case, "check_pass", actor, kept={"note": note}, pictures=pictures)
        return tell(case, "check_pass", actor)


def check_fail(number: str, *, actor: Actor, version: int, reason: str, photos: Photos = ()) -> CaseView:
    """The collector has seen that it is not handled; it must be worked again and the handling clock starts again."""
    pictures = seal(photos, Phase.CHECK, actor)
    with transaction.atomic():
        case = lock(number, actor, version)
        again = {"rework_count": case.rework_count + 1}
        given = {"reason": reason}
        move(case, "check_fail", actor, given=given, kept=given, pictures=pictures, changes=again)
        return tell(case, "check_fail", actor)


@transaction.atomic
def refuse_feedback(number: str, *, actor: Actor, version: int, reason: str) -> CaseView:
    """What the department fed back is not true; it must be worked again and the handling clock starts again."""
    case = lock(number, actor, version)
    again = {"rework_count": case.rework_count + 1}
    move(case, "refuse_feedback", actor, given={"reason": reason}, kept={"reason": reason}, changes=again)
    return tell(case, "refuse_feedback", actor)


@transaction.atomic
def rework(number: str, *, actor: Actor, version: int, note: str = "") -> CaseView:
    """The same department has the case again."""
    case = lock(number, actor, version)
    move(case, "rework", actor, kept={"note": note}, changes={"handler": ""})
    return tell(case, "rework", actor)


@transaction.atomic
def close(
    number: str, *, actor: Actor, version: int, closing: str, callback: str = "", satisfaction: str = "", note: str = ""
) -> CaseView:
    """The case is closed under a closing condition; who wished to be called was told, and may have said how it went."""
    case = lock(number, actor, version)
    given = {"closing": closing, "callback": callback, "satisfaction": satisfaction}
    changes = {"closed_at": clock.now(), "satisfaction": satisfaction or case.satisfaction}
    move(case, "close", actor, given=given, kept={**given, "note": note}, changes=changes)
    return tell(case, "close", actor)


@transaction.atomic
def force_close(
    number: str, *, actor: Actor, version: int, callback: str = "", satisfaction: str = "", note: str = ""
) -> CaseView:
    """The case is closed past handling and check, as an approved request asked; it is flagged and counted apart."""
    case = lock(number, actor, version)
    given = {"callback": callback, "satisfaction": satisfaction}
    changes = {"closed_at": clock.now(), "forced": True, "satisfaction": satisfaction or case.satisfaction}
    move(case, "force_close", actor, given=given, kept={**given, "note": note}, changes=changes)
    use_request(case, RequestKind.FORCE)
    return tell(case, "force_close", actor)


@transaction.atomic
def reopen(number: str, *, actor: Actor, version: int, reason: str) -> CaseView:
    """A closed case is registered again; what was promised stays, the total clock runs anew.

    What an appeal exempted was how it went before; how it goes from now on counts.
    """
    case = lock(number, actor, version)
    if case.parent_id:
        locked([case.parent_id])
    left = case.org
    anew: dict[str, Any] = dict.fromkeys(("closed_at", "confirmed_at", "dispatched_at"))
    changes = {
        **anew,
        "org": "",
        "handler": "",
        "handled_late": False,
        "exempt": False,
        "forced": False,
        "returned_by": [],
        "bound_to": "",
        "coordination": "",
    }
    move(case, "reopen", actor, given={"reason": reason}, kept={"reason": reason}, changes=changes)
    return tell(case, "reopen", actor, left=left)


@transaction.atomic
def void(number: str, *, actor: Actor, version: int, note: str = "") -> CaseView:
    """The case counts for nothing, as an approved request asked; its clocks stand still."""
    case = lock(number, actor, version)
    judge(case, "void", actor, {}, steps_model(), live_requests(case))
    if case.held_until is not None:
        end_hold(case, min(clock.now(), case.held_until), actor)
    move(case, "void", actor, kept={"note": note})
    use_request(case, RequestKind.VOID, RequestKind.CANCEL)
    return tell(case, "void", actor)


def settle(
    number: str, *, actor: Actor, version: int, before: Photos = (), after: Photos = (), note: str = ""
) -> CaseView:
    """A small matter, put right by the collector who found it, with pictures before and after."""
    pictures = (*seal(before, Phase.REPORT, actor), *seal(after, Phase.HANDLE, actor))
    with transaction.atomic():
        case = lock(number, actor, version)
        closed = {"closed_at": clock.now()}
        move(case, "settle", actor, kept={"note": note}, pictures=pictures, changes=closed)
        return tell(case, "settle", actor)


def _with_reason(number: str, verb: str, actor: Actor, version: int, reason: str) -> CaseView:
    case = lock(number, actor, version)
    move(case, verb, actor, given={"reason": reason}, kept={"reason": reason})
    return tell(case, verb, actor)
