"""How many statements a page sends to the database, in a small bar and in a large one."""

from collections.abc import Sequence

from bench import browser, venue
from bench.databases import Place, application
from bench.figures import Figure, Goal

SMALL, LARGE = 10, 200
ADDRESSES = ("/boissons", "/boissons/a-synchroniser", "/boissons/{drink_id}", "/ventes", "/caisse")


def measure(places: Sequence[Place], *, quick: bool) -> list[Figure]:
    place = places[0]
    small, large = _counted(place, SMALL), _counted(place, SMALL if quick else LARGE)
    return [
        Figure(
            f"statements of {address}",
            f"{large[address]} with {LARGE} rows",
            f"{small[address]} with {SMALL}",
            large[address] / small[address],
            Goal("≤", 1),
        )
        for address in ADDRESSES
    ]


def _counted(place: Place, rows: int) -> dict[str, int]:
    """The rows are drinks, twice as many keys (half are linked, half are listed), and nights."""
    app = application(place.fresh())
    with app.app_context():
        bar = venue.fill(drinks=rows, references=2 * rows, nights=rows, lines=20)
    client = browser.signed_in(app, bar)
    return {address: browser.statements(app, client, address.format(drink_id=bar.drink_id)) for address in ADDRESSES}
