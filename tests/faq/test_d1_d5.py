"""Rows D1 to D5 of the FAQ: the list of the morning, its label icon, its "+", its proposal and its three answers."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Drink, Link
from sommit.services import suggestions
from tests.browser.conftest import LIST
from tests.faq.conftest import key

GLASS = "VRE CHABLIS"


@pytest.fixture
def morning_list(bar: SimpleNamespace, till, read) -> SimpleNamespace:
    """Two keys were sold last night, a third stands in the catalogue only."""
    till.product("BT MORGON 21", price_cents=3200, category="Vins")
    read()
    db.session.commit()
    bar.never = key("BT MORGON 21")
    db.session.commit()
    return bar


def line(page: Page, reference) -> Locator:
    return page.locator(f"#ref-{reference.id}")


def opened(page: Page, reference) -> Locator:
    line(page, reference).get_by_role("link", name=f"Synchroniser {reference.label}").tap()
    expect(line(page, reference)).to_have_class(re.compile("is-open"))
    return line(page, reference)


def pours(reference) -> list[tuple[str, int | None, int]]:
    query = select(Drink.name, Drink.vintage, Link.serving_ml).join(Link).where(Link.reference_id == reference.id)
    found = [tuple(row) for row in db.session.execute(query)]
    db.session.commit()
    return found


def test_d1_the_list_opens_from_the_tab_boissons(page: Page, morning_list):
    page.goto("/boissons")
    page.get_by_role("link", name="3 boissons à synchroniser").tap()

    for reference in (morning_list.glass, morning_list.bottle, morning_list.never):
        expect(line(page, reference)).to_contain_text(reference.label)


def test_d2_what_was_sold_bears_a_label_icon_and_comes_first(page: Page, morning_list):
    page.goto(LIST)
    for reference in (morning_list.glass, morning_list.bottle):
        expect(line(page, reference).get_by_role("img", name="vendue")).to_be_visible()
    expect(line(page, morning_list.never).get_by_role("img", name="vendue")).to_have_count(0)
    expect(page.locator(".rows > .row").last).to_contain_text("BT MORGON 21")

    page.get_by_role("link", name=re.compile("^Vendues")).tap()
    expect(line(page, morning_list.never)).to_have_count(0)
    expect(page.locator(".rows > .row")).to_have_count(2)
    page.get_by_role("link", name=re.compile("^Toutes")).tap()
    expect(page.locator(".rows > .row")).to_have_count(3)


def test_d3_the_plus_opens_the_proposal_inside_the_row_and_moves_nothing_above_it(page: Page, morning_list):
    page.goto(LIST)
    second = page.locator(".rows > .row").nth(1)
    label = second.locator(".till").first
    before, scrolled = label.bounding_box(), page.evaluate("window.scrollY")
    second.get_by_role("link", name=re.compile("^Synchroniser")).tap()

    expect(second).to_have_class(re.compile("is-open"))
    assert label.bounding_box() == before
    assert page.evaluate("window.scrollY") == scrolled
    expect(page).to_have_url(re.compile(f"{LIST}$"))


def test_d4_the_row_proposes_the_drink_of_the_library_that_fits_best_and_says_why(page: Page, morning_list):
    suggestions.refresh(morning_list.venue.id)
    db.session.commit()
    page.goto(LIST)
    row = opened(page, morning_list.glass)

    expect(row).to_contain_text("Chablis Montmains")
    expect(row.locator(".diff")).to_contain_text("CHABLIS")


def test_d5_yes_links_the_drink_that_is_proposed(page: Page, morning_list):
    page.goto(f"{LIST}?ouvrir={morning_list.glass.id}&drink_id={morning_list.drink.id}&serving=125")
    line(page, morning_list.glass).get_by_role("button", name="oui").tap()
    expect(line(page, morning_list.glass)).to_have_class(re.compile("is-done"))

    assert pours(morning_list.glass) == [("Chablis Montmains", 2023, 125)]


def test_d5_almost_links_the_same_wine_in_another_vintage(page: Page, morning_list):
    address = f"{LIST}?ouvrir={morning_list.glass.id}&drink_id={morning_list.drink.id}&serving=125&volet=presque"
    page.goto(address)
    row = line(page, morning_list.glass)
    if not row.get_by_label("Millésime, quatre chiffres").is_visible():
        row.get_by_text("Autre", exact=True).first.tap()
    row.get_by_label("Millésime, quatre chiffres").fill("2021")
    row.get_by_role("button", name="Presque").tap()
    expect(row).to_have_class(re.compile("is-done"))

    assert pours(morning_list.glass) == [("Chablis Montmains", 2021, 125)]


def test_d5_no_searches_the_whole_library_or_makes_the_drink(page: Page, morning_list):
    page.goto(f"{LIST}?ouvrir={morning_list.glass.id}&volet=non")
    row = line(page, morning_list.glass)
    row.get_by_role("searchbox").press_sequentially("montm", delay=40)
    expect(row.get_by_role("button", name=re.compile("Chablis Montmains"))).to_be_visible()
    row.get_by_role("button", name=re.compile("Oui, Chablis Montmains")).tap()
    expect(row).to_have_class(re.compile("is-done"))
    assert [name for name, *_ in pours(morning_list.glass)] == ["Chablis Montmains"]

    page.goto(f"{LIST}?ouvrir={morning_list.never.id}&volet=non")
    row = line(page, morning_list.never)
    row.get_by_text("Créer la boisson").tap()
    row.get_by_role("button", name="Créer et lier").tap()
    expect(row).to_have_class(re.compile("is-done"))
    assert len(pours(morning_list.never)) == 1
