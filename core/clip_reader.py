"""The child process that opens clips of strangers: it knows nothing of the city, and its parent bounds it.

Run as `python -I clip_reader.py VERB FOLDER LIMITS`: the clip lies in the folder as `clip`; what was found is written
there as `found.json`, beside `poster.jpg` or `public.mp4`. It imports nothing of ours: no settings, secrets, tables.
"""

import json
import resource
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.logging
import numpy as np
from PIL import Image

MEMORY, OPEN_FILES = 3 << 30, 64
READERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"
CODECS = {"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "h263"}
TICKS = 90_000
POSTER_AT = 1.0
POSTER_EDGE, PUBLIC_EDGE, FASTEST = 2048, 1280, 30
LEAST_S, MOST_A_SECOND = 0.05, 480
TURNS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
TOLD = ("com.apple.quicktime.location.iso6709", "location", "com.apple.quicktime.creationdate", "creation_time")

Limits = Mapping[str, Any]


class Refused(Exception):
    """The clip is none that is taken; the code says why, with what its sentence asks for."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.params = params


def bound(limits: Limits) -> None:
    """No more memory, time, files and bytes than these, whatever the clip asks for."""
    for what, most in (
        (resource.RLIMIT_CPU, int(limits["cpu"])),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, int(limits["bytes"])),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def opened(file: Any) -> tuple[Any, Any]:
    """The container and its picture stream; Refused where it is no film of a kind that is taken."""
    whitelist = {"format_whitelist": READERS, "protocol_whitelist": "none"}
    try:
        source = av.open(file, metadata_errors="replace", options=whitelist)
    except av.error.FFmpegError as error:
        raise Refused("clip.broken") from error
    films = [one for one in source.streams.video if not one.disposition & av.stream.Disposition.attached_pic]
    if not films:
        raise Refused("clip.no_picture")
    if films[0].codec_context is None or films[0].codec_context.name not in CODECS | {"libdav1d"}:
        raise Refused("clip.unknown_codec")
    return source, films[0]


def within(stream: Any, limits: Limits) -> None:
    """The decoder refuses pictures of more points than are taken, whatever the head of the file says."""
    context = stream.codec_context
    if not context.width or not context.height:
        raise Refused("clip.broken")
    if context.width * context.height > limits["pixels"]:
        raise Refused("clip.too_many_pixels", megapixels=round(limits["pixels"] / 1_000_000, 1))
    context.options = {"max_pixels": str(limits["pixels"])}
    context.thread_count = 1


def measured(source: Any, stream: Any, limits: Limits) -> float:
    """How long it is by the moments of its pictures: what its head says is not believed."""
    first, last, count = None, None, 0
    for packet in source.demux(stream):
        if packet.pts is None:
            continue
        start, end = packet.pts * stream.time_base, (packet.pts + (packet.duration or 0)) * stream.time_base
        first = start if first is None else min(first, start)
        last = end if last is None else max(last, end)
        count += 1
        if last - first > limits["seconds"] or count > limits["seconds"] * MOST_A_SECOND:
            raise Refused("clip.too_long", seconds=limits["seconds"])
    if first is None or last is None or last - first < LEAST_S:
        raise Refused("clip.no_picture")
    return float(last - first)


def decoded(source: Any, stream: Any) -> Iterator[tuple[float, Any]]:
    """The pictures that can be read, each with its moment since the first; a hole in the middle is passed over."""
    first = None
    for packet in source.demux(stream):
        for frame in _frames(packet):
            if frame.time is None:
                continue
            first = frame.time if first is None else first
            yield frame.time - first, frame


def _frames(packet: Any) -> list[Any]:
    try:
        return list(packet.decode())
    except (av.error.InvalidDataError, av.error.EOFError):
        return []


def scaled(frame: Any, edge: int) -> Image.Image:
    """The picture upright, its longer side at most so long, its sides even."""
    share = min(1.0, edge / max(frame.width, frame.height))
    wide, high = (max(2, round(side * share) // 2 * 2) for side in (frame.width, frame.height))
    image: Image.Image = frame.to_image(width=wide, height=high)
    turn = TURNS.get(round(frame.rotation) % 360)
    return image.transpose(turn) if turn is not None else image


def judge(folder: Path, limits: Limits) -> dict[str, Any]:
    """What the clip is and says of itself; a picture of its first second is its poster."""
    with (folder / "clip").open("rb") as file:
        source, stream = opened(file)
        within(stream, limits)
        seconds = measured(source, stream, limits)
        told = told_by(source)
    with (folder / "clip").open("rb") as file:
        source, stream = opened(file)
        within(stream, limits)
        poster, at = None, min(POSTER_AT, seconds / 2)
        for moment, frame in decoded(source, stream):
            poster = frame
            if moment >= at:
                break
        if poster is None:
            raise Refused("clip.broken")
        scaled(poster, POSTER_EDGE).save(folder / "poster.jpg", "JPEG", quality=92)
        width, height = poster.width, poster.height
    turned = round(poster.rotation) % 180 == 90
    size = (height, width) if turned else (width, height)
    return {"width": size[0], "height": size[1], "seconds": seconds, "told": told}


def tell(folder: Path, _limits: Limits) -> dict[str, Any]:
    """What the clip says of itself and no more: none of its pictures is read."""
    with (folder / "clip").open("rb") as file:
        source, _stream = opened(file)
        return {"told": told_by(source)}


def told_by(source: Any) -> dict[str, str]:
    """When and where it was made, in the words of its head."""
    return {key.lower(): str(value)[:80] for key, value in source.metadata.items() if key.lower() in TOLD}


def copy(folder: Path, limits: Limits) -> dict[str, Any]:
    """The clip drawn anew: H.264 baseline in an MP4 that begins to play at once; no sound, no word of the original."""
    target = folder / "public.mp4"
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with (folder / "clip").open("rb") as file, av.open(str(target), "w", format="mp4", options=options) as made:
        source, stream = opened(file)
        within(stream, limits)
        film, last = None, -1.0
        for moment, frame in decoded(source, stream):
            if moment > limits["seconds"]:
                break
            if last >= 0 and moment - last < 1 / (FASTEST + 1):
                continue
            image = scaled(frame, PUBLIC_EDGE)
            film = film or _film(made, image.size)
            _draw(made, film, image, moment)
            last = moment
        if film is None:
            raise Refused("clip.broken")
        made.mux(film.encode(None))
    return {}


def _film(made: Any, size: tuple[int, int]) -> Any:
    film = made.add_stream("libx264", rate=FASTEST, options={
        "profile": "baseline", "preset": "veryfast", "crf": "27", "maxrate": "1500k", "bufsize": "3000k",
        "threads": "1",
    })  # fmt: skip
    film.width, film.height = size
    film.pix_fmt = "yuv420p"
    film.codec_context.time_base = Fraction(1, TICKS)
    film.codec_context.flags |= av.codec.context.Flags.bitexact
    return film


def _draw(made: Any, film: Any, image: Image.Image, moment: float) -> None:
    """One more picture; one of another size than the first, as a stream may turn to, is fitted to it."""
    fitted = image if image.size == (film.width, film.height) else image.resize((film.width, film.height))
    frame = av.VideoFrame.from_ndarray(np.asarray(fitted), format="rgb24").reformat(format="yuv420p")
    frame.pts, frame.time_base = round(moment * TICKS), Fraction(1, TICKS)
    made.mux(film.encode(frame))


VERBS = {"judge": judge, "tell": tell, "copy": copy}


def main(verb: str, folder: Path, limits: Limits) -> None:
    """What was found, or the code of the refusal, stands in `found.json`."""
    bound(limits)
    av.logging.set_level(None)
    try:
        found = VERBS[verb](folder, limits)
    except Refused as no:
        found = {"fault": str(no), "params": no.params}
    except (av.error.FFmpegError, ValueError, MemoryError, OverflowError, ArithmeticError):
        found = {"fault": "clip.broken"}
    (folder / "found.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]))
