"""Tables of assets: the register, the census projects, and the change requests from the field."""

from assets.models.census import CensusRules, Finding, Project, Spot, Street
from assets.models.pictures import Photo
from assets.models.register import (
    STRAY,
    Asset,
    AssetType,
    Change,
    FormerSchema,
    PlanOfComponentCodes,
    Stamp,
    Survey,
    Tally,
)
from assets.models.requests import ChangeRequest

__all__ = [
    "Asset", "AssetType", "CensusRules", "Change", "ChangeRequest", "Finding", "FormerSchema", "Photo",
    "PlanOfComponentCodes", "STRAY", "Project", "Spot", "Stamp", "Street", "Survey", "Tally",
]  # fmt: skip
