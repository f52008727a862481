"""Every examples.yaml of the library, played through the doors of the platform."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from accounts.selectors import actor_named, organisation
from cases import actions as cases
from cases.selectors import category, category_rows, responsible
from core import clock, worktime
from core.scope import machine
from grid.selectors import calendar
from packs import actions
from packs.adapters.library import read_library
from tests.packs.factories import ROOT, build_city, point
from tests.packs.records import RECORD_WORDS, tried

EXAMPLES = [
    pytest.param(example, id=f"{pack.code}: {example['name']}")
    for pack in read_library().packs.values()
    for example in pack.examples
]
CAMERA = machine("video", "case.report", "case.see")
KNOWN = {
    "given": {"category", "condition", "source", "district", "at", "from", "limit", *RECORD_WORDS},
    "expect": {"department", "auto_register", "due", "states", "raised", "flags"},
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_says_nothing_that_is_not_tried(example):
    for part, words in KNOWN.items():
        assert set(example[part]) <= words
    assert example["expect"]


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """The packs in force in a small city, since New Year; built once, rolled back at the end of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        clock.set_source(lambda: datetime(2026, 1, 1, tzinfo=UTC))
        actions.apply(actor=ROOT)
        build_city()
        cases.switch_classes([row.code for row in category_rows()], enabled=True, actor=ROOT)
        clock.set_source(None)
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_pack_does_what_its_example_says(city, example):
    given, expect = example["given"], example["expect"]
    found = tried(given) if "register" in given else played(given) if "category" in given else counted(given)
    assert found | expect == found, example["name"]


def counted(given: Mapping[str, Any]) -> dict[str, Any]:
    """A limit counted on the calendar that its unit runs on."""
    limit = given["limit"]
    hours = calendar(worktime.runs_on(limit["unit"]))
    at = worktime.due(hours, datetime.fromisoformat(given["from"]), worktime.minutes_of(limit["value"], limit["unit"]))
    return {"due": local(at, given["from"])}


def played(given: Mapping[str, Any]) -> dict[str, Any]:
    """A report led to the first dispatch at the time given; who has it then, and by when."""
    at = datetime.fromisoformat(given["at"]).astimezone(UTC)
    clock.set_source(lambda: at)
    case = reported(given)
    registered = case.stage != "reported"
    if not registered:
        case = cases.accept(case.number, actor=actor_named("acceptor"), version=case.version)
        leader = actor_named("leader")
        case = cases.register(case.number, actor=leader, version=case.version, condition=given["condition"])
    proposed = responsible(given["category"], case.area)
    case = cases.dispatch(
        case.number, actor=actor_named("city_dispatcher"), version=case.version, department=proposed.organisation
    )
    home = organisation(case.organisation)
    assert home.area.endswith(given["district"]), "the department of the place, not of another district"
    return {
        "department": home.duties[0],
        "auto_register": registered,
        "due": local(case.due_at, given["at"]),
    }


def reported(given: Mapping[str, Any]) -> Any:
    lon, lat = point(given["district"])
    actor = {"collector": "collector", "camera": ""}.get(given["source"], "acceptor")
    return cases.report(
        actor=actor_named(actor) if actor else CAMERA,
        source=given["source"],
        source_ref="example",
        category=given["category"],
        lon=lon,
        lat=lat,
    )


def local(moment: datetime, like: str) -> str:
    """The moment, written as the example writes times."""
    return moment.astimezone(datetime.fromisoformat(like).tzinfo).isoformat()


def test_examples_show_a_case_for_every_duty():
    library = read_library()
    for pack in library.packs.values():
        duties = {row["duty"] for row in pack.document.get("responsibilities", ())}
        shown = {example["expect"].get("department") for example in pack.examples}
        assert duties <= shown, pack.code


@pytest.mark.django_db
def test_every_class_has_somebody_who_answers_for_it_in_every_district(city):
    rows = [row for pack in read_library().packs.values() for row in pack.document.get("categories", ())]
    assert len(rows) == 207
    for row in rows:
        assert category(row["code"]) is not None
        for district in ("449901", "449902", "449903"):
            area = f"449900.{district}.{district}001.{district}001001"
            assert responsible(row["code"], area).organisation == f"{row['department']['duty']}-{district}", row["code"]
