"""A linked key whose name and price (or tax) jumped together is asked about: is it still the same product? (FAULTS 64)

Until somebody answers, what it sold since then is kept aside: out of the stock, "à synchroniser" in the turnover.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from sommit import clock, matching
from sommit.extensions import db
from sommit.jalia.payload import Product
from sommit.models import Drink, KeyQuestion, Link, SaleLine, TillConnection, TillReference
from sommit.refusals import N_, Refusal
from sommit.services import till_links

Tariffs = Mapping[tuple[int, str], tuple[int, int | None]]


class NoQuestion(Refusal):
    """Nobody was ever asked about this key."""

    sentence = N_("Aucune question n’est posée pour « %(label)s ».")


class Answered(Refusal):
    """Somebody else has answered, and not the same."""

    sentence = N_("Quelqu’un vient de répondre pour « %(label)s ». Voici où elle en est.")


def ask(
    venue_id: int, seen: Iterable[tuple[TillReference, Product]], known: Tariffs, now: datetime
) -> list[KeyQuestion]:
    """Ask about the linked keys that became another product, and end their links; the keys still are as they were.

    `seen` are keys with what the till shows of them now, `known` the last price and tax of each key and tariff. The
    same reading again asks nothing: the key is then as the till shows it.
    """
    jumped = {key.id: (key, product) for key, product in seen if _jumped(key, product, known)}
    links = _live(venue_id, sorted(jumped))
    asked = [_ask(*jumped[key], links[key], _known_at(venue_id), now) for key in links]
    db.session.flush()
    return asked


def _jumped(key: TillReference, product: Product, known: Tariffs) -> bool:
    if key.label == product.name or matching.is_respelling(key.label, product.name):
        return False
    price = product.normal_price()
    if price is None:
        return False
    rates = {rate for (reference_id, _), (_, rate) in known.items() if reference_id == key.id and rate is not None}
    other_tax = bool(rates) and price.tax_rate is not None and price.tax_rate not in rates
    return other_tax or key.price_cents not in (None, price.unit_price_cents)


def _live(venue_id: int, reference_ids: Sequence[int]) -> dict[int, list[Link]]:
    query = select(Link).where(Link.venue_id == venue_id, Link.reference_id.in_(reference_ids), till_links.is_live())
    found: dict[int, list[Link]] = {}
    for link in db.session.scalars(query.order_by(Link.reference_id, Link.id)) if reference_ids else ():
        found.setdefault(link.reference_id, []).append(link)
    return found


def _known_at(venue_id: int) -> datetime | None:
    """When the last good reading ended: it saw every key as it was until now."""
    query = select(TillConnection.read_at).where(TillConnection.venue_id == venue_id)
    at: datetime | None = db.session.scalar(query)
    return at


def _ask(
    key: TillReference, product: Product, links: list[Link], known_at: datetime | None, now: datetime
) -> KeyQuestion:
    price = product.normal_price()
    before = {"old_label": key.label, "old_price_cents": key.price_cents}
    asked = KeyQuestion(
        venue_id=key.venue_id,
        reference_id=key.id,
        known_at=known_at,
        since=max(now, _earliest(links) or now),
        new_label=product.name,
        new_price_cents=price.unit_price_cents if price else None,
        asked_at=now,
        **before,
    )
    till_links.claim(key, None)  # a tablet that still shows the key as linked is told
    for link in links:
        link.ends_at = asked.since
    db.session.add(asked)
    return asked


def _earliest(links: Iterable[Link]) -> datetime | None:
    """The first instant at which links may end: a period is never empty."""
    starts = [link.starts_at for link in links if link.starts_at]
    return max(starts) + timedelta(microseconds=1) if starts else None


def settle(venue_id: int) -> None:
    """Move each pending question, with the links that it ended, back to the first sale under the new name.

    Called once the closings are read: the key was changed in the till some time between two readings.
    """
    for asked in db.session.scalars(_pending(venue_id)):
        links = list(db.session.scalars(_ended_by(asked)))
        sold_at = _first_sale(asked)
        since = max(sold_at, _earliest(links) or sold_at) if sold_at else asked.since
        if since < asked.since:
            for link in links:
                link.ends_at = since
            asked.since = since
    db.session.flush()


def _pending(venue_id: int) -> Select[KeyQuestion]:
    mine = KeyQuestion.venue_id == venue_id, KeyQuestion.answered_at.is_(None)
    return select(KeyQuestion).where(*mine).order_by(KeyQuestion.asked_at, KeyQuestion.id)


def _ended_by(asked: KeyQuestion) -> Select[Link]:
    mine = Link.venue_id == asked.venue_id, Link.reference_id == asked.reference_id, Link.broken_at.is_(None)
    return select(Link).where(*mine, Link.ends_at == asked.since).order_by(Link.id)


def _first_sale(asked: KeyQuestion) -> datetime | None:
    """The first sale under the new name since a reading last saw the former one; each line keeps its own label."""
    lines = (
        select(SaleLine.sold_at, SaleLine.label)
        .where(SaleLine.venue_id == asked.venue_id, SaleLine.reference_id == asked.reference_id)
        .where(SaleLine.sold_at < asked.since)
        .order_by(SaleLine.sold_at)
    )
    if asked.known_at is not None:
        lines = lines.where(SaleLine.sold_at >= asked.known_at)
    sold = (at for at, label in db.session.execute(lines) if matching.is_respelling(asked.new_label, label))
    return next(sold, None)


def latest(reference: TillReference) -> KeyQuestion:
    """Return the last question that was asked about a key, answered or not. Raises NoQuestion."""
    mine = KeyQuestion.venue_id == reference.venue_id, KeyQuestion.reference_id == reference.id
    query = select(KeyQuestion).where(*mine).order_by(KeyQuestion.id.desc()).limit(1)
    found: KeyQuestion | None = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NoQuestion(label=reference.label)
    return found


def answer(reference: TillReference, said: str, *, version: int, by: int | None = None) -> KeyQuestion:
    """Answer the question about a key. "same": its links go on where they ended, as if nothing had been asked.

    "other": it waits as a new reference, and its past stays with the drinks that it poured. The same answer again
    changes nothing. Raises NoQuestion; Answered, Changed; ArchivedDrink.
    """
    asked = latest(reference)
    if asked.answer is None:
        try:
            till_links.claim(reference, version)
        except till_links.Changed:
            asked = latest(reference)  # the other tablet was faster, maybe with the same answer
            if asked.answer is None:
                raise
    if asked.answer is not None:
        if asked.answer != said:
            raise Answered(label=reference.label)
        return asked
    if said == "same":
        _go_on(asked, by)
    asked.answer, asked.answered_at, asked.answered_by = said, clock.now(), by
    db.session.flush()
    return asked


def _go_on(asked: KeyQuestion, by: int | None) -> None:
    """Start the next link where each one ended: same drink, same serving; it was made when the first one was."""
    for link in list(db.session.scalars(_ended_by(asked))):
        drink = db.session.get(Drink, link.drink_id)
        if drink.archived_at is not None:
            raise till_links.ArchivedDrink(drink=drink.name)
        ids = {"venue_id": link.venue_id, "reference_id": link.reference_id, "drink_id": link.drink_id}
        period = {"starts_at": link.ends_at, "created_at": link.created_at}
        db.session.add(Link(serving_ml=link.serving_ml, created_by=by, **ids, **period))
