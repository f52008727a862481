"""A disposable process that reads one stream and keeps its newest frame in a slot: `python -m video.adapters.decode`.

The first line on standard input is the order: url, slot (file descriptor), interval, masks, live, reader. The address
never stands among the arguments, where `ps` would show it. While the interval allows it only keyframes are decoded.
"""

import importlib
import json
import sys
import time
from collections.abc import Iterator
from typing import IO, Any

import av
import numpy as np
from av.error import FFmpegError
from PIL import Image, ImageDraw

from video.adapters.decode_codes import BROKEN, ENDED, UNREACHABLE
from video.adapters.lines import Orders, leave, say
from video.adapters.slot import GLANCE_H, GLANCE_W, HIGHEST, WIDEST, Slot

OPEN_SECONDS, READ_SECONDS = 5.0, 8.0
MOST_ERRORS = 60
NETWORK = "rtsp,rtsps,rtp,srtp,tcp,udp,tls,crypto,http,https"
LIVE_OPTIONS = {
    "rtsp_transport": "tcp",
    "timeout": str(int(OPEN_SECONDS * 1e6)),
    "protocol_whitelist": NETWORK,
    "fflags": "nobuffer",
    "analyzeduration": "300000",
    "probesize": "500000",
    "max_delay": "500000",
}
FILE_OPTIONS = {"protocol_whitelist": "file"}


def _small(width: int, height: int) -> tuple[int, int]:
    """The size that fits into a slot, with the same shape and even sides."""
    shrink = min(1.0, WIDEST / width, HIGHEST / height)
    return max(2, int(width * shrink) // 2 * 2), max(2, int(height * shrink) // 2 * 2)


def blacken(rgb: np.ndarray, masks: list[list[list[float]]]) -> np.ndarray:
    """The picture with the masked polygons black: nothing behind a mask is ever written."""
    if not masks:
        return rgb
    height, width = rgb.shape[:2]
    hidden = Image.new("L", (width, height), 0)
    for mask in masks:
        ImageDraw.Draw(hidden).polygon([(x * width, y * height) for x, y in mask], fill=1)
    return rgb * (np.asarray(hidden) == 0)[:, :, None].astype(np.uint8)


class Pace:
    """Which packets to decode and which frames to keep, from the interval that is asked for."""

    def __init__(self, orders: Orders, live: bool) -> None:
        self._orders, self._live = orders, live
        self._key_at: float | None = None
        self._period = 0.0
        self._kept_at = -1e9
        self._all = True

    @property
    def interval(self) -> float:
        """Seconds between frames that the parent asks for now."""
        return float(self._orders.get("interval", 1.0))

    def wants(self, packet: Any) -> bool:
        """Whether to decode this packet. Changes between all and keyframes only happen at a keyframe."""
        if not self._live:
            return True
        now = time.monotonic()
        if packet.is_keyframe:
            if self._key_at is not None:
                self._period = now - self._key_at
            self._key_at = now
            self._all = not self._period or self.interval < 0.8 * self._period
        return self._all or bool(packet.is_keyframe)

    def keeps(self, pts: float) -> bool:
        """Whether this frame is due: a live stream is kept fresher than asked, a file exactly as asked."""
        step = max(0.2, self.interval / 4) if self._live else self.interval
        if pts < self._kept_at:
            self._kept_at = -1e9
        if pts - self._kept_at < step - 1e-3:
            return False
        self._kept_at = pts
        return True


def decoded(order: dict[str, Any], slot: Slot, pace: Pace) -> Iterator[tuple[np.ndarray, np.ndarray, float, bool]]:
    """Frames of a stream as (RGB, grey glance, seconds, keyframe), only those that are due."""
    live = bool(order.get("live", True))
    options = LIVE_OPTIONS if live else FILE_OPTIONS
    with av.open(order["url"], options=options, timeout=(OPEN_SECONDS, READ_SECONDS)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        stream.codec_context.options = {"flags": "low_delay"} if live else {}
        for frame in _readable(container, stream, slot, pace):
            seconds = time.monotonic() if live else float(frame.time or 0.0)
            if not frame.is_corrupt and pace.keeps(seconds):
                width, height = _small(frame.width, frame.height)
                rgb = frame.to_ndarray(format="rgb24", width=width, height=height)
                glance = frame.to_ndarray(format="gray", width=GLANCE_W, height=GLANCE_H)
                yield rgb, glance, float(frame.time or 0.0), bool(frame.key_frame)


def _readable(container: Any, stream: Any, slot: Slot, pace: Pace) -> Iterator[Any]:
    """Frames of the wanted packets; a few packets in a row that cannot be read are passed over, many are an error."""
    errors = 0
    for packet in container.demux(stream):
        slot.tick()
        if not pace.wants(packet):
            continue
        try:
            frames = packet.decode()
        except FFmpegError:
            errors += 1
            if errors > MOST_ERRORS:
                raise
            continue
        errors = 0
        yield from frames


def reader_of(name: str) -> Any:
    """The function that reads frames: ours, or another by its dotted name."""
    if not name:
        return decoded
    module, _dot, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def serve(source: IO[bytes], sink: IO[bytes]) -> int:
    """Reads the stream to its end; the answer is the exit status."""
    order = json.loads(source.readline())
    orders = Orders(source, order)
    slot = Slot(int(order["slot"]))
    live = bool(order.get("live", True))
    pace = Pace(orders, live)
    masks = order.get("masks", [])
    opened = False
    try:
        for rgb, glance, pts, keyframe in reader_of(order.get("reader", ""))(order, slot, pace):
            if not live:
                orders.wait_for_step()
            slot.write(blacken(rgb, masks), np.ascontiguousarray(glance), time.monotonic(), pts, keyframe)
            if not opened or not live:
                say(sink, {"event": "frame", "width": rgb.shape[1], "height": rgb.shape[0], "pts": pts})
            opened = True
    except (FFmpegError, OSError, IndexError, ValueError) as error:
        say(sink, {"event": "error", "code": type(error).__name__})
        return BROKEN if opened else UNREACHABLE
    return ENDED


if __name__ == "__main__":
    leave(serve(sys.stdin.buffer, sys.stdout.buffer))
