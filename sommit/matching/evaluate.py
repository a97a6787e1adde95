"""Ranking a table of labels against a table of drinks, for the command `matching evaluate`."""

from collections.abc import Iterable, Iterator, Mapping

from sommit.matching.engine import Engine
from sommit.matching.terms import Drink, DrinkId, Label

Row = Mapping[str, str]


def evaluate(
    library_rows: Iterable[Row], label_rows: Iterable[Row]
) -> Iterator[tuple[str, tuple[DrinkId, ...], str, float]]:
    """For each label: its id, at most ten drink ids best first, the decision, and the probability that
    suggesting the first one is right.

    Reads `label_id` and `label` (`till_category` and `price_cents` where the file has them), never the
    truth.
    """
    engine = Engine(drink_from_row(row) for row in library_rows)
    for row in label_rows:
        label = Label(row["label"], row.get("till_category") or "", _whole(row.get("price_cents")))
        proposal = engine.propose(label)
        ids = tuple(candidate.drink_id for candidate in proposal.candidates)
        yield row["label_id"], ids, proposal.decision.value, round(proposal.confidence, 4)


def drink_from_row(row: Row) -> Drink:
    """A drink from a row of a library file; a column that is missing is a field that is not known."""
    return Drink(
        id=row["drink_id"],
        name=row.get("name") or row.get("display_name") or "",
        producer=row.get("producer") or "",
        appellation=row.get("appellation") or "",
        region=row.get("region") or "",
        country=row.get("country") or "",
        colour=row.get("colour") or "",
        vintage=_whole(row.get("vintage")),
        volume_ml=_whole(row.get("volume_ml")),
        category=row.get("category") or "",
        price_cents=_whole(row.get("price_cents")),
        glass_price_cents=_whole(row.get("glass_price_cents")),
    )


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdigit() else None
