"""The demo's people: one per role, each in a post of the organisations that the demo city has."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction

from accounts.actions.people import create_user
from accounts.actions.posts import appoint, create_post
from accounts.models import Organisation, Post, User
from accounts.selectors import carrying, organisations
from core import clock
from core.errors import Conflict
from core.scope import Actor

DEMO_PASSWORD = "cityops-demo"
CITY = "449900"
HERE, THERE = "449901", "449902"
APPEARANCE = "appearance"


class DemoPerson(NamedTuple):
    """Somebody of the demo: `where` says which ground the role is granted over."""

    username: str
    label: str
    role: str
    where: str


PEOPLE = (
    DemoPerson("collector", "陈晓燕", "collector", "city"),
    DemoPerson("acceptor", "林静", "acceptor", "city"),
    DemoPerson("leader", "黄伟强", "shift_leader", "city"),
    DemoPerson("city_dispatcher", "郑丽华", "city_dispatcher", "city"),
    DemoPerson("district_dispatcher", "吴志明", "district_dispatcher", f"district:{HERE}"),
    DemoPerson("desk", "蔡文彬", "department_desk", f"department:{HERE}"),
    DemoPerson("handler", "许建国", "handler", f"department:{HERE}"),
    DemoPerson("district_dispatcher2", "谢雅婷", "district_dispatcher", f"district:{THERE}"),
    DemoPerson("desk2", "方国栋", "department_desk", f"department:{THERE}"),
    DemoPerson("handler2", "马俊杰", "handler", f"department:{THERE}"),
    DemoPerson("evaluator", "苏敏", "evaluator", "city"),
    DemoPerson("privacy", "罗敏", "data_protection", "city"),
    DemoPerson("admin", "杨帆", "administrator", "everywhere"),
    DemoPerson("wall", "值班大屏", "wall_operator", "city"),
)


def demo_people() -> tuple[DemoPerson, ...]:
    """Who can sign in to the demo, with DEMO_PASSWORD."""
    return PEOPLE


@transaction.atomic
def seed_people(*, actor: Actor, city: str = CITY, people: Iterable[DemoPerson] = PEOPLE) -> list[User]:
    """One person per role may sign in; needs the organisations and the base pack's roles. Again: nothing changes."""
    return [_seed(person, city, actor) for person in people]


def _seed(person: DemoPerson, city: str, actor: Actor) -> User:
    level, _, district = person.where.partition(":")
    home = _home(level, f"{city}.{district}" if district else city)
    user = User.objects.filter(username=person.username).first()
    if user is None:
        user = create_user(
            username=person.username,
            password=DEMO_PASSWORD,
            label=person.label,
            organisation=home.code,
            email=f"{person.username}@chengwan.example",
            actor=actor,
        )
    org = home.path if level == "department" else ""
    area = home.area if level in ("city", "district") else ""
    take_post(user, person.role, home, org=org, area=area, actor=actor)
    return user


def take_post(user: User, role: str, home: Organisation, *, org: str, area: str, actor: Actor) -> None:
    """The person holds the organisation's post of that role over that ground; whoever has the role there keeps it."""
    if user.grants.in_force(clock.now()).filter(role__code=role, org=org, area=area).exists():
        return
    code = f"{home.code}-{role}"[:40]
    post = Post.objects.filter(code=code).first()
    if post is None:
        post = create_post(organisation=home.code, role=role, code=code, area=area, bound=bool(org), actor=actor)
    if post.active:
        appoint(code, user=user, actor=actor)


def _home(level: str, area: str) -> Organisation:
    if level == "department":
        found = [row for row in carrying(APPEARANCE, area, "department") if row.area == area]
    else:
        kind = "district_centre" if level == "district" else "centre"
        found = [row for row in organisations(kind) if level == "everywhere" or row.area == area]
    if not found:
        raise Conflict("accounts.demo_needs_organisations", level=level, area=area)
    return found[0]
