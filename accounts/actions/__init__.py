"""The verbs of accounts: organisations, posts, people, roles, grants, rosters, contractors, keys, the demo's people."""

from accounts.actions.contractors import (
    ContractPreview,
    change_contract,
    change_crew,
    create_crew,
    end_contract_on,
    join_crew,
    leave_crew,
    make_contract,
    preview_contract_end,
)  # fmt: skip
from accounts.actions.demo import DEMO_PASSWORD, DemoPerson, demo_people, seed_people, take_post
from accounts.actions.file_rows import FileRow, JudgedRow
from accounts.actions.grants import grant, retire_role, revoke, upsert_role
from accounts.actions.keys import end_key, holder_of_key, make_key
from accounts.actions.lockouts import note_lock, unlock
from accounts.actions.moving import (
    Preview,
    cancel_plan,
    carry_out_plans,
    close_organisation,
    move_organisation,
    preview_close,
    preview_move,
)  # fmt: skip
from accounts.actions.organisation_files import OrganisationFile
from accounts.actions.organisations import adopt_model, change_organisation, create_organisation
from accounts.actions.passwords import faults_of, note_password, profile, remember_password
from accounts.actions.people import (
    Invitation,
    change_person,
    create_user,
    first_administrator,
    invite,
    note_sign_in,
    speak,
)  # fmt: skip
from accounts.actions.people_files import Judged, PeopleFile, PersonRow
from accounts.actions.post_files import PostFile
from accounts.actions.posts import appoint, change_post, create_post, leave_post
from accounts.actions.roles import require_second_factor, reset_role, save_role
from accounts.actions.roster_files import RosterFile
from accounts.actions.rosters import Wish, adopt_shifts, copy_week, save_roster, staff_of
from accounts.actions.sessions import (
    end_my_other_sessions,
    end_session,
    forget_session,
    note_session,
    sign_out_everywhere,
)

__all__ = [
    "DEMO_PASSWORD", "ContractPreview", "DemoPerson", "FileRow", "Invitation", "Judged", "JudgedRow",
    "OrganisationFile", "PeopleFile", "PersonRow", "PostFile", "Preview", "RosterFile", "Wish", "adopt_model",
    "adopt_shifts", "appoint", "cancel_plan", "carry_out_plans", "change_contract", "change_crew",
    "change_organisation", "change_person", "change_post", "close_organisation", "copy_week", "create_crew",
    "create_organisation", "create_post", "create_user", "demo_people", "end_contract_on", "end_key",
    "end_my_other_sessions", "end_session", "faults_of", "first_administrator", "forget_session", "grant",
    "holder_of_key", "invite", "join_crew", "leave_crew", "leave_post", "make_contract", "make_key",
    "move_organisation", "note_lock", "note_password", "note_session", "note_sign_in", "preview_close",
    "preview_contract_end", "preview_move", "profile", "remember_password", "require_second_factor", "reset_role",
    "retire_role", "revoke", "save_role", "save_roster", "seed_people", "sign_out_everywhere", "speak", "staff_of",
    "take_post", "unlock", "upsert_role",
]  # fmt: skip
