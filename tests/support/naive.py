"""The stock computed the long way round, apart from the product's own query: every fact, one after the other."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Closing, Count, Delivery, Drink, Link, Loss, ReferenceSum, SaleLine

AGES_AGO, FAR_AWAY = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


def stock_ul(drink: Drink) -> int | None:
    """Microlitres in the cellar, from the raw rows of one drink; None: never counted nor delivered."""
    counts = sorted(_all(Count, drink), key=lambda count: (count.at, count.id))
    deliveries, losses = _all(Delivery, drink), _all(Loss, drink)
    if counts:
        start, amount = counts[-1].at, counts[-1].quantity_ml * 1000
    elif deliveries:
        start, amount = min(delivery.at for delivery in deliveries), 0
    else:
        return None
    amount += sum(delivery.quantity_ml * 1000 for delivery in deliveries if delivery.at >= start)
    amount -= sum(loss.quantity_ml * 1000 for loss in losses if loss.at >= start)
    for link in _all(Link, drink):
        if link.broken_at is None:
            amount -= sum(line.quantity_milli * link.serving_ml for line in _poured(link, start))
    return amount


def turnover_cents(drink: Drink) -> int:
    """What the till took for one drink, from the raw rows: all that its unbroken links sold in their periods."""
    links = [link for link in _all(Link, drink) if link.broken_at is None]
    lines = [line for link in links for line in _of(link, AGES_AGO)]
    return sum(line.total_cents or 0 for line in lines if line.money == "turnover")


def _poured(link: Link, start: datetime) -> Iterator[SaleLine]:
    return (line for line in _of(link, start) if line.stock in ("sale", "loss"))


def _of(link: Link, start: datetime) -> Iterator[SaleLine]:
    lines = db.session.scalars(select(SaleLine).where(SaleLine.reference_id == link.reference_id)).all()
    since, until = max(start, link.starts_at or AGES_AGO), link.ends_at or FAR_AWAY
    return (line for line in lines if since <= line.sold_at < until)


def _all(kind, drink: Drink) -> list:
    return list(db.session.scalars(select(kind).where(kind.drink_id == drink.id)))


def everything_stored() -> list[tuple]:
    """Every row of every table that an import writes, for comparing two states; when it was read does not count."""
    left_out = {
        "applied_at",
        "read_at",
        "lease_until",
        "fence",
        "attempts",
        "next_try_at",
        "asked_at",
        "silent_since",
        "done",
        "total",
        "computed_at",
    }
    rows = []
    for table in db.metadata.sorted_tables:
        if table.name == "breaker":  # how the till's host is doing
            continue
        columns = [column for column in table.columns if column.name not in left_out]
        rows += [(table.name, *map(str, row)) for row in db.session.execute(select(*columns))]
    return sorted(rows)


def lines_stored() -> list[tuple]:
    """Every sale line by what the till calls it: closing, note, position, label, quantity, money, effects."""
    query = select(Closing.till_id, SaleLine).join(Closing, Closing.id == SaleLine.closing_id)
    return sorted(
        (
            closing,
            line.order_id,
            line.position,
            line.label,
            line.quantity_milli,
            line.total_cents,
            line.stock,
            line.money,
        )
        for closing, line in db.session.execute(query)
    )


def check_sums() -> None:
    """The sums per closing and reference say what the lines say, and nothing else."""
    said = {
        (row.closing_id, row.reference_id): (row.taken_milli, row.sold_milli, row.sales, row.turnover_cents)
        for row in db.session.scalars(select(ReferenceSum))
    }
    counted: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    for line in db.session.scalars(select(SaleLine)):
        taken, sold, sales, cents = counted.get((line.closing_id, line.reference_id), (0, 0, 0, 0))
        if line.stock in ("sale", "loss"):
            taken += line.quantity_milli
        if line.money == "turnover":
            sold, sales, cents = sold + line.quantity_milli, sales + 1, cents + (line.total_cents or 0)
        counted[line.closing_id, line.reference_id] = taken, sold, sales, cents
    assert said == counted
