"""The demo's vehicles: registered as an administrator does, and driven from outside by `simulator.terminals`."""

import json

from accounts.models import Organisation
from cityops.management.demo_city import SEEDER, folder
from grid import selectors as places
from simulator import city as generator
from simulator.fleet import vehicles
from telemetry import actions, selectors
from telemetry.contracts import DeviceKind, NewDevice, Protocol


def send_out(number: int, cells: int) -> str:
    """Two dozen vehicles of the sanitation offices are in the register, and the simulator knows where they drive."""
    file = folder() / "fleet.json"
    fleet = vehicles(generator.build(number, cells))
    there = set(selectors.codes_there())
    for one in fleet:
        if one["code"] not in there:
            _register(one)
    told = [{name: value for name, value in one.items() if name not in ("code", "zh", "en")} for one in fleet]
    new = file.with_suffix(".new")
    new.write_text(json.dumps(told))
    new.replace(file)  # the simulator looks for it meanwhile, and never finds half of it
    return f"{len(fleet)} vehicles"


def _register(one: dict[str, object]) -> None:
    route = one["route"]
    assert isinstance(route, list)
    place = places.place_at(*route[len(route) // 2])
    office = Organisation.objects.filter(code=f"d{place.district}-sanitation").first() if place else None
    wish = NewDevice(
        code=str(one["code"]), names={"zh": str(one["zh"]), "en": str(one["en"])}, kind=DeviceKind.VEHICLE,
        protocol=Protocol.JT808, address=str(one["phone"]), plate=str(one["plate"]), plate_colour=2,
        terminal_id=str(one["terminal"]), organisation=office.code if office else "",
        area=place.area if place else "", interval_s=60,
    )  # fmt: skip
    actions.add_device(wish, actor=SEEDER)
