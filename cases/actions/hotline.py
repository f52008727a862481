"""Tickets of partners become cases, and partners are told how these go: the desk that exchange calls, and the news."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation

from accounts import selectors as accounts
from cases.actions.intake import LONGEST_TEXT, attach_clue, report
from cases.actions.moving import beside, lock, tell
from cases.actions.steps import refuse, reject, reopen
from cases.contracts import BESIDE, EXTENDED, KIND_OF_VERB, RequestKind, RequestState, Satisfaction, Source, Stage
from cases.models import Case, Move, Request, words
from cases.selectors import categories, is_late
from core import clock
from core.errors import DomainError, NotFound
from core.languages import pick
from core.scope import Actor, Duty, machine
from exchange import actions as exchange
from exchange import selectors as partners
from exchange.contracts.hotline import ReplyKind, Score, Standing, Taken, Telling, Unsatisfied
from grid import selectors as grid
from journal.contracts import EntryView

_LANGUAGES = {"zh": "zh-hans", "en": "en"}
_KINDS: Mapping[str, ReplyKind] = {
    "accept": ReplyKind.ACCEPTED, "reject": ReplyKind.REFUSED, "refuse": ReplyKind.REFUSED, "void": ReplyKind.REFUSED,
    "close": ReplyKind.RESULT, "force_close": ReplyKind.RESULT, "settle": ReplyKind.RESULT,
    "reopen": ReplyKind.REOPENED,
}  # fmt: skip
_SCORES: Mapping[Score, Satisfaction] = {
    Score.SATISFIED: Satisfaction.SATISFIED, Score.UNSATISFIED: Satisfaction.UNSATISFIED,
}  # fmt: skip
_UNTOLD = frozenset({"report", "unmerge", "split", "unite"})
NEWS = (*(kind for verb, kind in KIND_OF_VERB.items() if verb not in _UNTOLD), EXTENDED)
"""The entries that a partner may be told of."""


def _partner(code: str) -> Actor:
    """The partner as it acts on its own tickets: it tells, and takes back what nobody has registered."""
    rights = ("case.report", "case.see", Duty.ACCEPT, Duty.SUPERVISE)
    return machine(f"hotline:{code}", *rights, label="12345 热线")


class HotlineDesk:
    """Tickets of partners are reports of the hotline."""

    def classes(self) -> Mapping[str, Mapping[str, str]]:
        """The classes that a new case may be of."""
        return {row.code: row.names for row in categories()}

    def regions(self) -> Collection[str]:
        """Every region of the map in force."""
        return {row.code for row in grid.region_names()}

    def take(self, telling: Telling, *, partner: str) -> Taken:
        """There is a case for the ticket; whether it lies where the partner says is told."""
        view = report(
            actor=_partner(partner), source=Source.HOTLINE, source_ref=telling.ref, category=telling.category,
            description=telling.description, lon=telling.lon, lat=telling.lat, address=telling.address,
            attributes=telling.attributes, reported_at=telling.received_at, reporter=telling.reporter,
        )  # fmt: skip
        flags: list[tuple[str, Mapping[str, Any]]] = []
        if not view.located:
            flags.append(("hotline.unlocated", {}))
        elif telling.area and telling.area not in view.area.split("."):
            flags.append(("hotline.other_area", {"given": telling.area, "found": view.area.rpartition(".")[2]}))
        return Taken(view.number, tuple(flags))

    def add(self, subject: str, ref: str, note: str, *, partner: str) -> None:
        """The word is a further clue of the case, or of the one that it was merged into."""
        case = standing_for(subject)
        attach_clue(
            case.number, actor=_partner(partner), source=Source.HOTLINE, source_ref=ref, note=note[:LONGEST_TEXT]
        )

    def withdraw(self, subject: str, ref: str, reason: str, *, partner: str) -> bool:
        """A case that nobody has registered ends; another one goes on with the word of it as a clue."""
        case, actor = standing_for(subject), _partner(partner)
        verb = {Stage.REPORTED: reject, Stage.ACCEPTED: refuse}.get(Stage(case.stage))
        if verb is not None and case.number == subject and not case.absorbed:
            verb(subject, actor=actor, version=case.version, reason=f"热线撤单：{reason}"[:LONGEST_TEXT])
            return True
        self.add(subject, ref, f"热线撤单：{reason}", partner=partner)
        return False

    def unsatisfied(self, subject: str, ref: str, text: str, *, partner: str, rule: Unsatisfied) -> Taken:
        """The closed case is opened again, or followed up by a new one; where that cannot be, people are told why."""
        case, note = standing_for(subject), f"回访不满意：{text}"[:LONGEST_TEXT]
        try:
            with transaction.atomic():
                return Taken(_again(case, ref, note, _partner(partner), rule, subject), ())
        except DomainError as error:
            self.add(subject, ref, note, partner=partner)
            return Taken(subject, ((error.code, {name: str(value)[:80] for name, value in error.params.items()}),))

    @transaction.atomic
    def scored(self, subject: str, score: Score, *, partner: str) -> None:
        """What the citizen said stands in the case and in its history, and is counted."""
        actor = _partner(partner)
        case = lock(standing_for(subject).number, actor)
        case.satisfaction = _SCORES[score]
        beside(case, "visit", actor, kept={"satisfaction": case.satisfaction})
        tell(case, "visit", actor, kind=BESIDE["visit"])

    def standings(self, subjects: Collection[str]) -> Mapping[str, Standing]:
        """How the cases stand, in one query."""
        rows, now = Case.objects.filter(number__in=list(subjects)), clock.now()
        return {
            row.number: Standing(
                f"/cases/{row.number}/", str(words.STAGE_NAMES[row.stage]), row.due_at, is_late(row, now)
            )
            for row in rows
        }


def _again(case: Case, ref: str, note: str, actor: Actor, rule: Unsatisfied, subject: str) -> str:
    if rule == Unsatisfied.REOPEN and case.stage == Stage.CLOSED:
        reopen(case.number, actor=actor, version=case.version, reason=note)
        return subject
    if rule == Unsatisfied.FOLLOW_UP and case.stage == Stage.CLOSED:
        lon, lat = (case.point.x, case.point.y) if case.point else (None, None)
        view = report(
            actor=actor, source=Source.HOTLINE, source_ref=ref, category=case.category_code, description=note, lon=lon,
            lat=lat, address=case.address or ("" if case.point else "—"), attributes={"follows": case.number},
        )  # fmt: skip
        return view.number
    raise NotFound("hotline.nothing_to_reopen")


def standing_for(subject: str) -> Case:
    """The case that a ticket or a report became, or the one that it was merged into since."""
    case = Case.objects.select_related("category").get(number=subject)
    for _step in range(5):
        if not case.duplicate_of_id:
            break
        case = Case.objects.select_related("category").get(number=case.duplicate_of_id)
    return case


def answer_partners(entry: EntryView) -> None:
    """The partners whose tickets the case of the entry stands for are to be told of it, once."""
    number = entry.subject
    merged = Case.objects.filter(duplicate_of__number=number, stage_since__lte=entry.at)
    held = partners.tickets_about([number, *merged.values_list("number", flat=True)])
    if not held:
        return
    verb = str(entry.data["verb"])
    kind = ReplyKind.EXTENSION if entry.kind == EXTENDED else _KINDS.get(verb, ReplyKind.PROGRESS)
    told = {"case": number, **_SAID.get(kind, _progress)(entry)}
    until = datetime.fromisoformat(entry.data["due_at"]) if kind == ReplyKind.EXTENSION else None
    exchange.tell_partners(
        sorted({row.subject for row in held}), key=f"entry:{entry.id}", kind=kind, body=told,
        step=verb if kind == ReplyKind.PROGRESS else "", until=until,
    )  # fmt: skip


def _move(entry: EntryView, verb: str = "") -> Mapping[str, Any]:
    rows = Move.objects.filter(case__number=entry.subject, version__lte=entry.data["version"])
    found = (rows.filter(verb=verb) if verb else rows).order_by("-version").first()
    return found.given if found else {}


def _progress(entry: EntryView) -> dict[str, Any]:
    says = {}
    for language, code in _LANGUAGES.items():
        with translation.override(code):
            says[language] = str(words.VERB_NAMES[entry.data["verb"]])
    organisation = entry.data["organisation"]
    names = accounts.organisations().filter(code=organisation).values_list("names", flat=True).first() or {}
    return {"step": entry.data["verb"], "stage": entry.data["stage"], "says": says, "by": pick(names)}


def _refused(entry: EntryView) -> dict[str, Any]:
    return {"reason": str(_move(entry).get("reason") or _move(entry).get("note") or "")}


def _result(entry: EntryView) -> dict[str, Any]:
    given = _move(entry)
    done = str(_move(entry, "submit").get("result") or "")
    return {"text": done or str(given.get("note") or ""), "answer": str(given.get("callback") or "")}


def _extension(entry: EntryView) -> dict[str, Any]:
    granted = {"kind": RequestKind.EXTENSION, "state": RequestState.APPROVED}
    row = Request.objects.filter(case__number=entry.subject, **granted).order_by("-pk").first()
    return {"until": entry.data["due_at"], "reason": row.reason if row else ""}


_SAID: Mapping[ReplyKind, Callable[[EntryView], dict[str, Any]]] = {
    ReplyKind.REFUSED: _refused, ReplyKind.RESULT: _result, ReplyKind.EXTENSION: _extension,
    ReplyKind.REOPENED: _refused,
}  # fmt: skip
