"""Run the benchmarks and print one table. Nothing fails for being slow: a verdict stands beside each figure."""

import argparse
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import demo_start, engine, import_speed, long_tasks, memory, pages, statements
from bench.databases import Place, places
from bench.figures import Figure, table

Part = Callable[..., list[Figure]]
PARTS: dict[str, Part] = {
    "import": import_speed.measure,
    "memory": memory.measure,
    "pages": pages.measure,
    "statements": statements.measure,
    "long_tasks": long_tasks.measure,
    "demo": demo_start.measure,
}
MATCHING = "matching"


def main() -> None:
    asked = _arguments()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    names = [asked.only] if asked.only else [*PARTS, MATCHING]
    figures = []
    with places() as found:
        for name in names:
            figures += _measured(name, found, quick=asked.quick)
    if MATCHING in names:
        engine.compare(asked.library, asked.labels)
    if figures and len(names) > 1:
        print("\nAll figures of this run:\n")
        print(table(figures))


def _measured(name: str, found: Sequence[Place], *, quick: bool) -> list[Figure]:
    if name not in PARTS:
        return []
    print(f"\n{name}:", flush=True)
    figures = PARTS[name](found, quick=quick)
    print(table(figures), flush=True)
    return figures


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", choices=[*PARTS, MATCHING])
    parser.add_argument("--quick", action="store_true", help="tiny sizes: shows that everything runs, measures nothing")
    parser.add_argument("--library", type=Path, default=_path("LIBRARY"), help="drinks for the match engine")
    parser.add_argument("--labels", type=Path, default=_path("LABELS"), help="labels with their truth")
    return parser.parse_args()


def _path(name: str) -> Path | None:
    return Path(os.environ[name]) if name in os.environ else None


if __name__ == "__main__":
    main()
