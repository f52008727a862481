"""Health says the truth: who does not beat, does not number or does not answer is named, with 503."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.test import Client

from cityops import health, heartbeat
from cityops.tasks import beat_default, beat_video
from core import clock
from journal.models import Pulse


@pytest.fixture
def everything_beats(db):
    for name in ("relay", "deliver"):
        Pulse.objects.update_or_create(name=name, defaults={"at": clock.now()})
    beat_default()
    beat_video()


def readiness(client: Client | None = None) -> tuple[int, dict]:
    answer = (client or Client()).get("/readyz")
    return answer.status_code, answer.json()["checks"]


def test_the_process_is_alive_without_asking_anybody(client, monkeypatch):
    monkeypatch.setattr(health, "PROBES", {})
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.usefixtures("everything_beats")
def test_it_is_ready_when_everything_answers():
    status, checks = readiness()
    assert status == 200, checks
    assert set(checks) == {"database", "redis", "relay", "workers"}


@pytest.mark.usefixtures("everything_beats")
@pytest.mark.parametrize("part", ["relay", "workers"])
def test_it_is_not_ready_when_a_part_was_not_seen_lately(part):
    later = clock.now() + timedelta(seconds=91)
    clock.set_source(lambda: later)
    status, checks = readiness()
    assert status == 503
    assert not checks[part]["ok"]


@pytest.mark.usefixtures("everything_beats")
def test_a_queue_that_never_beat_is_named():
    heartbeat.client().delete(heartbeat._key("video"))
    status, checks = readiness()
    assert status == 503
    assert checks["workers"]["age_s"]["video"] is None
    assert checks["workers"]["age_s"]["default"] is not None


@pytest.mark.usefixtures("everything_beats")
def test_without_redis_it_answers_quickly_and_says_so(settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=0"
    status, checks = readiness()
    assert status == 503
    assert [name for name, verdict in checks.items() if not verdict["ok"]] == ["redis", "workers"]


@pytest.mark.usefixtures("everything_beats")
def test_without_the_database_it_answers_and_says_so(monkeypatch):
    def gone(*_args):
        raise OperationalError("gone")

    monkeypatch.setattr(health, "connection", SimpleNamespace(cursor=gone))
    monkeypatch.setattr(health, "journal", SimpleNamespace(lag=gone))
    status, checks = readiness()
    assert status == 503
    assert [name for name, verdict in checks.items() if not verdict["ok"]] == ["database", "relay"]


@pytest.mark.usefixtures("everything_beats")
def test_metrics_hold_the_journal_and_the_workers():
    text = Client().get("/metrics").content.decode()
    for name in ("cityops_journal_unnumbered", "cityops_journal_parked", "cityops_worker_heartbeat_seconds"):
        assert f"\n{name}" in f"\n{text}"
    assert 'cityops_worker_heartbeat_seconds{queue="video"}' in text


@pytest.mark.django_db
def test_metrics_are_for_this_host_or_for_who_has_the_token(settings):
    assert Client(REMOTE_ADDR="10.1.2.3").get("/metrics").status_code == 403
    assert Client().get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403
    settings.METRICS_TOKEN = "t" * 32
    assert Client().get("/metrics").status_code == 403
    assert Client().get("/metrics", headers={"Authorization": f"Bearer {'t' * 32}"}).status_code == 200
    assert Client().get("/metrics", headers={"Authorization": f"Bearer {'u' * 32}"}).status_code == 403


@pytest.mark.django_db
def test_health_takes_no_orders():
    assert [Client().post(path).status_code for path in ("/healthz", "/readyz", "/metrics")] == [405, 405, 405]
