"""People from a file: what would become of each row, and the rows taken over. The file itself is somebody else's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from accounts.actions.grants import within_contract
from accounts.actions.people import change_person, create_user
from accounts.actions.posts import appoint
from accounts.models import Grant, Organisation, Post, User
from accounts.rules import EMAIL, USERNAME, GrantFacts, conflicts, phone_of
from accounts.selectors import named_facts
from core import clock
from core.errors import DomainError
from core.scope import Actor

SEPARATORS = str.maketrans({"；": ";", "、": ";", "，": ";", ",": ";", "\n": ";"})


class PersonRow(NamedTuple):
    """A row as it stands in the file; `posts` are codes or names of posts, or codes or names of roles, joined by ;."""

    username: str
    label: str
    organisation: str = ""
    phone: str = ""
    email: str = ""
    posts: str = ""


@dataclass(slots=True)
class Judged:
    """What would become of a row: "add", "change", "same" or "refuse" with faults (field, code, parameters)."""

    row: PersonRow
    outcome: str = ""
    home: Organisation | None = None
    phone: str = ""
    user: User | None = None
    posts: list[Post] = field(default_factory=list)
    faults: list[tuple[str, str, Mapping[str, object]]] = field(default_factory=list)

    def refuse(self, name: str, code: str, /, **params: object) -> None:
        """The row is refused for the value of a field."""
        self.faults.append((name, code, params))
        self.outcome = "refuse"


class PeopleFile:
    """One file being taken. Rows come in batches, always in the same order; the same file gives the same verdicts."""

    def __init__(self, *, actor: Actor) -> None:
        self.actor, self.now = actor, clock.now()
        self._names: set[str] = set()
        self._phones: set[str] = set()
        self._by_code: dict[str, Organisation] = {}
        self._by_name: dict[str, list[Organisation]] = defaultdict(list)
        for row in Organisation.objects.filter(active=True):
            self._by_code[row.code] = row
            for name in set(row.names.values()):
                self._by_name[str(name)].append(row)
        self._posts: dict[int, list[Post]] = defaultdict(list)
        for post in Post.objects.filter(active=True).select_related("organisation", "role"):
            self._posts[post.organisation_id].append(post)

    def judge(self, rows: Sequence[PersonRow]) -> list[Judged]:
        """What would become of each row; nothing is stored."""
        known = self._known(rows)
        owners = self._owners(rows)
        held = self._held(known.values())
        return [self._judge(row, known.get(row.username), owners, held) for row in rows]

    def store(self, judged: Iterable[Judged]) -> list[int]:
        """The people that are new or changed are on record with their posts; answers who is new."""
        made = []
        for one in judged:
            if one.outcome in ("add", "change"):
                user = self._stored(one)
                if one.outcome == "add":
                    made.append(user.pk)
                for post in one.posts:
                    appoint(post.code, user=user.pk, actor=self.actor)
        return made

    def _stored(self, one: Judged) -> User:
        words: dict[str, Any] = {"label": one.row.label, "phone": one.phone, "email": one.row.email}
        home = one.home.code if one.home else ""
        if one.user is None:
            return create_user(username=one.row.username, organisation=home, actor=self.actor, **words)
        told = {name: value for name, value in words.items() if value and value != getattr(one.user, name)}
        if one.home is not None and one.home.pk != one.user.organisation_id:
            told["organisation"] = home
        return change_person(one.user.pk, actor=self.actor, **told) if told else one.user

    def _known(self, rows: Sequence[PersonRow]) -> dict[str, User]:
        found = User.objects.filter(username__in=[row.username for row in rows]).select_related("organisation")
        return {user.username: user for user in found}

    def _owners(self, rows: Sequence[PersonRow]) -> dict[str, str]:
        phones = [phone for row in rows if (phone := phone_of(row.phone))]
        found = User.objects.filter(phone__in=phones, is_active=True)
        return dict(found.order_by("-pk").values_list("phone", "username"))

    def _held(self, users: Iterable[User]) -> dict[int, list[Grant]]:
        found: dict[int, list[Grant]] = defaultdict(list)
        grants = Grant.objects.not_over(self.now).filter(user__in=list(users))
        for grant in grants.select_related("role", "post__organisation"):
            found[grant.user_id].append(grant)
        return found

    def _judge(
        self, row: PersonRow, user: User | None, owners: Mapping[str, str], held: Mapping[int, list[Grant]]
    ) -> Judged:
        one = Judged(row, user=user)
        self._judge_name(one)
        self._judge_phone(one, owners)
        if row.email and not EMAIL.search(row.email):
            one.refuse("email", "accounts.bad_email", value=row.email[:60])
        one.home = self._home(one)
        if one.home is not None or (user is not None and not row.organisation):
            self._judge_posts(one, held.get(user.pk, []) if user else [])
        if not one.outcome:
            one.outcome = self._outcome(one)
        return one

    def _judge_name(self, one: Judged) -> None:
        name, user = one.row.username, one.user
        if not USERNAME.search(name):
            one.refuse("username", "accounts.bad_username", value=name[:60])
        elif name in self._names:
            one.refuse("username", "accounts.username_twice", username=name)
        elif user is not None and self.actor.key == f"user:{user.pk}":
            one.refuse("username", "accounts.imports_self")
        elif user is not None and not user.is_active:
            one.refuse("username", "accounts.person_inactive", name=user.get_full_name())
        self._names.add(name)
        if not one.row.label:
            one.refuse("label", "accounts.person_nameless")
        elif len(one.row.label) > 80:
            one.refuse("label", "accounts.name_too_long", most=80)

    def _judge_phone(self, one: Judged, owners: Mapping[str, str]) -> None:
        if not one.row.phone:
            return
        phone = phone_of(one.row.phone)
        if phone is None:
            one.refuse("phone", "accounts.bad_phone", value=one.row.phone[:40])
            return
        owner = owners.get(phone)
        if phone in self._phones:
            one.refuse("phone", "accounts.phone_twice", phone=phone)
        elif owner is not None and owner != one.row.username:
            one.refuse("phone", "accounts.phone_taken", phone=phone, username=owner)
        self._phones.add(phone)
        one.phone = phone

    def _home(self, one: Judged) -> Organisation | None:
        text = one.row.organisation
        if not text:
            if one.row.posts and one.user is None:
                one.refuse("organisation", "accounts.posts_need_organisation")
            return one.user.organisation if one.user else None
        named = self._by_name.get(text, [])
        found = self._by_code.get(text) or (named[0] if len(named) == 1 else None)
        if found is None and named:
            codes = ", ".join(sorted(row.code for row in named)[:5])
            one.refuse("organisation", "accounts.organisation_ambiguous", name=text[:60], codes=codes)
        elif found is None:
            one.refuse("organisation", "accounts.no_such_organisation", code=text[:60])
        elif not self.actor.may("admin", org=found.path, area=found.area):
            one.refuse("organisation", "accounts.not_an_administrator")
        return found

    def _judge_posts(self, one: Judged, held: list[Grant]) -> None:
        facts: list[GrantFacts] = [named_facts(grant) for grant in held]
        there = {grant.post_id for grant in held}
        for text in filter(None, map(str.strip, one.row.posts.translate(SEPARATORS).split(";"))):
            post = self._post(one, text)
            if post is None or post.pk in there:
                continue
            there.add(post.pk)
            try:
                wanted = self._wanted(one, post)
            except DomainError as refused:
                one.refuse("posts", refused.code, **refused.params)
                continue
            facts.append(wanted)
            for clash in [c for c in conflicts(facts) if wanted in (c.first, c.second)][:1]:
                one.refuse("posts", clash.code, first=clash.first.role, second=clash.second.role)
            one.posts.append(post)

    def _post(self, one: Judged, text: str) -> Post | None:
        """The post of that code anywhere, or the only one of that name or role in the row's organisation."""
        here = self._posts.get(one.home.pk, []) if one.home else []
        anywhere = [post for posts in self._posts.values() for post in posts if post.code == text]
        named = [post for post in here if text in (post.role.code, *post.names.values(), *post.role.names.values())]
        found = (anywhere or named)[:2]
        if len(found) == 1:
            return found[0]
        code = "accounts.post_ambiguous" if found else "accounts.no_such_post_here"
        one.refuse("posts", code, post=text[:60], name=one.home.code if one.home else "")
        return None

    def _wanted(self, one: Judged, post: Post) -> GrantFacts:
        org = post.organisation.path if post.bound else ""
        until: datetime | None = within_contract(one.home, self.now, None)
        return named_facts(
            Grant(role=post.role, org=org, area=post.area, valid_from=self.now, valid_until=until, post=post)
        )

    def _outcome(self, one: Judged) -> str:
        if one.user is None:
            return "add"
        told = (("label", one.row.label), ("phone", one.phone), ("email", one.row.email))
        changed = any(value and value != getattr(one.user, name) for name, value in told)
        moved = one.home is not None and one.home.pk != one.user.organisation_id
        return "change" if changed or moved or one.posts else "same"
