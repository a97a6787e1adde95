"""Undoing by the keyboard alone, and from the message on a drink's page; without JavaScript too."""

import re
from types import SimpleNamespace

from playwright.sync_api import Page, expect

from sommit.extensions import db
from sommit.services import stock
from tests.browser.conftest import LIST
from tests.browser.rows import open_row, row, to_do
from tests.support.browser import stop_the_clock

WHOLE = 22 * 750 * stock.UL


def on_hand(drink) -> int | None:
    """The stock now; the test's own reading does not stay in the server's way."""
    found = stock.on_hand(drink)
    db.session.rollback()
    return found


def test_the_keyboard_answers_and_undoes_and_the_focus_is_where_the_work_goes_on(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    mine = row(tablet, bar.keys.chablis)
    mine.get_by_role("link", name="Synchroniser VRE CHABLIS FEVRE").press("Enter")
    expect(mine.get_by_role("link", name="Refermer VRE CHABLIS FEVRE")).to_be_focused()
    mine.get_by_role("button", name="Oui").press("Enter")
    expect(mine).to_have_class(re.compile("is-done"))
    expect(mine.locator(".till")).to_be_focused()
    expect(mine).to_contain_text("stock 22 → 19,7")
    expect(to_do(tablet)).to_have_text("5 boissons à synchroniser")

    back = mine.get_by_role("button", name="Annuler")
    for _tab in range(4):
        tablet.keyboard.press("Tab")
        if back.evaluate("one => one === document.activeElement"):
            break
    expect(back).to_be_focused()
    tablet.keyboard.press("Enter")

    expect(mine).to_have_class("row")
    expect(mine.locator(".till")).to_be_focused()
    expect(mine.get_by_role("status")).to_have_text("Annulé\xa0: tout est comme avant.")
    expect(to_do(tablet)).to_have_text("6 boissons à synchroniser")
    assert on_hand(bar.chablis) == WHOLE
    open_row(tablet, bar.keys.chablis)


def test_a_broken_link_comes_back_from_the_message_which_stays_while_it_is_focused(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.chablis)
    opened.get_by_role("button", name="Oui").tap()
    expect(opened).to_have_class(re.compile("is-done"))
    stop_the_clock(tablet)
    tablet.goto(f"/boissons/{bar.chablis.id}/vente?casser={bar.keys.chablis.id}")
    tablet.get_by_role("button", name="Casser", exact=True).tap()
    message = tablet.locator(".toast")
    expect(message).to_contain_text("Liaison cassée")
    assert on_hand(bar.chablis) == WHOLE

    message.get_by_role("button", name="Annuler").focus()
    tablet.clock.fast_forward(60_000)
    expect(message).to_be_visible()
    tablet.keyboard.press("Enter")

    expect(message).to_contain_text("tout est comme avant")
    assert on_hand(bar.chablis) == WHOLE - 14 * 125 * stock.UL
    tablet.clock.fast_forward(13_000)
    expect(message).to_have_count(0)


def test_undoing_works_without_javascript(bare_tablet: Page, bar: SimpleNamespace):
    bare_tablet.goto(f"{LIST}?ouvrir={bar.keys.chablis.id}")
    mine = row(bare_tablet, bar.keys.chablis)
    mine.get_by_role("button", name="Oui").click()
    mine.get_by_role("button", name="Annuler").click()

    expect(mine.get_by_role("link", name="Synchroniser VRE CHABLIS FEVRE")).to_be_visible()
    assert on_hand(bar.chablis) == WHOLE
