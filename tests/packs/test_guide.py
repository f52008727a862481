"""docs/writing-a-pack.md: what it shows can be used as it stands."""

import re
from pathlib import Path

from core.schema import validate
from dashboard.rules import panel_faults
from packs import rules
from packs.adapters.library import read_library
from packs.adapters.strict_yaml import load
from packs.contracts import handlers
from registers.rules import declared_faults

GUIDE = (Path(__file__).parents[2] / "docs" / "writing-a-pack.md").read_text("utf-8")
BLOCKS = [load(text)[0] for text in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)]
CATEGORY, REGISTER, MOVES, PANELS, EXAMPLE, QUALITY = BLOCKS


def test_the_category_shown_is_a_category():
    schema = read_library().schema
    assert validate({**schema, **schema["$defs"]["category"]}, CATEGORY[0]) == []
    assert CATEGORY[0]["code"] == f"E{CATEGORY[0]['major']}{CATEGORY[0]['minor']}"


def test_the_register_shown_is_a_register_without_faults():
    schema = read_library().schema
    assert validate({**schema, **schema["$defs"]["register"]}, REGISTER[0]) == []
    assert list(declared_faults(REGISTER[0], {}, frozenset({"E0184"}))) == []


def test_the_moves_shown_are_moves():
    schema = read_library().schema
    assert validate({**schema, **schema["$defs"]["moves"]}, MOVES["moves"]) == []


def test_the_panels_shown_are_panels_of_that_register():
    schema = read_library().schema
    for panel in PANELS["panels"]:
        assert validate({**schema, **schema["$defs"]["panel"]}, panel) == []
    pack = {"code": "market", "registers": REGISTER, **PANELS}
    known = {"registers": {"stall_permit": REGISTER[0]}, "categories": {"E0184": {}}, "asset_types": {}}
    assert list(panel_faults(pack, known)) == []


def test_the_example_shown_is_about_that_category():
    assert EXAMPLE[0]["given"]["category"] == CATEGORY[0]["code"]
    assert EXAMPLE[0]["expect"]["department"] == CATEGORY[0]["department"]["duty"]


def test_the_quality_shown_answers_questions_that_are_asked():
    assert set(QUALITY) <= set(rules.QUALITY)


def test_every_section_is_in_the_table():
    told = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", GUIDE, re.MULTILINE))
    assert {section: type(handler).__module__.split(".")[0] for section, handler in handlers().items()} == told
