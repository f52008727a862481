"""Messages that came in parts: put together, asked for again once, and given up."""

from dataclasses import dataclass, field
from typing import NamedTuple

from telemetry.codecs.errors import BadFrame
from telemetry.codecs.jt808.frames import Frame, Header

PATIENCE_S = 45.0
MOST_PENDING, MOST_PARTS = 1024, 256


class Missing(NamedTuple):
    """Parts that did not come: the header of one that did, the serial of the first part, the numbers of the others."""

    header: Header
    first: int
    parts: tuple[int, ...]


@dataclass
class _Series:
    header: Header
    first: int
    since: float
    asked: bool = False
    parts: dict[int, bytes] = field(default_factory=dict)


class Assembler:
    """Puts parts together by (phone, message, first serial). The time is given, so that it can be tested."""

    def __init__(self, patience: float = PATIENCE_S, most: int = MOST_PENDING) -> None:
        self._patience, self._most = patience, most
        self._open: dict[tuple[bytes, int, int], _Series] = {}

    def __len__(self) -> int:
        return len(self._open)

    def add(self, frame: Frame, now: float) -> Frame | None:
        """The whole message once its last part is there; BadFrame where there are too many parts or messages."""
        header = frame.header
        if not header.split:
            return frame
        if header.total > MOST_PARTS:
            raise BadFrame("too_many_parts")
        first = (header.serial - header.part + 1) & 0xFFFF
        key = header.phone, header.message, first
        series = self._open.get(key)
        if series is None or series.header.total != header.total:
            if series is None and len(self._open) >= self._most:
                raise BadFrame("too_many_pending")
            series = self._open[key] = _Series(header, first, now)
        series.parts[header.part] = frame.body
        if len(series.parts) < header.total:
            return None
        del self._open[key]
        body = b"".join(series.parts[index] for index in range(1, header.total + 1))
        return Frame(header._replace(serial=first, split=False, total=1, part=1), body)

    def due(self, now: float) -> list[Missing]:
        """What is to be asked for again; what was asked for once already and waited as long again is dropped."""
        asked = []
        for key, series in list(self._open.items()):
            if now - series.since < self._patience:
                continue
            if series.asked:
                del self._open[key]
                continue
            series.asked, series.since = True, now
            absent = tuple(index for index in range(1, series.header.total + 1) if index not in series.parts)
            asked.append(Missing(series.header, series.first, absent))
        return asked
