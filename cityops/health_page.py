"""The page that says what is wrong with the running system and what to do, from what /readyz and /metrics read."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import redis
from cryptography import x509
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cityops import health, heartbeat
from cityops.backups.drilling import Drill, last_drill
from cityops.backups.taking import held_back, taken
from cityops.findings import CAUTION, CRITICAL, NORMAL, OFF, Finding, broken
from cityops.health_outside import connectors, films, scanning
from core import clock
from core.gates import page_needs
from evaluation import selectors as evaluation
from journal import selectors as journal
from video import selectors as video

LOW_DISK, NO_DISK = 10 * 2**30, 2 * 2**30
LONG_QUEUE, LONG_LAG_S, LONG_SILENCE_S = 200, 60, 60
RENEW_DAYS, A_DAY_S = 30, 86_400
BACKUP_HOURS, DRILL_HOURS = 36, 48
LONG_LOG = 2**30
MOST_TOLD = 20
PROCESSES = {"relay": gettext_lazy("Relay (numbers the news)"), "deliver": gettext_lazy("Delivery (marks and tiles)")}
QUEUES = {"default": gettext_lazy("Default workers"), "video": gettext_lazy("Video workers")}
SERVERS = {"web": gettext_lazy("Pages and API (web)"), "live": gettext_lazy("Sockets (live)")}
LOCAL = ("", "localhost", "127.0.0.1", "::1")
ASK_S = 2
STATES = {
    "online": pgettext_lazy("camera", "online"),
    "degraded": pgettext_lazy("camera", "degraded"),
    "connecting": pgettext_lazy("camera", "connecting"),
    "idle": pgettext_lazy("camera", "idle"),
    "down": pgettext_lazy("camera", "down"),
    "quarantined": pgettext_lazy("camera", "quarantined"),
}
TROUBLED = ("down", "quarantined")


def database() -> Iterator[Finding]:
    """The database answers, and how large it is."""
    verdict = health.PROBES["database"]()
    if not verdict["ok"]:
        yield Finding(_("Database"), CRITICAL, broken(verdict), _("Start PostgreSQL; nothing works without it."))
        return
    with connection.cursor() as cursor:
        cursor.execute("select pg_database_size(current_database()), current_setting('server_version')")
        size, version = cursor.fetchone()
    told = _("PostgreSQL %(version)s answers and holds %(size)s.")
    yield Finding(_("Database"), NORMAL, told % {"version": version, "size": filesizeformat(size)})


def cache() -> Iterator[Finding]:
    """Redis answers, and how much memory it uses."""
    name, verdict = _("Redis"), health.PROBES["redis"]()
    try:
        used = int(heartbeat.client().info("memory")["used_memory"]) if verdict["ok"] else 0
    except redis.RedisError as error:
        verdict = {"ok": False, "why": type(error).__name__}
    if verdict["ok"]:
        yield Finding(name, NORMAL, _("Redis answers and uses %(size)s.") % {"size": filesizeformat(used)})
    else:
        to_do = _("Start Redis. Until then work waits in the database, and pages refresh more slowly.")
        yield Finding(name, CRITICAL, broken(verdict), to_do)


def news() -> Iterator[Finding]:
    """The relay and the delivery were seen lately, no entry waits long, nothing is parked."""
    try:
        lag = journal.lag()
    except DatabaseError as error:
        yield Finding(_("Journal"), CRITICAL, broken({"why": type(error).__name__}))
        return
    seen = {"relay": lag.relay_seen_s, "deliver": lag.deliver_seen_s}
    for process, age in seen.items():
        way_out = _("Start it: manage.py relay, and manage.py relay --deliver. Nothing is lost meanwhile.")
        yield _beat(str(PROCESSES[process]), age, settings.RELAY_LAG_LIMIT_S, way_out)
    told = ngettext("%(n)s entry waits for its number", "%(n)s entries wait for their number", lag.unnumbered)
    waiting = told % {"n": lag.unnumbered} + _(", the oldest for %(s)s s.") % {"s": round(lag.unnumbered_s)}
    late = lag.unnumbered_s > settings.RELAY_LAG_LIMIT_S
    yield Finding(_("Relay lag"), CRITICAL if late else NORMAL, waiting, _("Look at the relay's log.") if late else "")
    for cursor in lag.cursors:
        if cursor.parked or cursor.seconds > LONG_LAG_S:
            facts = {"behind": cursor.behind, "s": round(cursor.seconds), "parked": cursor.parked}
            told = _("%(behind)s entries behind (%(s)s s), %(parked)s parked.") % facts
            yield Finding(
                cursor.subscriber, CAUTION, told, _("Look at its error, mend it, and let the parked go again.")
            )


def facts() -> Iterator[Finding]:
    """Every case of which there was news can be counted by evaluation; nothing is said where it is so."""
    try:
        parked = evaluation.parked()
    except DatabaseError:
        return
    for number, error in list(parked.items())[:MOST_TOLD]:
        told = _("Case %(number)s cannot be counted by the evaluation: %(error)s")
        way_out = _("Mend what is wrong with it, then run manage.py facts. Until then its last count stands.")
        yield Finding(_("Facts of the evaluation"), CAUTION, told % {"number": number, "error": error}, way_out)


def _beat(name: str, age: float | None, limit: int, way_out: str, more: str = "") -> Finding:
    if age is None:
        return Finding(name, CRITICAL, _("It was never seen.") + more, way_out)
    told = _("Last seen %(s)s s ago.") % {"s": round(age)} + more
    return Finding(name, CRITICAL, told, way_out) if age > limit else Finding(name, NORMAL, told)


def queues() -> Iterator[Finding]:
    """Each queue is served, and few tasks wait in it."""
    try:
        ages, lengths, sent = heartbeat.ages(), heartbeat.waiting(), heartbeat.sender_age()
    except redis.RedisError as error:
        yield Finding(_("Queues"), CRITICAL, broken({"why": type(error).__name__}), _("Start Redis."))
        return
    for queue, age in ages.items():
        waits = ngettext(" %(n)s task waits.", " %(n)s tasks wait.", lengths[queue]) % {"n": lengths[queue]}
        way_out = _("Start a worker for the queue %(queue)s.") % {"queue": queue}
        if sent is None or sent > settings.HEARTBEAT_LIMIT_S:
            way_out = _("Start beat first: while it is silent nothing tells whether a worker serves this queue.")
        found = _beat(str(QUEUES.get(queue, queue)), age, settings.HEARTBEAT_LIMIT_S, way_out, waits)
        if found.level == NORMAL and lengths[queue] > LONG_QUEUE:
            found = found._replace(level=CAUTION, to_do=_("Add workers, or find the task that takes so long."))
        yield found


def nodes() -> Iterator[Finding]:
    """Each analysis node that worked within a day was seen within a minute."""
    try:
        seen = video.nodes_seen()
    except DatabaseError:
        return
    for name, at in seen.items():
        age = (clock.now() - at).total_seconds()
        if age < A_DAY_S:
            yield _beat(_("Analysis node %(name)s") % {"name": name}, age, LONG_SILENCE_S,
                        _("Start it again; others take its cameras meanwhile."))  # fmt: skip


def sender() -> Iterator[Finding]:
    """Beat looked at its list lately: without it nothing periodic is sent, and every queue falls silent."""
    try:
        age = heartbeat.sender_age()
    except redis.RedisError:
        return
    way_out = _("Start it: celery -A cityops beat. Until then no clock is watched, and the workers look silent.")
    yield _beat(_("Beat (sends periodic work)"), age, settings.HEARTBEAT_LIMIT_S, way_out)


def servers() -> Iterator[Finding]:
    """Whoever serves pages and sockets answers where the settings say; this page itself came from one of them."""
    asked = {"web": "", "live": "", **settings.HEALTH_URLS}
    for name, url in asked.items():
        shown = str(SERVERS.get(name, name))
        if url:
            yield _answering(shown, url)
        elif name == "web":
            yield Finding(shown, NORMAL, _("This page came from it."))
        else:
            yield Finding(shown, OFF, _("Nobody asks it; say where it answers (HEALTH_URLS)."))


def _answering(name: str, url: str) -> Finding:
    try:
        health.answers(url, ASK_S)
    except (OSError, ValueError) as error:
        return Finding(name, CRITICAL, broken({"why": type(error).__name__}), _("Start it, or mend HEALTH_URLS."))
    return Finding(name, NORMAL, _("It answers at %(url)s.") % {"url": url})


def storage() -> Iterator[Finding]:
    """There is room where evidence is kept, and where the database writes."""
    yield _room(_("Storage"), settings.DATA_DIR, _("%(free)s of %(total)s are free for evidence."))
    name, folder = _("Disk of the database"), _database_dir()
    if folder:
        yield _room(name, folder, _("%(free)s of %(total)s are free for the database."))
    else:
        yield Finding(name, OFF, _("It is not on this host, and nobody looks at its room (DATABASE_DIR)."))


def _database_dir() -> str:
    """Where the database writes, as the settings say, or as it says itself if it runs here and tells; else nothing."""
    if settings.DATABASE_DIR:
        return str(settings.DATABASE_DIR)
    host = str(settings.DATABASES["default"].get("HOST", ""))
    if not (host.startswith("/") or host in LOCAL):
        return ""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select setting from pg_settings where name = 'data_directory'")
            found = cursor.fetchone()
        return str(found[0]) if found and Path(found[0]).is_dir() else ""
    except (DatabaseError, OSError):
        return ""


def _room(name: str, folder: str | Path, told: str) -> Finding:
    try:
        usage = shutil.disk_usage(folder)
    except OSError as error:
        return Finding(name, CRITICAL, broken({"why": type(error).__name__}), _("Mount the disk."))
    level = CRITICAL if usage.free < NO_DISK else CAUTION if usage.free < LOW_DISK else NORMAL
    said = told % {"free": filesizeformat(usage.free), "total": filesizeformat(usage.total)}
    return Finding(name, level, said, "" if level == NORMAL else _("Make room or add a disk; 10 GB at least."))


def backups() -> Iterator[Finding]:
    """A backup is at most a day and a half old; the last drill brought the city back, and was lately."""
    if not settings.BACKUP_DIR:
        yield Finding(_("Backup"), OFF, _("Nobody keeps backups from here (BACKUP_DIR)."))
        return
    folder = Path(settings.BACKUP_DIR)
    held, rehearsed = taken(folder), last_drill(folder)
    told = _("The last one is %(hours)s hours old; %(n)s are kept.")
    way_out = _("Run manage.py backup, and see to it that it runs every night.")
    if held:
        hours = (clock.now() - held[-1].ended).total_seconds() / 3600
        late = hours > BACKUP_HOURS
        said = told % {"hours": round(hours), "n": len(held)}
        yield Finding(_("Backup"), CAUTION if late else NORMAL, said, way_out if late else "")
    else:
        yield Finding(_("Backup"), CRITICAL, _("None was ever taken."), way_out)
    yield _log_received()
    yield _drilled(rehearsed)


def _log_received() -> Finding:
    """The log leaves the server as it is written; a receiver that is away fills its disk, or was never there."""
    name = _("Log for the backup")
    try:
        held = held_back()
    except DatabaseError as error:
        return Finding(name, CRITICAL, broken({"why": type(error).__name__}))
    if held is None:
        way_out = _("Start manage.py backup --stream: without it a city is lost back to the last base backup.")
        return Finding(name, CRITICAL, _("Nobody receives it."), way_out)
    said = _("It is received as it is written; %(size)s are under way.") % {"size": filesizeformat(held)}
    return Finding(name, CAUTION if held > LONG_LOG else NORMAL, said)


def _drilled(last: Drill | None) -> Finding:
    name, way_out = _("Restore drill"), _("Run manage.py drill, and see to it that it runs every night.")
    if last is None:
        return Finding(name, CAUTION, _("A restore was never rehearsed."), way_out)
    hours = (clock.now() - last.at).total_seconds() / 3600
    if last.wrong:
        said = ngettext(
            "The last one, %(hours)s hours ago, found %(n)s fault.",
            "The last one, %(hours)s hours ago, found %(n)s faults.",
            len(last.wrong),
        ) % {"hours": round(hours), "n": len(last.wrong)}
        way_out = _("Look into drill.json, and mend it now: what cannot be restored is not backed up.")
        return Finding(name, CRITICAL, said, way_out)
    said = _("The city was brought back %(hours)s hours ago, in %(s)s s.") % {"hours": round(hours), "s": last.seconds}
    late = hours > DRILL_HOURS
    return Finding(name, CAUTION if late else NORMAL, said, way_out if late else "")


def cameras() -> Iterator[Finding]:
    """How many cameras are in which state."""
    try:
        counted = video.states()
    except DatabaseError as error:
        yield Finding(_("Cameras"), CRITICAL, broken({"why": type(error).__name__}))
        return
    if not counted:
        yield Finding(_("Cameras"), OFF, _("No camera is set up."))
        return
    said = " · ".join(f"{STATES.get(state, state)} {many}" for state, many in counted.items())
    bad = sum(counted.get(state, 0) for state in TROUBLED)
    level = CRITICAL if bad == sum(counted.values()) else CAUTION if bad else NORMAL
    yield Finding(_("Cameras"), level, said, _("Open the video page; each camera says what is wrong.") if bad else "")


def certificates() -> Iterator[Finding]:
    """Each certificate that is watched is valid for a while yet."""
    if not settings.TLS_CERTIFICATE:
        yield Finding(_("Certificate"), OFF, _("No certificate is watched (TLS_CERTIFICATE)."))
    for path in settings.TLS_CERTIFICATE:
        yield _certificate(_("Certificate %(file)s") % {"file": Path(path).name}, path)


def _certificate(name: str, path: str) -> Finding:
    try:
        ends = x509.load_pem_x509_certificate(Path(path).read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        told = _("%(path)s cannot be read as a certificate.") % {"path": path}
        return Finding(name, CRITICAL, told, _("Put the PEM file there, readable for the service."))
    return _until(name, ends)


def _until(name: str, ends: datetime) -> Finding:
    days = (ends - clock.now()).days
    level = CRITICAL if days < 0 else CAUTION if days < RENEW_DAYS else NORMAL
    told = _("Valid until %(day)s (%(n)s days).") % {"day": ends.date().isoformat(), "n": days}
    return Finding(name, level, told, "" if level == NORMAL else _("Renew it and reload the proxy."))


PARTS: tuple[tuple[Any, tuple[Callable[[], Iterator[Finding]], ...]], ...] = (
    (gettext_lazy("Foundations"), (database, cache, storage, backups, certificates)),
    (gettext_lazy("Processes"), (servers, news, facts, sender, queues, nodes)),
    (gettext_lazy("Field"), (cameras, connectors, scanning, films)),
)


@never_cache
@require_safe
@page_needs("admin")
def page(request: HttpRequest) -> HttpResponse:
    """Every part of the system, how it is, and what to do where it is not well."""
    groups = [{"name": name, "findings": [one for look in looks for one in look()]} for name, looks in PARTS]
    wrong = [one for group in groups for one in group["findings"] if one.level in (CAUTION, CRITICAL)]
    context = {"groups": groups, "wrong": sorted(wrong, key=lambda one: one.level != CRITICAL), "at": clock.now()}
    return render(request, "health.html", context)
