"""A worker of bulk jobs that is killed inside its third step, taken and not yet committed. Run by a test."""

import os
import signal
from importlib import import_module
from itertools import count
from typing import Any

from django.core.wsgi import get_wsgi_application

DEADLY = 3


def main() -> None:
    """It works as any worker does, until it dies."""
    get_wsgi_application()
    jobs: Any = import_module("cases.actions.bulk_jobs")
    taken, turns = jobs.take_one, count(1)

    def take_one(*args: Any) -> Any:
        line = taken(*args)
        if next(turns) == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return line

    jobs.take_one, jobs.SLICE = take_one, 1000.0  # on a busy machine too it comes to its third step
    jobs.work_bulk()


if __name__ == "__main__":
    main()
