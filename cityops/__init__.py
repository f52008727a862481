"""The project: the only place that knows everything."""

from cityops.celery import app as celery_app

__all__ = ["celery_app"]
