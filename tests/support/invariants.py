"""What holds whatever happened (docs/FAULTS.md, invariants I1 to I4 and I10), from the raw rows."""

from collections.abc import Callable

from sqlalchemy import func, select

from sommit.extensions import db
from sommit.models import Closing, Drink, Night, SaleLine
from sommit.services import stock
from tests.support import naive


def check_invariants() -> None:
    """Stock and sums equal a recomputation, a closing is there whole or not at all, an evening is in one state."""
    for drink in db.session.scalars(select(Drink)):
        assert stock.on_hand(drink) == naive.stock_ul(drink), drink.name
    naive.check_sums()
    for closing in db.session.scalars(select(Closing)):
        _check_whole(closing)
    for night in db.session.scalars(select(Night)):
        assert night.state in Night.STATES
        assert night.state != "failed" or night.problem
    db.session.rollback()


def check_replay(read: Callable[[], object]) -> None:
    """Reading once more changes nothing (I8)."""
    before = naive.everything_stored()
    db.session.rollback()
    read()
    assert naive.everything_stored() == before
    db.session.rollback()


def _check_whole(closing: Closing) -> None:
    count = func.count(), func.sum(SaleLine.total_cents).filter(SaleLine.money == "turnover")
    lines, cents = db.session.execute(select(*count).where(SaleLine.closing_id == closing.id)).one()
    assert lines == closing.lines
    assert closing.fingerprint is not None or lines == 0
    if closing.turnover_cents is not None:
        assert (cents or 0) == closing.turnover_cents
        assert closing.difference_cents is None or closing.difference_cents == (cents or 0) - closing.total_cents
