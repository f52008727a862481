"""Kinds, actors and people for the journal's tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from accounts.models import Grant, Role, User
from core.scope import machine
from journal import actions
from journal.contracts import BY_AREA, BY_ORG, PERSONAL, RESTRICTED, register_kind

TESTER = machine("tester", label="测试")
CITY, JINGANG, LONGBIN = "449900", "449900.449901", "449900.449902"


class Colour(StrEnum):
    """A choice, as entries may hold one."""

    RED = "red"
    GREEN = "green"


@dataclass(frozen=True)
class Spot:
    """A part of another dataclass."""

    lon: float
    lat: float


@dataclass(frozen=True)
class News:
    """Data of every shape an entry may hold."""

    number: int = 1
    colour: Colour = Colour.RED
    spot: Spot | None = None
    names: dict[str, str] | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Other:
    """Data of another kind."""

    number: int = 1


@contextmanager
def test_kinds() -> Iterator[None]:
    """Inside, the kinds of these tests are registered."""
    register_kind("test.told.v1", News, BY_AREA | BY_ORG)
    register_kind("test.whispered.v1", Other, BY_AREA | RESTRICTED)
    register_kind("test.said_to.v1", Other, PERSONAL)
    register_kind("test.kept.v1", Other, PERSONAL)
    yield


test_kinds.__test__ = False


def tell(subject: str = "s", *, area: str = JINGANG, org: str = "", data: News | None = None, many: int = 1) -> None:
    """So many entries of `test.told.v1` are committed (or part of the surrounding transaction)."""
    with transaction.atomic():
        for _ in range(many):
            actions.record("test.told.v1", subject=subject, actor=TESTER, org=org, area=area, data=data or News())


def number_all() -> None:
    """Every committed entry has its number."""
    while actions.number():
        continue


def person(username: str, *permissions: str, org: str = "", area: str = "") -> User:
    """Somebody who holds these permissions on that ground."""
    user = User.objects.create(username=username, label=username)
    if permissions:
        role = Role.objects.create(code=f"role_{username}", names={"zh": username}, permissions=list(permissions))
        Grant.objects.create(user=user, role=role, org=org, area=area, granted_by="test")
    return user
