"""The page of one drink: its golden till, its tab *Fiche*."""

import pytest

from tests import factories
from tests.screens.answers import words

TABS = ("", "/vente", "/stock")


def at(drink, tab=""):
    return f"/boissons/{drink.id}{tab}"


@pytest.mark.parametrize("tab", TABS)
def test_the_golden_till_names_each_key_with_its_serving_and_since_when(screen, venue, chablis, glass, tab):
    factories.link(glass, chablis)
    factories.link(factories.reference(venue, "BT CHABLIS", price_cents=5200), chablis, 750)

    page = screen.get(at(chablis, tab)).text

    assert 'aria-label="Caisse dorée : liée à 2 références" aria-describedby="golden-window"' in page.replace(
        "\xa0", " "
    )
    assert "Dans la caisse VRE CHABLIS FEVRE 22 verre 12,5 cl, liée depuis le 14 juin" in words(page)
    assert "BT CHABLIS 75 cl, liée depuis le 14 juin" in words(page)


@pytest.mark.parametrize("tab", TABS)
def test_the_tabs_lead_to_each_other_and_say_where_one_is(screen, chablis, tab):
    page = screen.get(at(chablis, tab)).text

    assert all(f'href="{at(chablis, one)}"' in page for one in TABS)
    assert f'href="{at(chablis, tab)}" aria-current="page"' in page


def test_the_till_s_price_stands_for_each_serving(screen, venue, chablis, glass):
    factories.link(glass, chablis)
    factories.link(factories.reference(venue, "BT CHABLIS", price_cents=5200), chablis, 750)

    shown = words(screen.get(at(chablis)).text)

    assert "Prix en caisse Verre 12,5 cl 14,00 € VRE CHABLIS FEVRE 22 75 cl 52,00 € BT CHABLIS" in shown


def test_a_drink_without_a_link_says_so(screen, venue):
    page = screen.get(at(factories.drink(venue))).text

    assert "icon-caisse" not in page
    assert "Aucune référence de la caisse ne donne encore de prix" in page


@pytest.mark.parametrize("tab", TABS)
def test_names_are_text(screen, venue, tab):
    name = '<img src=x onerror="alert(1)">'
    page = screen.get(at(factories.drink(venue, name, producer=name), tab)).text

    assert "<img" not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize("tab", TABS)
def test_a_drink_of_another_venue_is_not_there(stranger, chablis, tab):
    assert stranger.get(at(chablis, tab)).status_code == 404


@pytest.mark.parametrize("number", [0, 999_999, 2**31, 10**30])
def test_a_drink_that_never_was_is_not_there(screen, number):
    assert screen.get(f"/boissons/{number}").status_code == 404
