"""Server time of the pages of a bar with three years behind it, beside the same HTML rendered from memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from bench import browser, venue
from bench.databases import Place, application, tidy
from bench.figures import Figure, Goal, percentile
from sommit import clock, collector
from sommit.extensions import db
from sommit.models import Link
from sommit.services import references, suggestions

TO_SYNC = "/boissons/a-synchroniser"
FOUR_TIMES = Goal("≤", 4)
PLAIN: Mapping[str, str] = {}
SWAP = {"HX-Request": "true"}
PAGES = (
    "/boissons/{drink}",
    "/boissons/{drink}/vente",
    "/boissons/{drink}/stock",
    "/boissons/{drink}/fusionner",
    "/boissons/nouvelle",
    "/boissons/importer",
    "/boissons/verres",
    "/boissons/quoi-de-neuf",
    "/ventes",
    "/ventes?du=2026-05-01&au=2026-05-31",
    "/caisse",
    "/aide",
    "/boissons/a-synchroniser/categories",
)


def measure(places: Sequence[Place], *, quick: bool) -> list[Figure]:
    collector.settle()  # as gunicorn.conf.py does
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
    found = [reader.read("/boissons", ", counts three years old")]
    with reader.app.app_context():
        venue.count_again(30)
    found.append(reader.read("/boissons", ", counts 30 days old"))
    found += [reader.read(address.format(drink=bar.drink_id)) for address in PAGES]
    with reader.app.app_context():
        db.session.execute(update(Link).values(broken_at=clock.now()))
        suggestions.refresh(bar.venue_id)
        db.session.commit()
        first = references.listed(bar.venue_id, references.Show.ALL)[0].reference.id
    found.append(reader.read(TO_SYNC, ", 250 rows"))
    row = f"{TO_SYNC}/{first}"
    swaps = [row, f"{row}?volet=non", f"{row}/chercher?q=cha", f"{row}?volet=avec"]
    return found + [reader.read(address, ", swap", SWAP) for address in swaps]


@dataclass(frozen=True)
class Reader:
    """Somebody who looks at a page so many times."""

    app: Flask
    client: FlaskClient
    database: str
    times: int

    def read(self, address: str, about: str = "", headers: Mapping[str, str] = PLAIN) -> Figure:
        """Ask and render in turns, so that whatever else the machine does happens to both."""
        memory = browser.Memory(self.app, self.client, address, headers)
        served: list[float] = []
        rendered: list[float] = []
        for _ in range(self.times):
            served.append(browser.asked(self.client, address, headers))
            rendered.append(memory.rendered())
        ratio = percentile(served, 0.95) / percentile(rendered, 0.95)
        beside = f"from memory {_times(rendered)}"
        return Figure(address + about, _times(served), beside, ratio, FOUR_TIMES, self.database)


def _times(seconds: Sequence[float]) -> str:
    half, most = (1000 * percentile(seconds, share) for share in (0.5, 0.95))
    return f"p50 {half:.1f}, p95 {most:.1f} ms"
