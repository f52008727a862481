"""./run prove telemetry: gateway, store, Redis and PostgreSQL are killed under load; nothing acknowledged is lost.

    ./run prove telemetry [--terminals 500] [--seconds 120] [--rounds 3]

Every few seconds one of the four is killed without warning and started again (PostgreSQL by the death of a backend,
from which all of it recovers by its log). The terminals keep what was not acknowledged and say it again. In the end
every position that was said stands in its table, once.
"""

import argparse
import sys
import time

from django.db import connection

from bench.driving import Site, crash_database, site, stored
from bench.result import Result

DOWN_S = 1.0


def kill(place: Site, victim: str) -> None:
    """It is gone; a second later it is back."""
    if victim == "postgresql":
        crash_database()
        return
    process = {"gateway": place.gateway, "store": place.store, "redis": place.redis}[victim]
    process.kill()
    time.sleep(DOWN_S)
    process.start()


def main() -> int:
    """Drive, kill, drain, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--terminals", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--every", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--drain", type=float, default=180)
    given = parser.parse_args()
    result, victims = Result("prove_telemetry"), ("gateway", "store", "redis", "postgresql")
    with site(given.terminals, "prove_telemetry") as place:
        place.begin(seconds=given.seconds, every=given.every, drain=given.drain)
        pause = given.seconds / (given.rounds * len(victims) + 1)
        for _round in range(given.rounds):
            for victim in victims:
                time.sleep(max(0.0, pause - DOWN_S))
                kill(place, victim)
        told = place.finish(given.seconds + given.drain + 120)
        place.drained(given.drain)
        counted, found = place.counted(), stored(told.said)
        connection.close()
    result.add("terminals", given.terminals)
    result.add("said", sum(told.said.values()))
    for victim in victims:
        result.add(f"killed: {victim}", given.rounds)
    result.expect("not acknowledged", told.left, at_most=0)
    result.add("stored", found.rows)
    result.expect("lost", found.lost, at_most=0)
    result.expect("doubled", found.doubled, at_most=0)
    result.expect("connections that broke", told.counts.get("closed", 0), at_least=given.terminals)
    result.add("said again and known already", counted.get("repeated", 0))
    return result.finish()


if __name__ == "__main__":
    sys.exit(main())
