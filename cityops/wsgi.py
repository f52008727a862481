"""Pages and API for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityops.settings.prod")
application = get_wsgi_application()
# What is loaded stays to the end: the collector of garbage need not go through it in the middle of a request.
gc.collect()
gc.freeze()
