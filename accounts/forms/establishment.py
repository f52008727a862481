"""The forms of organisations, posts and people."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import selectors
from accounts.models import Organisation
from core import clock
from core.errors import Invalid
from core.languages import pick
from core.scope import Actor

_DATE = {"type": "date"}


def midnight(day: date | None) -> datetime | None:
    """The first moment of a day in the city; None for none."""
    return datetime.combine(day, time.min, timezone.get_default_timezone()) if day else None


def today() -> date:
    """The day that it is in the city."""
    return timezone.localtime(clock.now()).date()


def day_of(text: str) -> date | None:
    """The day that an address names; None for an empty one, Invalid for what is no day."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("accounts.bad_date", value=text[:20]) from error


def organisation_choices(actor: Actor, *, active: bool = True) -> list[tuple[str, str]]:
    """The organisations on the actor's ground as choices, deeper ones set in."""
    rows = selectors.administered(actor)
    if active:
        rows = rows.filter(active=True)
    return [(row.code, "　" * row.path.count(".") + (pick(row.names) or row.code)) for row in rows]


def role_choices() -> list[tuple[str, str]]:
    """The roles in use."""
    return [(row.code, pick(row.names) or row.code) for row in selectors.roles()]


class Told(forms.Form):
    """A form whose labels end as they are written."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """The field offers these."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class NamesForm(Told):
    """Names in both languages, and duties one by one."""

    zh = forms.CharField(label=_("Chinese name"), max_length=80)
    en = forms.CharField(label=_("English name"), max_length=120)
    duties = forms.CharField(label=_("Duties, separated by commas"), required=False, max_length=400)

    def given(self) -> dict[str, Any]:
        """The arguments of the action."""
        told = self.cleaned_data
        duties = [one.strip() for one in told["duties"].replace("，", ",").split(",") if one.strip()]
        return {"names": {"zh": told["zh"], "en": told["en"]}, "duties": duties}


class OrganisationForm(NamesForm):
    """A new organisation."""

    code = forms.CharField(label=_("Code"), max_length=40)
    parent = forms.ChoiceField(label=_("Under"), required=False)
    kind = forms.ChoiceField(label=_("Kind"))
    level = forms.ChoiceField(label=_("Level"), choices=Organisation.LEVELS)
    area = forms.CharField(label=_("Area (region codes; empty: like the parent)"), required=False, max_length=80)
    field_order = ["code", "zh", "en", "parent", "kind", "level", "area", "duties"]

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("parent", [("", str(_("At the top"))), *organisation_choices(actor)])
        self.choose("kind", [(row.code, pick(row.names)) for row in selectors.kinds()])

    def given(self) -> dict[str, Any]:
        """The arguments of `create_organisation`, but for the actor."""
        told = self.cleaned_data
        words = {name: told[name] for name in ("code", "parent", "kind", "level", "area")}
        if not words["area"] and words["parent"]:
            words["area"] = selectors.organisation(words["parent"]).area
        return {**super().given(), **words}


class MoveForm(Told):
    """Where to, from when on, and why."""

    parent = forms.ChoiceField(label=_("New parent"), required=False)
    at = forms.DateField(label=_("From (empty: now)"), required=False, widget=forms.DateInput(_DATE))
    note = forms.CharField(label=_("Reason"), required=False, max_length=400)

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("parent", [("", str(_("At the top"))), *organisation_choices(actor)])


class CloseForm(Told):
    """From when on, and why."""

    at = forms.DateField(label=_("From (empty: now)"), required=False, widget=forms.DateInput(_DATE))
    note = forms.CharField(label=_("Reason"), required=False, max_length=400)


class PostForm(Told):
    """A new post: what it is called and which role it gives."""

    role = forms.ChoiceField(label=_("Role"))
    zh = forms.CharField(label=_("Chinese name (empty: like the role)"), required=False, max_length=80)
    en = forms.CharField(label=_("English name (empty: like the role)"), required=False, max_length=120)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("role", role_choices())

    def given(self) -> dict[str, Any]:
        """The arguments of `create_post`."""
        told = self.cleaned_data
        names: Mapping[str, str] | None = {"zh": told["zh"], "en": told["en"]} if told["zh"] or told["en"] else None
        return {"role": told["role"], "names": names}


class ContractForm(Told):
    """A contract."""

    number = forms.CharField(label=_("Contract number"), max_length=80)
    scope = forms.CharField(label=_("What it covers"), required=False, max_length=400)
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(_DATE))
    valid_until = forms.DateField(label=_("Until (the first day without it)"), widget=forms.DateInput(_DATE))


class ContractWordsForm(Told):
    """The words of a contract that stands."""

    number = forms.CharField(label=_("Contract number"), max_length=80)
    scope = forms.CharField(label=_("What it covers"), required=False, max_length=400)


class ContractEndForm(Told):
    """When a contract ends."""

    until = forms.DateField(
        label=_("Ends on (the first day without it; empty: now)"), required=False, widget=forms.DateInput(_DATE)
    )


class CrewForm(Told):
    """A new crew."""

    code = forms.CharField(label=_("Code"), max_length=40)
    zh = forms.CharField(label=_("Chinese name"), max_length=80)
    en = forms.CharField(label=_("English name"), max_length=120)


class CrewMemberForm(Told):
    """Somebody of the organisation who is to work in a crew."""

    person = forms.TypedChoiceField(label=_("Person"), coerce=int)
    leads = forms.BooleanField(label=_("leads it"), required=False)

    def __init__(self, people: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("person", people)


class PersonForm(Told):
    """What there is to say of somebody."""

    label = forms.CharField(label=_("name"), max_length=80)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    phone = forms.CharField(label=_("phone"), required=False, max_length=32)
    email = forms.EmailField(label=_("e-mail"), required=False)

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("organisation", [("", "—"), *organisation_choices(actor)])


class NewPersonForm(PersonForm):
    """Somebody new."""

    username = forms.CharField(label=_("user name"), max_length=60)
    field_order = ["username", "label", "organisation", "phone", "email"]


class AppointForm(Told):
    """Which post, from when until when."""

    post = forms.ChoiceField(label=_("Post"))
    valid_from = forms.DateField(label=_("From (empty: now)"), required=False, widget=forms.DateInput(_DATE))
    valid_until = forms.DateField(label=_("Until (empty: for good)"), required=False, widget=forms.DateInput(_DATE))

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("post", [(row.code, selectors.post_title(row)) for row in selectors.administered_posts(actor)])


class GrantForm(Told):
    """A role without a post: over which organisation and area, from when until when."""

    role = forms.ChoiceField(label=_("Role"))
    org = forms.ChoiceField(label=_("Over the organisation"), required=False)
    area = forms.CharField(
        label=_("In the area (region codes joined by dots; empty: everywhere)"), required=False, max_length=80
    )
    valid_from = forms.DateField(label=_("From (empty: now)"), required=False, widget=forms.DateInput(_DATE))
    valid_until = forms.DateField(label=_("Until (empty: for good)"), required=False, widget=forms.DateInput(_DATE))

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("role", role_choices())
        self.choose("org", [("", str(_("every organisation"))), *organisation_choices(actor)])

    def given(self) -> dict[str, Any]:
        """The arguments of `grant`."""
        told = self.cleaned_data
        return {**told, **{name: midnight(told[name]) for name in ("valid_from", "valid_until")}}
