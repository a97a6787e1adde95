"""Fit the numbers of the decision ([suggest] and [fits] of weights.toml) on generated labels.

    python -m bench.matching.fit --data FOLDER --fit 1 2 3 --report 101 102 [--write]

FOLDER holds a label generator and the library that it reads. Worlds are the whole library, a half and a sixth of
it, so that the numbers serve a cellar of 500 drinks as well as one of 3,000. Each seed's report is on labels that
were not fitted. Real pairs never enter. `--write` replaces the two tables in the file.
"""

import argparse
import re
from pathlib import Path

from bench.matching.logistic import Sample, fit_logistic, probability
from bench.matching.worlds import World, world
from sommit.matching import Label
from sommit.matching.decision import ambiguous, fits_features, suggest_features
from sommit.matching.evaluate import drink_from_row
from sommit.matching.library import Library
from sommit.matching.ranking import rank
from sommit.matching.reading import read
from sommit.matching.scoring import compare

WEIGHTS = Path(__file__).parents[2] / "sommit" / "matching" / "weights.toml"
SHARES = (1.0, 0.5, 0.17)
PRECISION_WANTED = 0.983  # of a suggestion, on labels that were not fitted
LOST_ALLOWED = 0.025  # true labels answered "non"


def samples(one: World) -> list[Sample]:
    """The features of each label of a world, and its truth."""
    library = Library(drink_from_row(row) for row in one.library)
    found = []
    for row in one.labels:
        reading = read(Label(row["label"], row.get("till_category", "")))
        ranked = rank(reading, compare(reading, library), {})
        true = set(row["drink_ids"].split("|")) if row["expected"] != "none" else set()
        first_is_true = bool(ranked) and ranked[0].vintage.drink.id in true
        found.append(
            Sample(
                suggest=None if not ranked or ambiguous(reading, ranked) else suggest_features(reading, ranked),
                fits=fits_features(reading, ranked) if ranked else None,
                right=first_is_true and row["expected"] == "match",
                meant=row["expected"] != "none",
                match=row["expected"] == "match",
            )
        )
    return found


def thresholds(found: list[Sample], suggest: dict[str, float], fits: dict[str, float]) -> tuple[float, float]:
    """The boldest suggestion and the strictest refusal that keep what is wanted."""
    sure = sorted(((probability(suggest, s.suggest), s.right) for s in found if s.suggest), reverse=True)
    best, right = 0.99, 0
    for count, (likely, is_right) in enumerate(sure, 1):
        right += is_right
        if right / count >= PRECISION_WANTED:
            best = likely
    meant = sorted(probability(fits, s.fits) if s.fits else 0.0 for s in found if s.meant)
    return round(best, 3), round(meant[int(LOST_ALLOWED * len(meant))], 3)


def report(name: str, found: list[Sample], suggest: dict[str, float], fits: dict[str, float]) -> None:
    """One line of figures."""
    oui = [s for s in found if s.suggest and probability(suggest, s.suggest) >= suggest["threshold"]]
    chosen = set(map(id, oui))
    non = [s for s in found if id(s) not in chosen and (not s.fits or probability(fits, s.fits) < fits["threshold"])]
    right = sum(s.right for s in oui)
    print(
        f"{name:24} labels {len(found):5}  oui right {right / max(1, len(oui)):.3f}"
        f"  coverage {right / sum(s.match for s in found):.3f}"
        f"  none {sum(not s.meant for s in non) / sum(not s.meant for s in found):.3f}"
        f"  lost {sum(s.meant for s in non) / sum(s.meant for s in found):.3f}"
    )


def tables(suggest: dict[str, float], fits: dict[str, float]) -> str:
    lines = []
    for title, numbers in (("suggest", suggest), ("fits", fits)):
        lines += [f"[{title}]", *(f"{name} = {value:.3f}" for name, value in numbers.items()), ""]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--fit", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--report", type=int, nargs="+", default=[101, 102])
    parser.add_argument("--halves", action="store_true", help="fit on one half of the drinks, report on the other")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    half, other = (0, 1) if options.halves else (None, None)
    fitted = [
        sample
        for seed in options.fit
        for share in SHARES
        for apart in (False, True)
        for sample in samples(world(options.data, seed, share, half, apart))
    ]
    suggest = fit_logistic([(s.suggest, s.right) for s in fitted if s.suggest])
    fits = fit_logistic([(s.fits, s.meant) for s in fitted if s.fits])
    boldest, strictest = thresholds(fitted, suggest, fits)
    suggest, fits = {"threshold": boldest} | suggest, {"threshold": strictest} | fits
    print(tables(suggest, fits))
    report("fitted", fitted, suggest, fits)
    for seed in options.report:
        for share in SHARES:
            report(f"seed {seed}, share {share}", samples(world(options.data, seed, share, other)), suggest, fits)
    if options.write:
        kept = re.split(r"^\[suggest\]", WEIGHTS.read_text(encoding="utf-8"), flags=re.MULTILINE)[0]
        WEIGHTS.write_text(kept + tables(suggest, fits).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
