"""How fast a first reading is, beside a bare bulk insert of the very same rows."""

import statistics
import time
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, insert, select

from bench import till
from bench.databases import MORNING, Place, application
from bench.figures import Figure, Goal, spread
from sommit.extensions import db
from sommit.jobs import import_night
from sommit.models import Closing, SaleLine, TillReference, Venue
from sommit.services import till_connection

CHUNK = 1000
LINES = cast(Table, SaleLine.__table__)
#: What the lines point to, in this order.
PARENTS = [cast(Table, model.__table__) for model in (Venue, TillReference, Closing)]
Rows = list[dict[str, Any]]


def measure(places: Sequence[Place], *, quick: bool) -> list[Figure]:
    closings, repetitions = (10, 2) if quick else (100, 5)
    figures = []
    for answers, name in (("simulator", "from the simulator"), ("rendered", "from a till that has its answers ready")):
        with till.running(answers, closings, 300) as url:
            for place in places:
                if answers == "rendered":
                    imported(place.fresh(), url, closings)
                figures.append(_beside(place, url, closings, repetitions, f"import {name}"))
    return figures


def _beside(place: Place, url: str, closings: int, repetitions: int, what: str) -> Figure:
    speeds, bare = [], []
    for _ in range(repetitions):
        database = place.fresh()
        seconds, lines = imported(database, url, closings)
        speeds.append(lines / seconds)
        tables = _stored(database)
        bare.append(lines / _inserted(place.fresh(), *tables))
    return Figure(
        what,
        spread(speeds, "lines/s"),
        f"bulk insert {spread(bare, 'lines/s')}",
        statistics.median(speed / base for speed, base in zip(speeds, bare, strict=True)),
        Goal("≥", 0.25),
        place.name,
    )


def imported(database_url: str, till_url: str, closings: int) -> tuple[float, int]:
    """Read everything that a till has into an empty database; return the seconds and the lines."""
    app = application(database_url, JALIA_API_URL=till_url)
    with app.app_context():
        venue_id = connect(closings)
        start = time.perf_counter()
        summary = import_night.read_till(venue_id)
        seconds = time.perf_counter() - start
        assert (summary.status, summary.closings) == ("ok", closings), summary
        db.session.remove()
        db.engine.dispose()
    return seconds, summary.lines


def connect(closings: int) -> int:
    """A venue whose till is connected since before its first closing; return its id."""
    venue = Venue(name="Le Zinc", timezone="Europe/Paris", created_at=MORNING)
    db.session.add(venue)
    db.session.commit()
    probe = till_connection.attempt(venue, till.TOKEN)
    till_connection.keep(venue, till.TOKEN, probe, history_days=closings + 1)
    db.session.commit()
    return venue.id


def _stored(database_url: str) -> tuple[list[Rows], list[Rows]]:
    """The rows that the lines point to, by table, and the lines, by closing."""
    with application(database_url).app_context():
        parents = [_rows(select(table)) for table in PARENTS]
        lines = [_rows(select(LINES).where(LINES.c.closing_id == closing["id"])) for closing in parents[-1]]
        db.engine.dispose()
    return parents, lines


def _rows(query: Any) -> Rows:
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def _inserted(database_url: str, parents: list[Rows], closings: list[Rows]) -> float:
    """Insert the lines, a thousand at a time, one transaction for each closing; return the seconds."""
    with application(database_url).app_context():
        with db.engine.begin() as connection:
            for table, rows in zip(PARENTS, parents, strict=True):
                connection.execute(insert(table), rows)
        start = time.perf_counter()
        for rows in closings:
            with db.engine.begin() as connection:
                for first in range(0, len(rows), CHUNK):
                    connection.execute(insert(LINES), rows[first : first + CHUNK])
        seconds = time.perf_counter() - start
        db.engine.dispose()
    return seconds
