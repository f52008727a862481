"""What people read when accounts refuse."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "accounts.not_an_administrator": _("Only an administrator of this ground may do that."),
    "accounts.not_signed_in": _("Sign in first."),
    "accounts.no_right": _("This takes the right %(right)s, which you do not hold."),
    "accounts.no_such_organisation": _("There is no organisation %(code)s."),
    "accounts.no_such_person": _("There is no account %(user_id)s."),
    "accounts.no_such_role": _("There is no role %(code)s in use."),
    "accounts.no_such_grant": _("There is no grant %(grant_id)s."),
    "accounts.no_such_language": _("The pages do not speak %(value)s."),
    "accounts.key_label": _("Say in at most 80 characters what the key is for."),
    "accounts.key_days": _("A key is good for 1 to %(most)s days, not %(days)s."),
    "accounts.too_many_keys": _("You have %(most)s keys already; end one first."),
    "accounts.no_such_key": _("There is no key %(key_id)s of yours."),
    "accounts.bad_code": _(
        "%(value)s is no code: lower-case letters, digits, - and _, at most 40, beginning with a letter or digit."
    ),
    "accounts.bad_area": _("%(value)s is no area: region codes joined by dots."),
    "accounts.bad_level": _("%(value)s is no level: city, district, street or community."),
    "accounts.name_missing": _("A name is needed in both languages; missing: %(languages)s."),
    "accounts.unknown_kind": _("The city's model has no organisations of the kind %(kind)s."),
    "accounts.kind_not_at_level": _("The city's model has no %(kind)s at the level %(level)s."),
    "accounts.level_above_parent": _("An organisation of the level %(level)s cannot stand under %(parent)s."),
    "accounts.area_outside_parent": _("The area %(area)s is not part of what %(parent)s serves."),
    "accounts.organisation_exists": _("An organisation %(code)s exists already."),
    "accounts.username_taken": _("The user name %(username)s is taken."),
    "accounts.weak_password": _("This password is not accepted: %(reasons)s"),
    "accounts.not_the_first": _("There are accounts already; an administrator gives further ones."),
    "accounts.switches_off_self": _("Nobody switches off their own account."),
    "accounts.unknown_permission": _("No part of the platform asks for %(permissions)s."),
    "accounts.grants_to_self": _("Nobody grants a role to themselves."),
    "accounts.ends_before_it_begins": _("A grant ends after it begins."),
    "accounts.handles_and_supervises": _(
        "Nobody may handle cases and supervise over the same ground: %(first)s and %(second)s."
    ),
    "accounts.desk_and_supervises": _(
        "Nobody may run a department's desk and supervise over the same ground: %(first)s and %(second)s."
    ),
    "accounts.handles_and_evaluates": _(
        "Nobody may handle cases and evaluate over the same ground: %(first)s and %(second)s."
    ),
    "accounts.desk_and_evaluates": _(
        "Nobody may run a department's desk and evaluate over the same ground: %(first)s and %(second)s."
    ),
    "accounts.role_without_pack": _("No pack speaks of the role %(code)s."),
    "accounts.role_exists": _("A role %(code)s exists already."),
    "accounts.role_look_again": _("What you saw is not what would be saved. Look at the difference again."),
    "accounts.no_such_session": _("This session is not open, or is not yours."),
    "accounts.password_short": _("A password has at least %(least)s characters."),
    "accounts.password_classes": _(
        "A password draws on at least %(least)s of these: capital letters, small letters, digits, other signs."
    ),
    "accounts.password_used_before": _("This password was yours before; the last %(last)s do not come back."),
    "accounts.account_locked": _(
        "Too many wrong passwords: this account takes none until %(until)s. An administrator may unlock it sooner."
    ),
    "accounts.address_locked": _("Too many wrong passwords came from your address. Try again after %(until)s."),
    "accounts.demo_needs_organisations": _(
        "The demo's people need organisations first: none of the level %(level)s for %(area)s."
    ),
    "accounts.bad_phone": _(
        "%(value)s is no phone number: a mobile of 11 digits, a fixed line with its area code, or an extension."
    ),
    "accounts.bad_email": _("%(value)s is no e-mail address."),
    "accounts.bad_username": _("%(value)s is no user name: letters, digits and . @ + - _, at most 60, no blanks."),
    "accounts.username_twice": _("The user name %(username)s stands in an earlier row of this file."),
    "accounts.phone_twice": _("The phone number %(phone)s stands in an earlier row of this file."),
    "accounts.phone_taken": _("The phone number %(phone)s belongs to the account %(username)s."),
    "accounts.person_nameless": _("A person needs a name."),
    "accounts.name_too_long": _("A name has at most %(most)s characters."),
    "accounts.imports_self": _("Nobody changes their own account or posts by an import."),
    "accounts.person_inactive": _("The account of %(name)s is switched off."),
    "accounts.posts_need_organisation": _("A post needs an organisation: name one in this row."),
    "accounts.organisation_ambiguous": _(
        "Several organisations are called %(name)s; give the code instead: %(codes)s."
    ),
    "accounts.no_such_post": _("There is no post %(code)s."),
    "accounts.no_such_post_here": _("The organisation %(name)s has no post %(post)s."),
    "accounts.post_ambiguous": _("The organisation %(name)s has several posts %(post)s; give the code of one."),
    "accounts.post_exists": _("A post %(code)s exists already."),
    "accounts.post_closed": _("The post %(name)s has been given up."),
    "accounts.organisation_closed": _("%(name)s is closed."),
    "accounts.moves_below_itself": _("%(name)s cannot stand under %(parent)s, which is part of it."),
    "accounts.stands_there_already": _("%(name)s stands there already."),
    "accounts.parent_closed": _("Nothing is put under %(parent)s: it is closed."),
    "accounts.tree_too_deep": _("%(name)s would stand too deep in the tree."),
    "accounts.move_makes_conflict": _(
        "%(person)s could then judge work they did: %(first)s and %(second)s would meet over the same ground."
    ),
    "accounts.closing_hindered": _("%(name)s cannot be closed while it has %(count)s of these: %(what)s."),
    "accounts.closed_already": _("%(name)s is closed already."),
    "accounts.organisation_twice": _("The organisation %(code)s stands in line %(line)s already."),
    "accounts.organisation_fixed": _(
        "Kind, level and area of %(name)s stay as they are; close it and make another one instead."
    ),
    "accounts.cell_missing": _("A new organisation needs this."),
    "accounts.flag_unread": _("%(given)s is neither yes nor no."),
    "accounts.area_not_on_map": _("There is no region %(area)s on the map."),
    "accounts.stands_later": _("A file tells how things stand now; plan what is to come on the organisation's page."),
    "accounts.ends_later": _(
        "An organisation of a file stands until a past day, or without an end; plan its closing on its page."
    ),
    "accounts.dates_reversed": _("The end does not lie after the beginning."),
    "accounts.stretches_overlap": _("Line %(line)s speaks of the same organisation for some of this time."),
    "accounts.past_stays": _("How %(code)s stood before is on record here already and stays as it is."),
    "accounts.past_of_nobody": _("The file does not say how %(code)s stands now (a row without an end)."),
    "accounts.other_rows": _("Another row of %(code)s has faults, so that none of it is taken."),
    "accounts.parent_refused": _("The organisation %(code)s above it is refused (line %(line)s)."),
    "accounts.closes_others": _(
        "%(count)s organisations in use stand under it (%(which)s); close or move them in the same file."
    ),
    "accounts.plan_exists": _("Something is planned for %(name)s already; cancel that first."),
    "accounts.plan_over": _("This plan is over."),
    "accounts.no_such_plan": _("There is no plan %(plan_id)s."),
    "accounts.date_is_past": _("Choose today or a later day: what was cannot be changed."),
    "accounts.no_contract": _("%(name)s has no contract at that time, so its people hold nothing."),
    "accounts.contract_number": _("A contract needs a number of at most 80 characters."),
    "accounts.contract_scope": _("What a contract covers is said in at most 400 characters."),
    "accounts.contract_ends_before_it_begins": _("A contract ends after it begins."),
    "accounts.contracts_overlap": _("%(name)s has another contract in that time."),
    "accounts.contract_over": _("The contract %(number)s is over; make a new one."),
    "accounts.no_such_contract": _("There is no contract %(contract_id)s."),
    "accounts.not_a_contractor": _("%(name)s is no contractor."),
    "accounts.crew_exists": _("A crew %(code)s exists already."),
    "accounts.no_such_crew": _("There is no crew %(code)s."),
    "accounts.crew_dissolved": _("The crew %(name)s is dissolved."),
    "accounts.not_of_the_staff": _("Person %(user_id)s is not of the staff of %(name)s."),
    "accounts.no_such_shift": _("There is no shift %(code)s."),
    "accounts.shifts_overlap": _(
        "%(name)s would have two shifts at once: %(first)s on %(day)s and %(second)s on %(other)s."
    ),
    "accounts.roster_too_long": _("A roster has at most %(most)s shifts in a week."),
    "accounts.day_outside_week": _("%(day)s is not in this week."),
    "accounts.no_last_week": _("%(name)s has no roster of the week before."),
    "accounts.bad_date": _("%(value)s is no date: year-month-day."),
    "accounts.several_of_that_name": _("Several are called %(name)s; give the code instead: %(codes)s."),
    "accounts.new_post_needs": _("A new post needs this; there is no post %(code)s yet."),
    "accounts.post_fixed": _(
        "Organisation, role and ground of the post %(name)s stay as they are; give it up and make another one instead."
    ),
    "accounts.post_rows_differ": _("Line %(line)s says something else of this post."),
    "accounts.holdings_overlap": _("Line %(line)s speaks of the same person in this post for some of this time."),
    "accounts.held_otherwise": _(
        "Here this person has the post at other times (%(periods)s); end that first on the page of posts."
    ),
    "accounts.too_many_changes": _(
        "A file changes at most %(most)s posts and holdings; take the rest with another one."
    ),
    "accounts.turn_twice": _("An earlier row has this shift already."),
    "accounts.turns_left_out": _("%(count)s shifts in these weeks are not in the file and would be taken off."),
}
