"""Questions to many, each answered in its time or not at all: who is slow or fails holds up nobody else."""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

import structlog
from django.db import DatabaseError, connection, transaction

from core.errors import DomainError

T = TypeVar("T")
CANCELLED = "57014"
LIMIT = "SELECT set_config('statement_timeout', %s, true)"
log = structlog.get_logger(__name__)


class Silence(StrEnum):
    """Why somebody did not answer."""

    SLOW = "slow"
    FAILED = "failed"


def was_cancelled(error: DatabaseError) -> bool:
    """Whether PostgreSQL stopped the question, which took longer than it might."""
    return CANCELLED in (getattr(error.__cause__, name, "") for name in ("pgcode", "sqlstate"))


class Patience:
    """So many seconds for all the questions together, of which none may take more than a share."""

    def __init__(self, whole: float, share: float) -> None:
        self._end, self._share = time.monotonic() + whole, share

    def ask(self, who: str, question: Callable[[], T]) -> T | Silence:
        """The answer, or why there is none. Nothing that is asked may change anything: it is always rolled back.

        The rollback also takes back the time limit, which inside a transaction would hold for all that follows. A fault
        nobody foresaw is the fault of who was asked: it is logged whole, and the others are asked all the same.
        """
        left = min(self._share, self._end - time.monotonic())
        if left <= 0:
            return Silence.SLOW
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(LIMIT, [str(max(1, round(left * 1000)))])
                answer = question()
                transaction.set_rollback(True)
                return answer
        except DatabaseError as error:
            slow = was_cancelled(error)
            log.warning("patience.silence", who=who, slow=slow, error=str(error)[:200])
            return Silence.SLOW if slow else Silence.FAILED
        except DomainError as error:
            log.warning("patience.silence", who=who, slow=False, error=error.code)
            return Silence.FAILED
        except Exception:
            log.exception("patience.fault", who=who)
            return Silence.FAILED
