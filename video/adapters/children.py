"""How child processes are started: no secrets in their environment, their words kept apart, ended with their parent."""

import os
import subprocess
import sys

from django.conf import settings

KEPT = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


def clean_environment(**more: str) -> dict[str, str]:
    """What a child may know of our environment: no database, no secret key, no Redis."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": str(settings.BASE_DIR), "PYTHONUNBUFFERED": "1", **more}


def start(module: str, *, descriptors: tuple[int, ...] = (), **environment: str) -> "subprocess.Popen[bytes]":
    """A child that runs a module of ours, with pipes to both sides."""
    return subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=descriptors,
        cwd=settings.BASE_DIR,
        env=clean_environment(**environment),
        start_new_session=True,
    )


def end(child: "subprocess.Popen[bytes]") -> None:
    """The child is gone, and its pipes are closed."""
    if child.poll() is None:
        child.kill()
    child.wait(timeout=10)
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue
