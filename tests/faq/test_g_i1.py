"""Rows G1 to G4 and I1 of the FAQ: what is changed in Somm'It changes nothing in Jalia; its prices come over."""

import pytest
from playwright.sync_api import Page, expect

from sommit.extensions import db
from sommit.services import library
from tests.faq.conftest import key
from tests.till_screens.conftest import LAST_NIGHT

ROWS = {
    "g1": ("Prix du format", "45,00", "price_cents", 4500),
    "g2": ("Nom", "Chablis premier cru", "name", "Chablis premier cru"),
    "g3": ("Millésime", "2022", "vintage", 2022),
    "g4": ("Région", "Yonne", "region", "Yonne"),
    "g4_appellation": ("Appellation", "Chablis", "appellation", "Chablis"),
}


@pytest.mark.parametrize("row", ROWS)
def test_g_a_change_in_sommit_sends_nothing_to_jalia_and_the_form_says_so(page: Page, linked, till, row):
    field, typed, name, kept = ROWS[row]
    sent, label, price = len(till.requests), linked.bottle.label, linked.bottle.price_cents
    page.goto(f"/boissons/{linked.drink.id}")
    expect(page.locator(".notice")).to_contain_text("La caisse ne change pas.")
    expect(page.locator(".notice")).to_contain_text("aussi à corriger dans Jalia")

    page.get_by_label(field, exact=True).fill(typed)
    page.get_by_role("button", name="Enregistrer").tap()
    expect(page.locator(".toast")).to_contain_text("Fiche enregistrée.")

    db.session.expire_all()
    assert getattr(library.get(linked.venue.id, linked.drink.id), name) == kept
    assert (key("BT CHABLIS").label, key("BT CHABLIS").price_cents) == (label, price)
    assert len(till.requests) == sent, "nothing was sent, nothing was asked"
    assert {request.method for request in till.requests} == {"GET"}


def test_i1_a_price_changed_in_jalia_is_taken_over_with_its_history(page: Page, linked, till, read):
    page.goto(f"/boissons/{linked.drink.id}")
    prices = page.locator(".ledger")
    expect(prices).to_contain_text("7,00\u00a0€")
    expect(prices).not_to_contain_text("avant")
    db.session.commit()

    next(product for product in till.products if product.name == "VRE CHABLIS").price_cents = 850
    till.closing([("VRE CHABLIS", 1)], date=LAST_NIGHT)
    read()
    db.session.commit()
    page.reload()

    expect(prices).to_contain_text("8,50\u00a0€")
    expect(prices).to_contain_text("depuis le 14 juin, avant 7,00\u00a0€")
    expect(page.get_by_label("Prix du format")).to_have_value("99,00")
