"""The journal of the nights: each evening's state and money, and what does not add up, with its candidate causes."""

import re
from datetime import timedelta

import pytest

from sommit.blueprints import closing_words
from sommit.extensions import db
from sommit.jalia import control
from sommit.models import Night
from sommit.services import turnover
from tests import factories
from tests.screens.statements import counted
from tests.till_screens.conftest import LAST_NIGHT, MORNING
from tests.till_screens.words import words

XSS = '<img src=x onerror="alert(1)">'


def journal(page: str) -> str:
    return words(page.partition('id="nuits"')[2].partition('id="token"')[0])


def night(venue, day, state="imported", **fields) -> None:
    db.session.add(Night(venue_id=venue.id, business_date=day, state=state, **fields))
    db.session.commit()


def test_a_night_that_adds_up_is_one_line_whose_parts_make_the_tills_total(screen, connected, till, read):
    for label, price in (("VRE CHABLIS", 650), ("PINTE", 700), ("PLAT DU JOUR", 1450)):
        till.product(label, price_cents=price)
    till.closing([("VRE CHABLIS", 6), ("PINTE", 3), ("PLAT DU JOUR", 100)], date=LAST_NIGHT)
    read()
    keys = {row.label: row for row in db.session.scalars(db.select(factories.TillReference))}
    factories.link(keys["VRE CHABLIS"], factories.drink(connected))
    keys["PLAT DU JOUR"].ignored_at = MORNING
    db.session.commit()

    assert "samedi 13 juin lue 1 3 39,00 21,00 1 450,00 0,00" in journal(screen.get("/caisse").text)
    evening = turnover.evenings(connected.id, [LAST_NIGHT])[LAST_NIGHT]
    assert evening.turnover_cents == till.closings[0].total_sales_cents == 3900 + 2100 + 145_000


def test_a_difference_is_shown_with_its_closing_and_its_amount(screen, connected, till, read):
    till.closing([("PINTE", 2)], date=LAST_NIGHT, number=1202, difference_cents=450)
    read()
    page = screen.get("/caisse").text

    assert "samedi 13 juin écart" in journal(page)
    assert '<td class="num is-alert">−4,50</td>' in page
    assert "Nuit du samedi 13 juin, clôture n° 1202 4,50 € au total de la caisse sans ligne correspondante." in journal(
        page
    )


def test_more_lines_than_the_tills_total_is_said_the_other_way_round(screen, connected, till, read):
    till.closing([("PINTE", 2)], date=LAST_NIGHT, difference_cents=-300)
    read()
    page = screen.get("/caisse").text
    assert "3,00 € de lignes en plus du total de la caisse." in journal(page)
    assert ">3,00</td>" in page


@pytest.mark.parametrize("code", sorted(closing_words.CAUSES))
def test_every_cause_that_a_control_names_is_a_french_sentence(app, code):
    with app.test_request_context():
        assert closing_words.causes([code]).startswith("Cause possible\u00a0: ")
        assert closing_words.causes([code, "held"]).startswith("Causes possibles\u00a0: ")


def test_the_causes_known_here_are_those_of_the_control():
    named = {"split", "offered", "menu", control.MISSING_PAGE, *control._LEFT_OUT.values()}
    assert set(closing_words.CAUSES) == named


def test_a_closing_says_all_that_its_control_found(screen, venue, connected):
    closing = factories.closing(
        venue,
        LAST_NIGHT,
        number=7,
        finalized_at=MORNING,
        total_cents=1000,
        turnover_cents=1000,
        difference_cents=0,
        control={
            "causes": [],
            "gaps": [["key-1", "VRE CHABLIS", 6000, 7500, ["offered"]], ["key-2", XSS, 1000, 2000, []]],
            "held": ["Note 12, ligne 3, « PINTE » : quantité illisible ou hors limites."],
            "opened_from_orders": True,
            "unit_changed": True,
        },
    )
    night(venue, LAST_NIGHT)
    page = screen.get("/caisse").text

    shown = journal(page)
    assert "samedi 13 juin à vérifier" in shown
    assert "Note 12, ligne 3, « PINTE » : quantité illisible ou hors limites." in shown
    assert "L’heure d’ouverture manque" in shown
    assert "L’unité des montants n’est plus celle de la lecture précédente." in shown
    assert "2 touches dont la quantité diffère" in shown
    assert "VRE CHABLIS 6 lus, 7,5 selon la clôture. Cause possible : les lignes offertes." in shown
    assert XSS not in page
    assert f'id="cloture-{closing.id}"' in page


def test_money_of_which_the_unit_is_unknown_is_no_zero(screen, venue, connected):
    factories.closing(
        venue, LAST_NIGHT, finalized_at=MORNING, turnover_cents=None, difference_cents=None, unit="unknown", lines=12
    )
    night(venue, LAST_NIGHT)
    shown = journal(screen.get("/caisse").text)

    assert "samedi 13 juin à vérifier 1 12 – – – –" in shown
    assert "L’unité des montants est inconnue : les quantités sont lues, le CA ne l’est pas." in shown


def test_a_closing_that_could_not_be_taken_over_says_why(screen, connected, till, read, server):
    till.closing([("PINTE", 1)], date=LAST_NIGHT - timedelta(days=1))
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    server.faults.add("/v1/orders/", html="<h1>Maintenance</h1>")
    read()
    shown = journal(screen.get("/caisse").text)

    assert "samedi 13 juin lue" in shown
    assert "vendredi 12 juin échec" in shown
    assert re.search(r"Nuit du vendredi 12 juin, clôture n° 1 La réponse reçue ne vient pas de Jalia\.", shown)


@pytest.mark.parametrize(
    ("state", "said"),
    [("due", "en attente"), ("waiting", "en attente"), ("failed", "échec"), ("no_service", "pas de service")],
)
def test_a_night_without_a_closing_says_what_became_of_it_and_shows_no_zero(screen, venue, connected, state, said):
    night(venue, LAST_NIGHT, state)
    assert f"samedi 13 juin {said} – – – – – –" in journal(screen.get("/caisse").text)


def test_ten_nights_are_shown_first_and_forty_five_where_asked_but_every_difference_at_once(screen, venue, connected):
    for days in range(45):
        night(venue, LAST_NIGHT - timedelta(days=days))
    old = LAST_NIGHT - timedelta(days=40)
    factories.closing(venue, old, number=9, finalized_at=MORNING, turnover_cents=0, difference_cents=-450)

    few = screen.get("/caisse").text
    assert few.count('<th scope="row">') == 10
    assert "Voir les 45 nuits" in words(few)
    assert "Nuit du lundi 4 mai, clôture n° 9 4,50 € au total de la caisse" in journal(few)
    every = screen.get("/caisse", toutes=1).text
    assert every.count('<th scope="row">') == 45
    assert "Voir les 45 nuits" not in words(every)


def test_another_venues_nights_are_not_here(stranger, connected, till, read):
    till.closing([("PINTE", 2)], date=LAST_NIGHT)
    read()
    assert "samedi 13 juin" not in stranger.get("/caisse").text


def test_the_page_asks_as_much_of_the_database_for_one_night_as_for_forty_five(screen, venue, connected):
    def statements() -> int:
        with counted() as sent:
            assert screen.get("/caisse").status_code == 200
        return len(sent)

    def evening(days: int) -> None:
        day = LAST_NIGHT - timedelta(days=days)
        night(venue, day)
        closing = factories.closing(venue, day, finalized_at=MORNING, difference_cents=-450)
        factories.sale(closing, factories.reference(venue), cents=500)

    evening(0)
    one = statements()
    for days in range(1, 45):
        evening(days)
    assert statements() == one
