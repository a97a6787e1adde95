"""The bar's nights. Each is drawn from its own date alone: the same evening whatever the day on which it is told."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from datetime import date as Date
from random import Random
from typing import Final

from demo.simulator import Closing, Item, Product, Till
from demo.simulator.till import PARIS
from demo.story import changes
from demo.story.cellar import Key, keys

NAME: Final = "Le Zinc des Capucins"
TOKEN: Final = "demo_5d0f6c1e-zinc-des-capucins"  # noqa: S105 - opens the simulator and nothing else
HAPPY_HOUR: Final = "Happy hour"
NIGHTS: Final = 45

_SEED = "le-zinc"
_SUNDAY = 6
_FRIDAY, _SATURDAY = 4, 5
_EPOCH = Date(2024, 1, 1)  # a Monday
#: Lines sold, and minutes after 23:30 at which the till is closed, from Monday to Saturday.
_LINES = ((120, 180), (130, 200), (160, 240), (200, 290), (300, 410), (340, 450))
_CLOSES = ((0, 45), (0, 60), (15, 75), (40, 105), (100, 160), (100, 160))
#: Remainders by 45 of the rank of two nights: any 45 open nights in a row hold each of them once.
_AMENDED, _MISSING_ORDER = 11, 29
_TRANSFERS_EVERY = 9


@dataclass(frozen=True)
class _Shift:
    """One till for one evening."""

    device: str
    opens: datetime
    closes: datetime
    lines: int


class Bar:
    """The till of the bar and the nights it has had: `nights` of them, then one more each time a night ends.

    After NIGHTS of them some of its keys change.
    """

    def __init__(self, now: datetime, *, nights: int = NIGHTS, first: Date | None = None, token: str = TOKEN) -> None:
        self.till = Till(token=token, name=NAME)
        self.till.header |= {"headerAddress": "14 place des Capucins", "headerZip": "33800", "headerCity": "Bordeaux"}
        self._sold = [(self._product(key), key) for key in keys()]
        self._weights = list(itertools.accumulate(key.popularity for key in keys()))
        self.first = first or _nth_before(now, nights)
        self.last = self.first - timedelta(days=1)
        self.catch_up(now)

    def catch_up(self, now: datetime) -> None:
        """Play every night that had ended by `now`."""
        while _ended(day := _next_open(self.last)) <= now:
            self.play(day)

    def play(self, day: Date | None = None) -> list[Closing]:
        """Play one night, by default the one after the last. ValueError when it is not a later open night."""
        day = day or _next_open(self.last)
        if day <= self.last or day.weekday() == _SUNDAY:
            raise ValueError(f"no new night on {day}")
        if _rank(day) - _rank(self.first) == NIGHTS:
            changes.happen(self.till, HAPPY_HOUR)
        rng = Random(f"{_SEED}:{day}")
        closings = [self._closing(rng, shift, day) for shift in _shifts(rng, day)]
        self._events(rng, closings[0], day)
        self.last = day
        return closings

    def _product(self, key: Key) -> Product:
        return self.till.product(
            key.label,
            price_cents=key.price_cents,
            category=key.category,
            sub_category=key.sub_category,
            tiers={} if key.happy_hour_cents is None else {HAPPY_HOUR: key.happy_hour_cents},
            tax_rate=key.tax_rate,
        )

    def _closing(self, rng: Random, shift: _Shift, day: Date) -> Closing:
        closing = self.till.closing(
            date=day, opened_at=shift.opens, closed_at=shift.closes, device=shift.device, number=400 + _rank(day)
        )
        sizes = list(_order_sizes(rng, shift.lines))
        minutes = (shift.closes - shift.opens) // timedelta(minutes=1) - 45
        for size, minute in zip(sizes, sorted(rng.randint(5, minutes) for _ in sizes), strict=True):
            opened_at = shift.opens + timedelta(minutes=minute, seconds=rng.randint(0, 59))
            order = closing.order(
                [self._line(rng, opened_at) for _ in range(size)],
                opened_at=opened_at,
                closed_at=opened_at + timedelta(minutes=rng.randint(8, 40)),
                place=rng.choice(("Salle", "Terrasse", "Comptoir")),
                guests=rng.randint(1, max(2, size)),
            )
            if rng.random() < 0.004:
                order.is_canceled, order.cancel_reason = True, "Client parti"
        return closing

    def _line(self, rng: Random, at: datetime) -> Item:
        product, key = rng.choices(self._sold, cum_weights=self._weights)[0]
        happy = key.happy_hour_cents is not None and 17 <= at.astimezone(PARIS).hour < 19
        quantity = rng.choices((1, 2, 3, 4), (74, 19, 4, 3))[0]
        item = self.till.item(product, quantity, tier=HAPPY_HOUR if happy else "Normal")
        _fate(rng, item)
        return item

    def _events(self, rng: Random, closing: Closing, day: Date) -> None:
        """What happens now and then."""
        if day.weekday() == _FRIDAY:
            self._split_note(rng, closing)
        if _rank(day) % _TRANSFERS_EVERY == 0:
            transferred = closing.orders[-1]
            transferred.is_transferred, transferred.transfer_reason = True, "Chambre 12"
        if _rank(day) % NIGHTS == _MISSING_ORDER:
            closing.order([self.till.item("VRE COLOMBARD")]).served = False
        if _rank(day) % NIGHTS == _AMENDED:
            line = next(line for order in closing.orders for line in order.items if not line.is_canceled)
            later = closing.updated_at + timedelta(minutes=20)
            closing.amend(line, at=later, is_canceled=True, cancel_reason="Correction après clôture")

    def _split_note(self, rng: Random, closing: Closing) -> None:
        """A bottle shared out between two guests, half of its price each."""
        bottle = rng.choice([product for product, key in self._sold if key.kind == "bottle" and key.popularity >= 1])
        half, rest = bottle.price_cents // 2, bottle.price_cents - bottle.price_cents // 2
        share = self.till.item(bottle, "0.5", fixed_total_cents=rest, stock_impact=False)
        closing.order([self.till.item(bottle, fixed_total_cents=half)], number="14")
        closing.order([share], number="14")


def _fate(rng: Random, item: Item) -> None:
    """Most lines are simply sold; some are offered, lost, cancelled or discounted."""
    chance = rng.random()
    if chance < 0.012:
        item.discount_cents, item.discount_name = item.total_cents, "Offert patron"
    elif chance < 0.020:
        item.is_loss, item.loss_reason = True, rng.choice(("Verre renversé", "Bouchonné", "Casse"))
    elif chance < 0.035:
        item.is_canceled, item.cancel_reason = True, "Erreur de saisie"
    elif chance < 0.050:
        item.discount_cents, item.discount_name = item.total_cents // 10, "Remise habitué"


def _shifts(rng: Random, day: Date) -> Iterator[_Shift]:
    """The counter's till every evening, the terrace's too on Saturdays."""
    lines = rng.randint(*_LINES[day.weekday()])
    opens = datetime.combine(day, time(16, rng.randint(2, 55)), PARIS).astimezone(UTC)
    half_past_eleven = datetime.combine(day, time(23, 30), PARIS).astimezone(UTC)
    closes = half_past_eleven + timedelta(minutes=rng.randint(*_CLOSES[day.weekday()]))
    terrace = lines * 2 // 5 if day.weekday() == _SATURDAY else 0
    yield _Shift("iPad comptoir", opens, closes, lines - terrace)
    if terrace:
        yield _Shift("iPad terrasse", opens + timedelta(minutes=30), closes - timedelta(minutes=50), terrace)


def _order_sizes(rng: Random, lines: int) -> Iterator[int]:
    while lines > 0:
        size = min(lines, rng.choices((1, 2, 3, 4, 5, 6, 8), (18, 26, 22, 15, 9, 6, 4))[0])
        lines -= size
        yield size


def _rank(day: Date) -> int:
    """How many open nights there were before this one: the number of the closing grows by one a night."""
    weeks, weekday = divmod((day - _EPOCH).days, 7)
    return weeks * 6 + weekday


def _next_open(day: Date) -> Date:
    following = day + timedelta(days=1)
    return following if following.weekday() != _SUNDAY else following + timedelta(days=1)


def _ended(day: Date) -> datetime:
    """When the night of a day is over for certain."""
    return datetime.combine(day + timedelta(days=1), time(2, 30), PARIS)


def _nth_before(now: datetime, nights: int) -> Date:
    """The first of the last `nights` open nights that had ended by `now`."""
    day = now.astimezone(PARIS).date()
    while nights:
        day -= timedelta(days=1)
        nights -= day.weekday() != _SUNDAY and _ended(day) <= now
    return day
