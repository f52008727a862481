"""One id from the request to its tasks and log lines."""

import json
import logging

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from cityops import celery as project
from cityops.logs import logging_config
from cityops.tracing import HEADER, TraceMiddleware, trace_of
from core.trace import current_trace, use_trace


def passed_through(**headers: str) -> tuple[str, str]:
    seen = []

    def view(request):
        seen.append(current_trace())
        return HttpResponse()

    response = TraceMiddleware(view)(RequestFactory().get("/", headers=headers))
    return seen[0], response[HEADER]


def test_the_callers_trace_is_kept_and_told_back():
    assert passed_through(**{HEADER: "frame-12345678"}) == ("frame-12345678", "frame-12345678")


@pytest.mark.parametrize("nonsense", ["", "short", "x" * 65, "a b c d e f g h", "abcdefgh\u00e9", "<script>alert"])
def test_nonsense_gets_a_trace_of_our_own(nonsense):
    assert trace_of(nonsense) != nonsense
    assert len(trace_of(nonsense)) == 32


def test_two_requests_have_two_traces_and_nothing_is_left_behind():
    assert passed_through()[0] != passed_through()[0]
    assert current_trace() == ""


def test_a_task_runs_under_the_trace_of_its_sender():
    headers: dict[str, str] = {}
    with use_trace("frame-12345678"):
        project.send_trace(headers=headers)

    class Task:
        request = type("Request", (), headers)

    project.open_trace(task_id="t1", task=Task)
    inside = current_trace()
    project.close_trace(task_id="t1")
    assert (inside, current_trace()) == ("frame-12345678", "")


def test_a_log_line_is_json_with_the_trace(capsys):
    config = logging_config("INFO", "json")
    formatter = config["formatters"]["line"].pop("()")(**config["formatters"]["line"])
    record = logging.LogRecord("cases", logging.WARNING, __file__, 1, "late: %s", ("立案",), None)
    with use_trace("frame-12345678"):
        line = json.loads(formatter.format(record))
    assert line["trace"] == "frame-12345678"
    assert (line["event"], line["level"], line["logger"]) == ("late: 立案", "warning", "cases")
