"""The main job, from the first token to the stock of the next morning, as Camille sees it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from demo.simulator import Till
from sommit.extensions import db
from sommit.models import Drink, TillReference
from sommit.services import stock
from tests import factories
from tests.support import naive


def stock_of(drink: Drink) -> int | None:
    """The stock now; reading it leaves no transaction open, which on SQLite would keep everybody else from writing."""
    found = stock.on_hand(drink)
    assert found == naive.stock_ul(drink)
    db.session.rollback()
    return found


def open_row(page: Page, label: str) -> Locator:
    page.get_by_role("link", name=f"Synchroniser {label}").tap()
    row = page.locator(f"#ref-{db.session.scalar(select(TillReference.id).where(TillReference.label == label))}")
    db.session.rollback()
    expect(row).to_have_class(re.compile("is-open"))
    return row


def closings_of_last_night(page: Page) -> Locator:
    return page.locator("#caisse table tbody tr").first.locator("td").nth(1)


@pytest.fixture
def cellar(venue) -> tuple[Drink, Drink, Drink]:
    chablis = factories.drink(
        venue, "Chablis Montmains", producer="William Fèvre", colour="blanc", vintage=2023, stock=22
    )
    saumur = factories.drink(
        venue, "Saumur-Champigny Les Roches", producer="Thierry Germain", colour="rouge", vintage=2022, stock=11
    )
    ipa = factories.drink(venue, "IPA Bleue", producer="La Minotte", category="beer", volume_ml=30_000, stock=2)
    return chablis, saumur, ipa


def test_a_token_a_night_through_the_queue_three_answers_and_the_stock_of_the_next_morning(
    tablet: Page, worker: None, till: Till, cellar: tuple[Drink, Drink, Drink]
) -> None:
    chablis, saumur, ipa = cellar
    till.product("VRE CHABLIS MONTMAINS FEVRE 23", price_cents=700, category="Vins au verre", sub_category="Blancs")
    till.product("BTL SAUMUR CHAMPIGNY ROCHES 21", price_cents=3600, category="Cave", sub_category="Rouges")
    till.product("PINTE MAISON", price_cents=750, category="Bières pression")
    night = [("VRE CHABLIS MONTMAINS FEVRE 23", 6), ("BTL SAUMUR CHAMPIGNY ROCHES 21", 2), ("PINTE MAISON", 10)]
    till.closing(night)

    # The token is tried at once, and the first night comes in through the queue.
    tablet.goto("/caisse")
    tablet.get_by_label("Token reçu de Jalia").fill(till.token)
    tablet.get_by_role("button", name="Essayer ce token").tap()
    expect(tablet.locator("#caisse")).to_contain_text("Dernière nuit lue")
    expect(tablet.locator("#caisse table")).to_contain_text("lue")

    # The list, from the tab Boissons.
    tablet.goto("/boissons")
    tablet.get_by_role("link", name="3 boissons à synchroniser").tap()

    row = open_row(tablet, "VRE CHABLIS MONTMAINS FEVRE 23")
    row.get_by_role("button", name="Oui").tap()
    expect(row).to_contain_text("stock 22 → 21")

    row = open_row(tablet, "BTL SAUMUR CHAMPIGNY ROCHES 21")
    row.get_by_role("button", name="Presque").tap()
    expect(row).to_contain_text("Saumur-Champigny Les Roches 2021")

    row = open_row(tablet, "PINTE MAISON")
    if row.get_by_role("link", name="Non").count():  # where the engine dares to propose something, it is not that
        row.get_by_role("link", name="Non").tap()
    row.get_by_role("searchbox").press_sequentially("ipa bl", delay=40)
    row.get_by_role("button", name="Oui, IPA Bleue").tap()
    expect(row).to_have_class(re.compile("is-done"))

    assert stock_of(chablis) == (22 * 750 - 6 * 125) * stock.UL
    assert stock_of(saumur) == 11 * 750 * stock.UL
    assert stock_of(ipa) == (60_000 - 10 * 500) * stock.UL

    # The terrace's till closes too: nobody has to answer again.
    till.closing([("VRE CHABLIS MONTMAINS FEVRE 23", 4), ("PINTE MAISON", 3)], device="iPad terrasse")
    tablet.goto("/caisse")
    expect(closings_of_last_night(tablet)).to_have_text("1")
    tablet.get_by_role("button", name="Importer maintenant").tap()
    expect(closings_of_last_night(tablet)).to_have_text("2")

    assert stock_of(chablis) == (22 * 750 - 10 * 125) * stock.UL
    assert stock_of(ipa) == (60_000 - 13 * 500) * stock.UL
    tablet.goto("/boissons")
    expect(tablet.get_by_role("row", name=re.compile("Chablis Montmains 2023"))).to_contain_text("20,3")
    expect(tablet.get_by_role("row", name=re.compile("Chablis Montmains 2023"))).to_contain_text(
        "20 bouteilles + 2 verres"
    )
    assert {request.method for request in till.requests} == {"GET"}
