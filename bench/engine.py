"""The match engine beside its baselines: bench/matching on two files of its own, which the repository does not hold."""

import subprocess
import sys
from pathlib import Path

HOW = (
    "matching: python -m bench --only matching --library DRINKS.csv --labels LABELS.csv (see bench/matching/compare.py)"
)


def compare(library: Path | None, labels: Path | None) -> None:
    """Print the comparison's own tables, or how to ask for them."""
    if library is None or labels is None:
        print(HOW)
        return
    command = [sys.executable, "-m", "bench.matching.compare", "--library", str(library), "--labels", str(labels)]
    subprocess.run(command, check=True)
