"""What is wrong with a picture (视频质量诊断): decided from a few numbers and from what is usual for it. Pure."""

from dataclasses import dataclass, replace
from math import exp

from video.contracts import Fault

DARK_MEAN = 12.0
FLAT_STD = 6.0
WHITE_MEAN, WHITE_SHARE = 205.0, 0.5
PLAIN_SHARE = 0.35
SHARP_ENOUGH, DETAIL_SHARE = 150.0, 0.2
USUAL_SECONDS = 600.0
SHIFTED = 0.025
MOVED_SECONDS = 20.0
STRANGE, STRANGE_SECONDS = 0.05, 300.0
LEARNT_LOOKS = 3
LASTING_SECONDS = 10.0


@dataclass(frozen=True)
class Quality:
    """What is usual for a camera (contrast and fine detail, learnt while its pictures are good), and since when its
    picture stands elsewhere or looks strange. Times are seconds of one clock."""

    std: float = 0.0
    detail: float = 0.0
    looks: int = 0
    at: float | None = None
    shifted_since: float | None = None
    strange_since: float | None = None


@dataclass(frozen=True)
class Figures:
    """A picture in numbers: brightness, contrast and fine detail (0-255 and its square), the share that is white, and,
    against a reference, how alike the edges are (-1 to 1) and how far they moved (share of the width; None: unsure)."""

    mean: float
    std: float
    sharp: float
    white: float
    alike: float | None = None
    shift: float | None = None

    @property
    def detail(self) -> float:
        """Fine detail for the contrast there is, which is the same by day and at dusk."""
        return self.sharp / (self.std * self.std) if self.std > 0 else 0.0


def _since(known: float | None, true: bool, at: float) -> float | None:
    return (at if known is None else known) if true else None


def _lasts(since: float | None, at: float, seconds: float) -> bool:
    return since is not None and at - since >= seconds


def _of_light(figures: Figures) -> Fault:
    """Faults that need no memory."""
    if figures.mean < DARK_MEAN:
        return Fault.BLACK
    if figures.mean > WHITE_MEAN and figures.white > WHITE_SHARE:
        return Fault.OVEREXPOSED
    return Fault.COVERED if figures.std < FLAT_STD else Fault.NONE


def _of_detail(quality: Quality, figures: Figures) -> Fault:
    """Faults against what is usual: much less contrast is a thing before the lens, much less detail a lens unfit."""
    if quality.looks < LEARNT_LOOKS:
        return Fault.NONE
    poor = figures.sharp < SHARP_ENOUGH and figures.detail < DETAIL_SHARE * quality.detail
    if poor and figures.std < PLAIN_SHARE * quality.std:
        return Fault.COVERED
    return Fault.BLURRED if poor else Fault.NONE


def _learnt(quality: Quality, figures: Figures, at: float) -> Quality:
    """What is usual, with one more good picture; the first few count alike, later ones by the time that passed."""
    passed = 0.0 if quality.at is None else max(0.0, at - quality.at)
    share = 1 / (quality.looks + 1) if quality.looks < LEARNT_LOOKS else 1 - exp(-passed / USUAL_SECONDS)
    std, detail = (
        old + share * (new - old) for old, new in ((quality.std, figures.std), (quality.detail, figures.detail))
    )
    return replace(quality, std=std, detail=detail, looks=quality.looks + 1, at=at)


def diagnose(quality: Quality, figures: Figures, at: float) -> tuple[Quality, Fault]:
    """What is usual after one more picture, and what is wrong with this one.

    A camera has moved when its edges stand elsewhere for twenty seconds, or look like nothing it showed before for five
    minutes; a lorry before the lens does neither for so long.
    """
    fault = _of_light(figures) or _of_detail(quality, figures)
    if fault:
        return replace(quality, shifted_since=None, strange_since=None), fault
    shifted = figures.shift is not None and figures.shift >= SHIFTED
    strange = figures.shift is None and figures.alike is not None and figures.alike < STRANGE
    quality = replace(
        quality,
        shifted_since=_since(quality.shifted_since, shifted, at),
        strange_since=_since(quality.strange_since, strange, at),
    )
    if _lasts(quality.shifted_since, at, MOVED_SECONDS) or _lasts(quality.strange_since, at, STRANGE_SECONDS):
        return quality, Fault.MOVED
    return _learnt(quality, figures, at), Fault.NONE
