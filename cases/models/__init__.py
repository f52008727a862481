"""Tables of cases: the case and its history, and the catalogue it is judged by."""

from cases.models.bulk import BulkItem, BulkJob
from cases.models.case import Case, Clock, Clue, Evidence, Move
from cases.models.catalogue import AreaGrade, Category, ClassSwitch, DuplicateRule, Override, Responsibility, StepsModel
from cases.models.controls import ControlArea, ControlledCell
from cases.models.dispatching import AutoDispatch, DispatchReplayJob, DispatchRule, DispatchSwitch
from cases.models.evidence import Annotation, Clip, Doubt, EvidenceRule, Examination, Quarantine
from cases.models.filters import SavedFilter
from cases.models.ladders import Ladder, Rung
from cases.models.orders import Order
from cases.models.personal import PersonalAct, PersonalRule, Reporter, Withheld
from cases.models.requests import Hold, Request, RequestRule, Signature, Untaken
from cases.models.searching import CaseWords
from cases.models.texts import StandardText

__all__ = [
    "Annotation", "AreaGrade", "AutoDispatch", "BulkItem", "BulkJob", "Case", "CaseWords", "Category", "ClassSwitch",
    "Clip", "Clock", "Clue", "ControlArea", "ControlledCell", "DispatchReplayJob", "DispatchRule", "DispatchSwitch",
    "Doubt", "DuplicateRule", "Evidence", "EvidenceRule", "Examination", "Hold", "Ladder", "Move", "Order", "Override",
    "PersonalAct", "PersonalRule", "Quarantine", "Reporter", "Request", "RequestRule", "Responsibility", "Rung",
    "SavedFilter", "Signature", "StandardText", "StepsModel", "Untaken", "Withheld",
]  # fmt: skip
