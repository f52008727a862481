"""The gateway: listens for terminals, gauges and stacks until it is told to stop."""

import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from telemetry.gateway import Gateway, Settings


class Command(BaseCommand):
    """`gateway` listens on the ports of the settings."""

    requires_system_checks = ()  # one that was killed is back sooner
    help = "Listens for terminals (JT/T 808), gauges (SL 651) and stacks (HJ 212)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until SIGTERM or SIGINT, then end cleanly."""
        asyncio.run(_serve())


async def _serve() -> None:
    told = settings.GATEWAY
    gateway = Gateway(
        Settings(
            host=told["HOST"], jt808=told["JT808_PORT"] or None, sl651=told["SL651_PORT"] or None,
            hj212=told["HJ212_PORT"] or None, most=told["MOST"], most_per_ip=told["MOST_PER_IP"],
            backlog=told["BACKLOG"],
        )
    )  # fmt: skip
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await gateway.start()
    await stop.wait()
    await gateway.stop()
