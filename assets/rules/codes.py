"""Component codes, built and judged by the city's plan: district, class, and a number within both. Pure."""

from collections.abc import Mapping
from typing import Any

from assets.contracts import ComponentPlan, Refusal

CLASS = 4
LEAST_NUMBERS, MOST_NUMBERS = 2, 10
SHORTEST_CODE, LONGEST_CODE = 10, 24
LONGEST_STANDARD = 40


def component_plan_of(given: Mapping[str, Any], district: int) -> ComponentPlan | Refusal:
    """The plan that a pack describes, for districts of so many digits, or why it is none."""
    texts = {name: str(given.get(name) or "").strip() for name in ("standard", "edition")}
    if not all(texts.values()) or any(len(text) > LONGEST_STANDARD for text in texts.values()):
        return Refusal(0, "", "assets.code_plan_standard", {"most": LONGEST_STANDARD})
    digits, head = given.get("digits"), district + CLASS
    least, most = max(SHORTEST_CODE, head + LEAST_NUMBERS), min(LONGEST_CODE, head + MOST_NUMBERS)
    if isinstance(digits, bool) or not isinstance(digits, int) or not least <= digits <= most:
        return Refusal(0, "", "assets.code_plan_digits", {"least": least, "most": most, "head": head})
    return ComponentPlan(texts["standard"], texts["edition"], digits, district)


def is_component_code(code: str, plan: ComponentPlan) -> bool:
    """Whether the code has the digits of the plan, and numbers from 1."""
    return code.isascii() and code.isdigit() and len(code) == plan.digits and int(code[plan.head :] or 0) > 0


def component_code(district: str, class_code: str, number: int, plan: ComponentPlan) -> str:
    """The code of a component: district, class, and its number there."""
    return f"{district}{class_code}{number:0{plan.numbers}d}"


def class_of(code: str, plan: ComponentPlan) -> str:
    """The digits of a component's class."""
    return code[plan.district : plan.head]
