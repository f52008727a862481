"""What cases know of components: those about one, those nearby, and the classes of events that a census may count."""

from assets.contracts import register_event_classes, register_knowledge, register_reporting
from cases import selectors

register_knowledge("cases", {"zh": "关于该部件的案件", "en": "Cases about it"}, selectors.about_component)
register_knowledge("cases nearby", {"zh": "附近的案件", "en": "Cases nearby"}, selectors.near_component)
register_reporting(selectors.report_address)
register_event_classes(selectors.event_class_names)
