"""Files of posts, a row for each stretch of time that somebody holds one: what would become of each, then just that.

Who may hold what is for the verbs to say. So all rows are carried out, ends before beginnings, and taken back.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.timezone import get_current_timezone, localtime

from accounts.actions.file_rows import FOR_EVER, FileRow, JudgedRow, code_in, codes_called, moment_in
from accounts.actions.grants import within_contract
from accounts.actions.posts import appoint, change_post, create_post, leave_post
from accounts.models import Grant, Organisation, Post, Role, User
from accounts.rules import CODE
from core import clock
from core.errors import DomainError, Names
from core.scope import Actor
from core.written import flag_of

WHOLE_CITY = "*"
MOST_CHANGES = 3000
"""All are carried out and taken back between two signs of life of the worker, which come within a minute."""
FIELDS = {
    "accounts.bad_code": "post", "accounts.post_exists": "post", "accounts.bad_area": "area",
    "accounts.name_missing": "name_en", "accounts.no_such_role": "role", "accounts.organisation_closed": "organisation",
    "accounts.no_such_organisation": "organisation", "accounts.ends_before_it_begins": "valid_until",
}  # fmt: skip
CARRIED = ("add", "change", "retire")
SAYS = ("organisation", "role", "area", "bound", "active")
FIXED = SAYS[:4]


@dataclass(slots=True)
class Said:
    """What a row says of a post, None where nothing, and of who holds it ("": nobody) from when until when."""

    row: FileRow
    code: str
    names: dict[str, str]
    organisation: str | None
    role: str | None
    area: str | None
    bound: bool | None
    active: bool | None
    person: str
    since: datetime | None
    until: datetime | None


@dataclass(slots=True)
class Step:
    """What has to be done for a row: the post is founded, reads so or is given up; holdings end, another begins."""

    founded: bool = False
    names: dict[str, str] | None = None
    active: bool | None = None
    ends: list[Grant] = field(default_factory=list)
    until: datetime | None = None
    begins: bool = False
    since: datetime | None = None


class PostFile:
    """One file being taken: `look` at every row, then `judge` them and `store` those that are sound.

    A row that holds now stands for what is held now, whenever that began; what a file leaves out stays.
    """

    def __init__(self, *, actor: Actor, areas: Collection[str] = ()) -> None:
        """`areas` are those of the map, before there is one none."""
        self.actor, self.areas = actor, areas
        self.now, self.zone = clock.now(), get_current_timezone()
        self._posts = {post.code: post for post in Post.objects.select_related("organisation", "role")}
        self._homes = codes_called((row.code, row.names) for row in Organisation.objects.all())
        self._roles = codes_called((row.code, row.names) for row in Role.objects.filter(retired=False))
        self._people: dict[str, User] = {}
        self._held: dict[tuple[str, int], list[Grant]] = defaultdict(list)
        self._said: dict[int, Said] = {}
        self._first: dict[str, Said] = {}
        self._steps: dict[int, Step] = {}
        self._judged: dict[int, JudgedRow] = {}
        self._founded: set[str] = set()
        self._rehearsed = self._ended = False

    def look(self, rows: Iterable[FileRow]) -> None:
        """Every row is read and remembered: one person's end may make room for another's beginning further up."""
        for row in rows:
            called = " ".join(filter(None, (row.cells.get("post", ""), row.cells.get("person", ""))))
            judged = self._judged[row.number] = JudgedRow(called, number=row.number)
            said = self._read(row, judged)
            if not CODE.search(said.code):
                judged.refuse("post", "accounts.bad_code", value=said.code[:60])
            if not judged.faults:
                self._said[row.number] = said
                self._refuse_other_words(said, judged)

    def _read(self, row: FileRow, judged: JudgedRow) -> Said:
        cell = {name: text.strip() for name, text in row.cells.items()}
        since, until = (moment_in(row, name, judged, self.zone) for name in ("valid_from", "valid_until"))
        if since and until and until <= since:
            judged.refuse("valid_until", "accounts.dates_reversed")
        area = cell.get("area") or None
        bound, active = (self._flag(row, name, judged) for name in ("bound", "active"))
        names = {"zh": cell.get("name", ""), "en": cell.get("name_en", "")}
        return Said(
            row, cell.get("post", ""), {language: name for language, name in names.items() if name},
            code_in(row, "organisation", self._homes, judged), code_in(row, "role", self._roles, judged),
            "" if area in (WHOLE_CITY, "全市") else area, bound, active, cell.get("person", ""), since, until,
        )  # fmt: skip

    def _flag(self, row: FileRow, name: str, judged: JudgedRow) -> bool | None:
        text = row.cells.get(name, "").strip()
        found = flag_of(text) if text else None
        if text and found is None:
            judged.refuse(name, "accounts.flag_unread", given=text[:20])
        return found

    def _refuse_other_words(self, said: Said, judged: JudgedRow) -> None:
        """All rows of a post say the same of it, or nothing."""
        first = self._first.setdefault(said.code, said)
        for name in SAYS:
            here, there = getattr(said, name), getattr(first, name)
            if here not in (None, there):
                judged.refuse(name, "accounts.post_rows_differ", line=first.row.line)
        if said.names and said.names != first.names:
            judged.refuse("name", "accounts.post_rows_differ", line=first.row.line)

    def judge(self, rows: Iterable[FileRow]) -> list[JudgedRow]:
        """What would become of each row; nothing is stored."""
        if not self._rehearsed:
            self._judge_all()
            self._rehearsed = True
        return [self._judged[row.number] for row in rows]

    def _sound(self) -> list[Said]:
        return [said for number, said in sorted(self._said.items()) if self._judged[number].outcome != "refuse"]

    def _judge_all(self) -> None:
        found = User.objects.filter(username__in={said.person for said in self._sound()}).select_related("organisation")
        self._people = {person.username: person for person in found}
        held = Grant.objects.not_over(self.now).filter(post__isnull=False, user__in=found)
        for one in held.select_related("post").order_by("valid_from", "pk"):
            if one.post:
                self._held[one.post.code, one.user_id].append(one)
        before: dict[tuple[str, str], list[Said]] = defaultdict(list)
        for said in self._sound():
            others = before[said.code, said.person]
            if crossed := next((one for one in others if said.person and self._cross(one, said)), None):
                self._judged[said.row.number].refuse("valid_from", "accounts.holdings_overlap", line=crossed.row.line)
            else:
                self._attempt(said, self._plan)
            others.append(said)
        for said in [said for said in self._sound() if self._judged[said.row.number].outcome in CARRIED][MOST_CHANGES:]:
            self._judged[said.row.number].refuse("post", "accounts.too_many_changes", most=MOST_CHANGES)
        self._rehearse()

    def _attempt(self, said: Said, act: Callable[[Said], None]) -> None:
        try:
            act(said)
        except DomainError as error:
            name = "name" if "zh" in str(error.params.get("languages", "")) else FIELDS.get(error.code, "person")
            self._judged[said.row.number].refuse(name, error.code, **error.params)

    def _cross(self, one: Said, other: Said) -> bool:
        """Whether two rows of one person speak of the same time."""
        first, second = (said.since or self.now for said in (one, other))
        return first < (other.until or FOR_EVER) and second < (one.until or FOR_EVER)

    def _plan(self, said: Said) -> None:
        judged, step = self._judged[said.row.number], Step()
        self._steps[said.row.number] = step
        outcome = self._plan_post(said, step, judged)
        if said.person and not judged.faults:
            holding = self._plan_holding(said, step, judged)
            outcome = holding if outcome == "same" or (outcome != "add" and holding in CARRIED) else outcome
        if judged.faults:
            return
        judged.outcome = outcome
        if said.person and outcome in CARRIED and self.actor.key == f"user:{self._people[said.person].pk}":
            judged.refuse("person", "accounts.imports_self")

    def _plan_post(self, said: Said, step: Step, judged: JudgedRow) -> str:
        post = self._posts.get(said.code)
        if post is None:
            return self._plan_new(said, step, judged)
        held = (post.organisation.code, post.role.code, post.area, post.bound)
        for name, stands in zip(FIXED, held, strict=True):
            if getattr(said, name) not in (None, stands):
                judged.refuse(name, "accounts.post_fixed", name=Names(post.names))
        if said.active is not None and said.active != post.active:
            step.active = said.active
        if {**post.names, **said.names} != post.names:
            step.names = {**post.names, **said.names}
        return "retire" if step.active is False else "change" if step.names or step.active else "same"

    def _plan_new(self, said: Said, step: Step, judged: JudgedRow) -> str:
        for name in ("organisation", "role"):
            if getattr(said, name) is None:
                judged.refuse(name, "accounts.new_post_needs", code=said.code)
        if said.area and self.areas and said.area not in self.areas:
            judged.refuse("area", "accounts.area_not_on_map", area=said.area[:60])
        step.founded, step.names = True, said.names or None
        step.active = False if said.active is False else None
        return "add"

    def _plan_holding(self, said: Said, step: Step, judged: JudgedRow) -> str:
        """What becomes of who holds the post: "" where the row is refused."""
        person = self._people.get(said.person)
        if person is None:
            judged.refuse("person", "accounts.no_such_person", user_id=said.person[:60])
            return ""
        since = said.since or self.now
        there = [one for one in self._held[said.code, person.pk] if _meets(one, min(since, self.now), said.until)]
        if said.until and said.until <= self.now:
            return self._past(step, there, said.until)
        there = [one for one in there if _meets(one, since, said.until)]
        if not there:
            step.begins, step.since, step.until = True, said.since, said.until
            return "add"
        if not self._one_stretch(there, since):
            shown = ", ".join(_shown(one) for one in there[:3])
            judged.refuse("valid_from", "accounts.held_otherwise", periods=shown)
            return ""
        return self._other_end(said, step, there, person)

    def _past(self, step: Step, there: list[Grant], until: datetime) -> str:
        """Somebody of whom the file says that they left leaves now; what is over is on record as it was, or not."""
        step.ends = [one for one in there if one.valid_from < until]
        return "retire" if step.ends else "leave"

    def _one_stretch(self, there: list[Grant], since: datetime) -> bool:
        """Whether what is held is one stretch without a hole, which begins as the row says or has begun as it has."""
        whole = all(one.valid_until == other.valid_from for one, other in zip(there, there[1:], strict=False))
        begun = there[0].valid_from <= self.now and since <= self.now
        return whole and (begun or there[0].valid_from == since)

    def _other_end(self, said: Said, step: Step, there: list[Grant], person: User) -> str:
        ends = there[-1].valid_until
        wanted = said.until
        if wanted != ends:
            wanted = within_contract(person.organisation, max(there[0].valid_from, self.now), said.until)
        if wanted == ends:
            return "same"
        step.until = wanted
        if ends is not None and (wanted is None or wanted > ends):
            step.begins, step.since = True, ends
        else:
            step.ends = [one for one in there if (one.valid_until or FOR_EVER) > (wanted or FOR_EVER)]
        return "change"

    @transaction.atomic
    def _rehearse(self) -> None:
        """All is done and taken back: what the verbs refuse is the fault of its row."""
        point = transaction.savepoint()
        for act in (self._end, self._found, self._begin):
            for said in self._sound():
                self._attempt(said, act)
        transaction.savepoint_rollback(point)
        self._founded.clear()

    def store(self, judged: Iterable[JudgedRow]) -> None:
        """The posts stand and are held as the rows say; every end that the file asks for comes before."""
        if not self._ended:
            for said in self._sound():
                self._end(said)
            self._ended = True
        for one in judged:
            if one.outcome in CARRIED:
                self._found(self._said[one.number])
                self._begin(self._said[one.number])

    def finish(self) -> Mapping[str, int]:
        """Nothing is left to do; answers how many posts were founded."""
        return {"posts": len(self._founded)}

    @transaction.atomic
    def _end(self, said: Said) -> None:
        step = self._steps[said.row.number]
        for one in step.ends:
            leave_post(one.pk, actor=self.actor, when=step.until)

    @transaction.atomic
    def _found(self, said: Said) -> None:
        step, code = self._steps[said.row.number], said.code
        if step.founded and code not in self._founded:
            create_post(
                code=code, organisation=said.organisation or "", role=said.role or "", actor=self.actor,
                names=step.names, area=said.area, bound=said.bound,
            )  # fmt: skip
            self._founded.add(code)
            if step.active is False:
                change_post(code, actor=self.actor, active=False)
        elif not step.founded and (step.names or step.active is not None):
            change_post(code, actor=self.actor, names=step.names, active=step.active)

    @transaction.atomic
    def _begin(self, said: Said) -> None:
        step = self._steps[said.row.number]
        if step.begins:
            person = self._people[said.person]
            appoint(said.code, user=person.pk, actor=self.actor, valid_from=step.since, valid_until=step.until)


def _meets(one: Grant, since: datetime, until: datetime | None) -> bool:
    return one.valid_from < (until or FOR_EVER) and since < (one.valid_until or FOR_EVER)


def _shown(one: Grant) -> str:
    since, until = (f"{localtime(at):%Y-%m-%d}" if at else "" for at in (one.valid_from, one.valid_until))
    return f"{since} – {until}".strip()
