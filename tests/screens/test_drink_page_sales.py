"""The tab *Vente*: the last nights, and the golden till that breaks a link."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import current_app

from sommit.extensions import db
from sommit.models import Suggestion
from sommit.services import references, stock, till_links
from tests import factories
from tests.screens.answers import links, words
from tests.screens.statements import counted

SATURDAY = date(2026, 6, 13)
MORNING = datetime(2026, 6, 14, 7, 30, tzinfo=UTC)


@pytest.fixture
def today(app):
    current_app.config["NOW"] = MORNING


@pytest.fixture
def keys(venue, chablis):
    """A glass and a bottle of the drink."""
    glass, bottle = factories.reference(venue, "VRE CHABLIS"), factories.reference(venue, "BT CHABLIS")
    factories.link(glass, chablis, 125)
    factories.link(bottle, chablis, 750)
    return glass, bottle


@pytest.fixture
def sold(venue, keys, today):
    """Saturday: 18 glasses of which one offered, and one lost; Friday: 8 glasses and a bottle; a week before: 4."""
    glass, bottle = keys
    for days, number in ((0, 17), (1, 8), (7, 4)):
        closing = night(venue, days)
        factories.sale(closing, glass, number, at=evening(days), cents=number * 900, unit_price_cents=900)
        if days == 0:
            factories.sale(closing, glass, 1, at=evening(0), cents=0, unit_price_cents=900)
            factories.sale(closing, glass, 1, at=evening(0), stock="loss", money="loss", cents=900)
        if days == 1:
            factories.sale(closing, bottle, 1, at=evening(1), cents=4200)


def evening(days_before):
    return datetime(2026, 6, 13, 19, tzinfo=UTC) - timedelta(days=days_before)


def night(venue, days_before):
    return factories.closing(venue, SATURDAY - timedelta(days=days_before), finalized_at=MORNING)


def at(drink):
    return f"/boissons/{drink.id}/vente"


def breaking(drink, reference):
    return f"{at(drink)}/{reference.id}/casser"


def read(screen, drink, **asked):
    return words(screen.get(at(drink), **asked).text).replace("\xa0", " ").replace("\u202f", " ")


def test_each_night_has_its_servings_and_the_till_s_turnover(screen, chablis, sold):
    shown = read(screen, chablis)

    assert "14 nuits, du 31 mai au 13 juin" in shown
    assert "Nuit Verre 12,5 cl 75 cl CA de la caisse" in shown
    assert "samedi 13 juin dont offert : 1 verre, sans CA perdu en caisse : 1 verre 18 – 153,00 €" in shown
    assert "vendredi 12 juin 8 1 114,00 €" in shown
    assert "7 dernières nuits 32 verres CA de la caisse 267,00 €" in shown


def test_the_bars_say_in_words_what_they_show(screen, chablis, sold):
    page = screen.get(at(chablis)).text.replace("\xa0", " ")

    assert (
        'role="img" aria-label="Vendu par nuit : 4 verres la semaine d’avant, 32 verres les sept dernières nuits, '
        in page
    )
    assert "le plus samedi 13 juin : 18 verres." in page
    assert page.count("<rect") == 3
    assert page.count('class="past"') == 1
    assert "viewBox" not in page


def test_without_a_link_or_a_night_the_tab_says_so(screen, venue, chablis, today):
    assert "Aucune référence de la caisse n’est liée" in read(screen, chablis)

    factories.link(factories.reference(venue), chablis)
    assert "La caisse n’a encore remonté aucune nuit." in read(screen, chablis)

    night(venue, 0)
    assert "Rien n’a été vendu ces nuits-là." in read(screen, chablis)


def test_a_rare_serving_is_told_under_its_night(screen, venue, chablis, sold):
    carafe = factories.reference(venue, "PICHET CHABLIS")
    factories.link(carafe, chablis, 500)
    factories.sale(night(venue, 2), carafe, 0.5, at=evening(2), cents=1000)

    assert "jeudi 11 juin et 0,5 × 50 cl – – 10,00 €" in read(screen, chablis)


def test_what_will_change_is_written_before_the_link_is_broken(screen, chablis, keys, sold):
    glass, _bottle = keys
    before = read(screen, chablis)
    shown = read(screen, chablis, casser=glass.id)

    assert "Casser cette liaison" not in before
    assert "30 ventes, soit 261,00 €, quittent cette boisson. L’autre référence garde les siennes." in shown
    assert "la référence revient dans « à synchroniser »" in shown
    assert "Stock 15,8 21" in shown
    assert shown.count("Casser la liaison") == 1, "the other one's"


def test_breaking_does_what_was_written(screen, venue, chablis, keys, sold):
    glass, bottle = keys
    answer = screen.post(breaking(chablis, glass), htmx=False, version=glass.version)

    assert (answer.status_code, answer.location) == (303, at(chablis))
    shown = read(screen, chablis)
    assert "Liaison cassée : « VRE CHABLIS »" in shown
    assert "vendredi 12 juin 1 42,00 €" in shown
    assert "samedi 13" not in shown
    assert stock.on_hand(chablis) == 21 * 750 * stock.UL
    assert references.row(venue.id, glass.id).state is references.State.TO_SYNC
    assert references.row(venue.id, bottle.id).state is references.State.LINKED
    assert db.session.get(Suggestion, glass.id) is not None, "it is proposed again"


def test_two_taps_break_the_link_once(screen, chablis, keys, sold):
    glass, _bottle = keys
    version = glass.version
    answers = [screen.post(breaking(chablis, glass), version=version) for _tap in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert [link.broken_at is not None for link in links()] == [True, False]


def test_who_saw_an_older_state_gets_the_fresh_page_and_a_sentence(screen, venue, chablis, keys, sold):
    glass, _bottle = keys
    till_links.link(glass, factories.drink(venue, "Crème de cassis"), serving_ml=20)
    db.session.commit()

    answer = screen.post(breaking(chablis, glass), htmx=False, version=glass.version - 1)

    assert answer.status_code == 409
    assert "Quelqu’un vient de répondre pour « VRE CHABLIS »" in words(answer.text).replace("\u202f", " ")
    assert "Ce qui part reste compté pour Crème de cassis." in words(answer.text)
    assert f'name="version" value="{glass.version}"' in answer.text, "the fresh form"
    assert all(link.broken_at is None for link in links())


def test_what_was_never_linked_cannot_be_broken(screen, venue, chablis, keys, today):
    other = factories.reference(venue, "PLAT DU JOUR")
    answer = screen.post(breaking(chablis, other), version=other.version)

    assert answer.status_code == 409
    assert "il n’y a rien à casser" in answer.text


def test_another_venue_breaks_nothing(stranger, screen, chablis, keys, today):
    glass, _bottle = keys
    theirs = factories.venue("Ailleurs")
    drink, reference = factories.drink(theirs), factories.reference(theirs)

    assert stranger.get(at(chablis)).status_code == 404
    assert stranger.post(breaking(chablis, glass), version=0).status_code == 404
    assert screen.post(breaking(chablis, reference), version=0).status_code == 404
    assert screen.post(breaking(drink, glass), version=0).status_code == 404
    assert all(link.broken_at is None for link in links())


def test_a_drink_nobody_ever_counted_says_so_instead_of_a_stock(screen, venue, today):
    drink, glass = factories.drink(venue), factories.reference(venue)
    factories.link(glass, drink)

    assert "Stock jamais compté" in read(screen, drink, casser=glass.id)


def test_the_number_of_statements_does_not_grow_with_the_nights_nor_the_keys(screen, venue, chablis, keys, sold):
    def statements():
        with counted() as sent:
            screen.get(at(chablis), casser=keys[0].id)
        return len(sent)

    few = statements()
    for days in range(2, 12):
        reference = factories.reference(venue)
        factories.link(reference, chablis)
        factories.sale(night(venue, days), reference, 1, at=evening(days), cents=900)

    assert statements() == few


def test_the_key_that_poured_the_drink_once_says_until_when(screen, venue, chablis, today):
    glass = factories.reference(venue, "VRE CHABLIS")
    factories.link(glass, chablis, 125, ends_at=evening(3))

    shown = read(screen, chablis)

    assert re.search(r"VRE CHABLIS verre 12,5 cl, 0 vente, jusqu’au 10 juin", shown)
