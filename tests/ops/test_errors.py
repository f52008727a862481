"""Every refusal has a code, a sentence in the reader's language, and its own status; nothing of ours becomes a 500."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DataError, ProgrammingError, connection, transaction
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation
from rest_framework import exceptions

from cityops import errors
from cityops.errors import DomainErrorMiddleware, handle_exception
from core.errors import Conflict, DomainError, Gone, Invalid, PreconditionRequired, Stale

STATUSES = [(Invalid, 400), (Conflict, 409), (Gone, 410), (Stale, 412), (PreconditionRequired, 428)]


def ask(path: str = "/api/x", **headers: str):
    return RequestFactory().get(path, headers=headers)


@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_a_domain_error_keeps_its_status_code_and_facts(kind, status):
    response = handle_exception(kind("json.too_deep", limit=32), {})
    assert response.status_code == status
    assert response.data["code"] == "json.too_deep"
    assert response.data["params"] == {"limit": 32}


def test_the_sentence_is_in_the_language_of_the_reader():
    with translation.override("en"):
        assert handle_exception(Invalid("json.nul"), {}).data["message"].startswith("The text contains a NUL")
    with translation.override("zh-hans"):
        assert "NUL 字符" in handle_exception(Invalid("json.nul"), {}).data["message"]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (exceptions.NotAuthenticated(), 401, "request.not_authenticated"),
        (exceptions.PermissionDenied(), 403, "request.permission_denied"),
        (exceptions.MethodNotAllowed("PUT"), 405, "request.method_not_allowed"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "request.unsupported_media_type"),
        (exceptions.ValidationError({"lon": ["?"]}), 400, "request.invalid"),
        (Http404(), 404, "request.not_found"),
        (PermissionDenied(), 403, "request.permission_denied"),
    ],
)
def test_what_the_framework_refuses_has_a_code_and_a_sentence_too(error, status, code):
    class View:
        headers = {}

    response = handle_exception(error, {"view": View()})
    assert response.status_code in {status, 403}
    assert response.data["code"] == code
    assert response.data["message"]


def test_what_nobody_foresaw_is_left_to_be_a_500():
    assert handle_exception(KeyError("x"), {}) is None


def refused_by_a_page(request, error: Exception) -> HttpResponse | None:
    return DomainErrorMiddleware(lambda _request: HttpResponse()).process_exception(request, error)


def test_a_page_that_refuses_answers_programs_in_json():
    answer = refused_by_a_page(ask("/cases/", Accept="application/json"), Stale("json.malformed", line=1, column=2))
    assert answer.status_code == 412
    assert json.loads(answer.content)["params"] == {"line": 1, "column": 2}


def test_htmx_gets_a_fragment_and_not_a_page():
    answer = refused_by_a_page(ask("/cases/", **{"HX-Request": "true"}), Conflict("json.nul"))
    assert answer.status_code == 409
    assert b"<html" not in answer.content
    assert b'data-code="json.nul"' in answer.content


def test_other_errors_pass_the_middleware():
    assert refused_by_a_page(ask(), ValueError("x")) is None


def test_the_page_of_last_resort_needs_neither_database_nor_template_context():
    answer = errors.broken(ask("/cases/", Accept="text/html"))
    assert answer.status_code == 500
    assert "server.error" in answer.content.decode()


@pytest.mark.django_db
def test_an_unknown_path_is_a_404_with_a_code():
    answer = Client().get("/api/there-is-no-such-thing", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json()["code"] == "request.not_found"


def test_an_error_without_a_sentence_shows_its_code():
    assert handle_exception(DomainError("nobody.wrote.this"), {}).data["message"] == "nobody.wrote.this"


@pytest.mark.django_db
@pytest.mark.parametrize("question", ["SELECT '2026-01-01'::date + %s::int", "SELECT 1 WHERE 'a' = %s"])
def test_what_only_the_database_refuses_about_a_value_is_the_fault_of_who_sent_it(question):
    value = 10**30 if "::int" in question else "a\x00b"
    with pytest.raises((DataError, ValueError)) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(question, [value])
    answer = handle_exception(refused.value, {})
    assert (answer.status_code, answer.data["code"]) == (400, "value.unstorable")
    page = DomainErrorMiddleware(HttpResponse).process_exception(ask(), refused.value)
    assert (page.status_code, json.loads(page.content)["code"]) == (400, "value.unstorable")


@pytest.mark.parametrize(
    "error", [ValueError("not a value of theirs"), ProgrammingError("no such column"), KeyError("a")]
)
def test_a_fault_of_ours_is_not_called_theirs(error):
    assert handle_exception(error, {}) is None
    assert DomainErrorMiddleware(HttpResponse).process_exception(ask(), error) is None


def test_a_tile_that_is_nowhere_is_refused_to_a_map_in_json():
    assert json.loads(errors.not_found(ask("/tiles/base/-1/0/0.mvt"), Http404()).content)["code"] == "request.not_found"
