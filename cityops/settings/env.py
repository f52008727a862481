"""Every environment variable CityOps reads, in one table (docs/settings.md is generated from it)."""

from pathlib import Path
from typing import Any, NamedTuple

import environ

ROOT = Path(__file__).resolve().parents[2]
BASE_MAPS = ROOT / "cityops" / "settings" / "base_maps.yaml"
REQUIRED = object()


class Variable(NamedTuple):
    """One setting that may come from the environment; REQUIRED as default means: must be given."""

    name: str
    cast: type
    default: object
    meaning: str


VARIABLES = (
    Variable("DATABASE_URL", str, REQUIRED, "PostgreSQL 15+ with PostGIS 3.3+, as `postgis://user@host/name`."),
    Variable("REDIS_URL", str, REQUIRED, "Redis 7+: `redis://host:port/0` or `unix:///path/redis.sock?db=0`."),
    Variable("SECRET_KEY", str, REQUIRED, "Signs sessions and tokens; at least 50 random characters."),
    Variable("ALLOWED_HOSTS", list, REQUIRED, "Host names the pages answer to, comma separated."),
    Variable("CSRF_TRUSTED_ORIGINS", list, REQUIRED, "Origins whose forms are accepted, with scheme, comma separated."),
    Variable("DATA_DIR", Path, ROOT / "var", "Directory of evidence, uploads and results; must survive a restart."),
    Variable("DEMO", bool, False, "Shows the demo accounts on the sign-in page. Never in production."),
    Variable("MFA_REQUIRED", bool, False, "Administrators and remote users must have a second factor."),
    Variable("PASSWORD_PROFILE", str, "asvs", "`asvs` (long, kept) or `dengbao3` (classes, history, 90 days, idle)."),
    Variable("EMAIL_URL", str, "smtp://localhost:25", "Mail server: `smtp+tls://user:password@host:587`."),
    Variable("FROM_EMAIL", str, "CityOps <no-reply@localhost>", "Sender of those mails."),
    Variable("LOG_LEVEL", str, "INFO", "Lowest level that is logged."),
    Variable("LOG_FORMAT", str, "json", "`json`, one object a line, or `console` for people."),
    Variable("DB_CONN_MAX_AGE", int, 60, "Seconds a database connection is kept; 0 in ASGI processes."),
    Variable("DB_STATEMENT_TIMEOUT_MS", int, 15000, "Limit of a query; workers use 120000; 0: none."),
    Variable("PANEL_TIMEOUT_MS", int, 2000, "Limit of a panel on the page of a system; it then says that it was slow."),
    Variable("HSTS_SECONDS", int, 31536000, "How long browsers remember to use HTTPS."),
    Variable("TRUSTED_PROXY", bool, True, "A reverse proxy in front sets X-Forwarded-Proto."),
    Variable("RELAY_LAG_LIMIT_S", int, 15, "/readyz fails when an entry waits longer for its number."),
    Variable("HEARTBEAT_LIMIT_S", int, 90, "/readyz fails when a worker queue has not beaten for this long."),
    Variable("SILENCED_CHECKS", list, [], "System checks by id that stay silent; `gis.W001` where GDAL < 3.9."),
    Variable("RTSP_PORT", int, 8554, "Port of the demo's camera server on this host; written by `./run demo`."),
    Variable("RTSP_CONTROL_PORT", int, 8555, "Port of that server's control, loopback only."),
    Variable("HOTLINE_PORT", int, 8556, "Port of the demo's simulated hotline on this host; written by `./run demo`."),
    Variable("GATEWAY_HOST", str, "127.0.0.1", "Where the gateway listens for terminals; `0.0.0.0`: everywhere."),
    Variable("JT808_PORT", int, 8808, "Port for terminals of vehicles and people (JT/T 808); 0: none."),
    Variable("SL651_PORT", int, 8651, "Port for level and rain gauges (SL 651); 0: none."),
    Variable("HJ212_PORT", int, 8212, "Port for stacks and plants (HJ 212); 0: none."),
    Variable("GATEWAY_MOST", int, 20000, "How many terminals may be connected at once."),
    Variable("GATEWAY_MOST_PER_IP", int, 5000, "How many of one address; carriers put many behind one."),
    Variable("GATEWAY_BACKLOG", int, 200000, "Entries not stored yet beyond which the gateway stops reading."),
    Variable("TELEMETRY_REDIS_URL", str, "", "A Redis of its own for the streams of telemetry; none: REDIS_URL."),
    Variable("POSITION_KEEP_DAYS", int, 90, "How many days positions are kept one by one."),
    Variable("TLS_CERTIFICATE", list, [], "PEM files of certificates, comma separated; /health/ says when each ends."),
    Variable("HEALTH_URLS", dict, {}, "Where /health/ asks: `live=http://live:8000/healthz`, comma separated."),
    Variable("DATABASE_DIR", str, "", "Where the disk of the database is mounted; /health/ looks at its room."),
    Variable("METRICS_TOKEN", str, "", "Bearer token for /metrics; without one only this host may read it."),
    Variable("BASE_MAPS", list, [], "Maps of others offered beneath ours: `tianditu,amap,osm`. None: no outside host."),
    Variable("BASE_MAP_KEYS", dict, {}, "Their keys: `tianditu=...`. Browsers see them: bind them to your host name."),
    Variable("BASE_MAPS_FILE", Path, BASE_MAPS, "YAML of those maps: addresses, datum, credit."),
    Variable("COMPONENT_MOVE_M", int, 500, "Metres from where it was beyond which a component needs a second word."),
    Variable("COMPONENT_NEAR_M", int, 3, "Metres within which a new component may be the one of its type there."),
    Variable("CONTRACT_WARNING_DAYS", int, 30, "Contracts that end within so many days are listed as a warning."),
    Variable("IMPORT_KEEP_DAYS", int, 14, "An upload left for so many days is cancelled, its file removed."),
    Variable("UPLOAD_KEEP_HOURS", int, 48, "An upload in pieces that was not gone on with for so long is cleared."),
    Variable("UPLOADS_MOST", int, 100, "How many uploads one person may have waiting for a form."),
    Variable("UPLOADS_MOST_MB", int, 1000, "How many megabytes those may have together."),
    Variable("BACKUP_DIR", str, "", "Where `manage.py backup` keeps backups: another disk, better another host."),
    Variable("BACKUP_KEEP", int, 14, "How many base backups are kept, and the log since the oldest of them."),
    Variable("SCANNER_URL", str, "", "Scanner of pictures: `clamd://host:3310` or `clamd+unix:///path`; or none."),
    Variable("OPEN311_CONTACT", str, "", "Who gives keys for the open interface, as /open311/ tells the public."),
    Variable("OPEN311_JURISDICTIONS", list, [], "Names it answers to; several: each call must name one; none: any."),
    Variable("PUBLIC_URL", str, "", "Where people reach this site, `https://city.example`; links in what is sent out."),
    Variable("OUTGOING_NETWORKS", list, [], "Own networks that may be sent to, `10.8.0.0/16`; none: only outside."),
    Variable("OUTGOING_TIMEOUT_S", int, 15, "Seconds within which one sending must be taken; at most 30."),
    Variable("PARTNER_SECRETS", dict, {}, "Secrets shared with partners of `/hotline/`: `12345=...`; without commas."),
    Variable("VIDEO_FAULT_CLASS", str, "", "Class of the case that a camera out of order becomes; none: only shown."),
    Variable("VIDEO_FAULT_MINUTES", int, 30, "How long a camera must be out of order before that case is reported."),
    Variable("DETECTOR_WEIGHTS", str, "video/weights/cityops-street-n.pt", "Weights of the detector, from the root."),
)  # fmt: skip
_BY_NAME = {variable.name: variable for variable in VARIABLES}
_env = environ.Env()


def read(name: str, fallback: object = REQUIRED) -> Any:
    """The value of a declared variable; ImproperlyConfigured where it is required and absent."""
    variable = _BY_NAME[name]
    default = variable.default if fallback is REQUIRED else fallback
    if default is REQUIRED:
        return _env.get_value(name, cast=variable.cast)
    return _env.get_value(name, cast=variable.cast, default=default)
