"""The demo's machine that reports: a water-level gauge, set up as an administrator does, which the simulator plays."""

import json

from django.contrib.gis.geos import Point

from cases.models import Case
from cityops.management.demo_city import SEEDER, folder
from exchange import actions, selectors

CODE, CLASS = "gauge-7", "E0506"
TOLD = {"names": {"zh": "金港路积水监测站", "en": "Jingang Road water gauge"}, "kind": "sensor", "hourly": 60}


def set_up() -> str:
    """The gauge may report, and the simulator has its key; where the file is gone, it has another one."""
    file = folder() / "gauge.json"
    there = any(row.code == CODE for row in selectors.machines(SEEDER))
    if there and file.is_file():
        return "the gauge is there already"
    spot = Case.objects.filter(point__isnull=False, area__gt="").order_by("pk").values_list("point", flat=True).first()
    if not isinstance(spot, Point) or CLASS not in selectors.classes_here():
        return "none"
    if there:
        made = actions.change_key(CODE, overlap_hours=0, actor=SEEDER)
    else:
        made = actions.make_machine(CODE, told={**TOLD, "classes": [CLASS]}, actor=SEEDER)
    told = {"code": CODE, "key": made.key, "class": CLASS, "lon": round(spot.x, 6), "lat": round(spot.y, 6)}
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(json.dumps(told))
    new.replace(file)  # the simulator looks for it meanwhile, and never finds half of it
    return "a gauge that reports"
