"""Production: HTTPS only, every secret given, nothing guessed."""

from cityops.connections import email
from cityops.settings import base
from cityops.settings.env import read

globals().update({name: value for name, value in vars(base).items() if name.isupper()})
globals().update(email(base.EMAIL_URL))

SECRET_KEY = read("SECRET_KEY")
ALLOWED_HOSTS = read("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = read("CSRF_TRUSTED_ORIGINS")
DEMO = False
SILENCED_SYSTEM_CHECKS = read("SILENCED_CHECKS")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = read("HSTS_SECONDS")
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
if read("TRUSTED_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Failed sign-ins are counted on the visitor's address, which the proxy adds, not on the proxy's own.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
