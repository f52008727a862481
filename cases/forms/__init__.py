"""The forms of cases, and of the matrix of responsibility."""

from cases.forms.case import LocateForm, ReportForm, StepForm
from cases.forms.classes import ClassForms, WhyForm
from cases.forms.clocks import RescheduleForm
from cases.forms.ladders import LadderForms
from cases.forms.requests import AskForm, OrderForm
from cases.forms.responsibility import EndForm, OverrideForm, WhatIfForm

__all__ = [
    "AskForm",
    "ClassForms",
    "EndForm",
    "LadderForms",
    "LocateForm",
    "OrderForm",
    "OverrideForm",
    "ReportForm",
    "RescheduleForm",
    "StepForm",
    "WhatIfForm",
    "WhyForm",
]
