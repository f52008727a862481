"""The form of one step with many cases: what the classes differ in is asked for each class."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms

from cases.contracts import OpenStep
from cases.forms.case import Choices, StepForm

OF_CLASS = ("condition", "closing")
"""What every version of a class says in words of its own: the same letter means something else in another."""
_OPTIONAL = ("category", "callback")
"""What only some of the cases may need: left empty, it is asked of those that do need it, by their refusal."""


class Sort(NamedTuple):
    """The cases that one version of a class judges, by number: what it is called, and what it lets one choose from."""

    title: str
    numbers: list[str]
    choices: Choices


class BulkForm(StepForm):
    """What one step needs for many cases; `given()` is for all of them, `own()` for each by its number."""

    def __init__(
        self, step: OpenStep, choices: Mapping[str, Choices], sorts: Mapping[int, Sort], **options: Any
    ) -> None:
        super().__init__(step, choices, **options)
        self.sorts = sorts
        self.differs = next((name for name in OF_CLASS if name in self.fields), "")
        self.fields.pop("satisfaction", None)  # each citizen says it of one case
        if self.differs:
            self._ask_each()
        for name in _OPTIONAL:
            if name in self.fields:
                self.fields[name].required = False

    def _ask_each(self) -> None:
        names, asked = list(self.fields), self.fields.pop(self.differs)
        for key, sort in self.sorts.items():
            label = f"{asked.label} · {sort.title}"
            self.fields[self._name(key)] = forms.ChoiceField(label=label, choices=[("", "—"), *sort.choices])
        place = names.index(self.differs)
        self.order_fields([*names[:place], *map(self._name, self.sorts)])

    def _name(self, key: int) -> str:
        return f"{self.differs}_{key}"

    def given(self) -> dict[str, Any]:
        """What was given for all the cases; what was left empty is not given, where the action may do without it."""
        own = set(map(self._name, self.sorts))
        told = {name: value for name, value in super().given().items() if name not in own and value != ""}
        needed = {name: "" for name in self.step.needs if name in (*OF_CLASS, "reason", "into")}
        return {**needed, **told}

    def own(self) -> dict[str, dict[str, Any]]:
        """What was given for the class of each case."""
        return {
            number: {self.differs: self.cleaned_data[self._name(key)]}
            for key, sort in self.sorts.items()
            for number in sort.numbers
        }
