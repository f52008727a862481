"""./run bench telemetry: so many terminals, a message each second, over TCP into the tables; what is lost, or doubled.

    ./run bench telemetry [--terminals 5000] [--seconds 600] [--every 1]

Gateway, Redis with its log, store and PostgreSQL run as they do in a city; the terminals are processes outside. A
position counts as accepted when its terminal was told so, and as stored when it stands in the table of its day.
"""

import argparse
import sys

from django.db import connection

from bench.driving import seconds_of, site, stored
from bench.harness import wait_until
from bench.result import Result

P99_MS = 200


def main() -> int:
    """Drive, drain, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--terminals", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--every", type=float, default=1.0)
    parser.add_argument("--drain", type=float, default=120)
    given = parser.parse_args()
    result = Result("telemetry")
    with site(given.terminals, "bench_telemetry") as place:
        before = {name: seconds_of(getattr(place, name)) for name in ("gateway", "store")}
        place.begin(seconds=given.seconds, every=given.every, drain=given.drain)
        told = place.finish(given.seconds + given.drain + 120)
        after = place.drained(given.drain)
        wait_until(lambda: place.counted().get("accepted", 0) >= sum(told.said.values()), 20, "the counters")
        counted, found = place.counted(), stored(told.said)
        busy = {name: seconds_of(getattr(place, name)) - used for name, used in before.items()}
        connection.close()
    said = sum(told.said.values())
    result.add("terminals", given.terminals)
    result.add("said", said)
    result.add("said a second", said / given.seconds)
    result.expect("not acknowledged", told.left, at_most=0)
    result.add("accepted (with repeats)", counted.get("accepted", 0))
    result.add("stored", found.rows)
    result.expect("lost", found.lost, at_most=0)
    result.expect("doubled", found.doubled, at_most=0)
    result.add("acknowledged p50", told.waited_ms(0.5), "ms")
    result.expect("acknowledged p99", told.waited_ms(0.99), at_most=P99_MS, unit="ms")
    result.add("stored after the last", after, "s")
    for name, seconds in busy.items():
        result.add(f"processor of {name}", seconds / given.seconds * 100, "%")
    for name in ("closed", "unreachable", "not_kept"):
        result.add(f"terminals: {name}", told.counts.get(name, 0))
    return result.finish()


if __name__ == "__main__":
    sys.exit(main())
