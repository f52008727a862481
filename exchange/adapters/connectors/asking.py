"""What connectors over HTTP share: the request, and an outcome where nothing came back or it went wrong."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from exchange.adapters import outside
from exchange.contracts.sendings import Outcome, Verdict
from exchange.rules.sendings import asked_wait


def ask(method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> outside.Answer | Outcome:
    """The answer of the other side, or the outcome that there was none."""
    try:
        return outside.request(method, url, headers, body)
    except outside.Unreachable as error:
        return Outcome(Verdict.NEVER if error.forbidden else Verdict.LATER, code=error.code)


def refused(answer: outside.Answer, at: datetime) -> Outcome:
    """The outcome of an answer that is no 2xx: tried again, not before the other side asked for it."""
    wait = asked_wait(answer.headers.get("retry-after", ""), at)
    return Outcome(Verdict.LATER, answer.status, "sending.refused", {"status": answer.status}, wait)


def told_in(answer: outside.Answer) -> Mapping[str, Any]:
    """The JSON object of an answer; empty where it is none."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}
