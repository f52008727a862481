"""The health page says plainly what is wrong and what to do, to administrators only."""

from datetime import UTC, datetime, timedelta
from http.server import HTTPServer, SimpleHTTPRequestHandler
from threading import Thread
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import OperationalError
from django.test import Client

from accounts.actions import create_user, grant, upsert_role
from cityops import health_page, heartbeat
from cityops.tasks import beat_default, beat_video
from core import clock
from exchange.models import ImportJob
from journal.models import Pulse
from tests.cases.factories import PASSWORD, SETUP, names
from tests.video.factories import put_up
from video.models import Camera


@pytest.fixture
def admin(db: None) -> Client:
    """A window of an administrator, while every process beats."""
    for name in ("relay", "deliver"):
        Pulse.objects.update_or_create(name=name, defaults={"at": clock.now()})
    beat_default()
    beat_video()
    heartbeat.beat(heartbeat.SENDER)
    for code, rights in (("boss", ["admin"]), ("clerk", ["case.see"])):
        upsert_role(code=code, names=names(code, code), permissions=rights, actor=SETUP)
        user = create_user(username=code, password=PASSWORD, label=code, actor=SETUP)
        grant(user=user, role=code, actor=SETUP)
        if code == "boss":
            boss = user
    browser = Client()
    browser.force_login(boss)
    return browser


def shown(browser: Client) -> str:
    answer = browser.get("/health/")
    assert answer.status_code == 200
    return answer.content.decode()


def levels(look) -> list[str]:
    return [one.level for one in look()]


def test_when_everything_answers_it_says_so(admin, monkeypatch):
    monkeypatch.setattr(health_page.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=2**40, total=2**41))
    text = shown(admin)
    assert "一切正常。" in text
    assert "PostgreSQL" in text
    assert "默认工作进程" in text


def test_a_relay_that_was_not_seen_is_named_with_a_way_out(admin):
    Pulse.objects.filter(name="relay").update(at=clock.now() - timedelta(minutes=5))
    text = shown(admin)
    assert "中继（为消息编号）" in text
    assert "300 秒前出现" in text
    assert "manage.py relay" in text


def test_a_queue_that_nobody_serves_and_one_that_grows_long(admin, monkeypatch):
    assert levels(health_page.queues) == ["normal", "normal"]
    monkeypatch.setattr(heartbeat, "waiting", lambda: {"default": 5000, "video": 0})
    monkeypatch.setattr(heartbeat, "ages", lambda: {"default": 3.0, "video": None})
    long, silent = health_page.queues()
    assert (long.level, silent.level) == ("caution", "critical")
    assert "5000" in long.said
    assert "video" in silent.to_do


def test_without_redis_the_page_still_opens_and_says_so(admin, settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=0"
    text = shown(admin)
    assert "请启动 Redis" in text


def test_without_the_database_each_part_says_so_itself(monkeypatch):
    def gone(*_args):
        raise OperationalError("gone")

    monkeypatch.setattr(health_page.health, "connection", SimpleNamespace(cursor=gone))
    monkeypatch.setattr(health_page, "journal", SimpleNamespace(lag=gone))
    monkeypatch.setattr(health_page, "video", SimpleNamespace(states=gone, nodes_seen=gone))
    found = [*health_page.database(), *health_page.news(), *health_page.cameras(), *health_page.nodes()]
    assert [one.level for one in found] == ["critical"] * 3


@pytest.mark.django_db
def test_cameras_are_counted_by_state_and_one_that_is_down_wants_attention():
    assert levels(health_page.cameras) == ["off"]
    put_up("corner")
    put_up("bridge")
    Camera.objects.filter(code="corner").update(state="down")
    Camera.objects.filter(code="bridge").update(state="online")
    [found] = health_page.cameras()
    assert found.level == "caution"
    Camera.objects.update(state="down")
    assert levels(health_page.cameras) == ["critical"]


@pytest.mark.parametrize(("free", "level"), [(2**40, "normal"), (5 * 2**30, "caution"), (2**30, "critical")])
def test_a_full_disk_is_told_in_time(monkeypatch, settings, tmp_path, free, level):
    settings.DATABASE_DIR = str(tmp_path)
    left = {settings.DATA_DIR: 2**40, str(tmp_path): 2**40}
    monkeypatch.setattr(
        health_page.shutil, "disk_usage", lambda folder: SimpleNamespace(free=left[folder], total=2**41)
    )
    left[settings.DATA_DIR] = free
    assert levels(health_page.storage) == [level, "normal"]
    left[settings.DATA_DIR], left[str(tmp_path)] = 2**40, free
    assert levels(health_page.storage) == ["normal", level]


@pytest.mark.django_db
def test_the_disk_of_the_database_is_looked_at_where_it_is_and_unwatched_elsewhere(settings, tmp_path, monkeypatch):
    settings.DATABASE_DIR = str(tmp_path / "gone")
    assert levels(health_page.storage)[1] == "critical"
    settings.DATABASE_DIR = ""
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", "db.elsewhere")
    [_, elsewhere] = health_page.storage()
    assert (elsewhere.level, "DATABASE_DIR" in elsewhere.said) == ("off", True)


def test_a_server_that_answers_is_well_and_one_that_was_stopped_is_named(settings, monkeypatch):
    monkeypatch.setattr(health_page, "ASK_S", 60)
    server = HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    settings.HEALTH_URLS = {"live": f"http://127.0.0.1:{server.server_port}/"}
    try:
        web, live = health_page.servers()
        assert (web.level, live.level) == ("normal", "normal")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    [_, live] = health_page.servers()
    assert live.level == "critical"
    assert live.to_do
    settings.HEALTH_URLS = {}
    assert levels(health_page.servers) == ["normal", "off"]


def test_a_beat_that_fell_silent_is_named_itself(admin):
    heartbeat.client().delete(heartbeat._key(heartbeat.SENDER))
    [never] = health_page.sender()
    assert never.level == "critical"
    heartbeat.beat(heartbeat.SENDER)
    assert levels(health_page.sender) == ["normal"]
    later = clock.now() + timedelta(seconds=91)
    clock.set_source(lambda: later)
    text = shown(admin)
    assert "celery -A cityops beat" in text
    assert "请先启动定时程序" in text
    assert "请为队列" not in text, "a worker is not blamed for what beat does not send"


@pytest.mark.django_db
def test_imports_that_failed_or_fell_silent_are_counted():
    told = {"kind": "assets.components", "name": "a.csv", "sha256": "0" * 64, "size": 1, "format": "csv",
            "created_at": clock.now(), "created_by": "user:1"}  # fmt: skip
    assert levels(health_page.connectors) == ["off", "normal"]
    job = ImportJob.objects.create(**told, state="failed", ended_at=clock.now())
    ImportJob.objects.create(**told, state="running", beat_at=clock.now())
    [_, imports] = health_page.connectors()
    assert (imports.level, "1" in imports.said) == ("caution", True)
    ImportJob.objects.filter(pk=job.pk).update(ended_at=clock.now() - timedelta(days=8))
    assert levels(health_page.connectors) == ["off", "normal"]
    ImportJob.objects.filter(state="running").update(beat_at=clock.now() - timedelta(minutes=6))
    assert levels(health_page.connectors) == ["off", "critical"]


def certificate(days: int) -> bytes:
    """A certificate that ends in so many days."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "city.example")])
    begins = now - timedelta(days=400)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(begins).not_valid_after(now + timedelta(days=days, hours=1))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(("days", "level"), [(90, "normal"), (9, "caution"), (-2, "critical")])
def test_a_certificate_warns_a_month_before_it_ends(tmp_path, settings, days, level):
    file = tmp_path / "city.pem"
    file.write_bytes(certificate(days))
    settings.TLS_CERTIFICATE = [str(file)]
    [found] = health_page.certificates()
    assert found.level == level
    assert f"{days}" in found.said


def test_each_certificate_is_told_with_its_own_days(tmp_path, settings):
    for name, days in (("pages.pem", 80), ("cameras.pem", 12)):
        (tmp_path / name).write_bytes(certificate(days))
    settings.TLS_CERTIFICATE = [str(tmp_path / "pages.pem"), str(tmp_path / "cameras.pem")]
    pages, cameras = health_page.certificates()
    assert ("pages.pem" in pages.name, "80" in pages.said, pages.level) == (True, True, "normal")
    assert ("cameras.pem" in cameras.name, "12" in cameras.said, cameras.level) == (True, True, "caution")


def test_a_file_that_is_no_certificate_is_said_to_be_none(tmp_path, settings):
    file = tmp_path / "city.pem"
    file.write_text("hello")
    settings.TLS_CERTIFICATE = [str(file)]
    assert levels(health_page.certificates) == ["critical"]
    settings.TLS_CERTIFICATE = []
    assert levels(health_page.certificates) == ["off"]


def test_who_does_not_administer_the_system_is_not_told(admin):
    clerk = Client()
    clerk.force_login(create_user(username="other", password=PASSWORD, label="other", actor=SETUP))
    assert clerk.get("/health/").status_code == 403
