"""What a till sold, written down as it is sold, against what is stored: the database adds up, whatever the history."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import func, select

from demo.simulator.closing import Closing as Sold
from sommit.extensions import db
from sommit.models import Closing, Drink, Night, ReferenceSum, SaleLine, TillReference
from sommit.services import nights, stock

Key = tuple[str, str]  # a closing's id and a label


class Sum(NamedTuple):
    """So many lines, their thousandths, their cents."""

    lines: int
    milli: int
    cents: int


class Ledger:
    """Every closing of one till so far. `drink` is what the key `label` pours, `serving_ml` each."""

    def __init__(self, drink: Drink, label: str, serving_ml: int) -> None:
        """Begin with nothing sold and the stock as it is now, in microlitres."""
        self.drink_id, self.label, self.serving_ml = drink.id, label, serving_ml
        self.sold: dict[Key, Sum] = {}
        self.recent: set[str] = set()  # closings of this trial
        self.lines = self.poured_milli = 0
        self.first_ul = stock.on_hand(drink) or 0
        db.session.rollback()

    def write(self, closing: Sold) -> None:
        """Write down a closing that the till has just made."""
        sums: dict[str, list[int]] = {}
        for item in (item for order in closing.orders for item in order.items):
            one = sums.setdefault(item.label, [0, 0, 0])
            for place, more in enumerate((1, int(item.quantity * 1000), item.total_cents)):
                one[place] += more
        self.sold |= {(closing.id, label): Sum(*one) for label, one in sums.items()}
        self.recent.add(closing.id)
        self.lines += sum(one[0] for one in sums.values())
        self.poured_milli += sums.get(self.label, [0, 0])[1]

    def check_whole(self) -> None:
        """After a death: each closing of this trial is there whole or not at all, and the sums say what it says."""
        expected = self._of(self.recent)
        stored, summed = _lines(self.recent), _sums(self.recent)
        there = {closing for closing, _ in stored}
        assert stored == {key: one for key, one in expected.items() if key[0] in there}
        assert summed == stored
        _check_closings(self.recent, {key: one for key, one in expected.items() if key[0] in there})
        _check_nights()
        db.session.rollback()

    def check_right(self, night: Any, venue_id: int) -> None:
        """After a good reading: every line of this trial is stored once, and the stock follows all that was sold."""
        expected = self._of(self.recent)
        assert _lines(self.recent) == expected
        assert _sums(self.recent) == expected
        _check_closings(self.recent, expected)
        _check_nights()
        self._check_stock()
        assert nights.find(venue_id, night).state == "imported"
        assert nights.running(venue_id) is None
        db.session.rollback()
        self.recent.clear()

    def check_all(self) -> None:
        """Every line that was ever sold is stored once, and there is no other."""
        assert _lines(None) == self.sold
        assert _sums(None) == self.sold
        assert db.session.scalar(select(func.count()).select_from(SaleLine)) == self.lines
        self._check_stock()
        db.session.rollback()

    def _check_stock(self) -> None:
        assert (
            stock.on_hand(db.session.get_one(Drink, self.drink_id))
            == self.first_ul - self.poured_milli * self.serving_ml
        )

    def _of(self, closings: set[str]) -> dict[Key, Sum]:
        return {key: one for key, one in self.sold.items() if key[0] in closings}


def _lines(closings: set[str] | None) -> dict[Key, Sum]:
    sums = func.count(), func.sum(SaleLine.quantity_milli), func.sum(SaleLine.total_cents)
    query = select(Closing.till_id, SaleLine.label, *sums).join(Closing, Closing.id == SaleLine.closing_id)
    return _read(query.group_by(Closing.till_id, SaleLine.label), closings)


def _sums(closings: set[str] | None) -> dict[Key, Sum]:
    columns = ReferenceSum.sales, ReferenceSum.taken_milli, ReferenceSum.turnover_cents
    query = select(Closing.till_id, TillReference.label, *columns).join(Closing, Closing.id == ReferenceSum.closing_id)
    return _read(query.join(TillReference, TillReference.id == ReferenceSum.reference_id), closings)


def _read(query: Any, closings: Iterable[str] | None) -> dict[Key, Sum]:
    if closings is not None:
        query = query.where(Closing.till_id.in_(closings))
    return {(row[0], row[1]): Sum(*map(int, row[2:])) for row in db.session.execute(query)}


def _check_closings(closings: set[str], expected: dict[Key, Sum]) -> None:
    """What a closing says of its own lines."""
    columns = Closing.till_id, Closing.lines, Closing.turnover_cents
    query = select(*columns, Closing.difference_cents).where(Closing.till_id.in_(closings), Closing.lines > 0)
    lines, cents = Counter[str](), Counter[str]()
    for (closing, _), one in expected.items():
        lines[closing] += one.lines
        cents[closing] += one.cents
    said = {row[0]: tuple(row[1:]) for row in db.session.execute(query)}
    assert said == {closing: (lines[closing], cents[closing], 0) for closing in lines}


def _check_nights() -> None:
    without = select(func.count()).where(Night.state == "failed", Night.problem.is_(None))
    assert db.session.scalar(without) == 0
