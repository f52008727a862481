"""Logs are JSON, one object a line, with the trace id of the request or task that wrote them."""

import logging
from typing import Any

import structlog

from core.trace import current_trace


def add_trace(_logger: object, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """The line carries the trace id, so a frame can be followed to its case and on to the wall."""
    trace = current_trace()
    if trace:
        event["trace"] = trace
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    add_trace,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def configure_structlog() -> None:
    """structlog hands its events to the standard library, which formats every logger alike."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _renderers(style: str) -> list[Any]:
    if style == "console":
        return [structlog.dev.ConsoleRenderer(colors=False)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]


def logging_config(level: str, style: str) -> dict[str, Any]:
    """The dictConfig in which every record, ours or a library's, becomes one line."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(style)],
    }
    quiet = {"level": max(logging.WARNING, logging.getLevelNamesMapping()[level.upper()])}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            "django.server": {"handlers": ["stderr"], "level": level.upper(), "propagate": False},
            "celery.beat": quiet,
            "celery.worker.strategy": quiet,
            "celery.app.trace": quiet,
            "uvicorn": {"handlers": [], "propagate": True},
            "uvicorn.error": {"handlers": [], "propagate": True},
            "uvicorn.access": {"handlers": [], "propagate": False},
            "httpx": quiet,
            "kombu": quiet,
        },
    }
