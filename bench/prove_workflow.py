"""./run prove workflow: four threads on one case, over the whole workflow with its requests and holds, 2,000 times.

Hypothesis makes up the rounds. In each round up to four people try something with the same case at the same moment,
each on a connection of its own: steps, requests, signatures, resuming, and the sweep that ends holds. After every round
the tables are compared with what the acts answered (`tests/cases/storm.py`): no illegal move, no clock that runs
backwards, no lost update, no held case that moved. At the end of every run the impossible is tried past every rule, by
SQL alone, and the database must refuse it.
"""

import argparse
import os
import sys
import tempfile
import time

from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, seed, settings

from bench.harness import private_database
from bench.result import Result
from cases.contracts import Stage
from tests.cases.conftest import founded
from tests.cases.storm import THREADS, Plan, Storm, Tally, plans, verbs_taken

FAULTS = (
    "illegal moves", "clocks that ran backwards", "lost or doubled updates", "moves of a held case",
    "holes in the history", "history that runs backwards", "holds that the case does not know",
    "clocks that do not fit the stage", "clocks that do not know the hold", "acts that failed without a sentence",
    "impossible things that the database let pass",
)  # fmt: skip

ENOUGH = 1000
"""So many runs come everywhere; of a shorter one only what must never happen is asked."""
BESIDE_STEPS = ("ask", "approve", "decline", "withdraw", "resume", "order", "reply", "coordinate", "sweep", "bulk",
                "parts")  # fmt: skip


def weather(runs: int, number: int, tally: Tally) -> None:
    """So many cases live through a storm each, in a town of their own."""
    storm = Storm(founded(), tally)

    @seed(number)
    @given(plan=plans(5, 12))
    @settings(max_examples=runs, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    def play(plan: Plan) -> None:
        storm.run(plan)

    try:
        play()
    finally:
        storm.close()


def judge(result: Result, tally: Tally, runs: int, seconds: float) -> None:
    """What was done, and that nothing of what must not happen did."""
    database = "impossible, refused by the database alone"
    result.add("runs", runs)
    result.add("threads", THREADS)
    result.add("seconds", seconds, "s")
    result.add("acts that were taken", tally.acts.total() - tally.acts[database])
    result.add("acts that were refused with a sentence", tally.refusals.total())
    result.add("of these because somebody was faster", tally.refusals["case.stale"])
    result.add("kinds of refusal seen", len(tally.refusals))
    result.add(database, tally.acts[database])
    never = {"stages never visited": len(set(Stage) - tally.stages), "steps never taken": len(verbs_taken(tally)),
             "acts beside the steps never taken": len(verbs_taken(tally, BESIDE_STEPS))}  # fmt: skip
    for name, many in never.items():
        if runs >= ENOUGH:
            result.expect(name, many, at_most=0)
        else:
            result.add(name, many)
    for word in BESIDE_STEPS:
        result.add(f"taken: {word}", tally.acts[word])
    for name in FAULTS:
        result.expect(name, tally.faults[name], at_most=0)
    print("never taken:", ", ".join(verbs_taken(tally)) or "none", file=sys.stderr)
    print("refused most:", tally.refusals.most_common(12), file=sys.stderr)
    for line in tally.examples:
        print(line, file=sys.stderr)


def main() -> int:
    """Exit status 0 where nothing happened that must not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000, help="cases, each with 5 to 12 rounds of up to four acts")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    result, tally, began = Result("prove_workflow"), Tally(), time.monotonic()
    with (
        private_database(f"prove_workflow_{os.getpid()}"),
        tempfile.TemporaryDirectory() as folder,
        override_settings(MEDIA_ROOT=folder),
    ):
        weather(options.runs, options.seed, tally)
    judge(result, tally, options.runs, time.monotonic() - began)
    return result.finish()


if __name__ == "__main__":
    sys.exit(main())
