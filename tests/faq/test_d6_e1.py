"""Rows D6 and E1 of the FAQ: the golden till of a synchronised drink, and the names that it shows."""

from playwright.sync_api import Page, expect

from sommit.extensions import db
from sommit.services import stock
from tests import factories
from tests.browser.conftest import LIST, open_page


def test_d6_once_synchronised_the_golden_till_is_there_and_the_sales_are_off_the_stock(page: Page, bar):
    place = f"/boissons/{bar.drink.id}"
    page.goto(place)
    expect(page.locator(".golden")).to_have_count(0)
    assert stock.on_hand(bar.drink) == 12 * 750 * stock.UL
    db.session.commit()

    page.goto(f"{LIST}?ouvrir={bar.bottle.id}&drink_id={bar.drink.id}&serving=750")
    page.locator(f"#ref-{bar.bottle.id}").get_by_role("button", name="oui").tap()
    expect(page.locator(f"#ref-{bar.bottle.id} .icon-caisse")).to_be_visible()

    page.goto(place)
    expect(page.locator(".golden")).to_be_visible()
    assert stock.on_hand(bar.drink) == 10 * 750 * stock.UL
    page.get_by_role("link", name="Stock").tap()
    expect(page.locator(".figure")).to_contain_text("10 bout.")


def test_e1_hover_focus_and_tap_show_the_name_of_each_key(page: Page, linked, browser, address):
    for tab in ("", "/vente", "/stock"):
        page.goto(f"/boissons/{linked.drink.id}{tab}")
        window, till = page.locator(".window"), page.locator(".golden summary")
        expect(window).to_be_hidden()
        expect(till).to_have_accessible_description("Dans la caisse VRE CHABLIS verre 12,5 cl, liée depuis le 14 juin "
                                                    "BT CHABLIS 75 cl, liée depuis le 14 juin")  # fmt: skip
        till.focus()
        expect(window).to_be_visible()
        page.locator("h1").tap()
        till.blur()
        expect(window).to_be_hidden()
        till.tap()
        expect(window).to_contain_text("VRE CHABLIS")
        expect(window).to_contain_text("BT CHABLIS")

    laptop = open_page(browser, address, linked.user, has_touch=False, is_mobile=False)
    laptop.goto(f"/boissons/{linked.drink.id}")
    expect(laptop.locator(".window")).to_be_hidden()
    laptop.locator(".golden").hover()
    expect(laptop.locator(".window")).to_be_visible()
    laptop.context.close()


def test_e1_a_drink_without_a_link_has_no_golden_till(page: Page, bar):
    factories.link(bar.glass, bar.drink, broken_at=factories.NOW)
    page.goto(f"/boissons/{bar.drink.id}")

    expect(page.locator(".golden")).to_have_count(0)
