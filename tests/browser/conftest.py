"""A real Chromium on a tablet, before a real server on loopback, over the SQLite application."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from werkzeug.serving import make_server

from sommit.extensions import db
from sommit.models import User, Venue
from tests import factories
from tests.screens.proposals import suggest
from tests.support.browser import NEVER_MIND_HOW_SLOW_MS

TABLET = {
    "viewport": {"width": 1024, "height": 768},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
    "reduced_motion": "reduce",
}
LIST = "/boissons/a-synchroniser"
NO_COMPLAINT = ("status of 4", "htmx:afterRequest, ", "htmx:sendAbort, ")


@pytest.fixture
def database_url(tmp_path: Path, empty_sqlite: Path) -> str:
    """The browser is slow enough with one database."""
    shutil.copy(empty_sqlite, tmp_path / "sommit.db")
    return f"sqlite:///{tmp_path / 'sommit.db'}"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def bar(venue: Venue, user: User) -> SimpleNamespace:
    """A cellar and seven keys of its till: five were sold last night, one never, one is ignored."""
    chablis = factories.drink(
        venue, producer="William Fèvre", region="Bourgogne", colour="blanc", vintage=2023, stock=22
    )
    morgon = factories.drink(venue, "Morgon Côte du Py", producer="Foillard", colour="rouge", vintage=2022, stock=6)
    ipa = factories.drink(venue, "IPA Bleue", category="beer", volume_ml=30_000, stock=2, threshold_ml=90_000)
    closing = factories.closing(venue)

    def key(label: str, sold: int, **fields: Any) -> Any:
        reference = factories.reference(venue, label, category="Boissons", price_cents=700, **fields)
        if sold:
            factories.sale(closing, reference, sold, cents=sold * 700)
        return reference

    keys = SimpleNamespace(
        chablis=key("VRE CHABLIS FEVRE", 14),
        morgon=key("VRE MORGON 21", 12),
        pint=key("PINTE IPA", 10),
        wrong=key("BT MORGON PY", 8),
        new=key("VRE CHINON ROUGE 20", 6),
        catalogue=key("ARMAGNAC 1985", 0),
        food=key("PLAT DU JOUR", 5, ignored_at=factories.NOW),
    )
    suggest(keys.chablis, chablis, evidence=[["name", "agrees", "CHABLIS", "Chablis Montmains"]])
    suggest(keys.morgon, morgon, vintage=2021, evidence=[["vintage", "differs", "21", "2022"]])
    suggest(keys.pint, ipa, serving_ml=500)
    suggest(keys.wrong, chablis, decision="ask", serving_ml=750)
    db.session.rollback()
    return SimpleNamespace(venue=venue, user=user, keys=keys, chablis=chablis, morgon=morgon, ipa=ipa)


def open_page(browser: Browser, address: str, user: User, **device: Any) -> Page:
    """Sign somebody in on a device and watch what its console says."""
    context: BrowserContext = browser.new_context(base_url=address, locale="fr-FR", **(TABLET | device))
    context.set_default_timeout(NEVER_MIND_HOW_SLOW_MS)
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda said: _complain(page, said))
    page.goto("/connexion")
    page.fill("[name=email]", user.email)
    page.fill("[name=password]", factories.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/boissons")
    return page


def _complain(page: Page, said: ConsoleMessage) -> None:
    """A refusal, 409 or 422, is an answer; the browser notes it all the same. So does htmx where a newer question
    takes the place of one under way (hx-sync): a request that fails says more than these two words.
    """
    if said.type == "error" and not any(word in said.text for word in NO_COMPLAINT):
        page.complaints.append(said.text)  # type: ignore[attr-defined]


@pytest.fixture
def tablet(browser: Browser, address: str, bar: SimpleNamespace) -> Iterator[Page]:
    """Camille's tablet, signed in; whatever its console complained of fails the test."""
    page = open_page(browser, address, bar.user)
    yield page
    assert page.complaints == []  # type: ignore[attr-defined]
    page.context.close()


@pytest.fixture
def bare_tablet(browser: Browser, address: str, bar: SimpleNamespace) -> Iterator[Page]:
    """The same tablet without JavaScript."""
    page = open_page(browser, address, bar.user, java_script_enabled=False)
    yield page
    page.context.close()
