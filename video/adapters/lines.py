"""JSON lines between a parent and its children: the parent never waits, a child ends with its parent."""

import json
import os
import threading
from typing import IO, Any

_CHUNK = 65536
_LONGEST = 16 * 1024 * 1024
PARENT_GONE = 9


class Lines:
    """Whole lines from a pipe that is read without waiting; text that is no JSON object is left out."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._fd = pipe.fileno()
        self._rest = b""
        os.set_blocking(self._fd, False)

    def read(self) -> list[dict[str, Any]]:
        """Every message that has arrived."""
        while True:
            try:
                chunk = os.read(self._fd, _CHUNK)
            except (BlockingIOError, OSError):
                break
            if not chunk or len(self._rest) > _LONGEST:
                break
            self._rest += chunk
        *whole, self._rest = self._rest.split(b"\n")
        return [message for line in whole if (message := _message(line))]


def _message(line: bytes) -> dict[str, Any] | None:
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def say(pipe: IO[bytes], message: dict[str, Any]) -> bool:
    """The message is on its way; False when the other side is gone."""
    try:
        pipe.write(json.dumps(message).encode() + b"\n")
        pipe.flush()
    except (OSError, ValueError):
        return False
    return True


def leave(status: int) -> None:
    """The child is gone at once. An orderly exit would abort: a thread still waits for the parent's next word."""
    os._exit(status)


class Orders:
    """In a child: the newest order from the parent. When the parent is gone the child ends at once."""

    def __init__(self, pipe: IO[bytes], first: dict[str, Any]) -> None:
        self._pipe = pipe
        self._lock = threading.Condition()
        self._last: dict[str, Any] = dict(first)
        self._steps = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self._pipe:
            with self._lock:
                order = _message(line) or {}
                self._last |= order
                self._steps += bool(order.get("next"))
                self._lock.notify_all()
        os._exit(PARENT_GONE)

    def get(self, name: str, default: Any = None) -> Any:
        """What the parent last said about this."""
        with self._lock:
            return self._last.get(name, default)

    def wait_for_step(self) -> None:
        """Waits until the parent asks for the next frame."""
        with self._lock:
            self._lock.wait_for(lambda: self._steps > 0)
            self._steps -= 1
