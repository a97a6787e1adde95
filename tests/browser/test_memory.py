"""The real engine on the tablet: a "presque" whose one difference is lit and mended, a "non" that stays."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from sommit.extensions import db
from sommit.services import suggestions
from tests import factories
from tests.browser.conftest import LIST
from tests.browser.rows import drink_named, linked, open_row, row


@pytest.fixture
def keys(bar: SimpleNamespace) -> SimpleNamespace:
    """Labels as tills write them, with what the engine itself proposes for them."""
    origin = {"producer": "William Fèvre", "appellation": "Chablis premier cru", "colour": "blanc"}
    factories.drink(bar.venue, "Chablis 1er cru Montmains", vintage=2020, volume_ml=1500, **origin)
    factories.drink(bar.venue, "Chablis Les Hâtes", producer="Hautes Pierres", colour="blanc", vintage=2022)
    factories.drink(bar.venue, "Sancerre blanc Les Caillottes", colour="blanc", vintage=2022)
    keys = SimpleNamespace(
        vintage=factories.reference(bar.venue, "VRE MORGON COTE DU PY 21", category="Vins au verre"),
        chablis=factories.reference(bar.venue, "VRE CHABLIS FEVRE 22", category="Vins au verre"),
    )
    suggestions.refresh(bar.venue.id)
    db.session.commit()
    return keys


def test_the_one_field_that_differs_is_lit_and_mended_with_one_tap(tablet: Page, bar, keys: SimpleNamespace):
    tablet.goto(LIST)
    expect(row(tablet, keys.vintage).locator(".row-guess .lit")).to_have_text("2022")
    opened = open_row(tablet, keys.vintage)
    expect(opened.locator(".diff .lit")).to_have_text(["2021", "2022"])
    expect(opened.locator(".chip.is-lit")).to_have_text([re.compile("millésime")])

    opened.get_by_role("button", name="Presque").tap()

    expect(opened).to_contain_text("Morgon Côte du Py 2021")
    assert linked()[keys.vintage.id] == (drink_named("Morgon Côte du Py", 2021).id, 125)


def test_a_wine_of_which_the_cellar_has_other_vintages_is_a_presque_and_no_open_question(tablet: Page, keys):
    tablet.goto(LIST)

    expect(row(tablet, keys.chablis).locator(".row-guess")).not_to_contain_text("possibles")
    opened = open_row(tablet, keys.chablis)
    expect(opened.locator(".diff .lit")).to_have_text(["2022", "2023"])
    expect(opened.get_by_role("button", name="Presque")).to_contain_text("c’est le 2022")


def test_no_then_another_drink_is_remembered_and_taken_back(tablet: Page, bar, keys: SimpleNamespace):
    tablet.goto(LIST)
    opened = open_row(tablet, keys.vintage)
    opened.get_by_role("link", name="Non").tap()
    opened.get_by_role("searchbox").press_sequentially("chablis hates", delay=40)
    opened.get_by_role("button", name="Oui, Chablis Les Hâtes 2022").tap()
    expect(opened).to_contain_text("Refusée : Morgon Côte du Py 2022")

    tablet.get_by_role("link", name="Ce que vos réponses ont appris").tap()
    expect(tablet.locator("main")).to_contain_text("VRE MORGON COTE DU PY 21 n’est pas Morgon Côte du Py 2022")
    tablet.get_by_role("button", name=re.compile("Reproposer")).tap()

    expect(tablet.locator("main")).to_contain_text("Rien n’est retenu pour le moment.")


def test_no_is_remembered_without_javascript(bare_tablet: Page, bar, keys: SimpleNamespace):
    page = bare_tablet
    page.goto(LIST)
    opened = open_row(page, keys.vintage)
    opened.get_by_role("link", name="Non").tap()
    row(page, keys.vintage).get_by_role("searchbox").fill("chablis hates")
    row(page, keys.vintage).get_by_role("button", name="Chercher").tap()
    row(page, keys.vintage).get_by_role("link", name="Chablis Les Hâtes 2022").tap()
    row(page, keys.vintage).get_by_role("button", name="Oui").tap()
    expect(row(page, keys.vintage)).to_contain_text("Refusée : Morgon Côte du Py 2022")

    row(page, keys.vintage).get_by_role("button", name=re.compile("Reproposer")).tap()

    expect(row(page, keys.vintage)).to_have_class(re.compile("is-done"))
    expect(row(page, keys.vintage)).not_to_contain_text("Refusée")
