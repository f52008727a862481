"""Production is described completely: every process, with a health check, and no secret with a default."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from cityops.tasks import beat_default
from core import clock
from journal.models import Pulse

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
PROCESSES = {"db", "redis", "web", "live", "relay", "deliver", "gateway", "store", "worker", "worker-video", "beat"}


def test_every_process_is_described():
    assert set(SERVICES) >= PROCESSES


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_process_has_a_health_check_and_is_started_again(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_no_secret_host_or_origin_has_a_default():
    for name in ("DB_PASSWORD", "SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"):
        uses = re.findall(r"\$\{" + name + r"([^}]*)\}", COMPOSE)
        assert uses
        assert all(use.startswith(":?") for use in uses), f"{name} has a default"


def test_the_same_commands_run_in_the_demo():
    demo = (ROOT / "run").read_text()
    for queue in ("-Q default", "-Q video -P threads"):
        assert queue in COMPOSE
        assert queue in demo
    commands = [f"manage.py {name}" for name in ("relay", "relay --deliver", "gateway", "store")]
    for command in (*commands, "beat --pidfile="):
        assert command in COMPOSE
        assert command in demo


def test_health_and_metrics_are_not_served_to_the_outside():
    assert re.search(
        r"location ~ \^/\(metrics\|readyz\|healthz\)\$ \{ return 404; \}", (ROOT / "deploy/nginx.conf").read_text()
    )


def test_the_image_proves_its_settings():
    assert "check --deploy --fail-level WARNING" in (ROOT / "Dockerfile").read_text()
    assert "SILENCED" not in (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("script", ["run", ".ci/run", "requirements/pin.sh"])
def test_scripts_are_executable_and_parse(script):
    assert (ROOT / script).stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(ROOT / script)], capture_output=True, check=False).returncode == 0


def test_run_names_each_command_it_has():
    listing = subprocess.run([str(ROOT / "run"), "help"], capture_output=True, text=True, check=True).stdout
    for command in ("demo", "stop", "test", "walk", "check", "bench", "prove", "doctor", "help"):
        assert f"./run {command}" in listing
    unknown = subprocess.run([str(ROOT / "run"), "fly"], capture_output=True, text=True, check=False)
    assert unknown.returncode == 2


def test_every_pin_is_exact():
    for name in ("base", "video", "dev"):
        lines = [
            line
            for line in (ROOT / f"requirements/{name}.txt").read_text().splitlines()
            if line and line[0] not in "# "
        ]
        assert lines
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z0-9,-]+\])?==[^+\s]+", line) for line in lines), name
        assert not [line for line in lines if line.startswith("nvidia-") and "-cu1" in line]


@pytest.mark.django_db
def test_a_probe_says_whether_its_process_is_at_work():
    with pytest.raises(CommandError, match="relay was last seen never"):
        call_command("probe", "relay")
    Pulse.objects.create(name="relay", at=clock.now())
    call_command("probe", "relay")
    beat_default()
    call_command("probe", "default")
    with pytest.raises(CommandError, match="no process is called"):
        call_command("probe", "nobody")
    with pytest.raises(CommandError, match="http://127.0.0.1:9/healthz"):
        call_command("probe", "http://127.0.0.1:9/healthz")
