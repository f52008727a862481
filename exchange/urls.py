"""Paths of exchange."""

from django.urls import path, re_path

from exchange.pages import endpoints, exports, hotline, inbox, machines, partners, sendings, templates
from exchange.pages import imports as pages
from exchange.rest import endpoints as rest_endpoints
from exchange.rest import exports as rest_exports
from exchange.rest import hotline as rest_hotline
from exchange.rest import imports as rest
from exchange.rest import inbox as rest_inbox
from exchange.rest import machines as rest_machines
from exchange.rest import partners as rest_partners
from exchange.rest import sendings as rest_sendings
from exchange.rest import templates as rest_templates
from exchange.rest import uploads as rest_uploads

PAGE = "imports/<uuid:uid>"
API = "api/imports/<uuid:uid>"
ENDPOINT = "api/endpoints/<uuid:uid>"
SENDING = "api/sendings/<uuid:uid>"
TEMPLATE = "api/message-templates/<str:code>"

urlpatterns = [
    path("imports/", pages.imports, name="imports"),
    re_path(r"^imports/templates/(?P<kind>[a-z_]{1,40})\.(?P<form>csv|xlsx)$", pages.template, name="import-template"),
    path(f"{PAGE}/", pages.job, name="import"),
    path(f"{PAGE}/progress/", pages.progress, name="import-progress"),
    path(f"{PAGE}/faults.csv", pages.faults, name="import-faults"),
    path(f"{PAGE}/confirm/", pages.confirm, name="import-confirm"),
    path(f"{PAGE}/cancel/", pages.cancel, name="import-cancel"),
    path("api/imports", rest.ImportsView.as_view(), name="api-imports"),
    path(API, rest.ImportView.as_view(), name="api-import"),
    path(f"{API}/mapping", rest.MappingView.as_view(), name="api-import-mapping"),
    path(f"{API}/confirm", rest.ConfirmView.as_view(), name="api-import-confirm"),
    path(f"{API}/cancel", rest.CancelView.as_view(), name="api-import-cancel"),
    path("api/exports/<slug:name>.<slug:suffix>", rest.ExportView.as_view(), name="api-export"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<uuid:uid>/", exports.export, name="export"),
    path("exports/<uuid:uid>/progress/", exports.progress, name="export-progress"),
    path("exports/<uuid:uid>/cancel/", exports.cancel, name="export-cancel"),
    path("exports/<uuid:uid>/file/", exports.file, name="export-file"),
    path("api/export-jobs", rest_exports.ExportJobsView.as_view(), name="api-export-jobs"),
    path("api/export-jobs/<uuid:uid>", rest_exports.ExportJobView.as_view(), name="api-export-job"),
    path("api/export-jobs/<uuid:uid>/cancel", rest_exports.ExportCancelView.as_view(), name="api-export-job-cancel"),
    path("api/export-jobs/<uuid:uid>/file", rest_exports.ExportFileView.as_view(), name="api-export-job-file"),
    path("api/uploads/", rest_uploads.UploadsView.as_view(), name="api-uploads"),
    path("api/uploads/<uuid:uid>", rest_uploads.UploadView.as_view(), name="api-upload"),
    path("api/uploads/<uuid:uid>/preview", rest_uploads.PreviewView.as_view(), name="api-upload-preview"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox-read-all"),
    path("inbox/preferences/", inbox.preferences, name="inbox-preferences"),
    path("inbox/addresses/<slug:channel>/", inbox.address, name="inbox-address"),
    path("inbox/<int:pk>/open/", inbox.open_message, name="message-open"),
    path("inbox/<int:pk>/read/", inbox.read, name="message-read"),
    path("message-templates/", templates.templates, name="message-templates"),
    path("message-templates/<str:code>/", templates.template, name="message-template"),
    path("endpoints/", endpoints.endpoints, name="endpoints"),
    path("endpoints/new/<slug:channel>/", endpoints.new_endpoint, name="endpoint-new"),
    path("endpoints/<uuid:uid>/", endpoints.endpoint, name="endpoint"),
    path("endpoints/<uuid:uid>/act/", endpoints.endpoint_act, name="endpoint-act"),
    path("sendings/", sendings.sendings, name="sendings"),
    path("sendings/<uuid:uid>/", sendings.sending, name="sending"),
    path("sendings/<uuid:uid>/act/", sendings.sending_act, name="sending-act"),
    path("api/endpoints", rest_endpoints.EndpointsView.as_view(), name="api-endpoints"),
    path(ENDPOINT, rest_endpoints.EndpointView.as_view(), name="api-endpoint"),
    path(f"{ENDPOINT}/switch", rest_endpoints.EndpointSwitchView.as_view(), name="api-endpoint-switch"),
    path(f"{ENDPOINT}/secret", rest_endpoints.EndpointSecretView.as_view(), name="api-endpoint-secret"),
    path(f"{ENDPOINT}/ping", rest_endpoints.EndpointPingView.as_view(), name="api-endpoint-ping"),
    path(f"{ENDPOINT}/replay", rest_endpoints.EndpointReplayView.as_view(), name="api-endpoint-replay"),
    path("api/sendings", rest_sendings.SendingsView.as_view(), name="api-sendings"),
    path(SENDING, rest_sendings.SendingView.as_view(), name="api-sending"),
    path(f"{SENDING}/retry", rest_sendings.SendingRetryView.as_view(), name="api-sending-retry"),
    path(f"{SENDING}/replay", rest_sendings.SendingReplayView.as_view(), name="api-sending-replay"),
    path(f"{SENDING}/cancel", rest_sendings.SendingCancelView.as_view(), name="api-sending-cancel"),
    path("api/inbox", rest_inbox.InboxView.as_view(), name="api-inbox"),
    path("api/inbox/unread", rest_inbox.UnreadView.as_view(), name="api-inbox-unread"),
    path("api/inbox/read", rest_inbox.ReadAllView.as_view(), name="api-inbox-read-all"),
    path("api/inbox/preferences", rest_inbox.PreferencesView.as_view(), name="api-inbox-preferences"),
    path("api/inbox/<int:pk>/read", rest_inbox.ReadView.as_view(), name="api-message-read"),
    path("api/message-templates", rest_templates.TemplatesView.as_view(), name="api-message-templates"),
    path(TEMPLATE, rest_templates.TemplateView.as_view(), name="api-message-template"),
    path(f"{TEMPLATE}/reset", rest_templates.TemplateResetView.as_view(), name="api-message-template-reset"),
    path(f"{TEMPLATE}/versions", rest_templates.TemplateVersionsView.as_view(), name="api-message-template-versions"),
    path("hotline/", hotline.tickets, name="hotline"),
    path("hotline/<int:pk>/", hotline.ticket, name="hotline-ticket"),
    path("hotline/refusals/", hotline.refusals, name="hotline-refusals"),
    path("hotline/partners/", partners.partners, name="hotline-partners"),
    path("hotline/partners/new/", partners.new, name="hotline-partner-new"),
    path("hotline/partners/<slug:code>/", partners.partner, name="hotline-partner"),
    path("api/hotline/schema", rest_hotline.ContractView.as_view(), name="api-hotline-schema"),
    path("api/hotline/<slug:code>/messages", rest_hotline.MessagesView.as_view(), name="api-hotline-messages"),
    path("machines/", machines.machines, name="machines"),
    path("machines/new/", machines.new, name="machine-new"),
    path("machines/<slug:code>/", machines.machine, name="machine"),
    path("machines/<slug:code>/act/", machines.act, name="machine-act"),
    path("api/machines", rest_machines.MachinesView.as_view(), name="api-machines"),
    path("api/machines/schema", rest_machines.ReportSchemaView.as_view(), name="api-machine-schema"),
    path("api/machines/<slug:code>", rest_machines.MachineView.as_view(), name="api-machine"),
    path("api/machines/<slug:code>/key", rest_machines.MachineKeyView.as_view(), name="api-machine-key"),
    path("api/machines/<slug:code>/calls", rest_machines.MachineCallsView.as_view(), name="api-machine-calls"),
    path("api/machines/<slug:code>/reports", rest_machines.ReportsView.as_view(), name="api-machine-reports"),
    path("api/machines/<slug:code>/reports/<str:event>", rest_machines.ReportView.as_view(), name="api-machine-report"),
    path("api/partners", rest_partners.PartnersView.as_view(), name="api-partners"),
    path("api/partners/<slug:code>", rest_partners.PartnerView.as_view(), name="api-partner"),
    path("api/tickets", rest_partners.TicketsView.as_view(), name="api-tickets"),
    path("api/tickets/<int:pk>", rest_partners.TicketView.as_view(), name="api-ticket"),
    path("api/tickets/<int:pk>/map", rest_partners.TicketMapView.as_view(), name="api-ticket-map"),
    path("api/tickets/<int:pk>/refuse", rest_partners.TicketRefuseView.as_view(), name="api-ticket-refuse"),
]
