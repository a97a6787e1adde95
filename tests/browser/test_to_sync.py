"""The list on a tablet: by taps, by the keyboard alone, and without JavaScript."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Drink, Link
from sommit.services import stock
from tests import factories
from tests.browser.conftest import LIST, open_page
from tests.screens.proposals import suggest


def row(page: Page, reference) -> Locator:
    return page.locator(f"#ref-{reference.id}")


def linked() -> dict[int, tuple[int, int]]:
    """Drink and serving of each linked key."""
    found = {link.reference_id: (link.drink_id, link.serving_ml) for link in db.session.scalars(select(Link))}
    db.session.rollback()
    return found


def drink_named(name: str, vintage: int | None) -> Drink:
    found = db.session.scalars(select(Drink).where(Drink.name == name, Drink.vintage == vintage)).one()
    db.session.rollback()
    return found


def to_do(page: Page) -> Locator:
    return page.locator("h1")


def open_row(page: Page, reference) -> Locator:
    row(page, reference).get_by_role("link", name=f"Synchroniser {reference.label}").tap()
    expect(row(page, reference)).to_have_class(re.compile("is-open"))
    return row(page, reference)


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

    field.press_sequentially("morgon")
    expect(opened.locator(".result")).to_have_count(1)
    expect(field).to_be_focused()
    opened.get_by_role("button", name="Oui, Morgon Côte du Py 2022").tap()

    expect(opened).to_have_class(re.compile("is-done"))
    assert linked()[bar.keys.wrong.id] == (bar.morgon.id, 750)


def test_a_drink_that_was_found_can_be_looked_at_before_it_is_linked(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    opened = open_row(tablet, bar.keys.new)
    opened.get_by_role("searchbox").press_sequentially("morgon")

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


# the keyboard alone


def press_until(page: Page, target: Locator, key: str = "Tab", most: int = 60) -> None:
    """Walk with the keyboard until a control has the focus."""
    for _step in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{target} is out of the keyboard's reach")


def test_every_answer_can_be_given_by_the_keyboard_alone(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)

    def opened_by_keys(reference):
        press_until(tablet, row(tablet, reference).get_by_role("link", name=f"Synchroniser {reference.label}"))
        tablet.keyboard.press("Enter")
        expect(row(tablet, reference)).to_have_class(re.compile("is-open"))
        return row(tablet, reference)

    first = opened_by_keys(bar.keys.chablis)
    press_until(tablet, first.get_by_role("button", name="Oui"))
    tablet.keyboard.press("Enter")
    expect(first).to_have_class(re.compile("is-done"))
    expect(first.locator(".till")).to_be_focused()

    second = opened_by_keys(bar.keys.morgon)
    press_until(tablet, second.locator("input[name=serving]:checked"))
    tablet.keyboard.press("ArrowRight")
    expect(second.locator(".ledger")).to_contain_text("12 × 50 cl")
    press_until(tablet, second.get_by_role("button", name="Presque"))
    tablet.keyboard.press("Space")
    expect(second).to_contain_text("Morgon Côte du Py 2021")

    third = opened_by_keys(bar.keys.pint)
    press_until(tablet, third.get_by_role("button", name="Ignorer"))
    tablet.keyboard.press("Enter")
    expect(third).to_have_class(re.compile("is-ignored"))

    fourth = opened_by_keys(bar.keys.wrong)
    press_until(tablet, fourth.get_by_role("link", name="Non"))
    tablet.keyboard.press("Enter")
    expect(fourth.get_by_role("searchbox")).to_be_focused()
    tablet.keyboard.type("morgon cote 2022")
    result = fourth.get_by_role("button", name="Oui, Morgon Côte du Py 2022")
    expect(result).to_be_visible()
    press_until(tablet, result)
    tablet.keyboard.press("Enter")
    expect(fourth).to_have_class(re.compile("is-done"))

    fifth = opened_by_keys(bar.keys.new)
    press_until(tablet, fifth.locator("summary"))
    tablet.keyboard.press("Enter")
    press_until(tablet, fifth.get_by_role("button", name="Créer et lier"))
    tablet.keyboard.press("Enter")
    expect(fifth).to_have_class(re.compile("is-done"))

    assert len(linked()) == 4
    assert linked()[bar.keys.morgon.id][1] == 500


# without JavaScript


def test_every_answer_can_be_given_without_javascript(bare_tablet: Page, bar: SimpleNamespace):
    page = bare_tablet
    page.goto(LIST)

    def opened(reference):
        row(page, reference).get_by_role("link", name=f"Synchroniser {reference.label}").tap()
        expect(row(page, reference)).to_have_class(re.compile("is-open"))
        return row(page, reference)

    opened(bar.keys.chablis).get_by_role("button", name="Oui").tap()
    expect(row(page, bar.keys.chablis)).to_contain_text("stock 22 → 19,7")
    expect(page).to_have_url(re.compile(rf"fait={bar.keys.chablis.id}#ref-{bar.keys.chablis.id}$"))
    expect(to_do(page)).to_have_text("5 boissons à synchroniser")

    opened(bar.keys.morgon).get_by_role("button", name="Presque").tap()
    expect(row(page, bar.keys.morgon)).to_contain_text("Morgon Côte du Py 2021")

    pint = opened(bar.keys.pint)
    pint.get_by_text("Autre", exact=True).tap()
    pint.get_by_label("Centilitres par vente").fill("rien")
    pint.get_by_role("button", name="Oui").tap()
    expect(row(page, bar.keys.pint)).to_contain_text("Indiquez ce qu’une vente retire du stock")
    row(page, bar.keys.pint).get_by_label("Centilitres par vente").fill("33")
    row(page, bar.keys.pint).get_by_role("button", name="Oui").tap()
    expect(row(page, bar.keys.pint)).to_have_class(re.compile("is-done"))

    opened(bar.keys.wrong).get_by_role("link", name="Non").tap()
    row(page, bar.keys.wrong).get_by_role("searchbox").fill("morgon")
    row(page, bar.keys.wrong).get_by_role("button", name="Chercher").tap()
    row(page, bar.keys.wrong).get_by_role("button", name="Oui, Morgon Côte du Py 2022").tap()
    expect(row(page, bar.keys.wrong)).to_have_class(re.compile("is-done"))

    new = opened(bar.keys.new)
    new.get_by_text("Créer la boisson").tap()
    new.get_by_role("button", name="Créer et lier").tap()
    expect(row(page, bar.keys.new)).to_have_class(re.compile("is-done"))

    opened(bar.keys.catalogue).get_by_role("button", name="Ignorer").tap()
    expect(row(page, bar.keys.catalogue)).to_have_class(re.compile("is-ignored"))
    row(page, bar.keys.catalogue).get_by_role("button", name="Réactiver").tap()
    expect(row(page, bar.keys.catalogue)).to_have_class("row")

    assert linked()[bar.keys.pint.id] == (bar.ipa.id, 330)
    assert len(linked()) == 5
