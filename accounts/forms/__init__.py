"""What people fill in."""

from accounts.forms.account import LanguageForm
from accounts.forms.establishment import (
    AppointForm,
    CloseForm,
    ContractEndForm,
    ContractForm,
    ContractWordsForm,
    CrewForm,
    CrewMemberForm,
    GrantForm,
    MoveForm,
    NamesForm,
    NewPersonForm,
    OrganisationForm,
    PersonForm,
    PostForm,
    day_of,
    midnight,
    organisation_choices,
    today,
)  # fmt: skip

__all__ = [
    "AppointForm", "CloseForm", "ContractEndForm", "ContractForm", "ContractWordsForm", "CrewForm", "CrewMemberForm",
    "GrantForm", "LanguageForm", "MoveForm", "NamesForm", "NewPersonForm", "OrganisationForm", "PersonForm", "PostForm",
    "day_of", "midnight", "organisation_choices", "today",
]  # fmt: skip
