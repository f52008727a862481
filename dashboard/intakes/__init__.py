"""Files of accounts, which lies below exchange and so cannot plug in itself: organisations, people, posts, rosters."""

from dashboard.intakes.people import EveryOrganisation, EveryPerson, OrganisationFiles, PeopleFiles
from dashboard.intakes.staffing import EveryPost, EveryRoster, PostFiles, RosterFiles
from exchange.contracts import register_dataset, register_intake

register_intake(OrganisationFiles())
register_intake(PeopleFiles())
register_intake(PostFiles())
register_intake(RosterFiles())
register_dataset(EveryOrganisation())
register_dataset(EveryPerson())
register_dataset(EveryPost())
register_dataset(EveryRoster())
