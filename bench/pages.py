"""Server time of the pages of a bar with three years behind it, beside the same HTML rendered from memory."""

import gc
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from bench import browser, venue
from bench.databases import Place, application, tidy
from bench.figures import Figure, Goal, percentile
from sommit.extensions import db
from sommit.models import Link
from sommit.services import suggestions

TO_SYNC = "/boissons/a-synchroniser"
FOUR_TIMES = Goal("≤", 4)
THREE_YEARS = 3 * 365


def measure(places: Sequence[Place], *, quick: bool) -> list[Figure]:
    gc.collect()
    gc.freeze()  # as gunicorn.conf.py does
    nights, times = (20, 5) if quick else (1000, 100)
    figures = []
    for place in places:
        app = application(place.fresh())
        with app.app_context():
            bar = venue.fill(drinks=200, references=250, nights=nights, lines=330)
            tidy()
        figures += _pages(Reader(app, browser.signed_in(app, bar), place.name, times), bar)
    return figures


def _pages(reader: "Reader", bar: venue.Bar) -> list[Figure]:
    found = []
    for days, age in ((30, "30 days"), (THREE_YEARS, "three years")):
        with reader.app.app_context():
            venue.count_again(days)
        found.append(reader.read("/boissons", f", counts {age} old", FOUR_TIMES))
    found += [reader.read(address) for address in (f"/boissons/{bar.drink_id}", "/ventes", "/caisse")]
    with reader.app.app_context():
        db.session.execute(delete(Link))
        suggestions.refresh(bar.venue_id)
        db.session.commit()
    found.append(reader.read(TO_SYNC, ", 250 rows", FOUR_TIMES))
    return found


@dataclass(frozen=True)
class Reader:
    """Somebody who looks at a page so many times."""

    app: Flask
    client: FlaskClient
    database: str
    times: int

    def read(self, address: str, about: str = "", goal: Goal | None = None) -> Figure:
        """Ask and render in turns, so that whatever else the machine does happens to both."""
        memory = browser.Memory(self.app, self.client, address)
        served: list[float] = []
        rendered: list[float] = []
        for _ in range(self.times):
            served.append(browser.asked(self.client, address))
            rendered.append(memory.rendered())
        ratio = percentile(served, 0.95) / percentile(rendered, 0.95)
        beside = f"from memory {_times(rendered)}"
        return Figure(address + about, _times(served), beside, ratio, goal, self.database)


def _times(seconds: Sequence[float]) -> str:
    half, most = (1000 * percentile(seconds, share) for share in (0.5, 0.95))
    return f"p50 {half:.1f}, p95 {most:.1f} ms"
