"""Taking over the till's catalogue: new keys, names, categories and prices; nothing is ever deleted (CONTRACT §5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select

from sommit import clock
from sommit.extensions import db
from sommit.jalia.lines import Line
from sommit.jalia.payload import LABEL_PREFIX, NORMAL, Product
from sommit.jalia.values import fold
from sommit.models import ReferencePrice, TillReference
from sommit.refusals import N_, Refusal
from sommit.services import ignored_categories, key_names, key_questions

#: The last price seen of a key by a tariff, in cents, and its tax rate.
Latest = dict[tuple[int, str], tuple[int, int | None]]


class EmptyCatalogue(Refusal):
    """The till suddenly shows no key at all: the former catalogue is kept (CONTRACT §5.3)."""

    sentence = N_("Jalia a renvoyé un catalogue vide : l’ancien est gardé. Si cela dure, prévenez l’assistance.")


def take_over(venue_id: int, products: Sequence[Product]) -> int:
    """Bring a venue's references up to date with its till's catalogue; return how many are new.

    A key's label, category and price follow the till, its links do not move (rows I1, I2 of the FAQ); where name and
    price jump together they end, and somebody is asked (FAULTS 64). A key that is gone is marked, never deleted. Raises
    EmptyCatalogue when a catalogue that was there comes back empty.
    """
    known = references(venue_id)
    if not products and any(not till_id.startswith(LABEL_PREFIX) for till_id in known):
        raise EmptyCatalogue()
    now, latest = clock.now(), _latest_prices(venue_id)
    fresh = [product for product in products if product.id not in known]
    there = [(known[product.id], product) for product in products if product.id in known]
    key_names.begin(venue_id)
    key_questions.ask(venue_id, there, latest, now)
    names = [(key.id, product.name) for key, product in there if key.missing_since or key.label != product.name]
    for reference, product in there:
        _update(reference, product)
    gone = _mark_missing(known, {product.id for product in products}, now)
    db.session.flush()
    _insert(venue_id, [_row(venue_id, product, now) for product in fresh])
    key_names.change(venue_id, [*names, *((key.id, None) for key in gone)], now)
    key_names.begin(venue_id)
    _keep_prices(venue_id, products, latest, now)
    return len(fresh)


def take_over_lines(venue_id: int, lines: Iterable[Line]) -> tuple[dict[str, int], int]:
    """Make sure that each line has its reference, also a key that the catalogue does not show (CONTRACT §7).

    Returns the references' ids by the till's id, and how many are new.
    """
    ids = _ids(venue_id)
    fresh = {line.till_id: line for line in lines if line.till_id not in ids}
    if fresh:
        _insert(venue_id, [_row_of_line(venue_id, line) for line in fresh.values()])
        key_names.begin(venue_id)
        ids = _ids(venue_id)
    return ids, len(fresh)


def references(venue_id: int) -> dict[str, TillReference]:
    """Return a venue's references by the till's id."""
    rows = db.session.scalars(select(TillReference).where(TillReference.venue_id == venue_id))
    return {reference.till_id: reference for reference in rows}


def prices(venue_id: int) -> dict[tuple[str, str], int]:
    """Return the latest price of each key and tariff in cents, as the vote on the unit of money wants them."""
    latest = _latest_prices(venue_id)
    till_ids = {reference_id: till_id for till_id, reference_id in _ids(venue_id).items()}
    return {(till_ids[key], fold(tariff) or NORMAL): cents for (key, tariff), (cents, _) in latest.items()}


def _ids(venue_id: int) -> dict[str, int]:
    rows = db.session.execute(select(TillReference.till_id, TillReference.id).where(TillReference.venue_id == venue_id))
    return dict(rows.all())


def _insert(venue_id: int, rows: list[dict[str, object]]) -> None:
    if rows:
        db.session.execute(insert(TillReference), ignored_categories.to_new(venue_id, rows))


def _row(venue_id: int, product: Product, now: datetime) -> dict[str, object]:
    return {"venue_id": venue_id, "till_id": product.id, "first_seen_at": now, **_facts(product)}


def _row_of_line(venue_id: int, line: Line) -> dict[str, object]:
    return {
        "venue_id": venue_id,
        "till_id": line.till_id,
        "label": line.label,
        "category": line.category,
        "sub_category": line.sub_category,
        "price_cents": line.unit_price_cents,
        "first_seen_at": clock.now(),
    }


def _facts(product: Product) -> dict[str, object]:
    price = product.normal_price()
    return {
        "label": product.name,
        "category": product.category,
        "sub_category": ", ".join(product.sub_categories)[:255],
        "price_cents": price.unit_price_cents if price else None,
    }


def _update(reference: TillReference, product: Product) -> None:
    for name, value in {**_facts(product), "missing_since": None}.items():
        if getattr(reference, name) != value:
            setattr(reference, name, value)


def _mark_missing(known: dict[str, TillReference], shown: set[str], now: datetime) -> list[TillReference]:
    """Mark what the catalogue dropped, and return it; a key without an id never was in it."""
    dropped = [key for till_id, key in known.items() if till_id not in shown and not till_id.startswith(LABEL_PREFIX)]
    gone = [key for key in dropped if key.missing_since is None]
    for reference in gone:
        reference.missing_since = now
    return gone


def _keep_prices(venue_id: int, products: Iterable[Product], latest: Latest, now: datetime) -> None:
    """Add a row for each price that differs from the last one seen: the history is only ever added to."""
    ids = _ids(venue_id)
    rows = []
    for product in products:
        for price in product.prices:
            key = (ids[product.id], price.name)
            if latest.get(key) != (price.unit_price_cents, price.tax_rate):
                latest[key] = (price.unit_price_cents, price.tax_rate)
                rows.append(_price_row(venue_id, key, latest[key], now))
    if rows:
        db.session.execute(insert(ReferencePrice), rows)


def _price_row(venue_id: int, key: tuple[int, str], price: tuple[int, int | None], now: datetime) -> dict[str, object]:
    (reference_id, tariff), (cents, rate) = key, price
    ids = {"venue_id": venue_id, "reference_id": reference_id}
    return {**ids, "tariff": tariff, "unit_price_cents": cents, "tax_rate": rate, "seen_at": now}


def _latest_prices(venue_id: int) -> Latest:
    last = (
        select(func.max(ReferencePrice.id).label("id"))
        .where(ReferencePrice.venue_id == venue_id)
        .group_by(ReferencePrice.reference_id, ReferencePrice.tariff)
        .subquery()
    )
    rows = db.session.scalars(select(ReferencePrice).join(last, last.c.id == ReferencePrice.id))
    return {(row.reference_id, row.tariff): (row.unit_price_cents, row.tax_rate) for row in rows}
