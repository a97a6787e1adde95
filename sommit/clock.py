"""What time it is, for every rule that speaks of now: business dates, facts, leases, waits between attempts."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """Return the current instant in UTC, or the one that SOMMIT_NOW fixes in development and tests."""
    fixed: datetime | None = current_app.config["NOW"]
    return fixed or datetime.now(UTC)


def local_date(instant: datetime, timezone: str) -> date:
    """Return the calendar day of an instant on a venue's wall."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def at_hour(day: date, hour: int, timezone: str) -> datetime:
    """Return the instant (UTC) at which a venue's wall shows `hour` o'clock on `day`; summer time included."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def days(count: int) -> timedelta:
    """Return a number of days as a span, for dates; wall time is never moved by spans (FAULTS M14)."""
    return timedelta(days=count)
