"""Verbs of video."""

from video.actions.backtest import Trial, backtest, engine_of
from video.actions.cameras import (
    allow_source,
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
from video.actions.incidents import judge
from video.actions.node import Analyst
from video.actions.quarantine import reconcile
from video.actions.stills import open_latest, open_still

__all__ = [
    "Analyst",
    "Trial",
    "allow_source",
    "backtest",
    "change_camera",
    "create_camera",
    "engine_of",
    "follow_map",
    "follow_organisations",
    "judge",
    "open_latest",
    "open_still",
    "reconcile",
    "register_model",
    "register_shipped",
    "retire_templates",
    "seed_demo",
    "template_fields",
    "upsert_template",
]
