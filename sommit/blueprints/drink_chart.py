"""The last nights of one drink as the tab *Vente* shows them: bars of servings, and the table's lines."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sommit import formats
from sommit.blueprints import wording
from sommit.i18n import gettext as _
from sommit.models import Drink
from sommit.services.drink_sales import Sold

NIGHTS = 14
WEEK = 7
LEFT, WIDTH = 6.0, 94.0  # per cent: the figures of the axis stand on the left
TOP, BASE = 16.0, 132.0  # pixels, so that words keep their size
COLUMNS = 2  # servings that have a column of their own; the rare ones are told under the night
TOPS = (2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 50, 60, 80)  # whole, and so are their halves


class Bar(NamedTuple):
    """One night: its place and height, and the day below it."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    day: int
    past: bool  # of the week before
    best: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws, and the sentence that says the same."""

    bars: list[Bar]
    marks: list[tuple[float, int]]  # the height of a line across, and its figure
    sentence: str
    legend: str


@dataclass(slots=True)
class Night:
    """One line of the table: thousandths of each serving, cents, and what is told under the date."""

    day: date
    sold: dict[int, int]
    offered: dict[int, int]
    lost: dict[int, int]
    turnover_cents: int = 0


@dataclass(frozen=True, slots=True)
class Nights:
    """The last nights of a drink, the latest first, and the week's figures."""

    period: str
    columns: list[int]  # servings in millilitres
    lines: list[Night]
    week: str
    week_cents: int
    chart: Chart | None


def drawn(drink: Drink, sold: Sequence[Sold], until: date, servings: Sequence[int]) -> Nights:
    """Return the nights up to one, drawn and tabled; `servings` are those of the links, for when nothing was sold."""
    since = until - timedelta(days=NIGHTS - 1)
    lines = _lines(sold)
    total = _by_serving(sold)
    unit_ml = max(total, key=lambda ml: (total[ml], -ml), default=min(servings, default=drink.volume_ml))
    week = [line for line in lines if line.day > until - timedelta(days=WEEK)]
    return Nights(
        period=_period(since, until),
        columns=sorted(sorted(total, key=lambda ml: -total[ml])[:COLUMNS]) or [unit_ml],
        lines=lines,
        week=_said(sum(_ml(line) for line in week), unit_ml, drink),
        week_cents=sum(line.turnover_cents for line in week),
        chart=_chart(drink, {line.day: _ml(line) for line in lines}, until, unit_ml) if lines else None,
    )


def _period(since: date, until: date) -> str:
    first = wording.day(since)
    if since.month == until.month:
        first = first.split()[0]
    return _("14 nuits, du %(since)s au %(until)s", since=first, until=wording.day(until))


def _lines(sold: Sequence[Sold]) -> list[Night]:
    found: dict[date, Night] = {}
    for one in sold:
        night = found.setdefault(
            one.business_date,
            Night(one.business_date, defaultdict(int), defaultdict(int), defaultdict(int)),
        )
        night.sold[one.serving_ml] += one.sold_milli
        night.offered[one.serving_ml] += one.offered_milli
        night.lost[one.serving_ml] += one.lost_milli
        night.turnover_cents += one.turnover_cents
    return sorted(found.values(), key=lambda night: night.day, reverse=True)


def _by_serving(sold: Sequence[Sold]) -> dict[int, int]:
    total: dict[int, int] = defaultdict(int)
    for one in sold:
        total[one.serving_ml] += one.sold_milli
    return total


def _ml(night: Night) -> int:
    """What was sold in a night, in thousandths of a millilitre."""
    return sum(milli * ml for ml, milli in night.sold.items())


def _said(amount: int, unit_ml: int, drink: Drink) -> str:
    """A volume in servings, to the tenth: "56 verres"."""
    return wording.portions(round(amount / unit_ml / 100) * 100, unit_ml, drink)


def _chart(drink: Drink, nights: dict[date, int], until: date, unit_ml: int) -> Chart:
    days = [until - timedelta(days=NIGHTS - 1 - place) for place in range(NIGHTS)]
    served = [max(nights.get(day, 0), 0) / unit_ml / 1000 for day in days]
    top = _top(max(served))
    best = served.index(max(served))
    slot = WIDTH / NIGHTS
    bars = [
        Bar(
            x=round(LEFT + slot * (place + 0.2), 2),
            y=round(BASE - number * (BASE - TOP) / top, 1),
            width=round(slot * 0.6, 2),
            height=round(number * (BASE - TOP) / top, 1),
            middle=round(LEFT + slot * (place + 0.5), 2),
            day=day.day,
            past=place < NIGHTS - WEEK,
            best=place == best and number > 0,
        )
        for place, (day, number) in enumerate(zip(days, served, strict=True))
    ]
    marks = [(BASE, 0), ((BASE + TOP) / 2, top // 2), (TOP, top)]
    return Chart(bars, marks, _sentence(drink, nights, days, days[best], unit_ml), _legend(drink, nights, unit_ml))


def _top(highest: float) -> int:
    unit = 1
    while TOPS[-1] * unit < highest:
        unit *= 10
    return next(top * unit for top in TOPS if top * unit >= highest)


def _sentence(drink: Drink, nights: dict[date, int], days: list[date], best: date, unit_ml: int) -> str:
    before, now = (sum(nights.get(day, 0) for day in week) for week in (days[:-WEEK], days[-WEEK:]))
    return _(
        "Vendu par nuit : %(before)s la semaine d’avant, %(now)s les sept dernières nuits, le plus %(day)s : %(most)s.",
        before=_said(before, unit_ml, drink),
        now=_said(now, unit_ml, drink),
        day=formats.day(best),
        most=_said(nights.get(best, 0), unit_ml, drink),
    )


def _legend(drink: Drink, nights: dict[date, int], unit_ml: int) -> str:
    grey = _("En gris la semaine d’avant.")
    if unit_ml == drink.volume_ml:
        return grey
    one = wording.serving(unit_ml, drink).name
    whole = formats.quantity(drink.volume_ml * 1000 // unit_ml)
    return grey + " " + _("%(serving)s : il y en a %(number)s dans un format entier.", serving=one, number=whole)
