"""The description of the API holds for all of it: a small dose of `./run prove api`, and that the proof can fail."""

import io
from functools import lru_cache

import pytest
import requests
import schemathesis
from django.test import Client
from urllib3 import HTTPResponse

from bench.calls import Call, Operation, operations_of
from bench.prove_api import JUDGES, NOBODY, Person, Run, Tally, holds
from tests.accounts.factories import holder
from tests.cases.factories import Town, brought_to
from tests.described import document, warned

EVERYTHING = ("admin", "case.see", "camera.see", "wall.see", "score.see", "feed.read", "person.see", "audit.see",
              "component.edit")  # fmt: skip


@lru_cache(maxsize=1)
def operations() -> tuple[Operation, ...]:
    """Every method of every path."""
    return tuple(operations_of(schemathesis.openapi.from_dict(document())))


def answer_of(status: int, body: bytes = b"{}", kind: str = "application/json") -> requests.Response:
    """An answer as the network brings it."""
    answer = requests.Response()
    answer.raw = HTTPResponse(io.BytesIO(body), {"Content-Type": kind}, status, preload_content=False)
    answer.status_code, answer._content, answer.headers = status, body, answer.raw.headers
    answer.request = requests.Request("GET", "http://city.example/").prepare()
    return answer


def faults_in(operation: Operation, answer: requests.Response) -> set[str]:
    """What the description does not allow in an answer."""
    call = Call("GET", "", {}, operation.generator.Case())
    return {kind for kind, judge in JUDGES.items() if not holds(call, answer, [judge])}


def test_whatever_asks_who_is_there_says_in_one_shape_with_what_it_refuses() -> None:
    asking = [one for one in operations() if not one.open]
    assert len(asking) > 200
    for one in asking:
        for status in ("400", "401", "403"):
            shape = one.described["responses"][status]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[
                2
            ]
            told = document()["components"]["schemas"][shape]
            assert sorted(told["required"]) == ["code", "message", "params"], (str(one), status)
        for kind in ("415", "413"):
            assert (kind in one.described["responses"]) or one.method == "GET", (str(one), kind)


def test_no_two_shapes_share_a_name_so_that_none_describes_the_answers_of_another() -> None:
    assert [told for told in warned() if "identical names" in told] == []


def test_what_is_open_to_all_is_the_interface_for_citizens_and_what_partners_sign() -> None:
    inside = {str(one) for one in operations() if one.open and not one.path.startswith("/open311/")}
    assert inside == {
        "POST /api/hotline/{code}/messages", "GET /api/hotline/schema", "GET /api/machines/schema",
        "POST /api/machines/{code}/reports", "GET /api/machines/{code}/reports/{event}", "POST /api/observations",
    }  # fmt: skip


def test_a_file_that_is_sent_is_described_as_bytes() -> None:
    files = {
        (name, told["properties"]["file"]["format"])
        for name, told in document()["components"]["schemas"].items()
        if told.get("properties", {}).get("file", {}).get("type") == "string"
    }
    assert len(files) >= 3
    assert {shape for _name, shape in files} == {"binary"}


def test_what_refuses_a_field_that_it_does_not_know_says_so() -> None:
    shapes = document()["components"]["schemas"]
    assert shapes["Report"]["additionalProperties"] is False
    assert shapes["Reason"]["additionalProperties"] is False
    assert "additionalProperties" not in shapes["CaseOut"]


def test_every_list_of_the_city_reads_as_its_description_says(town: Town) -> None:
    brought_to(town, "handling")
    root = Client(raise_request_exception=False)
    root.force_login(holder("root", *EVERYTHING))
    told = {}
    for one in operations():
        if one.method != "GET" or "{" in one.path:
            continue
        found = root.get(one.path, headers={"Accept": "application/json"})
        answer = answer_of(
            found.status_code, b"".join(found) if found.streaming else found.content, found["Content-Type"]
        )
        told[str(one)] = (found.status_code, faults_in(one, answer))
    assert len(told) > 50
    assert {one: faults for one, (_status, faults) in told.items() if faults} == {}
    assert sum(status == 200 for status, _faults in told.values()) > 0.7 * len(told), told


@pytest.mark.parametrize(
    ("person", "answer", "found"),
    [
        ("administrator", answer_of(200, b'{"code": 1}'), {"body not as described"}),
        ("administrator", answer_of(200, b"<p>", "text/html"), {"content type not described"}),
        ("administrator", answer_of(418), {"status not described"}),
        ("administrator", answer_of(502), {"5xx"}),
        (NOBODY, answer_of(200, b"[]"), {"answered nobody"}),
        ("administrator", answer_of(200, b"[]"), set()),
        (NOBODY, answer_of(401, b'{"code": "a", "message": "b", "params": {}}'), set()),
    ],
)
def test_the_proof_sees_what_must_not_be(person: str, answer: requests.Response, found: set[str]) -> None:
    operation = next(one for one in operations() if str(one) == "GET /api/categories")
    run = Run("http://city.example", {}, 0, 7, "")
    run.tally = Tally()
    who = Person.__new__(Person)
    who.name = person
    run._judge(
        operation,
        Call("GET", "http://city.example/api/categories", {"headers": {}}, operation.generator.Case()),
        who,
        answer,
    )
    assert set(run.tally.found) == found
    assert bool(run.tally.faults) == bool(found)
