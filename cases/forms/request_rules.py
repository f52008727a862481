"""The forms of a rule of asking: who asks, who signs one after the other, on which grounds, within which limits."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from cases.contracts import RequestKind
from cases.forms.classes import UNITS
from cases.forms.responsibility import MOMENT
from cases.models import RequestRule, words
from core.languages import pick
from core.scope import Duty

PLACES, MORE_GROUNDS = 4, 2
SIGNING_LEVELS = ("", "city", "district")
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def _called(duty: str, level: str) -> str:
    """A signer in the reader's language."""
    name = str(words.DUTY_NAMES[duty])
    return _now("%(duty)s (%(level)s)") % {"duty": name, "level": words.LEVEL_NAMES[level]} if level else name


def _code(signer: Mapping[str, Any]) -> str:
    return f"{signer['duty']}|{signer['level']}|{int(signer['waived'])}"


class SignersForm(forms.Form):
    """Those who sign, one place after another; an empty place is none."""

    def __init__(self, held: Iterable[Mapping[str, Any]], known: Iterable[Mapping[str, Any]], **options: Any) -> None:
        held = [{"level": "", "waived": False, **signer} for signer in held]
        self.known = {_code({"level": "", "waived": False, **signer}): dict(signer) for signer in known}
        initial = {f"place{place}": _code(signer) for place, signer in enumerate(held)}
        super().__init__(**{"label_suffix": "", "initial": initial, **options})
        choices = [("", "—"), *self._choices()]
        for place in range(max(PLACES, len(held) + 1)):
            label = _("Signature %(n)s") % {"n": place + 1}
            self.fields[f"place{place}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    def _choices(self) -> Iterator[tuple[str, str]]:
        every = dict.fromkeys((*self.known, *(f"{duty}|{level}|{waived}" for duty in words.DUTY_NAMES
                                              for level in SIGNING_LEVELS for waived in (0, 1))))  # fmt: skip
        for code in every:
            duty, level, waived = code.split("|")
            told = pick(self.known[code]["names"]) if code in self.known else ""
            name = f"{told} · {_called(duty, level)}" if told else _called(duty, level)
            yield code, _now("%(who)s, unless who asks is one") % {"who": name} if waived == "1" else name

    def signers(self) -> list[dict[str, Any]]:
        """The chain as a rule says it; who was named in the rule before keeps the name."""
        return [self._signer(code) for code in self.cleaned_data.values() if code]

    def _signer(self, code: str) -> dict[str, Any]:
        duty, level, waived = code.split("|")
        names = self.known[code]["names"] if code in self.known else {}
        for language, active in LANGUAGES.items():
            if not names.get(language):
                with override(active):
                    names = {**names, language: _called(duty, level)}
        return {"duty": duty, "level": level, "names": dict(names), "waived": waived == "1"}


class GroundForm(forms.Form):
    """A ground on which may be asked; a row without a code is none."""

    code = forms.CharField(label=pgettext_lazy("request", "Code of the ground"), max_length=40, required=False)
    zh = forms.CharField(label=_("Chinese name"), max_length=60, required=False)
    en = forms.CharField(label=_("English name"), max_length=60, required=False)


class AskingForm(forms.Form):
    """Who asks, the limits, from when, and why."""

    askers = forms.MultipleChoiceField(
        label=_("Who may ask"), choices=[(str(duty), words.DUTY_NAMES[duty]) for duty in Duty],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    most = forms.IntegerField(label=_("Approvals for one case at most (0: no limit)"), min_value=0, max_value=99)
    share = forms.FloatField(
        label=_("An extension gives at most so many times the limit (0: no limit)"), min_value=0, max_value=10
    )
    days = forms.IntegerField(
        label=_("Days that a hold lasts, or an appeal may wait, at most (0: no limit)"), min_value=0, max_value=3650
    )
    shirk_after = forms.IntegerField(
        label=_("Returned by so many organisations, a case counts as shirked (0: never)"), min_value=0, max_value=99
    )
    take_value = forms.FloatField(
        label=_("Refused and not taken within this, a case counts as shirked (empty: never)"), required=False,
        widget=forms.NumberInput({"step": "any", "min": "0", "inputmode": "decimal"}),
    )  # fmt: skip
    take_unit = forms.ChoiceField(label=_("Unit of that time"), choices=UNITS, required=False)
    valid_from = forms.DateTimeField(
        label=_("From (empty: now)"), required=False, widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": 2, "maxlength": 400}))


class AskingForms:
    """All of them as one: the rule, its usual chain, that of repeats, and its grounds, each with a chain if need be."""

    def __init__(self, row: RequestRule, data: Any = None) -> None:
        told = row.told()
        known = [signer for chain in (row.chain, row.again, *(one.get("chain", ()) for one in row.grounds))
                 for signer in chain]  # fmt: skip
        plain = {name: told[name] for name in ("askers", "most", "share", "days", "shirk_after")}
        plain |= {"take_value": row.take_within.get("value"), "take_unit": row.take_within.get("unit")}
        self.rule = AskingForm(data=data, initial=plain, label_suffix="")
        if row.kind != RequestKind.RETURN:  # nobody is refused the return of a case but who wanted to return it
            del self.rule.fields["take_value"], self.rule.fields["take_unit"]
        self.usual = SignersForm(row.chain, known, data=data, prefix="usual")
        self.again = SignersForm(row.again, known, data=data, prefix="again")
        held = [*row.grounds, *({} for _more in range(MORE_GROUNDS))]
        self.grounds = [
            (GroundForm(data=data, initial={"code": one.get("code"), **one.get("names", {})}, prefix=f"ground{place}",
                        label_suffix=""),
             SignersForm(one.get("chain", ()), known, data=data, prefix=f"ground{place}"))
            for place, one in enumerate(held)
        ]  # fmt: skip

    def is_valid(self) -> bool:
        """Whether everything can be read."""
        forms_ = (self.rule, self.usual, self.again, *(form for pair in self.grounds for form in pair))
        told = [form.is_valid() for form in forms_]  # every one, so that each shows what is wrong with it
        return all(told)

    def given(self) -> dict[str, Any]:
        """The words of the rule, and when and why."""
        told = dict(self.rule.cleaned_data)
        when = {name: told.pop(name) for name in ("valid_from", "reason")}
        value, unit = told.pop("take_value", None), told.pop("take_unit", "")
        told["take_within"] = {} if value is None else {"value": value, "unit": unit}
        chains = {"chain": self.usual.signers(), "again": self.again.signers()}
        return {"says": {**told, **chains, "grounds": list(self._grounds())}, **when}

    def _grounds(self) -> Iterator[dict[str, Any]]:
        for ground, signers in self.grounds:
            told, chain = ground.cleaned_data, signers.signers()
            if told["code"] or told["zh"] or told["en"]:
                names = {"zh": told["zh"], "en": told["en"]}
                yield {"code": told["code"], "names": names, **({"chain": chain} if chain else {})}
