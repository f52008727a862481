"""Is it alive, is it ready, what are its figures. No sign-in: these say nothing about the city."""

import hmac
import urllib.request
from collections.abc import Callable
from typing import Any

import redis
import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from cityops import heartbeat
from cityops.gauges import CITY
from journal import selectors as journal

log = structlog.get_logger(__name__)
Verdict = dict[str, Any]


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; it says nothing about what it depends on."""
    return JsonResponse({"ok": True})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Everything that a case needs to travel from a frame to the wall is there; 503 names what is not."""
    checks = {name: probe() for name, probe in PROBES.items()}
    ok = all(verdict["ok"] for verdict in checks.values())
    if not ok:
        log.warning("not.ready", failing=sorted(name for name, verdict in checks.items() if not verdict["ok"]))
    return JsonResponse({"ok": ok, "checks": checks}, status=200 if ok else 503)


def database_probe() -> Verdict:
    """The database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError as error:
        return {"ok": False, "why": type(error).__name__}
    return {"ok": True}


def redis_probe() -> Verdict:
    """Redis answers a ping."""
    try:
        heartbeat.client().ping()
    except redis.RedisError as error:
        return {"ok": False, "why": type(error).__name__}
    return {"ok": True}


def relay_probe() -> Verdict:
    """The relay was seen lately and leaves no entry without its number for long."""
    try:
        lag = journal.lag()
    except DatabaseError as error:
        return {"ok": False, "why": type(error).__name__}
    limit = settings.RELAY_LAG_LIMIT_S
    seen = {"relay": lag.relay_seen_s, "deliver": lag.deliver_seen_s}
    ok = lag.unnumbered_s <= limit and all(age is not None and age <= limit for age in seen.values())
    return {"ok": ok, "unnumbered": lag.unnumbered, "unnumbered_s": lag.unnumbered_s, "seen_s": seen, "limit_s": limit}


def workers_probe() -> Verdict:
    """Each queue was served lately: the heartbeat that beat sends through it came out at the other end."""
    try:
        ages = heartbeat.ages()
    except redis.RedisError as error:
        return {"ok": False, "why": type(error).__name__}
    limit = settings.HEARTBEAT_LIMIT_S
    return {"ok": all(age is not None and age <= limit for age in ages.values()), "age_s": ages, "limit_s": limit}


PROBES: dict[str, Callable[[], Verdict]] = {
    "database": database_probe,
    "redis": redis_probe,
    "relay": relay_probe,
    "workers": workers_probe,
}


def answers(url: str, seconds: float = 5) -> None:
    """The page answers 200, asked by the first name it is known under; OSError or ValueError where it does not."""
    host = next((name for name in settings.ALLOWED_HOSTS if name != "*"), "localhost").lstrip(".")
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Host": host}), timeout=seconds):
        return


def may_read_metrics(request: HttpRequest) -> bool:
    """The bearer token, or, where none is set, a direct call from this host (nothing forwarded by a proxy)."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    direct = "X-Forwarded-For" not in request.headers and "Forwarded" not in request.headers
    return direct and request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures for Prometheus: requests of this process, the journal's lag, the workers' heartbeat."""
    if not may_read_metrics(request):
        return HttpResponse(status=403)
    return HttpResponse(generate_latest(REGISTRY) + generate_latest(CITY), content_type=CONTENT_TYPE_LATEST)
