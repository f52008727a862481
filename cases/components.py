"""What cases know of components: those about one, and the classes of events that a census may count."""

from assets.contracts import register_event_classes, register_knowledge
from cases import selectors

register_knowledge("cases", {"zh": "相关案件", "en": "Cases about it"}, selectors.about_component)
register_event_classes(selectors.event_class_names)
