"""`manage.py workflow`: docs/workflow.md, compared with the table of steps, or with --write written from it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from cases.contracts import ENDS, KIND_OF_VERB, RequestKind, Stage
from cases.models import words
from cases.rules import BACK, EXCEPTIONAL, FITTING, STEPS, Step, clock_effect

PAGE = Path(settings.BASE_DIR) / "docs" / "workflow.md"
HEAD = """# The workflow 工作流程

Written from the table in `cases/rules/table.py` by `manage.py workflow --write`; a test compares it; do not edit it.

Dotted lines are steps that nobody waits for. Every step is taken by one function of the same name in
`cases/actions/`, under a lock, against the version that the caller saw, and leaves a move and an entry. A merged case
goes back to the stage where it stood, which it remembers; the database lets it go nowhere else.
"""

ASKING = """
## Requests 申请

Asked by one person, signed by others along the chain that the city's rule names (`request_rules` of a pack, frozen when
it is asked), journalled as `request.asked.v1`, `request.signed.v1`, `request.approved.v1`, `request.refused.v1`,
`request.withdrawn.v1` and `request.lapsed.v1`. A held case moves nowhere: it can only be resumed (`case.resumed.v1`, by
itself on its day) or voided. Nothing of this changes the stage; it grows the version and the history of the case.
"""
EFFECTS = {
    "extension": "at once: the handling clock has more minutes (`case.extended.v1`)",
    "hold": "at once: every clock stands still (`case.held.v1`)",
    "return": "the step `send_back`",
    "void": "the step `void`",
    "cancel": "the step `void`",
    "force": "the step `force_close`; the case is counted apart",
    "appeal": "at once: the case is exempt from the statistics, the facts stay",
}

MANY = ("void", "merge")
"""Steps from so many stages that the diagram draws them once."""


def page() -> str:
    """The whole page."""
    with override("zh-hans"):
        parts = (HEAD, _diagram(), "\n## Steps 步骤\n", _table(), "\n## Stages 环节\n", _stages(), ASKING, _requests())
        return "\n".join(part if isinstance(part, str) else "\n".join(part) for part in parts) + "\n"


def _diagram() -> list[str]:
    lines = ["```mermaid", "flowchart TD", "    start((●)) -->|report 上报| reported"]
    lines += [f'    {stage}["{words.STAGE_NAMES[stage]}<br/>{stage}"]' for stage in Stage if stage not in ENDS]
    lines += [f'    {stage}(["{words.STAGE_NAMES[stage]}<br/>{stage}"])' for stage in Stage if stage in ENDS]
    lines += [f"    open[any stage before fed_back] -.->|{verb} {words.VERB_NAMES[verb]}| voided" for verb in MANY]
    lines.append(f"    voided -.->|unmerge {words.VERB_NAMES['unmerge']}| open")
    for step in STEPS:
        if step.verb in (*MANY, *BACK):
            continue
        arrow = "-.->" if step.verb in EXCEPTIONAL else "-->"
        label = f"{step.verb} {words.VERB_NAMES[step.verb]}"
        lines += [f"    {source} {arrow}|{label}| {step.target}" for source in Stage if source in step.sources]
    return [*lines, "```"]


def _table() -> list[str]:
    head = ["| verb | 中文 | from | to | duty | needs | clocks | entry |", "|---|---|---|---|---|---|---|---|"]
    return head + [_row(step) for step in STEPS]


def _row(step: Step) -> str:
    sources = ", ".join(str(stage) for stage in Stage if stage in step.sources) or "(intake)"
    duties = ", ".join(sorted(step.duties))
    needs = ", ".join(f"`{need}`" for need in step.needs)
    effect = clock_effect(step.verb, step.target, frozenset())
    clocks = [f"starts {kind}" for kind in sorted(effect.start)] + (["stops all"] if step.target in ENDS else [])
    clocks += ["stops handling"] if step.verb == "confirm" else []
    name, told = words.VERB_NAMES[step.verb], KIND_OF_VERB[step.verb]
    return f"| {step.verb} | {name} | {sources} | {step.target} | {duties} | {needs} | {', '.join(clocks)} | `{told}` |"


def _stages() -> list[str]:
    head = ["| stage | 中文 | what may follow |", "|---|---|---|"]
    return head + [
        f"| {stage} | {words.STAGE_NAMES[stage]} | "
        f"{', '.join(step.verb for step in STEPS if stage in step.sources) or 'nothing: an end'} |"
        for stage in Stage
    ]


def _requests() -> list[str]:
    head = ["| request | 中文 | may be asked for at | what follows from approval |", "|---|---|---|---|"]
    return head + [
        f"| {kind} | {words.REQUEST_NAMES[kind]} | {', '.join(stage for stage in Stage if stage in FITTING[kind])} | "
        f"{EFFECTS[kind]} |"
        for kind in RequestKind
    ]


class Command(BaseCommand):
    """Writes the page, or checks it."""

    help = "Checks (default) or writes docs/workflow.md from the table of steps."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """To look is the default and may be said."""
        parser.add_argument("--write", action="store_true")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """The page is as the table says."""
        if options["write"]:
            PAGE.write_text(page(), encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
            raise CommandError("docs/workflow.md is not what the table says: run manage.py workflow --write")
        self.stdout.write("docs/workflow.md is current")
