"""The forms of cases, and of the matrix of responsibility."""

from cases.forms.bulk import OF_CLASS, BulkForm
from cases.forms.case import LocateForm, ReportForm, StepForm
from cases.forms.classes import ClassForms, WhyForm
from cases.forms.clocks import RescheduleForm
from cases.forms.controls import ControlForm, DecideForm
from cases.forms.dispatching import DispatchRuleForm
from cases.forms.filters import FilterForm, share_name, share_names
from cases.forms.general_rules import EndGeneralForm, GeneralRuleForm
from cases.forms.grades import SharesForm
from cases.forms.ladders import LadderForms
from cases.forms.listing import ListForm
from cases.forms.papers import asked_form, paper_of
from cases.forms.request_rules import AskingForms
from cases.forms.requests import AskForm, OrderForm
from cases.forms.responsibility import EndForm, OverrideForm, WhatIfForm

__all__ = [
    "AskForm", "AskingForms", "BulkForm", "ClassForms", "ControlForm", "DecideForm", "DispatchRuleForm", "EndForm",
    "EndGeneralForm", "FilterForm", "GeneralRuleForm", "LadderForms", "ListForm", "LocateForm", "OF_CLASS", "OrderForm",
    "OverrideForm", "ReportForm", "RescheduleForm", "SharesForm", "StepForm", "WhatIfForm", "WhyForm", "asked_form",
    "paper_of", "share_name", "share_names",
]  # fmt: skip
