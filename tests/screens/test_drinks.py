"""Mes boissons."""

import re
from datetime import UTC, datetime

import pytest

from tests import factories
from tests.screens.answers import words
from tests.screens.statements import counted

EVENING = datetime(2026, 6, 10, 19, tzinfo=UTC)
XSS = '<img src=x onerror="alert(1)">'


def test_the_cellar_is_a_wine_list(screen, venue):
    factories.drink(venue, "Ricard", category="spirit", volume_ml=1000)
    factories.drink(venue, "Morgon", colour="rouge")
    factories.drink(venue, "Chablis", colour="blanc", vintage=2022)
    factories.drink(venue, "Chablis", colour="blanc", vintage=2021)
    factories.drink(venue, "Maury")

    shown = words(screen.get("/boissons").text)

    places = [
        shown.index(name)
        for name in ("Blancs", "Chablis 2021", "Chablis 2022", "Rouges", "Morgon", "Vins Maury", "Spiritueux Ricard")
    ]
    assert places == sorted(places)


def test_the_stock_is_said_in_formats_and_in_what_is_left_of_the_last_one(screen, venue):
    factories.count(factories.drink(venue), 11 * 750 + 3 * 125, EVENING)

    shown = words(screen.get("/boissons").text)

    assert "11,5 bout. 11 bouteilles + 3 verres" in shown


def test_a_drink_never_counted_says_so_and_never_zero(screen, venue):
    factories.drink(venue)

    assert "– jamais compté" in words(screen.get("/boissons").text)


def test_low_and_negative_stocks_bear_a_chip(screen, venue):
    factories.drink(venue, "Morgon", stock=2, threshold_ml=6 * 750)
    fleurie = factories.drink(venue, "Fleurie", stock=0, threshold_ml=6 * 750)
    glass = factories.reference(venue)
    factories.link(glass, fleurie, 750)
    factories.sale(factories.closing(venue), glass, 2, at=EVENING)

    page = screen.get("/boissons").text

    assert page.count("chip is-warn") == 1
    assert page.count("chip is-alert") == 1
    assert "−2 bout." in words(page)
    assert "2 fiches, 1 sous le seuil." in words(page)


def test_a_linked_drink_bears_the_golden_till_and_the_price_of_its_glass(screen, venue, chablis, glass):
    factories.drink(venue, "Morgon", glass_price_cents=650)
    factories.link(glass, chablis)

    page = screen.get("/boissons").text

    assert page.count("icon-caisse") == 1
    assert "14,00\u00a0€" in page
    assert "6,50\u00a0€" in page


def test_the_count_to_synchronise_leads_to_the_list(screen, venue):
    factories.reference(venue)
    factories.reference(venue)

    page = screen.get("/boissons").text

    assert '<a class="button button-full" href="/boissons/a-synchroniser">' in page
    assert "2 boissons à synchroniser" in words(page)


@pytest.mark.parametrize("typed", ["chab fev", "CHABLIS", "chablis 2023", "bourg"])
def test_the_search_finds_words_by_their_beginning_whatever_their_case(screen, venue, chablis, typed):
    factories.drink(venue, "Morgon")

    page = screen.get("/boissons", q=typed).text

    assert "Chablis Montmains 2023" in page
    assert "Morgon" not in page
    assert "1 sur 2 fiches" in words(page)


def test_while_somebody_types_only_the_table_comes_back_then_what_depends_on_it(screen, chablis):
    part = screen.get("/boissons", q="chab", htmx=True).text

    assert part.lstrip().startswith('<div id="cellar">')
    assert "<html" not in part
    assert "<input class" not in part, "the field that is typed in stays in the page"
    assert re.findall(r'id="([\w-]+)" (?:role="status" )?hx-swap-oob="true"', part) == [
        "cellar-filters",
        "cellar-counts",
    ]


def test_colours_are_asked_only_of_wines(screen, venue, chablis):
    factories.drink(venue, "Morgon", colour="rouge")
    factories.drink(venue, "Ricard", category="spirit")

    assert "couleur=blanc" not in screen.get("/boissons").text
    wines = screen.get("/boissons", genre="wine").text
    white = screen.get("/boissons", genre="wine", couleur="blanc").text

    assert "couleur=blanc" in wines
    assert "Ricard" not in wines
    assert "Morgon" in wines
    assert "Morgon" not in white


@pytest.mark.parametrize("args", [{"genre": "x\x00"}, {"genre": "wine", "couleur": "\x00"}, {"q": "\x00%_'\""}])
def test_a_filter_that_does_not_exist_is_no_fault(screen, chablis, args):
    assert screen.get("/boissons", **args).status_code == 200


def test_a_search_without_a_result_says_how_to_search(screen, chablis):
    assert "Aucune boisson ne répond à cette recherche." in screen.get("/boissons", q="zzz").text


def test_an_empty_cellar_says_where_drinks_come_from(screen, venue):
    bare = screen.get("/boissons").text
    factories.reference(venue)
    read = screen.get("/boissons").text

    assert "Aucune boisson pour l’instant." in bare
    assert "Importez votre tableur" in bare
    assert "Partir des références de la caisse" in read


def test_names_are_text(screen, venue):
    drink = factories.drink(venue, XSS, producer=XSS)

    for address in ("/boissons", f"/boissons/{drink.id}"):
        page = screen.get(address).text
        assert "<img" not in page
        assert "&lt;img src=x" in page


def test_the_number_of_statements_does_not_grow_with_the_cellar(screen, venue):
    def fill(number):
        for place in range(number):
            drink = factories.drink(venue, f"Cuvée {place} sur {number}", stock=3)
            factories.link(factories.reference(venue), drink)

    def statements():
        with counted() as sent:
            assert screen.get("/boissons").status_code == 200
        return len(sent)

    fill(5)
    few = statements()
    fill(45)

    assert statements() == few


def test_a_drink_of_another_venue_is_not_there(stranger, chablis):
    assert "Chablis" not in stranger.get("/boissons").text
