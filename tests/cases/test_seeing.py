"""Whether somebody may see a case is one rule, asked of the table or of a case that was read; and how one is read."""

from copy import copy as copied
from itertools import product

import pytest
from django.db import connections
from django.db.transaction import TransactionManagementError

from cases import selectors
from cases.models import Case
from cases.selectors.finding import in_order
from core.errors import NotFound
from core.scope import EVERYWHERE, NOBODY, Actor, Duty, Ground, machine
from tests.cases.factories import AREA_HERE, CITY, HERE, THERE, Town, reported

DEPARTMENT = f"centre.d{HERE}.d{HERE}-appearance"
ORGS = ("", "centre", f"centre.d{HERE}", DEPARTMENT, f"{DEPARTMENT}.crew", f"{DEPARTMENT}s", f"centre.d{THERE}")
AREAS = ("", CITY, f"{CITY}.{HERE}", f"{CITY}.{HERE}1", AREA_HERE, f"{CITY}.{THERE}")


@pytest.fixture
def everywhere(town: Town) -> list[Case]:
    """A case for every organisation in every area, some of them reported by the acceptor."""
    first = Case.objects.get(number=reported(town).number)
    for at, (org, area, who) in enumerate(product(ORGS, AREAS, ("collector", "acceptor"))):
        told = {
            "org": org,
            "area": area,
            "reported_by": town.key(who),
            **({} if area else {"cell": "", "district": ""}),
        }
        copy = copied(first)
        for name, value in {**told, "pk": None, "number": f"{at:020d}", "source_ref": f"copy-{at}"}.items():
            setattr(copy, name, value)
        copy.save(force_insert=True)
    reported(town, lon=None, lat=None, category="", address="海滨路")
    return list(Case.objects.select_related("category"))


def actors(town: Town) -> list[Actor]:
    """Everybody in the town, machines with and without rights, and people with every ground and some pairs of them."""
    grounds = [Ground(org, area) for org, area in product(ORGS, AREAS)]
    pairs = list(zip(grounds, reversed(grounds), strict=True))
    rights = [{"case.see": held} for held in (EVERYWHERE, *((one,) for one in grounds), *pairs)]
    return [
        NOBODY,
        *(town.actor(name) for name in town.people),
        *(machine("m", *held) for held in ((), ("case.see",), ("admin",), ("case.report",), tuple(Duty))),
        *(Actor(town.key("acceptor"), "", held, user_id=1) for held in (*rights, {"case.report": EVERYWHERE}, {})),
    ]


def test_the_table_and_a_case_that_was_read_say_the_same_of_every_kind_of_actor(
    town: Town, everywhere: list[Case]
) -> None:
    told = set()
    for actor in actors(town):
        by_sql = set(selectors.visible_to(actor).values_list("pk", flat=True))
        assert by_sql == {case.pk for case in everywhere if selectors.sees(actor, case)}, actor
        told.add(len(by_sql))
    assert {0, len(everywhere)} < told


def test_a_case_that_one_may_not_see_is_not_there_and_any_other_is(town: Town, everywhere: list[Case]) -> None:
    desk = town.actor("desk")
    seen = set(selectors.visible_to(desk).values_list("number", flat=True))
    assert 0 < len(seen) < len(everywhere)
    for case in everywhere:
        if case.number in seen:
            assert selectors.case(case.number, desk) == case
        else:
            with pytest.raises(NotFound):
                selectors.case(case.number, desk)


def test_a_case_is_read_as_django_reads_it_with_its_class_or_without_one(town: Town, everywhere: list[Case]) -> None:
    assert {case.category is None for case in everywhere} == {True, False}
    for case in everywhere:
        read = selectors.case_of_number(case.number)
        assert read is not None
        assert facts(read) == facts(case)
        assert read.category is None or facts(read.category) == facts(case.category)
    listed = Case.objects.order_by("area", "-org", "pk")
    assert [case.pk for case in in_order(listed, 50)] == list(listed.values_list("pk", flat=True)[:50])


def facts(row: object) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_a_case_is_locked_only_where_something_holds_the_lock(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    case = reported(town)
    locked = selectors.case_of_number(case.number, lock=True)
    assert locked is not None
    with monkeypatch.context() as outside:
        outside.setattr(connections["default"], "in_atomic_block", False)
        with pytest.raises(TransactionManagementError):
            selectors.case_of_number(case.number, lock=True)
