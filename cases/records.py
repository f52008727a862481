"""What records of registers may be linked to: cases."""

from cases import selectors
from registers.contracts import CASE, register_target

register_target(CASE, selectors.found_cases)
