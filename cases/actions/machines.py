"""Reports of machines outside become cases: the reception that exchange calls."""

from collections.abc import Sequence

from cases.actions.hotline import standing_for
from cases.actions.intake import LONGEST_TEXT, attach_clue, report
from cases.contracts import ENDS, OUTSIDE_MACHINE
from core.errors import Forbidden
from core.scope import Actor, Ground
from exchange.contracts.hotline import Taken
from exchange.contracts.machines import CallKind, Found, Machine
from grid import selectors as grid

_SAID = {CallKind.STILL: "设备报告：问题仍在", CallKind.CLEARED: "设备报告：已恢复"}


class MachineReception:
    """What machines find are cases; what they say later hangs on these."""

    def take(self, found: Found, photos: Sequence[bytes], *, machine: Machine) -> Taken:
        """There is a case, in an area that the machine may report in; Forbidden elsewhere."""
        actor = _actor(machine)
        if machine.areas and found.lon is not None and found.lat is not None:
            place = grid.place_at(found.lon, found.lat)
            if place is None or not actor.may("case.report", area=place.area):
                raise Forbidden("machine.other_area")
        view = report(
            actor=actor, source=machine.kind.value, source_ref=found.ref, category=found.category,
            description=found.description, lon=found.lon, lat=found.lat, address=found.address,
            component=found.component, photos=photos, reported_at=found.at,
            attributes={"machine": machine.code, **({"values": dict(found.values)} if found.values else {})},
        )  # fmt: skip
        return Taken(view.number, () if view.located else (("machine.unlocated", {}),))

    def follow(self, subject: str, ref: str, kind: CallKind, words: str, *, machine: Machine) -> Taken:
        """The word is a further clue of the case, or of the one that it was merged into; the case goes its way."""
        case = standing_for(subject)
        note = "\n".join(filter(None, (_SAID[kind], words)))[:LONGEST_TEXT]
        attach_clue(case.number, actor=_actor(machine), source=machine.kind.value, source_ref=ref, note=note)
        ended = case.stage in ENDS
        return Taken(subject, (("machine.case_ended", {"number": case.number}),) if ended else ())


def _actor(machine: Machine) -> Actor:
    """The machine on its own ground; an area that the map has no more is none."""
    grounds: tuple[Ground, ...] = (Ground(),)
    if machine.areas:
        grounds = tuple(Ground(area=one.path) for one in grid.region_names() if one.code in machine.areas)
    rights = dict.fromkeys(("case.report", "case.see"), grounds)
    return Actor(key=OUTSIDE_MACHINE + machine.code, label=machine.names.get("zh", machine.code), rights=rights)
