"""What of telemetry waits for a person: alarms that stand and that nobody has acknowledged, the gravest first."""

from core.languages import pick
from core.scope import Actor
from core.waiting import Desk, Pile, Waiting, piled, register_desk
from telemetry import selectors
from telemetry.contracts.alarms import HANDLE, LEVELS
from telemetry.models import Alarm


def _alarm(row: Alarm) -> Waiting:
    names = row.stream.names if row.stream else row.station.names
    return Waiting(
        pick(names), pick(LEVELS[row.level][1]), f"/alarms/{row.pk}/", area=row.area, since=row.begun_at
    )  # fmt: skip


def _alarms(actor: Actor, most: int) -> Pile:
    return piled(selectors.alarms_waiting(actor), most, _alarm, "/alarms/?state=waiting")


register_desk(Desk("alarms", {"zh": "告警", "en": "Alarms"}, lambda actor: actor.holds(HANDLE), _alarms))
