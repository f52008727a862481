"""Rows of an official list of divisions: whether each belongs into the tree, and where. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from grid.contracts import CodePlan, Level
from grid.rules.codes import PARENTS, is_child, is_region_code, level_of, parent_of, short_code

LEVEL_WORDS = {
    "city": Level.CITY, "prefecture": Level.CITY, "市": Level.CITY, "地级": Level.CITY, "2": Level.CITY,
    "district": Level.DISTRICT, "county": Level.DISTRICT, "区": Level.DISTRICT, "县": Level.DISTRICT,
    "区县": Level.DISTRICT, "区/县": Level.DISTRICT, "3": Level.DISTRICT,
    "street": Level.STREET, "town": Level.STREET, "街道": Level.STREET, "乡镇": Level.STREET, "镇街": Level.STREET,
    "乡镇街道": Level.STREET, "4": Level.STREET,
    "community": Level.COMMUNITY, "village": Level.COMMUNITY, "社区": Level.COMMUNITY, "村": Level.COMMUNITY,
    "村居": Level.COMMUNITY, "村社区": Level.COMMUNITY, "居委会": Level.COMMUNITY, "5": Level.COMMUNITY,
}  # fmt: skip
ENDINGS = (
    "社区居民委员会", "居民委员会", "村民委员会", "居委会", "村委会", "街道办事处", "新区", "街道", "社区",
    "区", "县", "市", "镇", "乡", "村",
)  # fmt: skip
PLACEHOLDERS = frozenset({"市辖区", "县", "省直辖县级行政区划"})
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Division:
    """One region of a list, its codes in the digits of their levels; `parent` is empty for a city."""

    code: str
    level: Level
    parent: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a row is no division: the field that is wrong, and a code of `grid.sentences` with its parameters."""

    field: str
    code: str
    params: Mapping[str, object]


def read_division(values: Mapping[str, str], plan: CodePlan) -> Division | Misfit:
    """The division a row describes; the level may be left out where the code names it, the parent likewise."""
    written, name = str(values.get("code") or ""), str(values.get("name") or "")
    word = str(values.get("level") or "").strip().lower()
    level = LEVEL_WORDS.get(word) if word else level_of(written, plan)
    if level is None:
        return Misfit("level" if word else "code", "grid.region_level", {"code": written, "level": word or "-"})
    code = short_code(written, level, plan)
    if not is_region_code(code, level, plan):
        return Misfit("code", "grid.region_code", {"code": written, "level": level.value, "digits": plan.digits(level)})
    if not name or len(name) > LONGEST_NAME:
        return Misfit("name", "grid.region_name", {"code": code, "language": "zh"})
    above = str(values.get("parent") or "")
    parent = parent_of(code, level, plan)
    if level is not Level.CITY and above:
        parent = short_code(above, PARENTS[level], plan)
    if level is not Level.CITY and not is_child(code, level, parent):
        return Misfit("parent", "grid.region_parent", {"code": code, "parent": parent or "-"})
    return Division(code, level, parent, name, str(values.get("name_en") or "")[:LONGEST_NAME])


def bare_name(name: str) -> str:
    """A region's name without the word for what it is: 罗湖 of 罗湖区."""
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name
