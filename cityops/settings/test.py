"""The test suite: fast hashes, mail kept in memory, tasks sent nowhere by accident."""

import os
import re
from importlib import import_module

from cityops.settings.env import read

# Parts of the suite that run side by side ring in Redis databases of their own, as they write in databases of their
# own. The environment is changed, not a setting, because the processes that tests start read it too; they take the
# address as they find it, for it is that of their part already.
PART = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
if os.environ.get("REDIS_IS_OF_PART") != PART:
    os.environ["REDIS_URL"] = re.sub(r"\d+$", lambda number: str(int(number[0]) + int(PART)), read("REDIS_URL"))
    os.environ["REDIS_IS_OF_PART"] = PART
base = import_module("cityops.settings.base")

globals().update({name: value for name, value in vars(base).items() if name.isupper()})

SECRET_KEY = read("SECRET_KEY")
ALLOWED_HOSTS = [*read("ALLOWED_HOSTS"), "testserver"]
# Debian 12 has GDAL 3.6, which gis.W001 warns of; the production image has 3.10 and checks it when it is built.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]
CSRF_TRUSTED_ORIGINS = read("CSRF_TRUSTED_ORIGINS", [])
# No test waits for a panel, and none fails because the machine was busy.
PANEL_TIMEOUT_MS = 60_000
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Pure tests have no database to count in; the test of the shared count takes the real cache.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PATIENCE_S = (600.0, 300.0)  # a busy machine is no slow app
