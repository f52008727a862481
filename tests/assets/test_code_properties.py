"""Component codes by any plan: put together, cut apart, put together again; and what is none."""

import re

from hypothesis import given
from hypothesis import strategies as st

from assets.contracts import ComponentPlan
from assets.rules.codes import class_of, component_code, component_plan_of, is_component_code


@st.composite
def numbered(draw: st.DrawFn) -> tuple[ComponentPlan, str, str, int]:
    """Any plan that a pack may give, with a district, a class and a number by it."""
    district = draw(st.integers(4, 10))
    head = district + 4
    digits = draw(st.integers(max(10, head + 2), min(24, head + 10)))
    plan = component_plan_of({"standard": "any", "edition": "1", "digits": digits}, district)
    assert isinstance(plan, ComponentPlan), plan
    code = draw(st.text("0123456789", min_size=head, max_size=head))
    return plan, code[:district], code[district:], draw(st.integers(1, plan.most))


@given(numbered())
def test_a_component_code_is_cut_into_what_it_was_put_together_from(parts):
    plan, district, class_code, number = parts
    code = component_code(district, class_code, number, plan)
    assert is_component_code(code, plan)
    assert len(code) == plan.digits
    cut = code[: plan.district], class_of(code, plan), int(code[plan.head :])
    assert cut == (district, class_code, number)
    assert component_code(*cut, plan) == code


@given(numbered(), st.data())
def test_a_text_is_a_component_code_only_with_the_digits_of_the_plan_and_a_number_from_one(parts, data):
    plan, district, class_code, number = parts
    code = component_code(district, class_code, number, plan)
    text = data.draw(
        st.one_of(
            st.just(code),
            st.just(component_code(district, class_code, 0, plan)),
            st.just(component_code(district, class_code, plan.most + 1, plan)),
            st.integers(0, plan.digits - 1).map(lambda at: code[:at] + code[at + 1 :]),
            st.builds(
                lambda at, one: code[:at] + one + code[at + 1 :], st.integers(0, plan.digits - 1), st.characters()
            ),
            st.text(max_size=26),
        )
    )
    is_one = bool(re.fullmatch(rf"[0-9]{{{plan.head}}}(?!0+\Z)[0-9]{{{plan.numbers}}}", text))
    assert is_component_code(text, plan) is is_one
