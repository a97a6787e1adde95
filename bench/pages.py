"""Server time of the pages of a bar with three years behind it, beside the same HTML rendered from memory."""

from collections.abc import Sequence

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
    nights, times = (20, 5) if quick else (1000, 100)
    figures = []
    for place in places:
        app = application(place.fresh())
        with app.app_context():
            bar = venue.fill(drinks=200, references=250, nights=nights, lines=330)
            tidy()
        figures += _pages(app, place.name, bar, times)
    return figures


def _pages(app: Flask, database: str, bar: venue.Bar, times: int) -> list[Figure]:
    client = browser.signed_in(app, bar)
    found = []
    for days, age in ((30, "30 days"), (THREE_YEARS, "three years")):
        with app.app_context():
            venue.count_again(days)
        found.append(_page(app, client, "/boissons", f"/boissons, counts {age} old", database, times, FOUR_TIMES))
    for address in (f"/boissons/{bar.drink_id}", "/ventes", "/caisse"):
        found.append(_page(app, client, address, address, database, times))
    with app.app_context():
        db.session.execute(delete(Link))
        suggestions.refresh(bar.venue_id)
        db.session.commit()
    found.append(_page(app, client, TO_SYNC, f"{TO_SYNC}, 250 rows", database, times, FOUR_TIMES))
    return found


def _page(
    app: Flask, client: FlaskClient, address: str, what: str, database: str, times: int, goal: Goal | None = None
) -> Figure:
    """Ask and render in turns, so that whatever else the machine does happens to both."""
    served: list[float] = []
    rendered: list[float] = []
    memory = browser.Memory(app, client, address)
    for _ in range(times):
        served.append(browser.asked(client, address))
        rendered.append(memory.rendered())
    ratio = percentile(served, 0.95) / percentile(rendered, 0.95)
    return Figure(what, _times(served), f"from memory {_times(rendered)}", ratio, goal, database)


def _times(seconds: Sequence[float]) -> str:
    half, most = (1000 * percentile(seconds, share) for share in (0.5, 0.95))
    return f"p50 {half:.1f}, p95 {most:.1f} ms"
