"""Rows F1 to F3 of the FAQ: breaking a link with the golden till takes the sales of that reference along."""

from playwright.sync_api import Page, expect

from sommit.extensions import db
from sommit.services import references, stock, turnover
from tests.browser.conftest import open_page
from tests.till_screens.conftest import LAST_NIGHT


def break_glass(page: Page, linked) -> None:
    page.goto(f"/boissons/{linked.drink.id}")
    page.get_by_role("link", name="Vente", exact=True).tap()
    page.get_by_role("link", name="Casser la liaison VRE CHABLIS").tap()
    page.get_by_role("button", name="Casser").tap()
    expect(page.locator(".toast")).to_contain_text("Liaison cassée")


def fresh(value):
    """A figure of now; reading it leaves no transaction open, which on SQLite would keep the browser out."""
    db.session.commit()
    return value


def linked_turnover(venue) -> int:
    return fresh(turnover.total(venue.id, LAST_NIGHT, LAST_NIGHT).turnover_cents)


def test_f1_the_golden_till_of_the_tab_says_exactly_what_will_change_and_then_does_it(page: Page, linked):
    page.goto(f"/boissons/{linked.drink.id}/vente")
    page.get_by_role("link", name="Casser la liaison VRE CHABLIS").tap()
    asked = page.locator("#casser")
    expect(asked).to_contain_text("6 ventes, soit 42,00\u00a0€, quittent cette boisson.")
    expect(asked).to_contain_text("L’autre référence garde les siennes.")
    expect(asked.locator(".shift")).to_have_text("9 10")
    page.get_by_role("link", name="Garder").tap()
    expect(page.locator("#casser")).to_have_count(0)
    assert fresh(stock.on_hand(linked.drink)) == 9 * 750 * stock.UL

    break_glass(page, linked)

    assert fresh(stock.on_hand(linked.drink)) == 10 * 750 * stock.UL


def test_f1_it_works_without_javascript_too(browser, address, linked):
    page = open_page(browser, address, linked.user, java_script_enabled=False)
    break_glass(page, linked)

    assert fresh(stock.on_hand(linked.drink)) == 10 * 750 * stock.UL
    page.context.close()


def test_f2_the_sales_of_that_reference_are_gone_from_the_drink_the_totals_and_the_stock(page: Page, linked):
    assert linked_turnover(linked.venue) == 10_200

    break_glass(page, linked)

    expect(page.locator("main .state")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("60,00")
    assert linked_turnover(linked.venue) == 6000
    page.goto("/boissons/a-synchroniser")
    expect(page.locator(f"#ref-{linked.glass.id}")).to_contain_text("VRE CHABLIS")
    state = references.row(linked.venue.id, linked.glass.id).state
    assert fresh(state) is references.State.TO_SYNC


def test_f3_the_other_reference_keeps_its_sales(page: Page, linked):
    break_glass(page, linked)

    expect(page.locator("main .state .till")).to_have_text(["BT CHABLIS"])
    expect(page.locator("main .state")).to_contain_text("2 ventes")
    assert fresh(references.row(linked.venue.id, linked.bottle.id).state) is references.State.LINKED
    page.get_by_role("link", name="Stock", exact=True).tap()
    expect(page.locator(".ledger")).to_contain_text("BT CHABLIS")
    expect(page.locator(".ledger")).not_to_contain_text("VRE CHABLIS")
