"""What lies below exchange and so cannot plug in itself: files of accounts, the audit trail, words for every entry."""

from dashboard.intakes.audit import AuditTrail
from dashboard.intakes.people import EveryOrganisation, EveryPerson, OrganisationFiles, PeopleFiles
from dashboard.intakes.staffing import EveryPost, EveryRoster, PostFiles, RosterFiles
from dashboard.intakes.units import JOINING, UnitPacks
from dashboard.templatetags.audit_words import any_deed
from exchange.contracts import register_dataset, register_intake
from exchange.contracts.exports import register_listing
from exchange.contracts.sendings import register_namer

register_intake(OrganisationFiles())
register_intake(PeopleFiles())
register_intake(PostFiles())
register_intake(RosterFiles())
register_intake(UnitPacks())
register_intake(JOINING)
register_dataset(EveryOrganisation())
register_dataset(EveryPerson())
register_dataset(EveryPost())
register_dataset(EveryRoster())
register_listing(AuditTrail())
register_namer(any_deed)
