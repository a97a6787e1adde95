"""The list by the keyboard alone, and without JavaScript."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LIST
from tests.browser.rows import linked, row, to_do

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
        expect(row(tablet, reference).locator(":focus")).to_have_count(1)  # it has arrived
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
    tablet.keyboard.type("morgon cote 2022", delay=40)  # as fast as a person types
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
    page.goto(f"{LIST}?montrer=ignorees")
    row(page, bar.keys.catalogue).get_by_role("button", name="Réactiver").tap()
    expect(row(page, bar.keys.catalogue)).to_have_class("row")

    assert linked()[bar.keys.pint.id] == (bar.ipa.id, 330)
    assert len(linked()) == 5
