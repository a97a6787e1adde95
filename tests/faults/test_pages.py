"""The reader killed between the pages of one closing's notes: all of it is stored in the end, or nothing."""

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Closing, RawReading
from tests.faults.test_killed import KILLED
from tests.jobs.conftest import LAST_NIGHT

NOTES = 250  # a hundred on a page


@pytest.fixture
def long_night(bar):
    """A closing of three pages of notes, by its id: the first that is read, since it is the oldest."""
    lines = [("PINTE", 1 + number % 3) for number in range(NOTES)]
    day = LAST_NIGHT.replace(day=LAST_NIGHT.day - 2)
    closing = bar.till.closing(lines, date=day, per_order=1)
    bar.sold.update((label, quantity * 1000) for label, quantity in lines)
    return closing.id.lower()


def kept_of(closing_id: str) -> int:
    """How many rows of any kind say something of a closing."""
    rows = [db.session.scalars(select(kind).where(kind.till_id == closing_id)).all() for kind in (Closing, RawReading)]
    db.session.rollback()
    return sum(map(len, rows))


@pytest.mark.parametrize("page", [1, 2, 3])
def test_killed_at_each_page_of_a_closings_notes_nothing_of_it_is_stored_until_it_is_read_whole(
    bar, long_night, server, page
):
    before = 2  # the catalogue, the list of closings
    assert bar.read(crash_at=f"page:{before + page}") == KILLED
    asked = [request for request in server.requests if request.query.get("reportId", "").lower() == long_night]
    assert len(asked) == page - 1
    assert kept_of(long_night) == 0

    assert bar.read() == 0
    assert kept_of(long_night) == 2
    bar.check_right()


def test_killed_with_all_pages_kept_the_closing_is_applied_from_them(bar, long_night):
    assert bar.read(crash_at="after_raw:1") == KILLED
    assert kept_of(long_night) == 1

    assert bar.read() == 0
    bar.check_right()
