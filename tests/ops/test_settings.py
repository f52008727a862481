"""Settings fail closed: nothing secret, no host and no origin is guessed outside a developer's machine."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest

from cityops import schedule
from cityops.celery import app
from cityops.connections import broker_url, channel_prefix, database, redis_database
from cityops.settings.env import REQUIRED, ROOT, VARIABLES

GIVEN = {
    "DATABASE_URL": "postgis://u:p@db/cityops",
    "REDIS_URL": "redis://redis:6379/0",
    "SECRET_KEY": "".join(chr(ord("a") + (7 * n) % 26) for n in range(64)),
    "ALLOWED_HOSTS": "city.example",
    "CSRF_TRUSTED_ORIGINS": "https://city.example",
}


def load(module: str, environment: dict[str, str], expression: str = "True") -> subprocess.CompletedProcess[str]:
    code = f"import importlib; s = importlib.import_module('cityops.settings.{module}'); print({expression})"
    clean = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=clean, capture_output=True, text=True, timeout=99)


def test_production_starts_with_everything_given():
    done = load("prod", GIVEN, "s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.DEBUG, s.DEMO")
    assert done.stdout.split() == ["True", "True", "False", "False"], done.stderr


@pytest.mark.parametrize("missing", sorted(GIVEN))
def test_production_does_not_start_without(missing):
    done = load("prod", {name: value for name, value in GIVEN.items() if name != missing})
    assert done.returncode != 0
    assert missing in done.stderr


def test_production_is_never_a_demo():
    assert load("prod", {**GIVEN, "DEMO": "true"}, "s.DEMO").stdout.strip() == "False"


def test_a_developer_needs_a_database_and_redis_only():
    few = {name: GIVEN[name] for name in ("DATABASE_URL", "REDIS_URL")}
    assert load("dev", few, "s.ALLOWED_HOSTS").stdout.strip() == "['localhost', '127.0.0.1', '[::1]']"


def test_no_secret_host_or_origin_has_a_default():
    required = {variable.name for variable in VARIABLES if variable.default is REQUIRED}
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "REDIS_URL"} <= required


def test_a_dead_network_is_noticed_within_seconds():
    options = database("postgis://u@%2Frun%2Fpg/x", max_age=0, statement_timeout_ms=15000)
    assert options["HOST"] == "/run/pg"
    assert options["OPTIONS"]["connect_timeout"] == 3
    assert options["OPTIONS"]["tcp_user_timeout"] == 5000
    assert "statement_timeout=15000" in options["OPTIONS"]["options"]
    assert "idle_in_transaction_session_timeout=30000" in options["OPTIONS"]["options"]


def test_a_migration_may_take_its_time():
    options = database("postgis://u@db/x", max_age=0, statement_timeout_ms=0)["OPTIONS"]["options"]
    assert options == "-c jit=off -c statement_timeout=0 -c idle_in_transaction_session_timeout=0"


@pytest.mark.parametrize(
    ("url", "number", "broker"),
    [
        ("unix:///run/r.sock?db=3", "3", "redis+socket:///run/r.sock?virtual_host=3"),
        ("unix:///run/r.sock", "0", "redis+socket:///run/r.sock?virtual_host=0"),
        ("redis://host:6379/2", "2", "redis://host:6379/2"),
        ("redis://host", "0", "redis://host"),
    ],
)
def test_redis_is_named_the_way_each_library_wants(url, number, broker):
    assert redis_database(url) == number
    assert broker_url(url) == broker
    assert channel_prefix(url) == f"cityops{number}"


def test_celery_keeps_its_promises(settings):
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    limit = settings.CELERY_TASK_TIME_LIMIT
    assert limit < options["visibility_timeout"]
    assert (options["unacked_restore_interval"], options["unacked_restore_throttle"]) == (1, 1)


def test_everything_scheduled_is_a_task_that_exists():
    app.loader.import_default_modules()
    assert {entry.task for entry in schedule.ENTRIES} <= set(app.tasks)


def test_unsent_runs_expire_and_nothing_is_scheduled_twice():
    table = schedule.beat_schedule()
    assert len(table) == len(schedule.ENTRIES)
    for entry in table.values():
        assert timedelta(seconds=entry["options"]["expires"]) >= timedelta(seconds=entry["schedule"])
