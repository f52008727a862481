"""Celery's way in: tidy up, and run bounded slices of the analysis. Ids only, never rows, never frames."""

import os
import socket
import threading
from typing import Any

import structlog
from celery import shared_task
from celery.exceptions import CeleryError
from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from video import actions

logger = structlog.get_logger(__name__)
SLICE_SECONDS = 120.0
EXPIRES = 30
QUEUE = "video"
_at_work = threading.Lock()
_stopping = threading.Event()
_here: dict[int, actions.Analyst] = {}


def node_name() -> str:
    """The name under which this machine's leases are its own again after a restart."""
    return getattr(settings, "VIDEO_NODE", "") or socket.gethostname()


def _analyst() -> actions.Analyst:
    """The one node of this process; a forked child gets its own."""
    if os.getpid() not in _here:
        capacity = getattr(settings, "VIDEO_CAPACITY", 16)
        _here[os.getpid()] = actions.Analyst(node_name(), capacity, getattr(settings, "VIDEO_THREADS", 1))
    return _here[os.getpid()]


@shared_task(name="video.tasks.reconcile")
def reconcile() -> None:
    """The tables are tidy, and a node that stands idle is woken."""
    actions.reconcile()
    wake()


@shared_task(name="video.tasks.follow_map", ignore_result=True, soft_time_limit=1500, time_limit=1560)
def follow_map() -> None:
    """Cameras stand in the cells of the map in force."""
    actions.follow_map()


def wake() -> bool:
    """A slice is asked for; False when the queue cannot be reached. Nothing is lost then: a running node goes on."""
    try:
        run_slice.apply_async(queue=QUEUE, expires=EXPIRES, retry=False)
    except (KombuError, CeleryError, RedisError, OSError) as error:
        logger.warning("video.queue_away", error=type(error).__name__)
        return False
    return True


@shared_task(name="video.tasks.run_slice", acks_late=False, ignore_result=True)
def run_slice(seconds: float = SLICE_SECONDS) -> None:
    """This process analyses for a while and asks for the next slice; a second slice in one process ends at once.

    While the queue cannot be reached it goes on by itself, so that the death of Redis stops no camera.
    """
    if not _at_work.acquire(blocking=False):
        return
    try:
        analyst = _analyst()
        while not _stopping.is_set():
            analyst.work(seconds, _stopping.is_set)
            if wake():
                return
    finally:
        if _stopping.is_set() and os.getpid() in _here:
            _here.pop(os.getpid()).close()
        _at_work.release()


@worker_ready.connect
def start_at_once(sender: Any = None, **_kwargs: Any) -> None:
    """A worker of the queue `video` that has just started begins without waiting for beat."""
    if sender is not None and QUEUE in sender.app.amqp.queues.consume_from:
        wake()


@worker_shutting_down.connect
def stop_in_order(**_kwargs: Any) -> None:
    """A warm shutdown ends the slice and frees the cameras for others."""
    _stopping.set()
