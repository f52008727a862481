"""Bytes to values and back, pure: what terminals, gauges and stacks speak."""

from telemetry.codecs.errors import BadFrame

__all__ = ["BadFrame"]
