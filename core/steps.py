"""A workflow as a table: who may lead a thing from where to where, what must be given, and why not. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

S = TypeVar("S", bound=StrEnum)
D = TypeVar("D", bound=StrEnum)


class Ground(StrEnum):
    """What kind of no a refusal is: not yours, not now, or not like this."""

    DUTY = "duty"
    STATE = "state"
    INPUT = "input"


@dataclass(frozen=True)
class Refusal:
    """Why a step may not be taken: a code for the sentence, its parameters and the kind of no."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    ground: Ground = Ground.STATE


@dataclass(frozen=True)
class Step(Generic[S, D]):
    """One row of the table: who may lead a thing from where to where, and what must be given with it."""

    verb: str
    sources: frozenset[S]
    target: S
    duties: frozenset[D]
    needs: tuple[str, ...] = ()
