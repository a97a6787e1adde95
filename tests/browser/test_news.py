"""The news of the morning and the question about a reused key: axe finds nothing, on each screen and in both themes."""

import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from sommit.extensions import db
from sommit.jalia.payload import Price, Product
from sommit.models import Night, TillReference
from sommit.services import catalogue, key_questions
from tests import factories
from tests.browser.conftest import LIST, open_page
from tests.browser.test_axe import SCREENS

MORNING = factories.NOW - timedelta(hours=5)
PAGE = "/boissons/quoi-de-neuf"


def keys(**changed: tuple[str, int]) -> list[Product]:
    known = {"chablis": ("VRE CHABLIS FEVRE", 700), "pint": ("PINTE IPA BLEUE", 650), "morgon": ("VRE MORGON 21", 600)}
    shown = {**known, **changed}
    return [
        Product(till_id, name, "Boissons", (), (Price("0", "Normal", cents, 2000),))
        for till_id, (name, cents) in shown.items()
    ]


@pytest.fixture
def morning(app, bar: SimpleNamespace) -> SimpleNamespace:
    """One key was given to a cocktail, one renamed, one repriced, one is new; a night is missing."""
    app.config["NOW"] = MORNING - timedelta(days=2)
    catalogue.take_over(bar.venue.id, keys())
    db.session.commit()
    mine = {key.till_id: key for key in db.session.scalars(db.select(TillReference))}
    factories.link(mine["chablis"], bar.chablis, 125)
    factories.link(mine["morgon"], bar.morgon, 125)
    app.config["NOW"] = MORNING
    changed = {"chablis": ("MOJITO MAISON", 1150), "morgon": ("VRE MORGON 22", 650), "new": ("NEGRONI SBAGLIATO", 1200)}
    catalogue.take_over(bar.venue.id, keys(**changed))
    sold = factories.closing(bar.venue)
    factories.sale(sold, mine["chablis"], 3, at=MORNING - timedelta(hours=7), cents=3450, label="MOJITO MAISON")
    key_questions.settle(bar.venue.id)
    evening = (MORNING - timedelta(days=1)).date()
    db.session.add(
        Night(venue_id=bar.venue.id, business_date=evening, state="waiting", problem="Clôture pas encore faite.")
    )
    db.session.commit()
    bar.asked = mine["chablis"].id
    db.session.rollback()
    return bar


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(browser: Browser, address: str, morning, screen: str, scheme: str):
    page = open_page(
        browser, address, morning.user, viewport=SCREENS[screen], color_scheme=scheme, device_scale_factor=1
    )
    place_of = f"/boissons/{morning.chablis.id}"
    places = (PAGE, f"{PAGE}?soir=2026-06-01", LIST, f"/boissons/touches/{morning.asked}", place_of, "/boissons")
    for number, place in enumerate(places):
        page.goto(place)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}\n{found.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, place
        if os.environ.get("SHOTS"):
            page.screenshot(path=f"{os.environ['SHOTS']}/{screen}-{scheme}-{number}.png", full_page=True)
    assert page.complaints == []  # type: ignore[attr-defined]
    page.context.close()
