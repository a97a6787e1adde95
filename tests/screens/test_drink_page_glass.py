"""Counting what is left of a bottle in the house's own glass."""

import re

import pytest

from sommit.extensions import db
from sommit.services import servings, stock
from tests.screens.answers import words

FORM = re.compile(r'name="(seen|part_ml)" value="([^"]*)"')


@pytest.fixture
def own_glass(venue):
    """The house pours 15 cl."""
    servings.add(venue.id, "wine", 150)
    db.session.commit()


def counted(screen, drink, **fields):
    return screen.post(f"/boissons/{drink.id}/inventaire", htmx=False, when="maintenant", **fields)


def shown(screen, drink):
    page = screen.get(f"/boissons/{drink.id}/stock").text
    return page, dict(FORM.findall(page))


def test_the_rest_of_a_bottle_is_counted_in_the_house_s_glass(screen, chablis, own_glass):
    page, form = shown(screen, chablis)
    assert "en verres de 15 cl" in words(page).replace("\xa0", " ")

    assert counted(screen, chablis, quantity="3", parts="2", **form).status_code == 303
    assert stock.on_hand(chablis) == (3 * 750 + 2 * 150) * stock.UL


def test_without_one_it_is_the_usual_glass(screen, chablis):
    page, form = shown(screen, chablis)
    assert "en verres de 12,5 cl" in words(page).replace("\xa0", " ")

    counted(screen, chablis, quantity="3", parts="2", **form)
    assert stock.on_hand(chablis) == (3 * 750 + 2 * 125) * stock.UL


def test_a_glass_that_changes_meanwhile_does_not_change_what_was_counted(screen, venue, chablis):
    _page, form = shown(screen, chablis)
    servings.add(venue.id, "wine", 150)
    db.session.commit()

    counted(screen, chablis, quantity="3", parts="2", **form)
    assert stock.on_hand(chablis) == (3 * 750 + 2 * 125) * stock.UL


@pytest.mark.parametrize("sent", ["", "0", "-5", "abc", "501", "9" * 30])
def test_a_glass_that_no_form_speaks_of_is_the_house_s(screen, chablis, own_glass, sent):
    _page, form = shown(screen, chablis)
    counted(screen, chablis, quantity="3", parts="2", **form | {"part_ml": sent})

    assert stock.on_hand(chablis) == (3 * 750 + 2 * 150) * stock.UL
