"""Mes boissons on a tablet."""

import re
from types import SimpleNamespace

from playwright.sync_api import Page, expect

from tests import factories


def test_the_table_follows_what_is_typed_and_the_field_keeps_the_focus(tablet: Page, bar: SimpleNamespace):
    field = tablet.get_by_role("searchbox")
    field.press_sequentially("mor", delay=40)

    expect(tablet.locator("#cellar tbody th a")).to_have_text(["Morgon Côte du Py 2022"])
    expect(field).to_be_focused()
    expect(field).to_have_value("mor")
    expect(tablet.get_by_role("status")).to_have_text("1 sur 3 fiches.")
    expect(tablet).to_have_url(re.compile(r"/boissons\?q=mor"))
    expect(tablet.get_by_role("link", name="Bières")).to_have_attribute("href", "/boissons?q=mor&genre=beer")


def test_a_search_that_a_newer_one_overtakes_is_given_up(tablet: Page, bar: SimpleNamespace):
    tablet.route("**/boissons?q=mor*", lambda _unanswered: None)
    field = tablet.get_by_role("searchbox")
    with tablet.expect_request("**/boissons?q=mor*"):
        field.fill("mor")
    with tablet.expect_event("requestfailed") as given_up:
        field.fill("chab")

    expect(tablet.locator("#cellar tbody th a")).to_have_text(["Chablis Montmains 2023"])
    assert "q=mor" in given_up.value.url
    expect(field).to_have_value("chab")


def test_a_filter_and_a_search_go_together(tablet: Page, bar: SimpleNamespace):
    tablet.get_by_role("link", name="Vins").tap()
    tablet.get_by_role("link", name="Rouges").tap()
    expect(tablet.locator("#cellar tbody th a")).to_have_text(["Morgon Côte du Py 2022"])

    tablet.get_by_role("searchbox").press_sequentially("chab", delay=40)

    expect(tablet.locator("#cellar")).to_contain_text("Aucune boisson ne répond à cette recherche.")
    expect(tablet.get_by_role("link", name="Rouges")).to_have_attribute("aria-current", "true")


def test_the_search_works_without_javascript(bare_tablet: Page, bar: SimpleNamespace):
    bare_tablet.get_by_role("searchbox").fill("chab")
    bare_tablet.get_by_role("button", name="Chercher").tap()

    expect(bare_tablet.locator("#cellar tbody th a")).to_have_text(["Chablis Montmains 2023"])


def test_a_tap_on_the_golden_till_shows_the_names_of_the_keys(tablet: Page, bar: SimpleNamespace):
    factories.link(bar.keys.chablis, bar.chablis)
    tablet.goto(f"/boissons/{bar.chablis.id}")
    window = tablet.locator(".window")
    expect(window).to_be_hidden()

    tablet.locator(".golden summary").tap()

    expect(window).to_be_visible()
    expect(window).to_contain_text("VRE CHABLIS FEVRE")
