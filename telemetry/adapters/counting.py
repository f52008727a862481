"""What the gateway and the consumers counted, and when they were last at work; nothing where Redis is away."""

from typing import NamedTuple

import redis

from telemetry.adapters import streams


class Counted(NamedTuple):
    """The counters by name, and the second at which each process was last seen."""

    counts: dict[str, int]
    seen: dict[str, int]


def counted(prefix: str = streams.PREFIX) -> Counted:
    """What stands in Redis now."""
    client = redis.Redis.from_url(streams.address(), socket_timeout=2, socket_connect_timeout=2)
    try:
        with client.pipeline(transaction=False) as pipe:
            pipe.hgetall(f"{prefix}:{streams.COUNTS}")
            for process in ("gateway", streams.STORE):
                pipe.get(f"{prefix}:seen:{process}")
            counts, gateway, store = pipe.execute()
    except redis.RedisError:
        return Counted({}, {})
    finally:
        client.close()
    seen = {"gateway": gateway, "store": store}
    told = {name.decode(): int(many) for name, many in sorted(counts.items())}
    return Counted(told, {name: int(second) for name, second in seen.items() if second})
