"""Can anyone see what is not theirs, through any door? Every URL and every method has a row in the table."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from rest_framework.views import APIView

from tests.strangers.table import DOORS, Door
from tests.strangers.world import (
    NEIGHBOUR,
    NEIGHBOUR_NAME,
    NOBODY,
    PERSONS,
    RIGHT,
    STRANGER,
    STRANGER_NAME,
    World,
    build,
)

NAMES = {STRANGER: STRANGER_NAME, NEIGHBOUR: NEIGHBOUR_NAME}
ADMINISTRATION = "admin/"
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Built once, rolled back at the end of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def answered(door: Door, world: World, person: str) -> Any:
    """What the person is answered at the door."""
    client = Client(raise_request_exception=False)
    if person != NOBODY:
        client.force_login(world.people[NAMES.get(person, door.who)])
    address = reverse(door.name, kwargs=dict(door.kwargs(world))) + door.query
    given: dict[str, Any] = {"headers": dict(door.headers(world))}
    if door.method != "get":
        data = dict(door.data(world))
        as_json = address.startswith("/api/") and "file" not in data
        given["data"] = json.dumps(data) if as_json else data
        given |= {"content_type": "application/json"} if as_json else {}
    return getattr(client, door.method)(address, **given)


@pytest.mark.django_db
@pytest.mark.parametrize("person", PERSONS)
@pytest.mark.parametrize("door", DOORS, ids=str)
def test_a_door_answers_each_person_what_the_table_says(world, door, person):
    answer = answered(door, world, person)
    wanted = getattr(door, person)
    assert answer.status_code in (wanted if isinstance(wanted, tuple) else (wanted,)), (
        f"{door} as {person}: {answer.status_code}"
    )
    body = b"".join(answer) if answer.streaming else answer.content
    if person != RIGHT and door.hides is not None:
        assert door.hides(world).encode() not in body
    if person == RIGHT and door.hides is not None:
        assert door.hides(world).encode() in body, "the table hides what nobody would see anyway"
    if person == NOBODY and answer.status_code == 302 and door.nobody == 302 and door.name != "set_language":
        assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
@pytest.mark.parametrize("person", [STRANGER, NEIGHBOUR])
@pytest.mark.parametrize("rest", ["", "/moves", "/evidence", "/steps"])
def test_a_case_that_is_not_yours_and_one_that_is_not_there_look_alike(world, person, rest):
    client = Client()
    client.force_login(world.people[NAMES[person]])
    absent = world.case[:-4] + "9999"
    yours, there = (client.get(f"/api/cases/{number}{rest}") for number in (world.case, absent))
    assert yours.status_code == there.status_code == 404
    assert yours.content.replace(world.case.encode(), b"N") == there.content.replace(absent.encode(), b"N")


def patterns(found: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every path of the platform with its pattern."""
    for entry in (found or get_resolver()).url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, where)
        else:
            yield where, entry


def methods_of(pattern: URLPattern) -> set[str]:
    """The methods a view of DRF or a class-based one has; of a function only that it can be asked."""
    view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
    if view is None or pattern.callback.__module__.split(".")[0] not in OURS:
        return set()
    return {method for method in METHODS if hasattr(view, method)}


OURS = ("journal", "packs", "accounts", "exchange", "grid", "assets", "telemetry", "registers", "cases",
        "sanitation", "enforcement", "video", "portal", "evaluation", "dashboard", "cityops")  # fmt: skip


def unlisted(found: Any = None) -> list[str]:
    """Every path, or method of one, that has no row in the table."""
    rows = {(door.name, door.method) for door in DOORS}
    names = {name for name, _ in rows}
    told = []
    for where, pattern in patterns(found):
        if where.startswith(ADMINISTRATION):
            continue
        if pattern.name not in names:
            told.append(f"{where} ({pattern.name})")
        told += [
            f"{method} {where} ({pattern.name})" for method in methods_of(pattern) if (pattern.name, method) not in rows
        ]
    return told


def test_every_path_and_method_has_a_row():
    assert unlisted() == [], "write rows in tests/strangers/table.py"


class Planted(APIView):
    """An endpoint that somebody forgot to write a row for."""

    def get(self, request: Any) -> Any:
        """Would answer anybody."""

    def delete(self, request: Any) -> Any:
        """Would delete for anybody."""


def test_a_new_path_or_method_without_a_row_is_noticed():
    Planted.__module__ = "cases.rest"
    planted = [path("api/new", Planted.as_view(), name="new"), path("api/me", Planted.as_view(), name="api-me")]
    for entry in planted:
        entry.callback.__module__ = "cases.rest"
    found = SimpleNamespace(url_patterns=planted)
    assert sorted(unlisted(found)) == [
        "api/new (new)",
        "delete api/me (api-me)",
        "delete api/new (new)",
        "get api/new (new)",
    ]


def test_no_row_outlives_its_path():
    there = {pattern.name for _, pattern in patterns()}
    assert {door.name for door in DOORS} <= there


def test_what_is_open_to_all_says_why():
    for door in DOORS:
        if door.nobody not in (401, 302):
            assert door.why, f"{door} is open to nobody in particular: say why"


@pytest.mark.django_db
def test_every_page_of_the_administration_is_shut_to_all_but_administrators(world):
    paths = {
        where.replace("<path:object_id>", "1").replace("<int:content_type_id>", "1").replace("<path:object_id>", "1")
        for where, pattern in patterns()
        if where.startswith(ADMINISTRATION) and "(?P" not in where and "<" not in where.replace("<path:object_id>", "")
    }
    assert len(paths) > 20
    for person in (NOBODY, STRANGER_NAME, NEIGHBOUR_NAME, "leader"):
        client = Client(raise_request_exception=False)
        if person != NOBODY:
            client.force_login(world.people[person])
        for where in paths:
            status = client.get(f"/{where}").status_code
            assert status in (302, 403, 404), (person, where, status)
    boss = Client()
    boss.force_login(world.people["boss"])
    assert boss.get("/admin/").status_code == 200
    assert boss.get("/admin/accounts/grant/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("person", [NOBODY, STRANGER, NEIGHBOUR, RIGHT])
def test_a_path_that_does_not_exist_exists_for_nobody(world, person):
    client = Client()
    if person != NOBODY:
        client.force_login(world.people[NAMES.get(person, "here")])
    assert client.get("/api/no/such/thing").status_code == 404
