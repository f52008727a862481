"""Codes of regions and cells, cut and judged by the city's plan of codes. Pure."""

from collections.abc import Mapping
from typing import Any

from grid.contracts import CodePlan, Level, Problem

PARENTS = {Level.DISTRICT: Level.CITY, Level.STREET: Level.DISTRICT, Level.COMMUNITY: Level.STREET}
WIDTHS = ("district", "street", "community", "cell")
LONGEST_REGION, LONGEST_CELL = 12, 20
LONGEST_STANDARD = 40


def plan_of(given: Mapping[str, Any]) -> CodePlan | Problem:
    """The plan that a pack or a form describes, or why it is none."""
    widths = {name: given.get(name) for name in WIDTHS}
    texts = {name: str(given.get(name) or "").strip() for name in ("standard", "edition")}
    if not all(texts.values()) or any(len(text) > LONGEST_STANDARD for text in texts.values()):
        return Problem("grid.code_plan_standard", {"most": LONGEST_STANDARD})
    if any(isinstance(width, bool) or not isinstance(width, int) for width in widths.values()):
        return Problem("grid.code_plan_widths", {"region": LONGEST_REGION, "cell": LONGEST_CELL})
    plan = CodePlan(texts["standard"], texts["edition"], *(int(str(width)) for width in widths.values()))
    rising = 4 <= plan.district < plan.street < plan.community < plan.cell
    if not rising or plan.community > LONGEST_REGION or plan.cell > LONGEST_CELL or plan.sequence > 6:
        return Problem("grid.code_plan_widths", {"region": LONGEST_REGION, "cell": LONGEST_CELL})
    return plan


def is_digits(code: str, digits: int) -> bool:
    """Whether the code is so many ASCII digits."""
    return code.isascii() and code.isdigit() and len(code) == digits


def is_cell_code(code: str, plan: CodePlan) -> bool:
    """Whether the code has the digits of a cell and a sequence of at least 1."""
    return is_digits(code, plan.cell) and int(code[plan.community :]) > 0


def cell_fault(code: str, plan: CodePlan) -> Problem | None:
    """Why that is no code of a cell; None where it is one."""
    if is_cell_code(code, plan):
        return None
    params = {"code": code, "digits": plan.cell, "tail": plan.sequence, "first": f"{1:0{plan.sequence}d}",
              "last": plan.most, "standard": f"{plan.standard}-{plan.edition}"}  # fmt: skip
    return Problem("grid.cell_code", params)


def is_region_code(code: str, level: Level, plan: CodePlan) -> bool:
    """Whether the code has the digits of its level."""
    return is_digits(code, plan.digits(level))


def short_code(code: str, level: Level, plan: CodePlan) -> str:
    """The code in the digits of its level; official lists fill every code up to that of a community with zeros."""
    digits = plan.digits(level)
    return code[:digits] if len(code) == plan.community and set(code[digits:]) <= {"0"} else code


def level_of(code: str, plan: CodePlan) -> Level | None:
    """The level that a code names by its digits; None where it names none."""
    if not (code.isascii() and code.isdigit()):
        return None
    bare = short_code(short_code(code, Level.DISTRICT, plan), Level.STREET, plan)
    if len(bare) == plan.district:
        return Level.CITY if bare.endswith("00") else Level.DISTRICT
    return {plan.street: Level.STREET, plan.community: Level.COMMUNITY}.get(len(bare))


def city_stem(code: str) -> str:
    """What the codes of a city's districts begin with."""
    return code[:-2]


def parent_of(code: str, level: Level, plan: CodePlan) -> str:
    """The code of the region above; empty for a city."""
    if level is Level.DISTRICT:
        return f"{city_stem(code)}00"
    return "" if level is Level.CITY else code[: plan.digits(PARENTS[level])]


def community_of(cell: str, plan: CodePlan) -> str:
    """The community that a cell's code names."""
    return cell[: plan.community]


def beneath(region: str, plan: CodePlan) -> str:
    """What the codes of all that lies in a region begin with."""
    return city_stem(region) if level_of(region, plan) is Level.CITY else region


def is_child(code: str, level: Level, parent: str) -> bool:
    """Whether a region's code belongs beneath its parent's; districts share all but the city's last two digits."""
    if level is Level.DISTRICT:
        return city_stem(code) == city_stem(parent) and code != parent
    return code.startswith(parent)


def district_of(path: str) -> str:
    """The district of a dotted area path, or an empty string for the city itself."""
    parts = path.split(".")
    return parts[1] if len(parts) > 1 else ""


def join_names(parts: list[dict[str, str]]) -> dict[str, str]:
    """A place's name in each language, from the district down, as people would say it."""
    return {
        language: " · ".join(part.get(language) or part.get("zh", "") for part in parts) for language in ("zh", "en")
    }
