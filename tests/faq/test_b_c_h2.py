"""Rows B1 to B3, C1, C2 and H2 of the FAQ: the night comes in by itself, one way only, and comes off the stock."""

import re
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from sommit.extensions import db
from sommit.jobs import import_night
from sommit.services import nights, stock
from tests import factories
from tests.faq.conftest import key
from tests.support import naive
from tests.till_screens.conftest import LAST_NIGHT, MORNING

TONIGHT = LAST_NIGHT + timedelta(days=1)


@pytest.fixture
def clock(app):
    """Set the hour."""

    def now(at: datetime) -> None:
        app.config["NOW"] = at

    return now


def whatever_is_due() -> list[int]:
    """Do what the scheduler and the worker do, nobody else."""
    due = nights.due()
    for venue_id in due:
        import_night.import_night(venue_id)
    db.session.commit()
    return due


def bottles(drink) -> float:
    found = stock.on_hand(drink)
    assert found == naive.stock_ul(drink)
    db.session.commit()
    return found / stock.UL / drink.volume_ml


def evening(till, sold: int, day: date = TONIGHT) -> None:
    till.closing([("BT CHABLIS", sold)], date=day)


def test_b1_the_closing_of_the_evening_is_here_in_the_morning_without_anybodys_help(page: Page, linked, till, clock):
    evening(till, 4)

    clock(MORNING + timedelta(hours=23))  # 04:30: not yet
    assert whatever_is_due() == []
    clock(MORNING + timedelta(hours=24))
    assert whatever_is_due() == [linked.venue.id]
    assert whatever_is_due() == []

    page.goto(f"/ventes?jour={TONIGHT}")
    expect(page.get_by_role("row", name=re.compile("Chablis Montmains"))).to_contain_text("120,00")
    expect(page.locator(".is-proved")).to_contain_text("0,00")


def test_b2_the_tab_boissons_leads_to_the_exact_number_of_references_to_synchronise(page: Page, bar):
    page.goto("/boissons")
    page.get_by_role("link", name="2 boissons à synchroniser").tap()
    expect(page).to_have_url(re.compile("/boissons/a-synchroniser"))
    expect(page.locator(".rows > .row")).to_have_count(2)

    factories.link(bar.glass, bar.drink, 125)
    page.goto("/boissons")
    expect(page.get_by_role("link", name="1 boisson à synchroniser")).to_be_visible()
    factories.link(bar.bottle, bar.drink, 750)
    page.goto("/boissons")
    expect(page.get_by_role("link", name=re.compile("boissons? à synchroniser"))).to_have_count(0)


def test_b3_h2_the_stock_after_the_night_is_the_stock_before_less_what_was_sold(page: Page, linked, till, clock):
    before = bottles(linked.drink)
    evening(till, 4)
    clock(MORNING + timedelta(days=1))
    whatever_is_due()

    assert bottles(linked.drink) == before - 4
    page.goto(f"/boissons/{linked.drink.id}/stock")
    expect(page.locator(".figure")).to_contain_text("5 bout.")


def test_c1_a_full_cycle_sends_the_till_nothing_but_questions(page: Page, linked, till, clock):
    evening(till, 4)
    clock(MORNING + timedelta(days=1))
    whatever_is_due()
    page.goto(f"/boissons/{linked.drink.id}/vente")
    page.get_by_text("Casser la liaison").first.tap()
    page.get_by_role("button", name="Casser").first.tap()
    expect(page.get_by_text("Liaison cassée")).to_be_visible()

    assert till.requests
    assert {request.method for request in till.requests} == {"GET"}


def test_c2_one_answer_holds_for_every_later_night(page: Page, bar, till, clock):
    page.goto(f"/boissons/a-synchroniser?ouvrir={bar.bottle.id}&drink_id={bar.drink.id}&serving=750")
    page.locator(f"#ref-{bar.bottle.id}").get_by_role("button", name="oui").tap()
    expect(page.locator(f"#ref-{bar.bottle.id} .icon-caisse")).to_be_visible()
    before = bottles(bar.drink)

    for night in (1, 2, 3):
        evening(till, 1, LAST_NIGHT + timedelta(days=night))
        clock(MORNING + timedelta(days=night))
        whatever_is_due()

    assert bottles(bar.drink) == before - 3
    page.goto("/boissons")
    expect(page.get_by_role("link", name="1 boisson à synchroniser")).to_be_visible()
    assert key("BT CHABLIS").id == bar.bottle.id
