"""Four people at once on one case, again and again: what the whole workflow must keep whatever they try.

`Storm` plays rounds. In a round up to four acts are let go at the same moment, each in a thread with a connection of
its own, all against the version that everybody saw; then what the tables say is compared with what the acts answered.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import QuerySet
from hypothesis import strategies as st

from cases import actions
from cases.contracts import BESIDE, ENDS, CaseView, RequestKind, Stage
from cases.models import Case, Clock, Move, Order, Request
from cases.rules import BEFORE_FEEDBACK, COORDINATED_AT, FITTING, IN_BULK, STEPS, VERBS
from core import clock
from core.errors import DomainError
from core.scope import Actor
from tests.cases.factories import (
    HERE,
    REQUEST_RULES,
    STAGES,
    STORY,
    Town,
    at,
    brought_to,
    granted,
    picture,
    reported,
    standing,
    take,
)

THREADS = 4
REPEATED = object()
"""What an act answers that was told as taken before: the case has not moved for it."""
APPEARANCE = f"d{HERE}-appearance"
GIVEN: dict[str, dict[str, Any]] = {
    "send_verify": {"collector": "@collector"}, "verify": {"verdict": True, "photos": "@"}, "reject": {"reason": "r"},
    "refuse": {"reason": "r"}, "redo": {"reason": "r"}, "check_fail": {"reason": "r", "photos": "@"},
    "refuse_feedback": {"reason": "r"}, "reopen": {"reason": "r"}, "revoke": {"reason": "r"},
    "settle": {"before": "@", "after": "@"},
    "resume": {"reason": "r"}, "unmerge": {"reason": "r"}, "unite": {"reason": "r"},
    "split": {"parts": [{"department": APPEARANCE, "task": "t"}] * 2},
    **{verb: dict(given) for verb, _who, given in STORY},
}  # fmt: skip
WHO: dict[str, tuple[str, ...]] = {
    "send_verify": ("acceptor",), "verify": ("collector",), "reject": ("acceptor",), "refuse": ("leader",),
    "redo": ("desk",), "check_fail": ("collector",), "refuse_feedback": ("acceptor",), "reopen": ("leader",),
    "settle": ("collector",), "resume": ("desk", "leader"), "rework": ("city_dispatcher",), "void": ("leader",),
    "revoke": ("desk",), "force_close": ("leader", "leader2"),
    "send_back": ("desk", "district_dispatcher"), **{verb: (who,) for verb, who, _given in STORY},
    "dispatch": ("city_dispatcher", "district_dispatcher"), "merge": ("leader", "acceptor"),
    "unmerge": ("leader", "acceptor"), "split": ("city_dispatcher",), "unite": ("city_dispatcher",),
}  # fmt: skip
PEOPLE = ("collector", "acceptor", "leader", "leader2", "city_dispatcher", "district_dispatcher", "desk", "handler",
          "desk2", "district_dispatcher2")  # fmt: skip
SIDE = ("ask", "ask", "approve", "approve", "approve", "decline", "withdraw", "resume", "resume", "sweep", "order",
        "reply", "coordinate", "merge", "bulk", "bulk", "parts")  # fmt: skip
FORWARD = {
    "verifying": "verify", "rework": "rework", "returned": "dispatch", "closed": "reopen", "in_parts": "close",
    **{stage: verb for stage, (verb, _who, _given) in zip(STAGES, STORY, strict=False)},
}  # fmt: skip
KINDS = tuple(kind.value for kind in RequestKind)
LEGAL = {(step.verb, str(stage), str(step.target)) for step in STEPS for stage in step.sources}
FOLLOWING = {str(stage): [step.verb for step in STEPS if stage in step.sources] for stage in Stage}


@dataclass(frozen=True)
class Act:
    """What somebody tries: a word and a number that chooses among the ways to do it."""

    word: str
    choice: int = 0


Plan = tuple[int, list[tuple[list[Act], int]]]
MINUTES = (0, 1, 5, 30, 90, 600, 3000)
AROUND, PARTED = 20, 21
"""Beginnings beside the straight story: a case that was passed around, and one that was split."""
STARTS = (0, 0, 0, 1, 1, 2, 3, 4, 4, 4, 5, 5, 6, 7, 7, 8, 9, 10, AROUND, AROUND, PARTED, PARTED)
choices = st.sampled_from(range(1, 1000))
acts = st.one_of(
    st.builds(Act, st.just("next"), choices),
    st.builds(Act, st.just("next"), choices),
    st.builds(Act, st.sampled_from(SIDE), choices),
    st.builds(Act, st.sampled_from(SIDE), choices),
    st.builds(Act, st.sampled_from([verb for verb in VERBS if verb != "report"]), choices),
)
a_round = st.tuples(st.lists(acts, min_size=1, max_size=THREADS), st.sampled_from(MINUTES))


def plans(least: int, most: int) -> st.SearchStrategy[Plan]:
    """A stage to begin in, and so many rounds: half made up by Hypothesis, half spread evenly from a number.

    Hypothesis likes small and repeated values, which find corners; the even half visits the whole workflow.
    """
    made_up = st.tuples(st.sampled_from(STARTS), st.lists(a_round, min_size=least, max_size=most))
    return st.one_of(made_up, st.integers(0, 2**48).map(lambda number: _even(number, least, most)))


def _even(number: int, least: int, most: int) -> Plan:
    chance = random.Random(number)

    def act() -> Act:
        word = chance.choice(("next", "next", "next", *SIDE, chance.choice(VERBS[1:])))
        return Act(word, chance.randrange(1, 1000))

    def together() -> list[Act]:
        return [act() for _ in range(chance.randint(1, THREADS))]

    many = chance.randint(least, most)
    return chance.choice(STARTS), [(together(), chance.choice(MINUTES)) for _ in range(many)]


class Time:
    """A clock that stands still while a round lasts."""

    def __init__(self) -> None:
        self.moment = at("2026-11-16T09:00:00+08:00")

    def __call__(self) -> datetime:
        return self.moment


@dataclass
class Tally:
    """What the rounds came to: acts by what became of them, and every fault by its name."""

    acts: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    stages: set[str] = field(default_factory=set)
    examples: list[str] = field(default_factory=list)

    def fault(self, name: str, detail: object) -> None:
        """One more fault of that name."""
        self.faults[name] += 1
        if len(self.examples) < 20:
            self.examples.append(f"{name}: {detail}")


class Storm:
    """One town, four threads, one tally; `run` plays one case from its report on."""

    def __init__(self, town: Town, tally: Tally) -> None:
        self.town, self.tally, self.time = town, tally, Time()
        self.pool = ThreadPoolExecutor(THREADS)
        self.actors: dict[str, Actor] = {who: town.actor(who) for who in PEOPLE}
        self.picture = picture()

    def close(self) -> None:
        """The threads end and give their connections back."""
        barrier = threading.Barrier(THREADS)

        def leave(_place: int) -> None:
            barrier.wait(120)
            connection.close()

        list(self.pool.map(leave, range(THREADS)))
        self.pool.shutdown()

    def run(self, plan: Plan) -> None:
        """A case is led to its first stage, lives through the rounds, and after each one everything agrees."""
        clock.set_source(self.time)
        try:
            case = self._begin(plan[0])
            before = self._clocks(case)
            for together, minutes in plan[1]:
                before = self._round(case, together, before)
                self.time.moment += timedelta(minutes=minutes)
                if case.stage in (Stage.REJECTED, Stage.VOIDED) and case.duplicate_of_id is None:
                    break
            self._impossible(case)
        finally:
            clock.set_source(None)

    def _begin(self, steps: int) -> Case:
        self.twin = brought_to(self.town, "registered", category="E0110").number
        view = reported(self.town, category="E0110")
        for verb, who, given in STORY[: 2 if steps >= AROUND else steps]:
            view = take(self.town, view, verb, who, **given)
            self.tally.stages.add(view.stage)
            self.tally.acts[verb] += 1
        if steps == AROUND:
            view = self._passed_around(view)
        if steps == PARTED:
            view = take(self.town, view, "split", "city_dispatcher", **GIVEN["split"])
            self.tally.acts["split"] += 1
        return Case.objects.get(number=view.number)

    def _passed_around(self, view: CaseView) -> CaseView:
        """A department and its district have returned the case, so that somebody must settle whose it is."""
        for verb, who, given in (
            ("dispatch", "desk", {"department": APPEARANCE}),
            ("dispatch_district", "district_dispatcher", {"district_centre": f"d{HERE}"}),
        ):
            sent = take(self.town, view, verb, "city_dispatcher", **given)
            view = take(self.town, granted(self.town, sent, "return", who, "leader"), "send_back", who)
        return view

    # ------------------------------------------------------------------ one round

    def _round(self, case: Case, together: Sequence[Act], before: dict[int, Clock]) -> dict[int, Clock]:
        case.refresh_from_db()
        seen = case.version
        calls = [self._call(case, act) for act in together]
        barrier = threading.Barrier(len(calls))
        grown = sum(self.pool.map(lambda call: self._try(call, barrier), calls))
        case.refresh_from_db()
        grown += Move.objects.filter(case=case, version__gt=seen, actor="rule:holds").count()
        if case.version != seen + grown:
            self.tally.fault("lost or doubled updates", f"{case.number}: {seen} + {grown} != {case.version}")
        self.tally.stages.add(case.stage)
        after = self._clocks(case)
        self._history(case)
        undone = Move.objects.filter(case=case, verb="unmerge", version__gt=seen).exists()
        self._clocks_agree(case, before, after, undone)
        return after

    def _try(self, call: tuple[str, Callable[[], Any]], barrier: threading.Barrier) -> int:
        """How much the version of the case must have grown by the act."""
        name, act = call
        with suppress(threading.BrokenBarrierError):
            barrier.wait(120)
        try:
            told = act()
        except DomainError as error:
            self.tally.refusals[error.code] += 1
            return 0
        except (DatabaseError, LookupError, TypeError, ValueError, AttributeError) as error:
            self.tally.fault("acts that failed without a sentence", f"{name}: {error!r}")
            return 0
        self.tally.acts[name] += 1
        return int(name not in ("sweep", "parts") and told is not REPEATED)

    def _call(self, case: Case, act: Act) -> tuple[str, Callable[[], Any]]:
        word, choice, version = act.word, act.choice, case.version
        word = self._steered(case, word, choice)
        if word == "sweep":
            return word, lambda: (actions.sweep(), actions.sweep_orders(), actions.end_holds())
        if word in ("order", "reply", "coordinate"):
            return word, lambda: self._press(case, word, version)
        if word == "parts":
            return word, lambda: self._end_parts(case, choice)
        if word == "ask":
            return word, lambda: self._ask(case, choice, version)
        if word in ("approve", "decline", "withdraw"):
            return word, lambda: self._paper(case, word, choice, version)
        who = self._who(word, choice) if word != "bulk" else self.actors["leader"]
        if word == "send_back" and choice % 7:
            who = self.actors["desk" if case.stage == Stage.DISPATCHED else "district_dispatcher"]
        bulk, word = word == "bulk", self._bulk_word(case, choice) if word == "bulk" else word
        given = {name: self._ready(value) for name, value in GIVEN.get(word, {}).items()}
        if word == "merge":
            given = {"into": self.twin, "reason": "r"}
        if bulk:
            who = self._who(word, choice)
            return "bulk", lambda: self._in_bulk(case.number, version, word, who, given)
        return word, lambda: getattr(actions, word)(case.number, actor=who, version=version, **given)

    def _bulk_word(self, case: Case, choice: int) -> str:
        """The step that is tried with the case as one of many: what leads on, where that may be taken so."""
        word = FORWARD.get(case.stage, "void")
        return word if word in IN_BULK and not (choice % 5 == 0 and case.stage in BEFORE_FEEDBACK) else "merge"

    def _in_bulk(self, number: str, version: int, word: str, who: Actor, given: dict[str, Any]) -> Any:
        (line,) = actions.bulk(word, [(number, version)], actor=who, given=given)
        if not line.done:
            raise DomainError(line.code)
        self.tally.acts[word] += not line.repeated
        return REPEATED if line.repeated else line

    def _end_parts(self, case: Case, choice: int) -> None:
        """Every open part is voided, or led to its end."""
        for part in Case.objects.filter(parent__number=case.number).exclude(stage__in=sorted(ENDS)).order_by("pk"):
            view = standing(part)
            if choice % 2:
                view = take(self.town, granted(self.town, view, "void", "desk", "leader"), "void", "leader")
            elif view.stage in STAGES:
                brought_to(self.town, "closed", view)

    def _steered(self, case: Case, word: str, choice: int) -> str:
        """Mostly what can follow from how the case stands; every ninth act is tried whatever comes of it."""
        if word != "next" and choice % 9 == 0:
            return word
        papers = Request.objects.filter(case=case)
        granted = set(papers.filter(state="approved", used_at=None).values_list("kind", flat=True))
        waiting = papers.filter(state="open").exists()
        if word in ("approve", "decline", "withdraw") and not waiting:
            return "ask"
        if word == "next" and waiting and choice % 3:
            return "approve"
        if word == "reply" and not Order.objects.filter(case=case, replied_at=None).exists():
            word = "order" if case.org else "next"
        if word == "parts" and case.stage != Stage.IN_PARTS:
            word = "next"
        if word == "unite" and case.stage != Stage.IN_PARTS:
            word = "split" if case.stage in COORDINATED_AT else "next"
        if word == "unmerge" and case.duplicate_of_id is None:
            word = "merge" if case.stage in BEFORE_FEEDBACK else "next"
        if word in ("resume", "coordinate") and not (case.held_until if word == "resume" else case.coordination):
            word = "next"
        if word == "void" and not granted & {"void", "cancel"}:
            return "ask"
        return self._next(case, granted, choice) if word == "next" else word

    @staticmethod
    def _next(case: Case, granted: set[str], choice: int) -> str:
        """The step that leads on, or one of the others of the stage; what was approved is used."""
        if case.duplicate_of_id is not None:
            return "unmerge"
        if case.stage == Stage.IN_PARTS:
            return ("parts", "close", "unite")[choice % 3]
        if case.held_until is not None and "void" not in granted:
            return "resume"
        if case.coordination and case.stage in COORDINATED_AT:
            return "coordinate"
        if "return" in granted and case.stage in FITTING[RequestKind.RETURN]:
            return "send_back"
        if granted & {"void", "cancel"} and choice % 2:
            return "void"
        following = [verb for verb in FOLLOWING[case.stage] if verb not in ("void", "send_back")]
        if choice % 2 or not following:
            return FORWARD.get(case.stage, "void")
        return following[choice // 2 % len(following)]

    def _who(self, word: str, choice: int) -> Actor:
        """Mostly somebody whose duty it is, now and then anybody."""
        names = PEOPLE if choice % 7 == 0 else WHO[word]
        return self.actors[names[choice // 7 % len(names)]]

    def _ready(self, value: Any) -> Any:
        if value == "@":
            return [self.picture]
        return self.town.key(value[1:]) if isinstance(value, str) and value.startswith("@") else value

    def _ask(self, case: Case, choice: int, version: int) -> Any:
        fitting = [kind for kind in KINDS if case.stage in FITTING[RequestKind(kind)]] or list(KINDS)
        kind = fitting[choice % len(fitting)]
        if "return" in fitting and choice % 2:
            kind = "return"
        rule = next(rule for rule in REQUEST_RULES if rule["kind"] == kind)
        ground = next((one["code"] for one in rule.get("grounds", ())), "")
        asker = {"extension": "desk", "hold": "desk", "return": "desk", "void": "leader", "cancel": "acceptor",
                 "appeal": "desk", "force": "leader"}[kind]  # fmt: skip
        if kind == "return" and case.stage == Stage.AT_DISTRICT:
            asker = "district_dispatcher"
        until = self.time.moment + timedelta(minutes=1 + choice)
        return actions.ask(
            case.number, actor=self.actors[asker], version=version, kind=kind, reason="r", ground=ground, minutes=30,
            until=until,
        )  # fmt: skip

    def _press(self, case: Case, word: str, version: int) -> Any:
        if word == "order":
            due = self.time.moment + timedelta(hours=1)
            return actions.order(
                case.number, actor=self.actors["leader"], version=version, kind="leader", requirement="r", due_at=due
            )
        if word == "coordinate":
            return actions.coordinate(
                case.number, actor=self.actors["city_dispatcher"], version=version, organisation=APPEARANCE, reason="r"
            )
        row = Order.objects.filter(case=case, replied_at=None).first()
        if row is None:
            raise DomainError("storm.no_order")
        return actions.reply(case.number, row.pk, actor=self.actors["desk"], version=version, text="r")

    def _paper(self, case: Case, word: str, choice: int, version: int) -> Any:
        row = Request.objects.filter(case=case, state="open").order_by("pk").first()
        if row is None:
            raise DomainError("storm.no_request")
        if word == "withdraw":
            asker = next(actor for actor in self.actors.values() if actor.key == row.asked_by)
            return actions.withdraw(case.number, row.pk, actor=asker, version=version)
        signers = {"supervise": ("leader", "leader2"), "desk": ("desk",), "command.city": ("city_dispatcher",),
                   "command.district": ("district_dispatcher",)}[row.next_duty]  # fmt: skip
        who = self.actors[signers[choice % len(signers)]]
        approve = word == "approve"
        return actions.decide(case.number, row.pk, actor=who, version=version, approve=approve, answer="r")

    # ------------------------------------------------------------------ what must hold

    def _history(self, case: Case) -> None:
        moves = list(Move.objects.filter(case=case).order_by("version"))
        if [move.version for move in moves] != list(range(1, case.version + 1)):
            self.tally.fault("holes in the history", case.number)
        held, stood = False, ""
        for earlier, later in zip(moves, moves[1:], strict=False):
            beside = later.verb in BESIDE and later.before == later.after
            if earlier.after != later.before or not (beside or (later.verb, later.before, later.after) in LEGAL):
                self.tally.fault("illegal moves", f"{case.number}: {later.verb} {later.before} {later.after}")
            if later.verb == "unmerge" and later.after != stood:
                self.tally.fault("illegal moves", f"{case.number}: unmerge to {later.after}, it stood at {stood}")
            stood = later.before if later.verb == "merge" else stood
            if later.at < earlier.at:
                self.tally.fault("history that runs backwards", case.number)
            if held and not beside and later.verb != "void":
                self.tally.fault("moves of a held case", f"{case.number}: {later.verb}")
            if later.verb in ("resume", "void"):
                held = False
            held = held or (later.verb == "approve" and later.given.get("request") == "hold")
        if held != (case.held_until is not None):
            self.tally.fault("holds that the case does not know", case.number)

    @staticmethod
    def _clocks(case: Case) -> dict[int, Clock]:
        return {row.pk: row for row in Clock.objects.filter(case=case)}

    def _clocks_agree(self, case: Case, before: dict[int, Clock], after: dict[int, Clock], undone: bool) -> None:
        for pk, old in before.items():
            if _runs_backwards(old, after.get(pk), undone):
                self.tally.fault("clocks that ran backwards", f"{case.number}: {old}")
        running = [row for row in after.values() if row.stopped_at is None]
        if len({row.kind for row in running}) != len(running) or (case.stage in ENDS and running):
            self.tally.fault("clocks that do not fit the stage", f"{case.number} {case.stage}")
        if any((row.paused_at is not None) != (case.held_until is not None) for row in running):
            self.tally.fault("clocks that do not know the hold", case.number)

    def _impossible(self, case: Case) -> None:
        """Past every rule, by the tables alone: an illegal stage, a version back, a clock back, a request reopened."""
        row = Case.objects.filter(pk=case.pk)
        legal = {after for _verb, before, after in LEGAL if before == case.stage}
        for stage in sorted({str(one) for one in Stage} - legal - {str(case.stage)}):
            self._must_fail(row, f"to {stage}", stage=stage, version=case.version + 1)
        if case.duplicate_of_id is not None:
            for stage in sorted(legal):
                self._must_fail(row, f"alive at {stage}, merged", stage=stage, version=case.version + 1)
        if Case.objects.filter(parent__number=case.number).exclude(stage__in=sorted(ENDS)).exists():
            ended = {"stage": "closed", "closed_at": self.time.moment}
            self._must_fail(row, "closed before its parts", **ended, version=case.version + 1)
        self._must_fail(row, "a version back", version=case.version - 1)
        for one in Clock.objects.filter(case=case).exclude(due_at=None)[:1]:
            earlier = one.started_at - timedelta(minutes=1)
            self._must_fail(Clock.objects.filter(pk=one.pk), "a clock back", due_at=earlier)
        for paper in Request.objects.filter(case=case).exclude(state="open")[:1]:
            papers = Request.objects.filter(pk=paper.pk)
            self._must_fail(papers, "a request reopened", state="open", decided_at=None)

    def _must_fail(self, rows: QuerySet[Any], name: str, **fields: Any) -> None:
        try:
            with transaction.atomic():
                rows.update(**fields)
        except IntegrityError:
            self.tally.acts["impossible, refused by the database alone"] += 1
        else:
            self.tally.fault("impossible things that the database let pass", name)


def _runs_backwards(old: Clock, new: Clock | None, undone: bool) -> bool:
    """Whether a clock lost time, began anew, or went on after it had stopped, but for a merging that was undone."""
    if new is None or new.started_at != old.started_at or new.paused_minutes < old.paused_minutes:
        return True
    if old.due_at is not None and (new.due_at is None or new.due_at < old.due_at):
        return True
    revived = undone and new.stopped_at is None
    return old.stopped_at is not None and new.stopped_at != old.stopped_at and not revived


def verbs_taken(tally: Tally, words: Iterable[str] = VERBS) -> list[str]:
    """The verbs that never succeeded; `report` begins every run."""
    return [word for word in words if word != "report" and not tally.acts[word]]
