"""The bars of *Ventes*, drawn by the server: per cent across, pixels down, so that words keep their size."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice, zip_longest
from typing import NamedTuple

from sommit import formats
from sommit.blueprints import sales_words, wording
from sommit.i18n import gettext as _
from sommit.services import sales_periods
from sommit.services.sales_periods import Period

LEFT, WIDTH = 9.0, 91.0  # per cent: the amounts stand on the left
TOP, BASE = 10.0, 196.0  # pixels
NIGHTS_APART = 31  # up to here each night has its bars, beyond that seven nights share theirs
ROOM = 6  # labels that fit under a chart on a phone, when they are more than a weekday

Sums = Mapping[date, int]  # cents


class Bar(NamedTuple):
    """A rectangle of the chart."""

    x: float
    y: float
    width: float
    height: float
    past: bool


class Label(NamedTuple):
    """Words below the line: one or two lines, bold where they name what the page is about."""

    x: float
    lines: tuple[str, ...]
    here: bool


class Chart(NamedTuple):
    """What the template draws, and the sentence that says the same."""

    bars: list[Bar]
    labels: list[Label]
    marks: list[tuple[float, str]]  # the height of a line across, and its amount
    sentence: str
    paired: bool

    @property
    def flat(self) -> bool:
        """Return whether one line of words is enough below."""
        return all(len(label.lines) < 2 for label in self.labels)


class _Slot(NamedTuple):
    """The nights that stand in one place, those of the period before beside them; cents.

    May has a night more than June: there `first` is None, and only the period before stands.
    """

    first: date | None
    cents: int
    past: int | None


def of_night(night: date, sums: Sums) -> Chart:
    """Return a night lit, and grey the six before it."""
    slots = [_Slot(day, sums.get(day, 0), None) for day in sales_periods.up_to(night).days()]
    top, places = _top(slots), list(_places(len(slots)))
    bars = [
        _bar(place, 0.28, 0.44, slot.cents, top, past=slot.first != night)
        for place, slot in zip(places, slots, strict=True)
        if slot.cents > 0
    ]
    labels = [_weekday(place, slot.first, here=slot.first == night) for place, slot in zip(places, slots, strict=True)]
    sentence = _("Chiffre d’affaires de cette nuit et des six d’avant : %(figures)s.", figures=_figures(slots))
    return Chart(bars, labels, _marks(top), sentence, paired=False)


def of_period(period: Period, before: Period | None, sums: Sums) -> Chart:
    """Return a period beside the one before it: night by night, or by seven nights where there are many."""
    by = 1 if period.length <= NIGHTS_APART else 7
    slots = list(_slots(period, before, sums, by))
    top = _top(slots)
    places = list(_places(len(slots)))
    bars = [
        bar
        for place, slot in zip(places, slots, strict=True)
        for bar in (
            _bar(place, 0.14, 0.34, slot.past or 0, top, past=True),
            _bar(place, 0.52, 0.34, slot.cents, top, past=False),
        )
        if bar.height > 0
    ]
    sentence = _sentence(period, before, sums, slots)
    return Chart(bars, _labels(period, slots, places), _marks(top), sentence, paired=True)


def _slots(period: Period, before: Period | None, sums: Sums, by: int) -> Iterator[_Slot]:
    past = _chunks(before, sums, by) if before else []
    for now, then in zip_longest(_chunks(period, sums, by), past, fillvalue=(None, 0)):
        yield _Slot(now[0], now[1], then[1])


def _chunks(period: Period, sums: Sums, by: int) -> list[tuple[date, int]]:
    days, found = period.days(), list[tuple[date, int]]()
    while nights := list(islice(days, by)):
        found.append((nights[0], sum(sums.get(day, 0) for day in nights)))
    return found


def _places(number: int) -> Iterator[tuple[float, float]]:
    """The left edge and the width of each slot, in per cent."""
    width = WIDTH / number
    return ((LEFT + width * place, width) for place in range(number))


def _bar(place: tuple[float, float], start: float, part: float, cents: int, top: int, *, past: bool) -> Bar:
    left, width = place
    height = max(cents, 0) * (BASE - TOP) / top
    return Bar(round(left + width * start, 2), round(BASE - height, 1), round(width * part, 2), round(height, 1), past)


def _top(slots: Sequence[_Slot]) -> int:
    """The amount (cents) of the uppermost line: round, halved without a rest, above the highest bar."""
    highest = max((max(slot.cents, slot.past or 0) for slot in slots), default=0)
    unit = 10_000
    while unit * 10 < highest:
        unit *= 10
    return next(unit * halves // 2 for halves in (2, 4, 5, 8, 10, 12, 16, 20) if unit * halves // 2 >= highest)


def _marks(top: int) -> list[tuple[float, str]]:
    return [(round(BASE - part * (BASE - TOP), 1), formats.number(int(top * part) // 100)) for part in (0, 0.5, 1)]


def _weekday(place: tuple[float, float], day: date | None, *, here: bool) -> Label:
    words = (formats.dated(day, "EEE"), str(day.day)) if day else ()
    return Label(_middle(place), words, here)


def _middle(place: tuple[float, float]) -> float:
    left, width = place
    return round(left + width / 2, 2)


def _labels(period: Period, slots: Sequence[_Slot], places: Sequence[tuple[float, float]]) -> list[Label]:
    if period.length <= 7:
        return [_weekday(place, slot.first, here=False) for place, slot in zip(places, slots, strict=True)]
    every = -(-len(slots) // ROOM)
    pattern = "d" if period.kind == "month" else "d MMM"
    return [
        Label(_middle(place), (formats.dated(slot.first, pattern),), here=False)
        for place, slot in list(zip(places, slots, strict=True))[::every]
        if slot.first
    ]


def _sentence(period: Period, before: Period | None, sums: Sums, slots: Sequence[_Slot]) -> str:
    now = formats.money(_total(period, sums))
    words = [_("Chiffre d’affaires, %(period)s : %(total)s.", period=sales_words.title(period), total=now)]
    if before:
        then = formats.money(_total(before, sums))
        words.append(_("%(period)s : %(total)s.", period=sales_words.former(period), total=then))
    if period.length <= NIGHTS_APART:
        words.append(_("Par nuit : %(figures)s.", figures=_figures(slots)))
    else:
        words.append(_("Par sept nuits : %(figures)s.", figures=_figures(slots)))
    return " ".join(words)


def _total(period: Period, sums: Sums) -> int:
    return sum(sums.get(day, 0) for day in period.days())


def _figures(slots: Sequence[_Slot]) -> str:
    return ", ".join(f"{wording.day(slot.first)} {formats.money(slot.cents)}" for slot in slots if slot.first)
