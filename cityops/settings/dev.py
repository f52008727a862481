"""A developer's machine and the demo: convenient, never for production."""

from cityops.settings import base
from cityops.settings.env import read

globals().update({name: value for name, value in vars(base).items() if name.isupper()})

SECRET_KEY = read("SECRET_KEY", "dev-only-not-a-secret-" + "x" * 40)
ALLOWED_HOSTS = read("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
# Debian 12 has GDAL 3.6, which gis.W001 warns of; the production image has 3.10 and checks it when it is built.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]
CSRF_TRUSTED_ORIGINS = read("CSRF_TRUSTED_ORIGINS", [])
# The secret of the simulated hotline (simulator/hotline.py), which is none.
PARTNER_SECRETS = read("PARTNER_SECRETS", {"12345": "dev-only-not-a-secret-shared-with-the-simulated-hotline"})
# The simulated hotline, and whatever a developer listens with.
OUTGOING_NETWORKS = read("OUTGOING_NETWORKS", ["127.0.0.0/8"])
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = base.DATA_DIR / "mail"
