"""The town with its registers, for stories on the pages of systems."""

from tests.registers.conftest import built, town

__all__ = ["built", "town"]
