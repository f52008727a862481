"""Verbs of video."""

from video.actions.backtest import Trial, backtest, engine_of
from video.actions.cameras import (
    change_camera,
    create_camera,
    follow_organisations,
    retire_templates,
    seed_demo,
    template_fields,
    upsert_template,
)
from video.actions.detectors import register_model, register_shipped
from video.actions.following import follow_map
from video.actions.node import Analyst
from video.actions.quarantine import reconcile
from video.actions.sources import allow_source
from video.actions.stills import open_latest, open_still
from video.actions.verdicts import REASONS, give_verdict, judge, learn, settle_verdicts, take_back
from video.actions.zones import remove_zone, save_zone

__all__ = [
    "REASONS",
    "Analyst",
    "Trial",
    "allow_source",
    "backtest",
    "change_camera",
    "create_camera",
    "engine_of",
    "follow_map",
    "follow_organisations",
    "give_verdict",
    "judge",
    "learn",
    "open_latest",
    "open_still",
    "reconcile",
    "register_model",
    "register_shipped",
    "remove_zone",
    "retire_templates",
    "save_zone",
    "seed_demo",
    "settle_verdicts",
    "take_back",
    "template_fields",
    "upsert_template",
]
