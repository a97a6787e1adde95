"""Row I2 of the FAQ: a label or vintage changed in Jalia changes nothing in Somm'It; a reused key is asked about."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from sommit.extensions import db
from sommit.services import library, stock
from tests.browser.conftest import LIST
from tests.till_screens.conftest import LAST_NIGHT, MORNING

TONIGHT = LAST_NIGHT + timedelta(days=1)


@pytest.fixture
def changed(linked, till, read, app):
    """Change the glass's key in Jalia, sell two of it the next night, and read the till the morning after."""

    def change(name: str, price_cents: int) -> SimpleNamespace:
        app.config["NOW"] = MORNING
        read()
        glass = next(product for product in till.products if product.name == "VRE CHABLIS")
        glass.name, glass.price_cents = name, price_cents
        till.closing([(name, 2)], date=TONIGHT)
        app.config["NOW"] = MORNING + timedelta(days=1)
        read()
        db.session.commit()
        return linked

    return change


def glasses_left(drink) -> float:
    found = stock.on_hand(drink)
    db.session.rollback()
    return found / 125 / stock.UL


BEFORE = 12 * 6 - 2 * 6 - 6  # bottles counted, less the bottles and the glasses of the first night


def test_i2_another_label_and_vintage_leave_the_drink_and_the_link_alone(page: Page, changed):
    bar = changed("VRE CHABLIS 2024", 750)

    assert glasses_left(bar.drink) == BEFORE - 2
    page.goto(f"/boissons/{bar.drink.id}/vente")
    expect(page.locator("h1")).to_have_text("Chablis Montmains 2023")
    expect(page.locator(".golden .window")).to_contain_text("VRE CHABLIS 2024")
    expect(page.get_by_role("link", name="Casser la liaison VRE CHABLIS 2024")).to_be_visible()
    kept = library.get(bar.venue.id, bar.drink.id)
    assert (kept.name, kept.vintage) == ("Chablis Montmains", 2023)
    db.session.rollback()

    page.goto("/boissons")
    page.get_by_role("link", name="Quoi de neuf ce matin : 1 prix, 1 nouveau nom").tap()
    expect(page.locator(".state").filter(has_text="s’appelle maintenant")).to_contain_text(
        "VRE CHABLIS s’appelle maintenant VRE CHABLIS 2024"
    )
    expect(page.get_by_text("La liaison reste")).to_contain_text("Chablis Montmains 2023")


def test_i2_a_key_that_became_another_product_is_kept_aside_until_somebody_says_what_it_is(page: Page, changed):
    bar = changed("MOJITO", 1100)
    assert glasses_left(bar.drink) == BEFORE

    page.goto(f"/ventes?jour={TONIGHT}")
    proof = page.get_by_role("region", name="Preuve de nuit")
    expect(proof.locator("div").filter(has_text="À synchroniser")).to_contain_text("22,00")
    expect(page.locator(".is-proved")).to_contain_text("0,00")

    page.goto(LIST)
    question = page.locator(".state").filter(has_text="Est-ce toujours la même boisson")
    expect(question).to_contain_text("VRE CHABLIS à 7,00\u00a0€ s’appelle maintenant MOJITO à 11,00\u00a0€")
    question.get_by_role("button", name="Non, une autre").tap()
    expect(page.locator(".toast")).to_contain_text("attend comme une nouvelle référence")
    expect(question).to_have_count(0)
    assert glasses_left(bar.drink) == BEFORE
    page.goto(f"/boissons/{bar.drink.id}/vente")
    expect(page.locator("#liens + .state, .state").filter(has_text="6 ventes")).to_have_count(1)


def test_i2_the_same_drink_after_all_is_as_if_nothing_had_been_asked(page: Page, changed):
    bar = changed("VERRE DU MOIS", 1100)
    page.goto(f"/boissons/{bar.drink.id}")
    question = page.locator(".state").filter(has_text="Est-ce toujours la même boisson")
    expect(question).to_contain_text("2 verres")
    question.get_by_role("button", name="Oui, la même").tap()

    expect(page.locator(".toast")).to_contain_text("est toujours la même boisson")
    expect(page.locator(".golden .window")).to_contain_text("VERRE DU MOIS")
    expect(question).to_have_count(0)
    assert glasses_left(bar.drink) == BEFORE - 2
