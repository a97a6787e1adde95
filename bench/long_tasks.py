"""How long the list of 200 rows keeps a tablet's browser busy at a stretch: nothing is tapped meanwhile."""

import threading
from collections.abc import Sequence

from playwright.sync_api import sync_playwright
from sqlalchemy import update
from werkzeug.serving import make_server

from bench import venue
from bench.databases import Place, application
from bench.figures import Figure, Goal
from bench.pages import TO_SYNC
from sommit import clock
from sommit.extensions import db
from sommit.models import Link
from sommit.services import suggestions
from tests.support.browser import chromium_flags, chromium_path

EMAIL, PASSWORD = "camille@example.com", "les vignes du coteau"
WATCH = """() => {
  window.long = [];
  new PerformanceObserver(list => window.long.push(...list.getEntries().map(one => one.duration)))
    .observe({type: "longtask", buffered: true});
}"""


def measure(places: Sequence[Place], *, quick: bool) -> list[Figure]:
    """Open the list, then a row of it; a task of up to 50 ms is none that Chromium calls long."""
    app = application(places[0].fresh())
    with app.app_context():
        rows = 20 if quick else 200
        bar = venue.fill(drinks=rows, references=rows, nights=5, lines=rows)
        db.session.execute(update(Link).values(broken_at=clock.now()))
        suggestions.refresh(bar.venue_id)
        db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        longest = [_longest(f"http://127.0.0.1:{server.server_port}") for _ in range(1 if quick else 5)]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    seen = ", ".join(f"{one:.0f}" for one in sorted(longest))
    return [Figure(f"longest task of {TO_SYNC}, {rows} rows", f"{seen} ms", "", min(longest), Goal("≤", 50, "ms"))]


def _longest(address: str) -> float:
    """Return the longest task in milliseconds, 0 where none was over 50."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium_path(), args=chromium_flags())
        page = browser.new_page(base_url=address, viewport={"width": 1024, "height": 768})
        page.goto("/connexion")
        page.fill("[name=email]", EMAIL)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/boissons")
        page.goto(TO_SYNC)
        page.evaluate(WATCH)
        page.locator(".rows > .row").first.get_by_role("link").last.click()
        page.locator(".row.is-open").wait_for()
        page.wait_for_timeout(500)
        found: list[float] = page.evaluate("window.long")
        browser.close()
    return max(found, default=0.0)
