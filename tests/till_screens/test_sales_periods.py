"""*Ventes* over a week, a month, any range: the same figures, the same proof, three tables."""

import re
from datetime import date, timedelta

import pytest

from sommit.extensions import db
from sommit.models import Night
from tests import factories
from tests.screens.statements import counted
from tests.till_screens.conftest import MORNING
from tests.till_screens.words import words

MONDAY, SUNDAY = date(2026, 6, 8), date(2026, 6, 14)


def week(**more):
    return {"du": MONDAY.isoformat(), "au": SUNDAY.isoformat(), **more}


def closing(venue, day, cents, **fields):
    figures = {"total_cents": cents, "turnover_cents": cents, "difference_cents": 0, "number": day.day}
    return factories.closing(venue, day, finalized_at=MORNING, **(figures | fields))


@pytest.fixture
def nights(venue):
    """Two weeks: a glass and a bottle of one drink, a cocktail, beer that nobody linked, a dish that is ignored."""
    chablis = factories.drink(venue, "Chablis", colour="blanc", vintage=2022)
    rum = factories.drink(venue, "Rhum", category="spirit", volume_ml=700)
    soda = factories.drink(venue, "Soda", category="soft", volume_ml=1000)
    keys = [factories.reference(venue, label) for label in ("VRE CHABLIS", "BT CHABLIS", "MOJITO", "PINTE IPA")]
    dish = factories.reference(venue, "PLAT DU JOUR", ignored_at=MORNING)
    factories.link(keys[0], chablis)
    factories.link(keys[1], chablis, 750)
    factories.link(keys[2], rum, 40)
    factories.link(keys[2], soda, 200)
    for day, cents in ((MONDAY - timedelta(days=1), 1000), (MONDAY, 30_000), (SUNDAY, 12_000)):
        one = closing(venue, day, cents)
        for key, part in zip([*keys, dish], (10, 25, 15, 20, 30), strict=True):
            factories.sale(one, key, 2, cents=cents * part // 100)
    return keys


def test_a_week_is_proved_like_a_night(screen, nights):
    shown = words(screen.get("/ventes", **week()).text)

    assert "Semaine du 8 au 14 juin 2 nuits lues, 2 clôtures" in shown
    assert "CA de la caisse 420,00 € Dont boissons liées 210,00 € Semaine d’avant 10,00 €" in shown
    assert (
        "Preuve de la période Boissons liées 210,00 € À synchroniser 84,00 € Ignorées 126,00 € Somme 420,00 € "
        "Caisse, 2 clôtures 420,00 € Écart 0,00 €" in shown
    )


def test_by_drink_the_servings_of_one_drink_add_up_and_a_cocktail_stays_whole(screen, nights):
    table = words(screen.get("/ventes", **week()).text).partition("Boisson Ventes Part CA de la caisse")[2]

    assert "Chablis 2022 4 verres, 4 bouteilles 8 70 % 147,00 €" in table
    assert "MOJITO plusieurs boissons : Rhum, Soda 4 30 % 63,00 €" in table
    assert "Boissons liées 12 100 % 210,00 €" in table
    assert "PINTE IPA" not in table


def test_by_category_several_drinks_are_one_more(screen, nights):
    table = words(screen.get("/ventes", **week(par="categorie")).text).partition("Catégorie Ventes Part")[2]
    assert "Blancs 8 70 % 147,00 € Plusieurs boissons 4 30 % 63,00 € Boissons liées 12 100 % 210,00 €" in table


def test_by_reference_every_key_is_there_once(screen, nights):
    table = words(screen.get("/ventes", **week(par="reference")).text).partition("Référence Ventes CA de la caisse")[2]
    assert "PLAT DU JOUR ignorée 4 126,00 €" in table
    assert "PINTE IPA à synchroniser 4 84,00 €" in table
    assert "MOJITO Rhum , Soda 4 63,00 €" in table
    assert "Somme 20 420,00 €" in table


def test_a_link_that_was_made_for_later_leaves_the_earlier_sales_to_synchronise(screen, venue):
    key = factories.reference(venue, "PINTE IPA")
    one = closing(venue, SUNDAY, 1500)
    factories.sale(one, key, 1, cents=500, at=MORNING - timedelta(hours=2))
    factories.sale(one, key, 2, cents=1000, at=MORNING)
    factories.link(key, factories.drink(venue, "IPA"), 500, starts_at=MORNING)
    shown = words(screen.get("/ventes", **week(par="reference")).text)

    assert "Boissons liées 10,00 € À synchroniser 5,00 € Ignorées 0,00 €" in shown
    assert "PINTE IPA IPA dont 5,00 € à synchroniser 3 15,00 €" in shown


def test_the_chart_says_its_figures_and_shows_both_weeks(screen, nights):
    page = screen.get("/ventes", **week()).text
    said = words(re.search(r'role="img" aria-label="([^"]*)"', page)[1])

    assert said.startswith(
        "Chiffre d’affaires, Semaine du 8 au 14 juin : 420,00 €. Semaine d’avant : 10,00 €. Par nuit : 8 juin 300,00 €,"
    )
    assert "9 juin 0,00 €" in said
    assert page.count("<rect ") == 3
    assert page.count('class="past"/>') == 1
    assert (
        "viewBox" not in page[page.index('<svg class="chart') : page.index("</svg>", page.index('<svg class="chart'))]
    )


def test_the_kinds_of_period_and_the_neighbours_are_links(screen, nights):
    page = screen.get("/ventes", **week(par="categorie")).text
    for address in (
        "/ventes?jour=2026-06-14&amp;par=categorie",
        "/ventes?du=2026-06-01&amp;au=2026-06-30&amp;par=categorie",
        "/ventes?du=2026-06-01&amp;au=2026-06-07&amp;par=categorie",
    ):
        assert f'href="{address}"' in page
    assert 'rel="next"' not in page
    assert "Juin 2026" in screen.get("/ventes", du="2026-06-01", au="2026-06-30").text
    assert "Du 7 au 14 juin" in screen.get("/ventes", du="2026-06-07", au="2026-06-14").text


def test_one_night_asked_as_a_range_is_the_night(screen, nights):
    assert "Nuit du dimanche 14 juin" in screen.get("/ventes", du="2026-06-14", au="2026-06-14").text


def test_a_difference_and_a_missing_night_are_named_in_a_longer_proof(screen, venue, nights):
    closing(venue, date(2026, 6, 10), 5000, turnover_cents=4550, difference_cents=-450)
    db.session.add(Night(venue_id=venue.id, business_date=date(2026, 6, 11), state="failed", problem="Panne."))
    db.session.commit()
    shown = words(screen.get("/ventes", **week()).text)

    assert "Écart −4,50 €" in shown
    assert "Pour la clôture n° 10 du 10 juin : 4,50 € au total de la caisse sans ligne correspondante." in shown
    assert "1 nuit manque encore : 11 juin ." in shown


def test_money_that_is_unknown_is_left_out_and_said(screen, venue, nights):
    one = closing(venue, date(2026, 6, 10), None, total_cents=5000, difference_cents=None, unit="unknown")
    factories.sale(one, nights[3], 3, cents=None)
    factories.sale(one, factories.reference(venue, "INCONNUE"), 3, cents=None)
    shown = words(screen.get("/ventes", **week(par="reference")).text)

    assert "Sans l’argent d’1 clôture, dont l’unité des montants est inconnue." in shown
    assert "Écart inconnu" in shown
    assert "PINTE IPA à synchroniser 7 84,00 € 1 vente sans montant" in shown
    assert "INCONNUE à synchroniser 3 –" in shown


def test_a_long_table_shows_its_best_rows_and_what_the_others_come_to(screen, venue, nights):
    one = closing(venue, MONDAY, 3000)
    for number in range(30):
        factories.sale(one, factories.reference(venue, f"TOUCHE {number}"), cents=100)
    page = screen.get("/ventes", **week(par="reference"))

    assert "15 autres références 15 15,00 €" in words(page.text)
    assert "TOUCHE 29" in screen.get("/ventes", **week(par="reference", tout=1)).text


def test_a_period_without_a_closing_leads_to_the_last_night(screen, nights):
    page = screen.get("/ventes", du="2025-01-06", au="2025-01-12")
    assert page.status_code == 200
    assert "Aucune clôture n’a été lue pour cette période. Voir la dernière nuit lue" in words(page.text)


def test_while_nothing_is_linked_the_keys_come_first(screen, venue):
    factories.sale(closing(venue, MONDAY, 500), factories.reference(venue, "PINTE IPA"), cents=500)
    assert "Par référence de la caisse" in screen.get("/ventes").text
    shown = words(screen.get("/ventes", par="boisson").text)
    assert "Aucune vente de ces nuits n’est liée à une boisson. Voir les références à synchroniser" in shown


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2026-06-14", "2026-06-08", "Cette période finit avant de commencer."),
        ("2026-06-08", "", "Indiquez deux dates, la première et la dernière nuit."),
        ("", "", "Indiquez deux dates, la première et la dernière nuit."),
        ("hier", "2026-06-08", "« hier » n’est pas une date."),
        ("2026-06-08", "2026-06-31", "« 2026-06-31 » n’est pas une date."),
        ("2025-06-08", "2026-06-14", "Une période compte 366 nuits au plus."),
        ("0001-01-01", "9999-12-31", "Une période compte 366 nuits au plus."),
        ("\x00", "9" * 400, "n’est pas une date."),
    ],
)
def test_absurd_dates_get_a_sentence_and_the_last_night(screen, nights, since, until, said):
    page = screen.get("/ventes", du=since, au=until)

    assert page.status_code == 422
    assert f"{said} Voici la dernière nuit lue." in words(page.text)
    assert "Nuit du dimanche 14 juin" in page.text
    assert '<details class="menu dates" open>' in page.text


@pytest.mark.parametrize(
    ("since", "until"), [("0001-01-01", "0001-01-07"), ("0001-01-01", "0001-01-31"), ("9999-12-01", "9999-12-31")]
)
def test_the_ends_of_the_calendar_are_periods_like_others(screen, nights, since, until):
    assert screen.get("/ventes", du=since, au=until).status_code == 200


def test_another_venues_sales_are_in_no_period(stranger, nights):
    page = stranger.get("/ventes", **week(par="reference")).text
    assert "Aucune clôture n’a été lue pour cette période." in page
    assert "MOJITO" not in page


@pytest.mark.parametrize("table", ["boisson", "categorie", "reference"])
def test_a_year_asks_as_much_of_the_database_as_a_week(screen, venue, nights, table):
    def statements(**period) -> int:
        with counted() as sent:
            assert screen.get("/ventes", par=table, **period).status_code == 200
        return len(sent)

    few = statements(**week())
    for days in range(2, 20):
        one = closing(venue, SUNDAY - timedelta(days=days * 10), 500)
        factories.sale(one, factories.reference(venue, f"TOUCHE {days}"), cents=500)
    assert statements(du="2025-06-15", au="2026-06-14") == few
