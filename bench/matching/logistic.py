"""A logistic regression by Newton's method: a dozen features, a few thousand rows, no dependency."""

import math
from dataclasses import dataclass

Features = dict[str, float]
_SHRINK = 1.0  # ridge, so that a feature that hardly occurs gets no wild number
_MOST_STEPS = 40


@dataclass(frozen=True)
class Sample:
    """A label's features (None where no number could speak) and its truth."""

    suggest: Features | None
    fits: Features | None
    right: bool  # suggesting the first candidate would be right
    meant: bool  # some drink of the library is meant
    match: bool  # exactly one is


def probability(weights: Features, features: Features) -> float:
    total = weights["always"] + sum(weights[name] * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def fit_logistic(rows: list[tuple[Features, bool]]) -> Features:
    """The weights, and "always" for the constant."""
    names = ["always", *rows[0][0]]
    data = [([1.0, *(features[name] for name in names[1:])], float(truth)) for features, truth in rows]
    weights = [0.0] * len(names)
    for _ in range(_MOST_STEPS):
        step = _solve(*_slope(data, weights))
        weights = [one + change for one, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-7:
            break
    return dict(zip(names, weights, strict=True))


def _slope(data: list[tuple[list[float], float]], weights: list[float]) -> tuple[list[list[float]], list[float]]:
    size = len(weights)
    gradient = [0.0] + [-_SHRINK * weight for weight in weights[1:]]
    curve = [[_SHRINK if i == j and i else 0.0 for j in range(size)] for i in range(size)]
    for row, truth in data:
        total = sum(weight * value for weight, value in zip(weights, row, strict=True))
        likely = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
        spread = likely * (1 - likely)
        for i, value in enumerate(row):
            if value:
                gradient[i] += (truth - likely) * value
                for j, other in enumerate(row):
                    curve[i][j] += spread * value * other
    return curve, gradient


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss-Jordan elimination with the largest pivot."""
    size = len(right)
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda row: abs(rows[row][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for j in range(size):
            if j != i and rows[j][i]:
                ratio = rows[j][i] / rows[i][i]
                rows[j] = [a - ratio * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [rows[i][size] / rows[i][i] for i in range(size)]
