"""The forms of exchange: files and messages, endpoints, partners and their tickets."""

from exchange.forms.endpoints import EndpointForm, SpanForm
from exchange.forms.files import MappingForm, PreferencesForm, TemplateForm, UploadForm
from exchange.forms.hotline import MapForm, PartnerForm, RefuseForm
from exchange.forms.machines import MachineForm, OverlapForm

__all__ = [
    "EndpointForm", "MachineForm", "MapForm", "MappingForm", "OverlapForm", "PartnerForm", "PreferencesForm",
    "RefuseForm", "SpanForm", "TemplateForm", "UploadForm",
]  # fmt: skip
