"""The words for what is doubtful about a picture, and the news of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from journal.contracts import BY_AREA, BY_ORG, register_kind


class DoubtKind(StrEnum):
    """Why a picture is doubted: taken far off, taken too early, seen before, or held back by the scanner."""

    FAR = "far"
    EARLY = "early"
    SEEN = "seen"
    INFECTED = "infected"


class Scan(StrEnum):
    """What the scanner said of a file: nobody asked, not yet, nothing found, or something."""

    NONE = "none"
    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"


class Film(StrEnum):
    """How far the public copy of a clip is: no clip, being prepared, ready, or given up."""

    NONE = "none"
    WAITING = "waiting"
    READY = "ready"
    BROKEN = "broken"


class Filming(StrEnum):
    """What a class says of clips: none, they may be sent, they must show the end, or the problem and the end."""

    NONE = "none"
    ALLOWED = "allowed"
    AFTER = "after"
    BOTH = "both"


class MarkKind(StrEnum):
    """What is drawn on a picture."""

    ARROW = "arrow"
    BOX = "box"
    CIRCLE = "circle"
    TEXT = "text"


SHOWN = frozenset({Scan.NONE, Scan.CLEAN})
"""The pictures that everybody may see who sees the case."""
PICTURE_DOUBTED = "case.picture_doubted.v1"
ANNOTATED = "case.annotated.v1"
ANNOTATION_WITHDRAWN = "case.annotation_withdrawn.v1"


@dataclass(frozen=True)
class PictureDoubted:
    """Something is doubtful about pictures of a case: which pictures, and of what kinds the doubts are."""

    number: str
    evidence: list[int]
    kinds: list[str]


@dataclass(frozen=True)
class AnnotationNews:
    """Somebody drew on a picture of a case, or took that back: which picture, which drawing, how many marks."""

    number: str
    evidence: int
    annotation: int
    marks: int


register_kind(PICTURE_DOUBTED, PictureDoubted, BY_AREA | BY_ORG)
register_kind(ANNOTATED, AnnotationNews, BY_AREA | BY_ORG)
register_kind(ANNOTATION_WITHDRAWN, AnnotationNews, BY_AREA | BY_ORG)


class DoubtShown(NamedTuple):
    """A doubt as somebody sees it; `number` and `link` only of a case that this person may see."""

    evidence: int
    phase: str
    kind: str
    value: int
    most: int
    same_case: bool = False
    number: str = ""
    seen_phase: str = ""
    said: str = ""
