"""The form of a zone: its polygon as text, and for each kind of rule whether and how it holds there."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from video.contracts import RuleMode
from video.models import Rule, Zone
from video.rules.hours import DAYS, MARKETS
from video.selectors import RuleLine

NUMBER = r"-?\d{1,3}(?:\.\d{1,6})?"
CORNER = re.compile(rf"^\s*({NUMBER})\s*[,，\s]\s*({NUMBER})\s*$")
SPAN = re.compile(r"^\s*(\d{1,2}:\d{2})\s*[-–—~至]\s*(\d{1,2}:\d{2})\s*$")
RISING = "rising"
MODES = (RuleMode.SHADOW.value, RuleMode.REVIEW.value, RISING, RuleMode.AUTOMATIC.value)


def editor_words() -> dict[str, str]:
    """What the drawing says; the keys are the editor's."""
    return {
        "zone.corner": _("Corner {n}: {x} % from the left, {y} % from the top"),
        "zone.between": _("A new corner between {n} and {m}"),
        "zone.stage": _("Picture of the camera; click to set a corner"),
        "zone.moved": _("Corner {n} at {x}, {y}"),
        "zone.removed": _("Corner {n} removed"),
        "zone.few": _("A zone has at least three corners"),
    }


def corners_text(polygon: Sequence[Sequence[float]]) -> str:
    """The polygon as people read it: a corner a line, in percent of the picture's width and height."""
    return "\n".join(f"{round(100 * x, 2):g}, {round(100 * y, 2):g}" for x, y in polygon)


def _lines(text: str) -> list[str]:
    return [line for line in re.split(r"[\n;；]", text) if line.strip()]


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,，;；、]+", text) if part]


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _clock(text: str) -> str:
    hours, minutes = text.split(":")
    return f"{int(hours):02d}:{minutes}"


class RuleForm(forms.Form):
    """One kind of rule in a zone."""

    on = forms.BooleanField(required=False)
    mode = forms.ChoiceField(label=gettext_lazy("What it does"))
    dwell_seconds = forms.FloatField(
        label=gettext_lazy("Stands at least, seconds"), min_value=1, max_value=86400, required=False
    )
    cluster = forms.IntegerField(label=gettext_lazy("So many together"), min_value=1, max_value=200, required=False)
    days = forms.ChoiceField(label=gettext_lazy("Days"))
    hours = forms.CharField(label=pgettext_lazy("of a rule", "Hours"), max_length=120, required=False)
    market = forms.ChoiceField(label=gettext_lazy("Market days"), required=False)
    market_days = forms.CharField(label=gettext_lazy("Which days are market days"), max_length=1000, required=False)
    exempt = forms.MultipleChoiceField(
        label=gettext_lazy("Does not count"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, line: RuleLine) -> None:
        super().__init__(data, prefix=f"rule-{line.template.code}", initial=self.read(line.rule), label_suffix="")
        self.line = line
        forbidden = {RISING, RuleMode.AUTOMATIC.value} if line.missing else set()
        self.choose("mode", [mode for mode in MODES if mode not in forbidden])
        usual = self.initial.get("mode") or line.template.mode
        self.initial["mode"] = RuleMode.REVIEW if usual in forbidden else usual
        self.choose("days", DAYS)
        self.choose("market", MARKETS)
        self.choose("exempt", line.template.labels)
        self.fields["dwell_seconds"].widget.attrs["placeholder"] = f"{line.template.dwell_seconds:g}"
        self.fields["cluster"].widget.attrs["placeholder"] = f"{line.template.thresholds.get('cluster', 1):g}"
        self.fields["hours"].widget.attrs["placeholder"] = "07:00-09:00; 17:00-20:00"
        self.fields["market_days"].widget.attrs["placeholder"] = "3 8; 2027-02-11"

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields that are typed."""
        return [self[name] for name in ("dwell_seconds", "cluster", "hours", "market_days")]

    def choose(self, name: str, codes: Iterable[str]) -> None:
        """The field offers these codes; the page says them in words."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(code, code) for code in codes]

    @staticmethod
    def read(rule: Rule | None) -> dict[str, Any]:
        """What the fields show for a rule; as usual where there is none."""
        if rule is None:
            return {"days": "all", "market": ""}
        told = rule.schedule
        rising = rule.mode == RuleMode.REVIEW and rule.ceiling == RuleMode.AUTOMATIC
        digits = " ".join(str(digit) for digit in told.get("market_digits", ()))
        return {
            "on": rule.enabled,
            "mode": RISING if rising else rule.mode,
            "dwell_seconds": rule.dwell_seconds,
            "cluster": rule.cluster,
            "days": told.get("days", "all"),
            "hours": "; ".join("-".join(span) for span in told.get("hours", ())),
            "market": told.get("market", ""),
            "market_days": " ".join(part for part in (digits, *told.get("market_dates", ())) if part),
            "exempt": rule.exempt,
        }

    def clean_hours(self) -> list[list[str]]:
        """Spans like 07:00-09:00."""
        found = [(line, SPAN.match(line)) for line in _lines(self.cleaned_data["hours"])]
        wrong = [line for line, match in found if match is None]
        if wrong:
            raise forms.ValidationError(_("Not hours: %(text)s") % {"text": wrong[0].strip()})
        return [[_clock(match[1]), _clock(match[2])] for _line, match in found if match]

    def clean_market_days(self) -> dict[str, Any]:
        """Last digits of days of the month, and single dates."""
        parts = _parts(self.cleaned_data["market_days"])
        digits = sorted({int(part) for part in parts if len(part) == 1 and "0" <= part <= "9"})
        dates = sorted({part for part in parts if _is_date(part)})
        wrong = [part for part in parts if not _is_date(part) and not (len(part) == 1 and "0" <= part <= "9")]
        if wrong:
            raise forms.ValidationError(_("Neither a last digit nor a date: %(text)s") % {"text": wrong[0]})
        return {"market_digits": digits, "market_dates": dates}

    def clean(self) -> dict[str, Any]:
        """Market days are named where they matter."""
        told = super().clean() or self.cleaned_data
        days = told.get("market_days") or {}
        if told.get("market") and not any(days.values()):
            self.add_error("market_days", _("Say which days are market days."))
        return told

    def wish(self) -> dict[str, Any]:
        """The rule as `video.rules.wishes` takes it."""
        told = self.cleaned_data
        schedule = {"days": told["days"], "hours": told["hours"], "market": told["market"], **told["market_days"]}
        usual = {"days": "all", "market": ""}
        rising = told["mode"] == RISING
        return {
            "template": self.line.template.code,
            "dwell_seconds": told["dwell_seconds"],
            "mode": RuleMode.REVIEW.value if rising else told["mode"],
            "ceiling": RuleMode.AUTOMATIC.value if rising else None,
            "cluster": told["cluster"],
            "schedule": {name: value for name, value in schedule.items() if value and usual.get(name) != value},
            "exempt": told["exempt"],
        }


class ZoneForm(forms.Form):
    """A zone: what it is called, where it lies, and its rules."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=64)
    zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=80)
    en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    polygon = forms.CharField(
        label=gettext_lazy("Corners"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
    )
    note = forms.CharField(label=gettext_lazy("Why it changes"), max_length=200, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**8)

    def __init__(self, data: Any = None, *, zone: Zone | None, lines: list[RuleLine]) -> None:
        names = zone.names if zone else {}
        shown = {
            "code": zone.code if zone else "", "zh": names.get("zh", ""), "en": names.get("en", ""),
            "polygon": corners_text(zone.polygon) if zone else "", "revision": zone.revision if zone else 0,
        }  # fmt: skip
        super().__init__(data, initial=shown, label_suffix="")
        self.lines = lines
        self.rules = [RuleForm(data, line=line) for line in lines]
        if zone:
            self.fields["code"].required = False
            self.fields["code"].disabled = True

    def is_valid(self) -> bool:
        """Itself, and every rule that is switched on."""
        here = super().is_valid()
        rules = [rule.is_valid() for rule in self.rules if self._on(rule)]
        return here and all(rules)

    def _on(self, rule: RuleForm) -> bool:
        return bool(self.data.get(f"{rule.prefix}-on"))

    def clean_polygon(self) -> list[list[float]]:
        """Corners in shares of the picture."""
        lines = _lines(self.cleaned_data["polygon"])
        found = [CORNER.match(line) for line in lines]
        wrong = [line for line, match in zip(lines, found, strict=True) if match is None]
        if wrong:
            raise forms.ValidationError(_("Not a corner: %(text)s") % {"text": wrong[0].strip()[:40]})
        points = [[float(match[1]) / 100, float(match[2]) / 100] for match in found if match]
        if len(points) < 3:
            raise forms.ValidationError(_("A zone has at least three corners."))
        if any(not 0 <= side <= 1 for point in points for side in point):
            raise forms.ValidationError(_("A corner lies outside the picture."))
        return points

    def wish(self, code: str) -> dict[str, Any]:
        """The zone as `video.rules.wishes` takes it."""
        told = self.cleaned_data
        names = {"zh": told["zh"], "en": told["en"] or told["zh"]}
        rules = [rule.wish() for rule in self.rules if self._on(rule)]
        return {"code": code or told["code"], "names": names, "polygon": told["polygon"], "rules": rules}
