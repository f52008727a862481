"""Every property of the tests on examples that nobody has seen: rounds of fresh random seeds over all of them.

`./run test` tries the same examples each time; this tries others. A failure prints the seed and the example, which
then becomes a test by name.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import time

from bench.result import ROOT, Result

OUTCOMES = re.compile(r"(\d+) (passed|failed|error)")


def round_of(seed: int, chosen: list[str]) -> tuple[dict[str, int], str]:
    """How many properties held and failed with this seed, and what pytest printed."""
    environment = {
        **os.environ, "HYPOTHESIS_PROFILE": "explore", "DJANGO_SETTINGS_MODULE": "cityops.settings.test",
        "SECRET_KEY": "proofs-only-" + "x" * 50, "ALLOWED_HOSTS": "localhost,127.0.0.1",
    }  # fmt: skip
    command = [sys.executable, "-m", "pytest", "-q", "-m", "hypothesis", f"--hypothesis-seed={seed}", *chosen]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    closing = ran.stdout.strip().rsplit("\n", 1)[-1]
    counted = {word: int(number) for number, word in OUTCOMES.findall(closing)}
    return counted, ran.stdout[-8000:] + ran.stderr[-2000:]


def main() -> int:
    """The table, var/results/properties.json, and 1 where a property did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("chosen", nargs="*", help="tests to choose from; all of them where none is named")
    given = parser.parse_args()
    began = time.monotonic()
    held = failed = least = 0
    for number in range(given.rounds):
        counted, told = round_of(given.seed + number, given.chosen)
        held += counted.get("passed", 0)
        failed += counted.get("failed", 0) + counted.get("error", 0)
        least = counted.get("passed", 0) if number == 0 else min(least, counted.get("passed", 0))
        print(f"round {number + 1} of {given.rounds}, seed {given.seed + number}: {counted}", flush=True)
        if counted.get("passed", 0) == 0 or failed:
            print(told, flush=True)
    result = Result("properties")
    result.add("rounds", given.rounds)
    result.add("first seed", given.seed)
    result.expect("properties held, fewest in a round", least, at_least=1)
    result.expect("properties that failed", failed, at_most=0)
    result.add("properties held, all rounds", held)
    result.add("seconds", time.monotonic() - began, unit="s")
    return int(result.finish())


if __name__ == "__main__":
    sys.exit(main())
