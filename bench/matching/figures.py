"""The figures by which matchers are compared, and the fairest decision for one that has none."""

from collections.abc import Iterable
from dataclasses import dataclass

Row = dict[str, str]
PRECISION_GIVEN = 0.90
LOST_GIVEN = 0.03
_LEADS = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12)


@dataclass(frozen=True)
class Answer:
    """A matcher's answer for one label. `confidence` orders answers from the surest to the least sure."""

    ids: list[str]
    decision: str
    confidence: float


def is_right(row: Row, answer: Answer) -> bool:
    return bool(answer.ids) and answer.ids[0] in row["drink_ids"].split("|")


def figures(rows: list[Row], answers: list[Answer]) -> dict[str, float]:
    """top-1, recall at 5, mean reciprocal rank, and what the decisions are worth."""
    pairs = list(zip(rows, answers, strict=True))
    true = [(row, answer) for row, answer in pairs if row["expected"] != "none"]
    none = [answer for row, answer in pairs if row["expected"] == "none"]
    oui = [(row, answer) for row, answer in pairs if answer.decision == "oui"]
    strict = sum(row["expected"] == "match" and is_right(row, answer) for row, answer in oui)
    ranks = [_rank(row, answer) for row, answer in true]
    return {
        "top-1": share(sum(rank == 1 for rank in ranks), len(true)),
        "recall@5": share(sum(0 < rank <= 5 for rank in ranks), len(true)),
        "MRR": share(sum(1 / rank for rank in ranks if rank), len(true)),
        "oui right": share(strict, len(oui)),
        "coverage": share(strict, sum(row["expected"] == "match" for row in rows)),
        "none": share(sum(answer.decision == "non" for answer in none), len(none)),
        "lost": share(sum(answer.decision == "non" for _, answer in true), len(true)),
    }


def by_class(rows: list[Row], answers: list[Answer]) -> Iterable[tuple[str, int, dict[str, float]]]:
    """The figures of each class of labels."""
    for name in sorted({row.get("class", "") for row in rows}):
        chosen = [(row, answer) for row, answer in zip(rows, answers, strict=True) if row.get("class", "") == name]
        yield name, len(chosen), figures([row for row, _ in chosen], [answer for _, answer in chosen])


def curve(rows: list[Row], answers: list[Answer]) -> list[tuple[float, float]]:
    """Coverage at each precision of a suggestion, if confidence alone decided: (precision wanted, coverage)."""
    match = sum(row["expected"] == "match" for row in rows)
    ordered = sorted(zip(rows, answers, strict=True), key=lambda pair: -pair[1].confidence)
    right, points = 0, []
    for count, (row, answer) in enumerate(ordered, 1):
        right += row["expected"] == "match" and is_right(row, answer)
        points.append((right / count, right / match if match else 0.0))
    wanted = (0.90, 0.95, 0.97, 0.98, 0.985, 0.99, 0.995)
    return [(least, max((cover for precise, cover in points if precise >= least), default=0.0)) for least in wanted]


def decided(rows: list[Row], ranked: list[list[tuple[str, float]]]) -> list[Answer]:
    """Decisions for a matcher that only has scores, with the thresholds that suit it best on these very labels.

    The lead over the next drink and the score that give the widest coverage at PRECISION_GIVEN, then the score
    under which no more than LOST_GIVEN of the true labels are refused.
    """
    best = max(_LEADS, key=lambda lead: _widest(rows, ranked, lead)[0])
    least = _widest(rows, ranked, best)[1]
    true_scores = sorted(
        one[0][1] if one else 0.0 for row, one in zip(rows, ranked, strict=True) if row["expected"] != "none"
    )
    refused_under = true_scores[int(LOST_GIVEN * len(true_scores))] if true_scores else 0.0
    answers = []
    for one in ranked:
        score = one[0][1] if one else 0.0
        sure = score >= least and _lead(one) >= best
        decision = "oui" if sure else "non" if score < refused_under else "ask"
        answers.append(Answer([drink_id for drink_id, _ in one], decision, score if _lead(one) >= best else 0.0))
    return answers


def share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _widest(rows: list[Row], ranked: list[list[tuple[str, float]]], lead: float) -> tuple[float, float]:
    """The right suggestions at PRECISION_GIVEN with this lead, and the score that gives them."""
    sure = sorted(
        ((one[0][1], row["expected"] == "match" and one[0][0] in row["drink_ids"].split("|"))
         for row, one in zip(rows, ranked, strict=True) if one and _lead(one) >= lead),
        reverse=True,
    )  # fmt: skip
    right, best = 0, (0.0, 2.0)
    for count, (score, is_match) in enumerate(sure, 1):
        right += is_match
        if right / count >= PRECISION_GIVEN and right > best[0]:
            best = (float(right), score)
    return best


def _lead(one: list[tuple[str, float]]) -> float:
    return one[0][1] - one[1][1] if len(one) > 1 else 1.0


def _rank(row: Row, answer: Answer) -> int:
    true = row["drink_ids"].split("|")
    return next((place for place, drink_id in enumerate(answer.ids, 1) if drink_id in true), 0)
