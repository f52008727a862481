"""What people fill in."""

from accounts.forms.account import LanguageForm
from accounts.forms.establishment import (
    AppointForm,
    CloseForm,
    ContractForm,
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
    "AppointForm", "CloseForm", "ContractForm", "LanguageForm", "MoveForm", "NamesForm", "NewPersonForm",
    "OrganisationForm", "PersonForm", "PostForm", "day_of", "midnight", "organisation_choices", "today",
]  # fmt: skip
