"""The Celery application; tasks are found in each app's tasks.py and carry the trace of whoever sent them."""

import os
from contextlib import ExitStack
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun, worker_ready

from cityops.logs import configure_structlog
from cityops.schedule import ENTRIES, beat_schedule
from cityops.tracing import trace_of
from core.trace import current_trace, use_trace

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityops.settings.dev")

app = Celery("cityops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()
app.conf.beat_scheduler = "cityops.beat:BeatingScheduler"
app.autodiscover_tasks()

_open_traces: dict[str, ExitStack] = {}


@setup_logging.connect
def keep_our_logging(**_kwargs: object) -> None:
    """Celery leaves the logging alone that Django's settings configured."""
    configure_structlog()


@before_task_publish.connect
def send_trace(headers: dict[str, Any] | None = None, **_kwargs: object) -> None:
    """The message carries the sender's trace id in a header of its own."""
    if headers is not None and current_trace():
        headers["cityops_trace"] = current_trace()


@task_prerun.connect
def open_trace(task_id: str = "", task: Any = None, **_kwargs: object) -> None:
    """The task runs under the sender's trace id, or a new one."""
    stack = ExitStack()
    stack.enter_context(use_trace(trace_of(getattr(task.request, "cityops_trace", None))))
    _open_traces[task_id] = stack


@task_postrun.connect
def close_trace(task_id: str = "", **_kwargs: object) -> None:
    """The trace ends with the task."""
    stack = _open_traces.pop(task_id, None)
    if stack is not None:
        stack.close()


@worker_ready.connect
def beat_at_once(sender: Any = None, **_kwargs: object) -> None:
    """A worker that has just started shows itself through its queues, without waiting for beat."""
    served = set(sender.app.amqp.queues.consume_from) if sender is not None else set()
    for entry in ENTRIES:
        if entry.task.startswith("cityops.tasks.beat_") and entry.queue in served:
            app.send_task(entry.task, queue=entry.queue, expires=60)
