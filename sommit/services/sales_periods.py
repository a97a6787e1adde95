"""The periods of *Ventes*: a night, a week from Monday to Sunday, a month, any range. Business dates, both included."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sommit.refusals import N_, Refusal

LONGEST = 366  # nights


class NotADate(Refusal):
    """A day is written 2026-06-13."""

    sentence = N_("« %(day)s » n’est pas une date. Voici la dernière nuit lue.")


class Unfinished(Refusal):
    """A range has two ends."""

    sentence = N_("Indiquez deux dates, la première et la dernière nuit. Voici la dernière nuit lue.")


class Backwards(Refusal):
    """A range ends after it begins."""

    sentence = N_("Cette période finit avant de commencer. Voici la dernière nuit lue.")


class TooLong(Refusal):
    """A range is a year at the most."""

    sentence = N_("Une période compte 366 nuits au plus. Voici la dernière nuit lue.")


@dataclass(frozen=True, slots=True)
class Period:
    """Some nights in a row."""

    since: date
    until: date

    @property
    def kind(self) -> str:
        """Return "night", "week", "month" or "range": what the two dates make, however they were asked for."""
        if self.since == self.until:
            return "night"
        if self == week(self.since):
            return "week"
        return "month" if self == month(self.since) else "range"

    @property
    def length(self) -> int:
        """Return how many nights there are."""
        return (self.until - self.since).days + 1

    def days(self) -> Iterator[date]:
        """Yield the nights."""
        return (date.fromordinal(number) for number in range(self.since.toordinal(), self.until.toordinal() + 1))

    def before(self) -> "Period | None":
        """Return the period of the same kind that ends the night before, None at the beginning of the calendar."""
        if self.since == date.min:
            return None
        if self.kind == "month":
            return month(self.since - timedelta(days=1))
        first = self.since.toordinal() - self.length
        return Period(date.fromordinal(first), self.since - timedelta(days=1)) if first > 0 else None

    def after(self) -> "Period | None":
        """Return the period of the same kind that begins the night after, None at the end of the calendar."""
        if self.until == date.max:
            return None
        if self.kind == "month":
            return month(self.until + timedelta(days=1))
        last = self.until.toordinal() + self.length
        return Period(self.until + timedelta(days=1), date.fromordinal(last)) if last <= date.max.toordinal() else None


def night(day: date) -> Period:
    """Return one night."""
    return Period(day, day)


def week(day: date) -> Period:
    """Return the week of a night, Monday to Sunday; the calendar's last one ends with the calendar."""
    monday = day.toordinal() - day.weekday()
    return Period(date.fromordinal(monday), date.fromordinal(min(monday + 6, date.max.toordinal())))


def up_to(day: date) -> Period:
    """Return seven nights, this one the last; fewer at the beginning of the calendar."""
    return Period(date.fromordinal(max(day.toordinal() - 6, 1)), day)


def week_earlier(day: date) -> Period | None:
    """Return the same weekday of the week before, None at the beginning of the calendar."""
    return night(day - timedelta(days=7)) if day.toordinal() > 7 else None


def month(day: date) -> Period:
    """Return the month of a night."""
    return Period(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def read_day(text: str) -> date:
    """Return a day as an address writes it, 2026-06-13, and in no other of the forms that Python takes.

    Raises NotADate.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotADate(day=text[:20]) from None
    if day.isoformat() != text:
        raise NotADate(day=text[:20])
    return day


def read_range(since: str, until: str) -> Period:
    """Return the period between two days. Raises NotADate, Unfinished, Backwards, TooLong."""
    if not since or not until:
        raise Unfinished()
    found = Period(read_day(since), read_day(until))
    if found.until < found.since:
        raise Backwards()
    if found.length > LONGEST:
        raise TooLong()
    return found
