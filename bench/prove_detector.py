"""Whether the shipped detector is as good as it must be: mAP50 of at least 0.9 on rendered streets that it never saw.

The figures are those that training measured on held-out pictures and wrote beside the weights; they hold for just the
file whose hash is registered, which is checked here.
"""

import hashlib
import json
import sys
from pathlib import Path

from bench.result import Result

WEIGHTS = Path(__file__).resolve().parents[1] / "video" / "weights"
TARGET_MAP50 = 0.9


def main() -> int:
    """The table, var/results/prove_detector.json, and 1 where the target is missed."""
    model = json.loads((WEIGHTS / "registry.json").read_text(encoding="utf-8"))["models"][0]
    found = hashlib.sha256((WEIGHTS / model["file"]).read_bytes()).hexdigest()
    if found != model["sha256"]:
        sys.exit("The weights are not those that the registry describes.")
    result = Result("prove_detector")
    result.expect("held-out mAP50", model["map50"], at_least=TARGET_MAP50)
    for label, value in model["ap50"].items():
        result.add(f"held-out AP50 {label}", value)
    return int(result.finish())


if __name__ == "__main__":
    sys.exit(main())
