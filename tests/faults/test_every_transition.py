"""Every clock change of every zone, 2020 to 2035: no evening is missed, none due twice (FAULTS 87)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from sommit import clock
from sommit.services import evenings, nights

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
STEP, DAY, MOMENT = timedelta(days=3), timedelta(days=1), timedelta(microseconds=1)
ABOUT = [timedelta(hours=hours) for hours in (-24, -12, -3, -1, 1, 3, 12, 24)]


class Figures(NamedTuple):
    """What was looked at; `gaps` and `overlaps`: evenings or days that are skipped or come twice, zone and instant."""

    zones: int
    transitions: int
    gaps: list[str]
    overlaps: list[str]


def all_zones() -> Figures:
    """Look at due instants and business dates around every clock change of every zone that this machine knows."""
    figures = Figures(len(available_timezones()), 0, [], [])
    for name in sorted(available_timezones()):
        for change in transitions(ZoneInfo(name)):
            figures = figures._replace(transitions=figures.transitions + 1)
            _look(name, change, figures)
    return figures


def transitions(zone: ZoneInfo) -> Iterator[datetime]:
    """The instants from which a zone's wall shows another offset."""
    before = FIRST
    while before < LAST:
        after = before + STEP
        if _offset(before, zone) != _offset(after, zone):
            yield _between(before, after, zone)
        before = after


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()


def _between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second of the later offset."""
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // timedelta(seconds=2) * timedelta(seconds=1)
        if _offset(middle, zone) == _offset(before, zone):
            before = middle
        else:
            after = middle
    return after


def _look(name: str, change: datetime, figures: Figures) -> None:
    place = SimpleNamespace(timezone=name)
    today = clock.local_date(change, name)
    dues = [clock.at_hour(today + n * DAY, evenings.DUE_HOUR, name) for n in range(-2, 4)]
    mornings = [clock.at_hour(today + n * DAY, 0, name) for n in range(-2, 4)]
    instants = sorted({*(each + way for each in (*dues, *mornings, change) for way in (-MOMENT, 0 * MOMENT, MOMENT)),
                       *(change + way for way in ABOUT)})  # fmt: skip
    for days in (
        [nights.evening_before(place, instant) for instant in instants],
        [clock.local_date(instant, name) for instant in instants],
    ):
        where = f"{name} {change.isoformat()}"
        figures.gaps.extend(where for one, other in pairwise(days) if other - one > DAY)
        figures.overlaps.extend(where for one, other in pairwise(days) if other < one)
    due = [nights.evening_before(place, each) - nights.evening_before(place, each - MOMENT) for each in dues]
    walls = {each.astimezone(ZoneInfo(name)).hour for each in dues}
    figures.gaps.extend(f"{name} {change} is due at {wall}" for wall in walls - {evenings.DUE_HOUR})
    figures.gaps.extend(f"{name} {each} is not when an evening becomes due" for each in due if each != DAY)


def test_around_every_clock_change_of_every_zone_no_evening_is_missed_or_due_twice(figure):
    figures = all_zones()
    print(f"{figures.zones} zones, {figures.transitions} clock changes")  # noqa: T201
    assert figures.zones > 500
    assert figures.transitions > 5000
    assert (figures.gaps, figures.overlaps) == ([], [])
    figure("zones", f"{figures.transitions:,} clock changes of {figures.zones} zones, 0 gaps, 0 overlaps")
