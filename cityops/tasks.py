"""The heartbeat of the queues: sent by beat, run by whoever serves the queue."""

from celery import shared_task

from cityops.heartbeat import beat


@shared_task(name="cityops.tasks.beat_default")
def beat_default() -> None:
    """The default queue is served."""
    beat("default")


@shared_task(name="cityops.tasks.beat_video")
def beat_video() -> None:
    """The video queue is served."""
    beat("video")
