"""The list on a tablet, by taps."""

import re
from types import SimpleNamespace

from playwright.sync_api import Page, expect

from sommit.extensions import db
from sommit.services import stock
from tests import factories
from tests.browser.conftest import LIST, open_page
from tests.browser.rows import drink_named, linked, open_row, row, to_do
from tests.screens.proposals import suggest


def test_yes_by_two_taps_lowers_the_stock_and_the_counters_and_moves_nothing(tablet: Page, bar: SimpleNamespace):
    for number in range(20):
        factories.reference(bar.venue, f"ENCORE {number}")
    tablet.goto(LIST)
    below = row(tablet, bar.keys.morgon)
    opened = open_row(tablet, bar.keys.chablis)
    expect(opened).to_contain_text("1 nuit, 14 verres")
    tablet.evaluate("window.scrollTo(0, 30)")

    opened.get_by_role("button", name="Oui").tap()

    expect(opened).to_have_class(re.compile("is-done"))
    expect(opened).to_contain_text("stock 22 → 19,7")
    expect(to_do(tablet)).to_have_text("25 boissons à synchroniser")
    expect(tablet).to_have_title(re.compile("25 boissons à synchroniser"))
    expect(tablet.locator("#to-sync-badge")).to_have_text(re.compile("^25"))
    expect(tablet.get_by_role("link", name="Vendues 4")).to_be_visible()
    expect(opened.locator(".till")).to_be_focused()
    expect(below).to_have_class("row")
    assert tablet.evaluate("window.scrollY") == 30
    assert stock.on_hand(bar.chablis) == (22 * 750 - 14 * 125) * stock.UL


def test_the_cross_closes_the_row_and_keeps_the_focus_where_it_was(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.chablis)
    cross = opened.get_by_role("link", name="Refermer VRE CHABLIS FEVRE")
    expect(cross).to_be_focused()

    cross.tap()

    expect(opened).to_have_class("row")
    expect(opened.get_by_role("link", name="Synchroniser VRE CHABLIS FEVRE")).to_be_focused()


def test_the_serving_changes_the_effect_before_it_changes_the_stock(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.pint)
    expect(opened.locator(".ledger")).to_contain_text("10 pintes")

    opened.get_by_text("Demi 25 cl").tap()
    expect(opened.locator(".ledger")).to_contain_text("10 demis")
    opened.get_by_text("Autre", exact=True).tap()
    opened.get_by_label("Centilitres par vente").fill("33")
    expect(opened.locator(".ledger")).to_contain_text("10 × 33 cl")
    opened.get_by_role("button", name="Oui").tap()

    expect(opened).to_have_class(re.compile("is-done"))
    assert linked()[bar.keys.pint.id] == (bar.ipa.id, 330)


def test_almost_mends_the_vintage_in_one_tap(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.morgon)

    opened.get_by_role("button", name="Presque").tap()

    expect(opened).to_contain_text("Morgon Côte du Py 2021")
    expect(opened).to_contain_text("stock jamais compté")
    assert linked()[bar.keys.morgon.id] == (drink_named("Morgon Côte du Py", 2021).id, 125)


def test_almost_asks_the_vintage_that_the_label_does_not_say(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.chablis)
    opened.get_by_role("link", name="Presque").tap()
    field = opened.get_by_label("Millésime, quatre chiffres")
    expect(field).to_be_focused()

    field.fill("20233")
    opened.get_by_role("button", name="Presque").tap()
    expect(opened).to_contain_text("n’est pas un millésime")
    expect(field).to_be_focused()
    field.fill("2019")
    opened.get_by_role("button", name="Presque").tap()

    expect(opened).to_contain_text("Chablis Montmains 2019")


def test_no_searches_while_one_types_and_links_what_was_found(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.wrong)
    opened.get_by_role("link", name="Non").tap()
    field = opened.get_by_role("searchbox")
    expect(field).to_be_focused()

    field.press_sequentially("morgon", delay=40)
    expect(opened.locator(".result")).to_have_count(1)
    expect(field).to_be_focused()
    opened.get_by_role("button", name="Oui, Morgon Côte du Py 2022").tap()

    expect(opened).to_have_class(re.compile("is-done"))
    assert linked()[bar.keys.wrong.id] == (bar.morgon.id, 750)


def test_a_drink_that_was_found_can_be_looked_at_before_it_is_linked(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.new)
    opened.get_by_role("searchbox").press_sequentially("morgon", delay=40)

    opened.get_by_role("link", name="Morgon Côte du Py 2022").tap()

    expect(opened.get_by_role("button", name="Oui")).to_be_visible()
    expect(opened).to_contain_text("1 nuit, 6 verres")


def test_no_creates_the_drink_that_the_label_describes(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.new)
    opened.get_by_text("Créer la boisson").tap()
    expect(opened.get_by_label("Nom")).to_have_value(re.compile("Chinon"))
    expect(opened.get_by_label("Millésime")).to_have_value("2020")

    opened.get_by_label("Nom").fill("")
    opened.get_by_role("button", name="Créer et lier").tap()
    expect(opened).to_contain_text("Donnez un nom à la boisson")
    expect(opened.get_by_label("Nom")).to_be_focused()
    opened.get_by_label("Nom").fill("Chinon Les Granges")
    opened.get_by_role("button", name="Créer et lier").tap()

    expect(opened).to_contain_text("Chinon Les Granges 2020")
    assert linked()[bar.keys.new.id] == (drink_named("Chinon Les Granges", 2020).id, 125)


def test_a_key_is_ignored_and_brought_back(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.pint)
    opened.get_by_role("button", name="Ignorer").tap()
    expect(opened).to_have_class(re.compile("is-ignored"))
    expect(tablet.get_by_role("link", name="Ignorées 2")).to_be_visible()

    tablet.get_by_role("link", name="Ignorées 2").tap()
    row(tablet, bar.keys.food).get_by_role("button", name="Réactiver PLAT DU JOUR").tap()

    expect(row(tablet, bar.keys.food).get_by_role("link", name="Synchroniser PLAT DU JOUR")).to_be_visible()
    expect(tablet.get_by_role("link", name="Ignorées 1")).to_be_visible()
    expect(to_do(tablet)).to_have_text("6 boissons à synchroniser")


def test_two_quick_taps_on_yes_make_one_link(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.chablis)

    opened.get_by_role("button", name="Oui").dblclick()

    expect(opened).to_have_class(re.compile("is-done"))
    assert len(linked()) == 1


def test_two_tablets_one_wins_and_the_other_sees_what_was_answered(tablet: Page, browser, address, bar):
    other = open_page(browser, address, bar.user)
    for page in (tablet, other):
        page.goto(LIST)
        open_row(page, bar.keys.wrong)
    row(tablet, bar.keys.wrong).get_by_role("button", name="Oui").tap()
    expect(row(tablet, bar.keys.wrong)).to_have_class(re.compile("is-done"))

    row(other, bar.keys.wrong).get_by_role("button", name="Ignorer").tap()

    expect(row(other, bar.keys.wrong)).to_contain_text("Quelqu’un vient de répondre")
    expect(row(other, bar.keys.wrong)).to_contain_text("Chablis Montmains 2023")
    other.context.close()


def test_a_label_that_is_a_script_is_only_read(tablet: Page, bar: SimpleNamespace):
    fired = []
    tablet.on("dialog", lambda dialog: (fired.append(dialog.message), dialog.dismiss()))
    bar.keys.catalogue.label = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    db.session.commit()
    bar.morgon.name = bar.keys.catalogue.label
    db.session.commit()
    suggest(bar.keys.catalogue, bar.morgon, evidence=[["name", "differs", bar.morgon.name, bar.morgon.name]])

    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.catalogue)
    opened.get_by_role("button", name="Oui").tap()

    expect(opened).to_have_class(re.compile("is-done"))
    expect(opened.locator(".till")).to_have_text(bar.keys.catalogue.label)
    assert fired == []


def test_on_a_phone_what_each_answer_would_do_is_read_above_the_answers(tablet: Page, bar: SimpleNamespace):
    tablet.set_viewport_size({"width": 390, "height": 844})
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.morgon)

    told, answers = opened.locator(".ledger > div").last.bounding_box(), opened.locator(".answers").bounding_box()

    assert told
    assert answers
    assert told["y"] + told["height"] <= answers["y"]
