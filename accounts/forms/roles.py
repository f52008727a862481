"""The form of a role: its names, and what it may do, grouped, each permission with a sentence."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rules import CODE, PERMISSIONS
from core.scope import Duty


class Permission(NamedTuple):
    """One permission in words."""

    code: str
    name: Any
    meaning: Any


GROUPS: tuple[tuple[Any, tuple[Permission, ...]], ...] = (
    (_("Work on cases"), (
        Permission(Duty.COLLECT, _("Collect"), _("Reports from the street, verifies before and checks after.")),
        Permission(Duty.ACCEPT, _("Accept"), _("Takes reports in, has them verified and checked.")),
        Permission(Duty.SUPERVISE, _("Supervise"), _("Registers and closes cases, decides on requests.")),
        Permission(Duty.COMMAND_CITY, _("Command the city"), _("Dispatches to districts and departments.")),
        Permission(Duty.COMMAND_DISTRICT, _("Command a district"), _("Dispatches within the district.")),
        Permission(Duty.DESK, _("Department desk"), _("Gives work to handlers and confirms it for the department.")),
        Permission(Duty.HANDLE, _("Handle"), _("Does the work on the spot and hands in the result.")),
        Permission(Duty.EVALUATE, _("Evaluate"), _("Marks departments, posts and people.")),
        Permission("case.report", _("Report"), _("Enters new reports.")),
    )),
    (_("See"), (
        Permission("case.see", _("See cases"), _("Opens cases of the ground held.")),
        Permission("feed.read", _("Follow the feed"), _("Pages stay live with the news of the ground held.")),
        Permission("wall.see", _("See the wall"), _("Opens the command wall.")),
        Permission("camera.see", _("See cameras"), _("Opens cameras and what they have seen.")),
        Permission("device.see", _("See devices"), _("Opens vehicles, gauges and other devices, and where they are.")),
        Permission("score.see", _("See scores"), _("Opens the evaluation.")),
        Permission("person.see", _("See personal data"),
                   _("Masked names and phones, sealed originals; each look is on record.")),
    )),
    (_("Personal data"), (
        Permission("person.unmask", _("Unmask personal data"),
                   _("Sees names and phones whole, for a reason, so often an hour; each look is on record.")),
        Permission("person.hold", _("Legal hold"), _("Keeps the personal data of a case from being erased.")),
        Permission("person.erase", _("Erase personal data"),
                   _("Erases who reported a case because they asked for it.")),
    )),
    (_("Register of components"), (
        Permission("component.edit", _("Keep the register"),
                   _("Enters, changes and removes components, decides on changes.")),
        Permission("component.propose", _("Propose changes"), _("Reports from the field what the register has wrong.")),
    )),
    (_("Registers"), (
        Permission("register.see", _("See registers"),
                   _("Opens records of the ground held: permits, waybills, dogs. Personal values stay masked.")),
        Permission("register.keep", _("Keep registers"), _("Enters and amends records, takes the steps of a keeper.")),
    )),
    (_("Alarms and gauges"), (
        Permission("alarm.see", _("See alarms"), _("Sees gauges, their readings and alarms on the ground held.")),
        Permission("alarm.handle", _("Handle alarms"),
                   _("Acknowledges, assigns, shelves and escalates alarms, warns of rain.")),
    )),
    (_("Enforcement"), (
        Permission("dossier.see", _("See case files"),
                   _("Opens files by the law of the ground held. Parties stay masked.")),
        Permission("dossier.handle", _("Handle case files"),
                   _("Opens files, investigates, notifies and serves, as one of two officers with a credential.")),
        Permission("dossier.review", _("Review case files"), _("Reviews legally, chairs hearings.")),
        Permission("dossier.decide", _("Decide case files"),
                   _("Files, decides and closes for the agency; never in a file one investigates.")),
    )),
    (_("Run the platform"), (
        Permission("admin", _("Administer"), _("Changes people, roles, maps, calendars, texts over the ground held.")),
        Permission("audit.see", _("Audit"), _("Reads and takes away the audit trail.")),
    )),
)  # fmt: skip
PERMISSION_NAMES: Mapping[str, Any] = {str(one.code): one.name for _title, held in GROUPS for one in held}


class RoleForm(forms.Form):
    """A role's two names, its permissions and whether it asks for a second factor."""

    zh = forms.CharField(label=_("Chinese name"), max_length=80)
    en = forms.CharField(label=_("English name"), max_length=80)
    permissions = forms.MultipleChoiceField(
        required=False, choices=[(code, code) for code in sorted(PERMISSIONS)], label=_("Permissions")
    )
    second_factor = forms.BooleanField(required=False, label=_("Whoever holds this role needs a second factor"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})

    def names(self) -> dict[str, str]:
        """Both names, as actions take them."""
        return {"zh": self.cleaned_data["zh"], "en": self.cleaned_data["en"]}

    def chosen(self) -> list[str]:
        """The permissions that are ticked, also while the form is not valid."""
        return [str(one) for one in self["permissions"].value() or ()]

    def seal(self) -> str:
        """A digest of what would be saved: only what was looked at is saved."""
        told = [self.names(), sorted(self.cleaned_data["permissions"]), self.cleaned_data["second_factor"]]
        return sha256(repr(told).encode()).hexdigest()


class NewRoleForm(RoleForm):
    """A role of the city's own."""

    code = forms.RegexField(CODE, label=_("Code"), max_length=40)
    field_order = ("code", "zh", "en")


def grouped(chosen: Iterable[str]) -> list[dict[str, Any]]:
    """The groups with what is ticked in each."""
    ticked = set(chosen)
    return [
        {"title": title, "rows": [{"one": one, "on": str(one.code) in ticked} for one in held]}
        for title, held in GROUPS
    ]
