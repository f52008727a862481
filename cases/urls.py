"""Paths of cases."""

from django.urls import path

from cases.pages import asking, case, classes, general_rules, grades, models, orders, queues, responsibility, texts
from cases.rest import classes as catalogue
from cases.rest import general_rules as general
from cases.rest import grades as shares
from cases.rest import inputs, matrix, requests, special_rules, steps, views
from cases.rest import orders as pressing
from cases.rest import texts as standard_texts

CASE = "api/cases/<str:number>"
CLASS = "api/classes/<str:code>"
PAGE = "cases/<str:number>"
RULES = "api/responsibility/rules"
GENERAL = "api/responsibility/general"

urlpatterns = [
    path(f"{CASE}/messages", views.MessagesView.as_view(), name="api-case-messages"),
    path("api/responsible", matrix.ResponsibleAtView.as_view(), name="api-responsible"),
    path("api/responsibility", matrix.MatrixView.as_view(), name="api-responsibility"),
    path("api/responsibility/faults", matrix.FaultsView.as_view(), name="api-responsibility-faults"),
    path(RULES, special_rules.RulesView.as_view(), name="api-responsibility-rules"),
    path(f"{RULES}/<int:pk>", special_rules.RuleView.as_view(), name="api-responsibility-rule"),
    path(f"{RULES}/<int:pk>/end", special_rules.RuleEndView.as_view(), name="api-responsibility-end"),
    path(GENERAL, general.GeneralRulesView.as_view(), name="api-responsibility-general"),
    path(f"{GENERAL}/<str:duty>", general.GeneralRuleView.as_view(), name="api-responsibility-general-of"),
    path(f"{GENERAL}/<int:pk>/end", general.GeneralEndView.as_view(), name="api-responsibility-general-end"),
    path("api/categories", views.CategoriesView.as_view(), name="api-categories"),
    path("api/categories/<str:code>", views.CategoryView.as_view(), name="api-category"),
    path("api/classes", catalogue.ClassesView.as_view(), name="api-classes"),
    path("api/classes/presets", catalogue.ClassPresetsView.as_view(), name="api-class-presets"),
    path("api/classes/switch", catalogue.ClassSwitchView.as_view(), name="api-classes-switch"),
    path("api/classes/grades", shares.GradesView.as_view(), name="api-class-grades"),
    path(CLASS, catalogue.ClassView.as_view(), name="api-class"),
    path(f"{CLASS}/retire", catalogue.ClassRetireView.as_view(), name="api-class-retire"),
    path(f"{CLASS}/versions", catalogue.ClassVersionsView.as_view(), name="api-class-versions"),
    path(f"{CLASS}/versions/<int:version>/withdraw", catalogue.ClassWithdrawView.as_view(), name="api-class-withdraw"),
    path("api/texts", standard_texts.TextsView.as_view(), name="api-texts"),
    path("api/texts/<int:pk>", standard_texts.TextView.as_view(), name="api-text"),
    path("api/cases", views.CasesView.as_view(), name="api-cases"),
    path("api/cases/counts", views.CountsView.as_view(), name="api-case-counts"),
    path("api/cases/figures", views.FiguresView.as_view(), name="api-case-figures"),
    path(CASE, views.CaseView.as_view(), name="api-case"),
    path(f"{CASE}/moves", views.MovesView.as_view(), name="api-case-moves"),
    path(f"{CASE}/clocks", views.ClocksView.as_view(), name="api-case-clocks"),
    path(f"{CASE}/steps", views.StepsView.as_view(), name="api-case-steps"),
    path(f"{CASE}/responsible", views.ResponsibleView.as_view(), name="api-case-responsible"),
    path(f"{CASE}/reporter", views.ReporterView.as_view(), name="api-case-reporter"),
    path(f"{CASE}/evidence", views.EvidencesView.as_view(), name="api-evidence"),
    path(f"{CASE}/evidence/<int:evidence>", views.OriginalView.as_view(), name="api-evidence-original"),
    path(f"{CASE}/evidence/<int:evidence>/public", views.PublicView.as_view(), name="api-evidence-public"),
    path("api/requests", requests.RequestQueueView.as_view(), name="api-request-queue"),
    path("api/requests/counts", requests.RequestCountsView.as_view(), name="api-request-counts"),
    path(f"{CASE}/orders", pressing.OrdersView.as_view(), name="api-orders"),
    path(f"{CASE}/orders/<int:pk>/reply", pressing.ReplyView.as_view(), name="api-order-reply"),
    path(f"{CASE}/coordination", pressing.CoordinationView.as_view(), name="api-coordination"),
    path(f"{CASE}/requests", requests.RequestsView.as_view(), name="api-requests"),
    path(f"{CASE}/requests/<int:pk>/decision", requests.DecisionView.as_view(), name="api-decision"),
    path(f"{CASE}/requests/<int:pk>/withdrawal", requests.WithdrawalView.as_view(), name="api-withdrawal"),
    path(f"{CASE}/locate", steps.LocateView.as_view(), name="api-case-locate"),
    *[path(f"{CASE}/{verb}", steps.step_view(verb).as_view(), name=f"api-case-{verb}") for verb in inputs.VERBS],
    path("cases/", queues.queue, name="cases"),
    path("cases/new/", queues.new, name="case-new"),
    path(f"{PAGE}/", case.case, name="case"),
    path(f"{PAGE}/locate/", case.locate, name="case-locate"),
    path(f"{PAGE}/messages/", case.told, name="case-messages"),
    path(f"{PAGE}/ask/", asking.ask, name="case-ask"),
    path(f"{PAGE}/resume/", asking.resume, name="case-resume"),
    path(f"{PAGE}/order/", orders.issue, name="case-order"),
    path(f"{PAGE}/orders/<int:pk>/", orders.reply, name="case-order-reply"),
    path(f"{PAGE}/coordinate/", orders.coordinate, name="case-coordinate"),
    path(f"{PAGE}/requests/<int:pk>/", asking.decide, name="case-decide"),
    path(f"{PAGE}/requests/<int:pk>/withdraw/", asking.withdraw, name="case-withdraw"),
    path(f"{PAGE}/<str:verb>/", case.step, name="case-step"),
    path("requests/", asking.queue, name="requests"),
    path("steps-models/", models.models, name="steps-models"),
    path("steps-models/<str:code>/choose/", models.choose, name="steps-model-choose"),
    path("texts/", texts.texts, name="texts"),
    path("texts/new/", texts.text, name="text-new"),
    path("texts/<int:pk>/", texts.text, name="text"),
    path("texts/<int:pk>/retire/", texts.retire, name="text-retire"),
    path("responsibility/", responsibility.matrix, name="responsibility"),
    path("responsibility/faults/", responsibility.faults, name="responsibility-faults"),
    path("responsibility/simulator/", responsibility.simulator, name="responsibility-simulator"),
    path("responsibility/rules/", responsibility.overrides, name="responsibility-overrides"),
    path("responsibility/rules/<int:pk>/end/", responsibility.end, name="responsibility-end"),
    path("responsibility/general/", general_rules.rules, name="responsibility-general"),
    path("responsibility/general/new/", general_rules.rule, name="responsibility-general-new"),
    path("responsibility/general/of/<str:duty>/", general_rules.rule, name="responsibility-general-of"),
    path("responsibility/general/<int:pk>/end/", general_rules.end, name="responsibility-general-end"),
    path("classes/", classes.catalogue, name="classes"),
    path("classes/switch/", classes.switch, name="classes-switch"),
    path("classes/new/", classes.new, name="class-new"),
    path("classes/grades/", grades.grades, name="class-grades"),
    path("classes/<str:code>/", classes.one, name="class"),
    path("classes/<str:code>/edit/", classes.edit, name="class-edit"),
    path("classes/<str:code>/retire/", classes.retire, name="class-retire"),
    path("classes/<str:code>/versions/<int:version>/", classes.version, name="class-version"),
    path("classes/<str:code>/versions/<int:version>/withdraw/", classes.withdraw, name="class-withdraw"),
]
