"""Codes of regions and cells by any plan: put together, cut apart, put together again; and what is none."""

import re

from hypothesis import given
from hypothesis import strategies as st

from grid.contracts import CodePlan, Level
from grid.rules.codes import (
    LONGEST_CELL,
    LONGEST_REGION,
    beneath,
    cell_fault,
    city_stem,
    community_of,
    is_cell_code,
    is_child,
    is_region_code,
    level_of,
    parent_of,
    plan_of,
    short_code,
)


@st.composite
def plans(draw: st.DrawFn) -> CodePlan:
    """Any plan that a pack may give."""
    district = draw(st.integers(4, LONGEST_REGION - 2))
    street = draw(st.integers(district + 1, LONGEST_REGION - 1))
    community = draw(st.integers(street + 1, LONGEST_REGION))
    cell = draw(st.integers(community + 1, min(LONGEST_CELL, community + 6)))
    widths = {"district": district, "street": street, "community": community, "cell": cell}
    plan = plan_of({"standard": "any", "edition": "1", **widths})
    assert isinstance(plan, CodePlan), plan
    return plan


@st.composite
def addresses(draw: st.DrawFn) -> tuple[CodePlan, tuple[str, str, str, str]]:
    """A plan, and a district that is no city, a street, a community and a cell by their numbers there."""
    plan = draw(plans())
    head = draw(st.integers(1, 10 ** (plan.district - 2) - 1))
    numbers = [f"{head:0{plan.district - 2}d}{draw(st.integers(1, 99)):02d}"]
    for width in (plan.street - plan.district, plan.community - plan.street, plan.sequence):
        numbers.append(f"{draw(st.integers(1, 10**width - 1)):0{width}d}")
    return plan, (numbers[0], numbers[1], numbers[2], numbers[3])


@given(addresses())
def test_what_was_put_together_is_cut_into_the_same_numbers_and_put_together_again(address):
    plan, (district, street, community, number) = address
    code = "".join(address[1])
    home = community_of(code, plan)
    above = parent_of(home, Level.COMMUNITY, plan)
    top = parent_of(above, Level.STREET, plan)
    cut = (top, above.removeprefix(top), home.removeprefix(above), code.removeprefix(home))
    assert cut == (district, street, community, number)
    assert "".join(cut) == code
    assert is_cell_code(code, plan)
    assert cell_fault(code, plan) is None


@given(addresses())
def test_every_region_names_its_level_its_parent_and_what_lies_beneath_it(address):
    plan, (district, street, community, number) = address
    city = parent_of(district, Level.DISTRICT, plan)
    codes = {
        Level.CITY: city, Level.DISTRICT: district, Level.STREET: district + street,
        Level.COMMUNITY: district + street + community,
    }  # fmt: skip
    above = ""
    for level, code in codes.items():
        assert level_of(code, plan) is level
        assert is_region_code(code, level, plan)
        assert parent_of(code, level, plan) == above
        assert not above or is_child(code, level, above)
        assert short_code(code.ljust(plan.community, "0"), level, plan) == code
        assert (district + street + community + number).startswith(beneath(code, plan))
        above = code
    assert city.startswith(city_stem(district))
    assert not is_child(city, Level.DISTRICT, city)


@given(addresses(), st.data())
def test_a_code_is_one_of_a_cell_or_has_a_fault_and_never_both(address, data):
    plan, parts = address
    code = "".join(parts)
    spoilt = data.draw(
        st.one_of(
            st.just(code),
            st.just(code[: plan.community] + "0" * plan.sequence),
            st.integers(0, plan.cell - 1).map(lambda at: code[:at] + code[at + 1 :]),
            st.builds(lambda at, one: code[:at] + one + code[at:], st.integers(0, plan.cell), st.characters()),
            st.builds(lambda at, one: code[:at] + one + code[at + 1 :], st.integers(0, plan.cell - 1), st.characters()),
            st.text(max_size=LONGEST_CELL + 2),
        )
    )
    is_one = bool(re.fullmatch(rf"[0-9]{{{plan.community}}}(?!0+\Z)[0-9]{{{plan.sequence}}}", spoilt))
    assert is_cell_code(spoilt, plan) is is_one
    assert (cell_fault(spoilt, plan) is None) is is_one


@given(plans(), st.data())
def test_the_highest_number_of_a_plan_still_makes_a_code_and_the_next_one_none(plan, data):
    home = data.draw(st.text("0123456789", min_size=plan.community, max_size=plan.community))
    assert is_cell_code(f"{home}{plan.most:0{plan.sequence}d}", plan)
    assert not is_cell_code(f"{home}{plan.most + 1:0{plan.sequence}d}", plan)
