"""The forms of cases, and of the matrix of responsibility."""

from cases.forms.case import LocateForm, ReportForm, StepForm
from cases.forms.classes import ClassForms, WhyForm
from cases.forms.grades import SharesForm
from cases.forms.requests import AskForm, OrderForm
from cases.forms.responsibility import EndForm, OverrideForm, WhatIfForm

__all__ = [
    "AskForm",
    "ClassForms",
    "EndForm",
    "LocateForm",
    "OrderForm",
    "OverrideForm",
    "ReportForm",
    "SharesForm",
    "StepForm",
    "WhatIfForm",
    "WhyForm",
]
