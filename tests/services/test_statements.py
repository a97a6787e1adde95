"""A statement that is built once: what it gives back each time, and what it does not take."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import case, literal, select

from sommit.extensions import Instant, db
from sommit.models import Venue
from sommit.statements import built_once
from tests import factories

EARLY, LATE = (datetime(year, 6, 1, 12, tzinfo=UTC) for year in (2024, 2026))
built: list[str] = []


@built_once()
def _named(venue_id, names):
    built.append("named")
    return select(Venue.name).where(Venue.id == venue_id, Venue.name.in_(names))


@built_once(since=Instant(), at=Instant())
def _later(since, at):
    return select(case((at > since, at), else_=since))


def test_a_statement_is_built_once_and_asks_with_the_values_of_each_call(app):
    first, second = factories.venue(name="Le Zinc"), factories.venue(name="La Cave")
    built.clear()
    assert db.session.scalars(*_named(first.id, ["Le Zinc", "La Cave"])).all() == ["Le Zinc"]
    assert db.session.scalars(*_named(second.id, ["La Cave"])).all() == ["La Cave"]
    assert db.session.scalars(*_named(second.id, [])).all() == []
    assert len(built) <= 1


def test_an_instant_without_a_column_keeps_its_zone_on_both_databases(app):
    assert db.session.scalar(*_later(EARLY, LATE)) == LATE
    assert db.session.scalar(*_later(LATE, EARLY)) == LATE


def test_a_parameter_whose_type_nothing_tells_is_refused_when_it_is_built():
    @built_once()
    def untold(value):
        return select(literal(1), value)

    with pytest.raises(TypeError, match="untold: say of which type value is"):
        untold(1)
