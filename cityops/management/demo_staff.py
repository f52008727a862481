"""The people of the demo and what they do: each step by somebody whose duty it is, by the verbs of cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts import selectors as people
from accounts.actions import demo_people
from accounts.models import User
from cases import actions as verbs
from cases import selectors as cases
from cases.contracts import CaseView, RequestKind
from cases.rules import may_receive
from cityops.management import demo_pictures
from cityops.management.demo_pictures import Pair
from core.scope import Actor, machine
from simulator.seed_stories import Spot, Story

CAMERA: Actor = machine("video", "case.report", "case.see", label="视频智能分析")
SENSOR: Actor = machine("telemetry", "case.report", "case.see", label="物联感知")
HOTLINE: Actor = machine("exchange", "case.report", "case.see", label="12345 热线")
PORTAL: Actor = machine("portal", "case.report", "case.see", label="市民上报")
MACHINES = {"camera": CAMERA, "sensor": SENSOR, "hotline12345": HOTLINE, "citizen": PORTAL}
REQUESTS = {
    RequestKind.RETURN: ("owner", "权属不清，需市级协调确定责任单位"),
    RequestKind.VOID: ("duplicate", "与在办案件重复，申请作废"),
}
RESULT = "已按标准处置完毕，现场恢复正常"
SAID = (
    *[("satisfied", "市民表示满意")] * 5,
    ("fair", "市民表示基本满意"),
    ("unsatisfied", "市民认为处置时间偏长"),
    ("unreached", "两次拨打均未接通"),
)
"""What citizens say when they are called back, as the text says it and as it is counted."""
LAZY = 24
"""One case in so many has a picture after handling that was sent with another before."""
DEEDS = (
    "locate", "send_verify", "verify", "accept", "reject", "register", "refuse", "dispatch_district", "dispatch",
    "assign", "submit", "redo", "confirm", "send_check", "check_pass", "check_fail", "rework", "close", "settle",
    "send_back", "void",
)  # fmt: skip


class Staff:
    """Who does what: the accounts of the demo by duty and office, as actors, asked once.

    Some accounts are printed for visitors. With `spare_printed` their colleagues do the work wherever there are any,
    so that what a printed account has done was done by a person.
    """

    def __init__(self, *, spare_printed: bool = False) -> None:
        self.spare_printed = spare_printed
        self.printed: set[str] = set()
        self._actors: dict[str, Actor] = {}
        self._by_key: dict[str, str] = {}
        self._by_role: dict[tuple[str, str], list[str]] = {}
        self._printed_names = {person.username for person in demo_people()}
        for user in User.objects.filter(is_active=True).prefetch_related("grants__role").select_related("organisation"):
            self._take_on(user)

    def _take_on(self, user: User) -> None:
        key = f"user:{user.pk}"
        self._by_key[key] = user.username
        if user.username in self._printed_names:
            self.printed.add(key)
        for grant in user.grants.all():
            home = grant.org.rpartition(".")[2] or (user.organisation.code if user.organisation else "")
            self._by_role.setdefault((grant.role.code, home), []).append(user.username)

    def one(self, role: str, office: str, choice: int) -> Actor:
        """Somebody with the role in the office, who works now; LookupError where nobody has it."""
        names = self._names(role, office)
        if self.spare_printed:
            names = [name for name in names if name not in self._printed_names] or names
        return self.actor(names[choice % len(names)])

    def tasked(self, role: str, office: str, choice: int, *, printed: bool = False) -> Actor:
        """Somebody with the role in the office, to whom a task is given: anybody, or the printed account there."""
        names = self._names(role, office)
        if printed:
            names = [name for name in names if name in self._printed_names] or names
        return self.actor(names[choice % len(names)])

    def _names(self, role: str, office: str) -> list[str]:
        names = sorted(set(self._by_role.get((role, office), ())))
        if not names:
            raise LookupError(f"nobody is {role} at {office}")
        return names

    def actor(self, username: str) -> Actor:
        """The account as an actor."""
        if username not in self._actors:
            self._actors[username] = people.actor_named(username)
        return self._actors[username]

    def keyed(self, key: str) -> Actor:
        """The actor whom a case names (`user:7`); LookupError where there is no such account."""
        if key not in self._by_key:
            raise LookupError(f"no account is {key or 'named'}")
        return self.actor(self._by_key[key])


@dataclass(frozen=True)
class Work:
    """A case that waits for a step, and what whoever takes the step must know; `choice` picks among equals."""

    view: CaseView
    choice: int
    callback: bool = False
    printed: bool = False
    spot: Spot | None = None


CALLERS = ("陈女士", "林建国", "黄小妹", "郑先生")


def _caller(choice: int) -> dict[str, Any]:
    """Who wants to be called back; nobody has such a number."""
    return {"callback": True, "name": CALLERS[choice % len(CALLERS)], "phone": f"1380000{choice % 10_000:04d}"}


class Deeds:
    """Every step of the workflow as the demo's people take it, through the door that people use."""

    def __init__(self, staff: Staff, pictures: Mapping[str, list[Pair]]) -> None:
        self.staff, self.pictures, self.filmed = staff, pictures, False
        self._deeds: dict[str, Callable[[Work, str], CaseView]] = {name: getattr(self, f"_{name}") for name in DEEDS}

    def report(self, story: Story) -> CaseView:
        """The story has begun: somebody or something has told of it."""
        seen = story.source in ("collector", "camera", "citizen")
        return verbs.report(
            actor=self._teller(story),
            source=story.source,
            source_ref=story.ref,
            category=story.category,
            description=story.description,
            address=story.spot.address,
            photos=[self._taken(story.category, story.choice, 0, 0), *self._filmed(story)] if seen else [],
            reporter=_caller(story.choice) if story.callback else None,
            lon=story.spot.lon if story.located else None,
            lat=story.spot.lat if story.located else None,
        )

    def take(self, verb: str, work: Work, text: str = "") -> CaseView:
        """The step has been taken by somebody whose duty it is, in the version of the case that was looked at.

        Errors are those of the verb, and LookupError where nobody is there who could.
        """
        return self._deeds[verb](work, text)

    # ------------------------------------------------------------------ the people and what they hold

    def _teller(self, story: Story) -> Actor:
        role = "collector" if story.source == "collector" else "acceptor"
        return MACHINES.get(story.source) or self.staff.one(role, "centre", story.choice)

    def _by(self, role: str, work: Work) -> dict[str, Any]:
        return _as(self.staff.one(role, "centre", work.choice), work)

    def _filmed(self, story: Story) -> list[bytes]:
        """The first collector of them all has sent a clip too; one is enough to be seen."""
        if self.filmed or story.source != "collector":
            return []
        self.filmed = True
        return [demo_pictures.as_filmed(self._pair(story.category, story.choice)[0], story.choice)]

    def _desk(self, work: Work) -> Actor:
        return self.staff.one("department_desk", work.view.organisation, work.choice)

    def _collector(self, work: Work) -> dict[str, Any]:
        return _as(self.staff.keyed(work.view.collector), work)

    def _somebody_to_look(self, work: Work) -> str:
        return self.staff.tasked("collector", "centre", work.choice, printed=work.printed).key

    def _pair(self, category: str, choice: int) -> Pair:
        pairs = self.pictures[demo_pictures.subject_of(category)]
        return pairs[choice % len(pairs)]

    def _before(self, work: Work) -> bytes:
        return self._taken(work.view.category, work.choice, work.view.version, 0)

    def _after(self, work: Work) -> bytes:
        """After handling; now and then somebody sends a picture that did before, and whoever checks is told."""
        if work.choice % LAZY == 0:
            return self._pair(work.view.category, 0)[1]
        return self._taken(work.view.category, work.choice, work.view.version, 1)

    def _checked(self, work: Work) -> bytes:
        return self._taken(work.view.category, work.choice, work.view.version, 1)

    def _taken(self, category: str, choice: int, version: int, which: int) -> bytes:
        """What one person took at this step of the case: no other looks like it."""
        seed = (choice * 100 + version) * 2 + which
        return demo_pictures.as_taken(self._pair(category, choice)[which], seed)

    # ------------------------------------------------------------------ the deeds

    def _locate(self, work: Work, text: str) -> CaseView:
        if work.spot is None:
            raise LookupError("nobody knows where it is")
        return verbs.locate(work.view.number, work.spot.lon, work.spot.lat, **self._by("acceptor", work))

    def _send_verify(self, work: Work, text: str) -> CaseView:
        given = self._by("acceptor", work)
        return verbs.send_verify(work.view.number, collector=self._somebody_to_look(work), **given)

    def _verify(self, work: Work, text: str) -> CaseView:
        photos = [self._before(work)]
        return verbs.verify(work.view.number, verdict=True, photos=photos, **self._collector(work))

    def _accept(self, work: Work, text: str) -> CaseView:
        return verbs.accept(work.view.number, category=work.view.category, **self._by("acceptor", work))

    def _reject(self, work: Work, text: str) -> CaseView:
        return verbs.reject(work.view.number, reason=text, **self._by("acceptor", work))

    def _register(self, work: Work, text: str) -> CaseView:
        return verbs.register(work.view.number, condition=_condition(work.view), **self._by("shift_leader", work))

    def _refuse(self, work: Work, text: str) -> CaseView:
        return verbs.refuse(work.view.number, reason=text, **self._by("shift_leader", work))

    def _dispatch_district(self, work: Work, text: str) -> CaseView:
        given = self._by("city_dispatcher", work)
        return verbs.dispatch_district(work.view.number, district_centre=f"d{work.view.district}", **given)

    def _dispatch(self, work: Work, text: str) -> CaseView:
        seen = work.view
        given = self._by("city_dispatcher", work)
        if seen.stage == "at_district":
            given = _as(self.staff.one("district_dispatcher", f"d{seen.district}", work.choice), work)
        return verbs.dispatch(seen.number, department=_department(seen), **given)

    def _assign(self, work: Work, text: str) -> CaseView:
        handler = self.staff.tasked("handler", work.view.organisation, work.choice, printed=work.printed)
        return verbs.assign(work.view.number, handler=handler.key, **_as(self._desk(work), work))

    def _submit(self, work: Work, text: str) -> CaseView:
        given = _as(self.staff.keyed(work.view.handler), work)
        return verbs.submit(work.view.number, result=RESULT, photos=[self._after(work)], **given)

    def _redo(self, work: Work, text: str) -> CaseView:
        return verbs.redo(work.view.number, reason=text, **_as(self._desk(work), work))

    def _confirm(self, work: Work, text: str) -> CaseView:
        return verbs.confirm(work.view.number, **_as(self._desk(work), work))

    def _send_check(self, work: Work, text: str) -> CaseView:
        given = self._by("acceptor", work)
        return verbs.send_check(work.view.number, collector=self._somebody_to_look(work), **given)

    def _check_pass(self, work: Work, text: str) -> CaseView:
        return verbs.check_pass(work.view.number, photos=[self._checked(work)], **self._collector(work))

    def _check_fail(self, work: Work, text: str) -> CaseView:
        given = self._collector(work)
        return verbs.check_fail(work.view.number, reason=text, photos=[self._before(work)], **given)

    def _rework(self, work: Work, text: str) -> CaseView:
        return verbs.rework(work.view.number, **self._by("city_dispatcher", work))

    def _close(self, work: Work, text: str) -> CaseView:
        said, callback = SAID[work.choice % len(SAID)] if work.callback else ("", "")
        closing = work.view.condition or _condition(work.view)
        given = self._by("shift_leader", work)
        return verbs.close(work.view.number, closing=closing, callback=callback, satisfaction=said, **given)

    def _settle(self, work: Work, text: str) -> CaseView:
        given = self._by("collector", work)
        return verbs.settle(work.view.number, before=[self._before(work)], after=[self._after(work)], **given)

    @transaction.atomic
    def _send_back(self, work: Work, text: str) -> CaseView:
        desk, leader = self._desk(work), self.staff.one("shift_leader", "centre", work.choice)
        version = _agree(work, RequestKind.RETURN, desk, leader)
        return verbs.send_back(work.view.number, actor=desk, version=version)

    @transaction.atomic
    def _void(self, work: Work, text: str) -> CaseView:
        leader = self.staff.one("shift_leader", "centre", work.choice)
        version = _agree(work, RequestKind.VOID, self.staff.one("acceptor", "centre", work.choice), leader)
        return verbs.void(work.view.number, actor=leader, version=version)


def _as(actor: Actor, work: Work) -> dict[str, Any]:
    """The version as it stands: a supervision order may have come by itself since the last deed."""
    case = cases.case_of_number(work.view.number)
    return {"actor": actor, "version": case.version if case else work.view.version}


def _agree(work: Work, kind: RequestKind, asker: Actor, judge: Actor) -> int:
    """It was asked and approved; the version of the case after that."""
    ground, reason = REQUESTS[kind]
    row = verbs.ask(work.view.number, kind=kind, ground=ground, reason=reason, **_as(asker, work))
    signed = verbs.decide(work.view.number, row.pk, actor=judge, version=row.case.version, approve=True, answer="同意")
    return signed.case.version


def _department(view: CaseView) -> str:
    """Whose duty it is; where they have returned it, another that may be sent cases of the place."""
    first = cases.responsible(view.category, view.area).organisation
    if first not in view.returned_by:
        return first
    others = (row for row in people.organisations() if may_receive(row.kind, row.area, view.area, centre=False))
    return next((row.code for row in others if row.code not in view.returned_by), first)


def _condition(view: CaseView) -> str:
    found = cases.category(view.category)
    if found is None:
        raise LookupError(view.category)
    return str(found.conditions[0]["code"])
