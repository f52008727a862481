"""The schema is the truth: what it allows is answered as it says, never with a 500. A small dose of schemathesis."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client, override_settings
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.generation import GenerationMode

from cases.models import Case
from tests import described
from tests.cases.factories import STAGES, Town, brought_to

CHECKS = [checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance]
CSRF = "c" * 32
PATHS = ("/api/cases", "/api/categories")
Start = Callable[..., Any]


def document() -> dict[str, Any]:
    """The part of the schema that is about cases."""
    whole = described.document()
    return {**whole, "paths": {path: item for path, item in whole["paths"].items() if path.startswith(PATHS)}}


def application(schema: dict[str, Any]) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """Django, with the schema beside it at an address of its own."""
    django = get_wsgi_application()

    def serve(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/the-schema":
            return django(environ, start)
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(schema).encode()]

    return serve


def operations() -> list[tuple[str, str]]:
    """Every method and path of cases."""
    return [(method, path) for path, item in document()["paths"].items() for method in item if method != "parameters"]


@pytest.fixture(autouse=True)
def connections_stay_open() -> Iterator[None]:
    """A request that comes by WSGI does not close the connection of the test (Django's own client does the same)."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


LIKE_OTHERS = {
    "refuse", "reject", "redo", "refuse_feedback", "reopen", "check_fail", "send_check", "check_pass", "rework", "void",
    "settle", "send_back", "confirm", "revoke",
}  # fmt: skip
"""Steps whose shape another step of the list has too."""


@pytest.fixture(scope="module")
def numbers(standing_town: Town, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The numbers of cases that stand in a few stages."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        return [brought_to(standing_town, stage).number for stage in ("reported", "handling", "closed")]


@pytest.mark.parametrize(
    ("method", "path"),
    [(method, path) for method, path in operations() if path.rpartition("/")[2] not in LIKE_OTHERS],
    ids=lambda value: value,
)
def test_the_schema_holds(town: Town, numbers: list[str], method: str, path: str) -> None:
    browser = Client()
    browser.force_login(town.people["acceptor"])
    sent = {"sessionid": browser.cookies["sessionid"].value, "csrftoken": CSRF}
    schema = schemathesis.openapi.from_wsgi("/the-schema", application(document()))
    operation = schema[path][method.upper()]
    modes = [GenerationMode.POSITIVE]
    if operation.query or operation.body or operation.headers:
        modes.append(GenerationMode.NEGATIVE)
    calls = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])

    @seed(7)
    @given(case=calls, number=st.sampled_from([*numbers, None]))
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate],
              database=None)  # fmt: skip
    def hold(case: Any, number: str | None) -> None:
        if number and "number" in (case.path_parameters or {}):
            case.path_parameters["number"] = number
        answer = case.call(cookies=sent, headers={"X-CSRFToken": CSRF, "Referer": "http://localhost/"})
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            assert set(answer.json()) == {"code", "message", "params"}

    hold()
    assert set(Case.objects.values_list("stage", flat=True)) <= {*STAGES, "rejected", "verifying"}
