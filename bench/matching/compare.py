"""The engine beside the baselines, on the same labels in the same run.

    python -m bench.matching.compare --library L.csv --labels T.csv [--grow 50000] [--errors]

Baselines have no decision of their own: each gets the thresholds that suit it best on these very labels.
"""

import argparse
import csv
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bench.matching.baselines import Matcher, baselines
from bench.matching.figures import Answer, by_class, curve, decided, figures, is_right
from bench.matching.worlds import Row, read_rows
from sommit.matching import Drink, Engine, Label, serving_for
from sommit.matching.evaluate import drink_from_row

SERVINGS = Path(__file__).parents[2] / "tests" / "matching" / "servings.csv"
GOALS = "goal: top-1 0.970, recall@5 0.995, oui right 0.985, coverage 0.850, none 0.950, lost 0.030"
_TIMED_LABELS = 150
T = TypeVar("T")


def engine_answers(engine: Engine, rows: list[Row]) -> list[Answer]:
    proposals = [engine.propose(Label(row["label"], row.get("till_category") or "")) for row in rows]
    return [
        Answer([str(one.drink_id) for one in proposal.candidates], proposal.decision.value, proposal.confidence)
        for proposal in proposals
    ]


def line(name: str, found: dict[str, float], *more: str) -> str:
    numbers = "  ".join(f"{title} {value:.3f}" for title, value in found.items())
    return "  ".join((f"{name:28}", numbers, *more))


def timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    done = work()
    return done, time.perf_counter() - start


def quality(library: list[Row], rows: list[Row], errors: bool) -> None:
    """The table of the goals."""
    print(GOALS)
    for name, build in baselines(library).items():
        matcher: Matcher = build()
        ranked, seconds = timed(lambda matcher=matcher: [matcher.rank(row["label"]) for row in rows])
        print(line(name, figures(rows, decided(rows, ranked)), f"{1000 * seconds / len(rows):.2f} ms"))
    engine = Engine(drink_from_row(row) for row in library)
    answers, seconds = timed(lambda: engine_answers(engine, rows))
    print(line("the engine", figures(rows, answers), f"{1000 * seconds / len(rows):.2f} ms"))
    print("\ncoverage of the engine at each precision:")
    print("  ".join(f"{precise:.3f}: {cover:.3f}" for precise, cover in curve(rows, answers)))
    print("\nby class of label:")
    for name, count, found in by_class(rows, answers):
        print(line(f"{name} ({count})", found))
    if errors:
        show_errors(library, rows, answers)


def show_errors(library: list[Row], rows: list[Row], answers: list[Answer]) -> None:
    names = {row["drink_id"]: f"{row['name']} {row['vintage']} {row['volume_ml']}" for row in library}
    for row, answer in zip(rows, answers, strict=True):
        none = row["expected"] == "none"
        wrong_oui = answer.decision == "oui" and not (row["expected"] == "match" and is_right(row, answer))
        if (
            wrong_oui
            or (none and answer.decision != "non")
            or (not none and not is_right(row, answer))
            or (not none and answer.decision == "non")
        ):
            first = names.get(answer.ids[0], "") if answer.ids else "-"
            true = " | ".join(names.get(one, one) for one in row["drink_ids"].split("|")[:2])
            print(f"{row.get('class', ''):16} {answer.decision:3} {row['label']:34} got {first}; meant {true}")


def speed(library: list[Row], rows: list[Row], size: int) -> None:
    """Time per label as a share of WRatio's over the same drinks, building, changing one drink, searching."""
    drinks = grown(library, size)
    sample = random.Random(7).sample(rows, min(_TIMED_LABELS, len(rows)))
    wratio = baselines(drinks)["rapidfuzz WRatio"]()
    _, base = timed(lambda: [wratio.rank(row["label"]) for row in sample[:40]])
    engine, building = timed(lambda: Engine(drink_from_row(row) for row in drinks))
    engine_answers(engine, sample[:20])
    _, own = timed(lambda: engine_answers(engine, sample))
    per_label, per_base = own / len(sample), base / len(sample[:40])
    changed = [drink_from_row(row) for row in drinks[:100]]
    _, changing = timed(lambda: [engine.replace(drink) for drink in changed])
    waits = sorted(timed(lambda typed=typed: engine.search(typed))[1] for typed in keystrokes(sample[:60]))
    print(
        f"{len(drinks):6} drinks: {1000 * per_label:.2f} ms a label, WRatio {1000 * per_base:.1f} ms,"
        f" ratio {per_label / per_base:.3f}; index {building:.2f} s; one drink changed {10 * changing:.2f} ms;"
        f" search p95 {1000 * waits[int(0.95 * len(waits))]:.1f} ms"
    )


def keystrokes(rows: list[Row]) -> list[str]:
    """What a search is asked while each label is typed."""
    return [row["label"][:end] for row in rows for end in range(2, min(14, len(row["label"])))]


def grown(library: list[Row], size: int) -> list[Row]:
    """The library, and names put together from two of its drinks until it has `size`."""
    rng = random.Random(3)
    drinks = library[:size]
    while len(drinks) < size:
        one, other = rng.choice(library), rng.choice(library)
        words = one["name"].split()[:2] + other["name"].split()[1:]
        letters = "".join(rng.choice("aeioulnrst") for _ in range(3))
        name = " ".join([*words, words[0][:3] + letters])
        drinks.append(one | {"drink_id": f"X{len(drinks)}", "name": name, "appellation": other["appellation"]})
    return drinks


def servings() -> None:
    rows = list(csv.DictReader(SERVINGS.open(encoding="utf-8")))
    right = 0
    for row in rows:
        drink = Drink(1, row["label"], category=row["drink_category"], volume_ml=int(row["format_ml"] or 0) or None)
        serving = serving_for(Label(row["label"]), drink)
        right += (serving.ml, serving.kind) == (int(row["ml"]), row["kind"])
    print(f"servings: {right} of {len(rows)} labels right ({right / len(rows):.3f}; goal 0.98)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--grow", type=int, nargs="*", default=[5000], help="also measure the speed at these sizes")
    parser.add_argument("--errors", action="store_true", help="list every wrong answer of the engine")
    options = parser.parse_args()
    library, rows = read_rows(options.library), read_rows(options.labels)
    quality(library, rows, options.errors)
    print()
    servings()
    for size in (len(library), *options.grow):
        speed(library, rows, size)


if __name__ == "__main__":
    main()
