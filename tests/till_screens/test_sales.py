"""*Ventes*: an evening, its proof, and what each key of the till sold."""

from datetime import UTC, date, datetime, timedelta

import pytest

from demo.simulator import situations
from sommit.extensions import db
from sommit.models import Night, SaleLine, TillReference
from sommit.services import sales_pieces, turnover
from tests import factories
from tests.screens.statements import counted
from tests.till_screens.conftest import LAST_NIGHT, MORNING
from tests.till_screens.words import words


@pytest.fixture
def evening(venue):
    """A closing of four keys: linked, to synchronise, ignored, and one that pours two drinks."""
    closing = factories.closing(
        venue,
        LAST_NIGHT,
        number=1204,
        opened_at=datetime(2026, 6, 13, 15, 2, tzinfo=UTC),
        finalized_at=datetime(2026, 6, 14, 0, 41, tzinfo=UTC),
        read_at=datetime(2026, 6, 14, 3, 12, tzinfo=UTC),
        total_cents=241_850,
        turnover_cents=241_850,
        difference_cents=0,
        lines=7,
    )
    chablis, rum, soda = (factories.drink(venue, name, vintage=None) for name in ("Chablis", "Rhum", "Soda"))
    glass = factories.reference(venue, "VRE CHABLIS")
    mojito = factories.reference(venue, "MOJITO")
    dish = factories.reference(venue, "PLAT DU JOUR", ignored_at=MORNING)
    beer = factories.reference(venue, "PINTE IPA")
    factories.link(glass, chablis)
    factories.link(mojito, rum, 40)
    factories.link(mojito, soda, 200)
    for key, quantity, cents in ((glass, 21, 13_650), (mojito, 13, 82_550), (beer, 38, 59_850), (dish, 60, 85_800)):
        factories.sale(closing, key, quantity, cents=cents)
    factories.sale(closing, glass, 6, cents=0, unit_price_cents=700)
    factories.sale(closing, glass, 1, cents=4000, unit_price_cents=4000, stock="none", money="canceled")
    factories.sale(closing, glass, 2, cents=0, unit_price_cents=700, stock="loss", money="loss")
    return closing


def test_the_proof_adds_up_to_the_tills_total_in_cents(screen, venue, evening):
    shown = words(screen.get("/ventes").text)

    assert "Nuit du samedi 13 juin Clôture ouverte à 17 h 02, fermée à 2 h 41, lue à 5 h 12" in shown
    assert (
        "Preuve de nuit Boissons liées 962,00 € À synchroniser 598,50 € Ignorées 858,00 € Somme 2 418,50 € "
        "Caisse, clôture n° 1204 2 418,50 € Écart 0,00 €" in shown
    )


def test_two_drinks_of_one_name_are_told_apart(screen, venue, evening):
    magnum = factories.drink(venue, "Chablis", vintage=None, producer="William Fèvre", volume_ml=1500)
    key = factories.reference(venue, "MAG CHABLIS")
    factories.link(key, magnum, 1500)
    factories.sale(evening, key, 1, cents=9000)

    shown = words(screen.get("/ventes").text)

    assert "Chablis William Fèvre, 1,5 l · 1 " in shown


def test_each_key_is_one_line_with_what_it_pours_or_where_it_stands(screen, evening):
    shown = words(screen.get("/ventes", par="reference").text)
    table = shown.partition("Référence Ventes CA de la caisse")[2]

    assert table.index("PLAT DU JOUR ignorée 60 858,00 €") < table.index("MOJITO Rhum , Soda 13 825,50 €")
    assert "PINTE IPA à synchroniser 38 598,50 €" in table
    assert "VRE CHABLIS Chablis 27 136,50 €" in table
    assert "Somme 138 2 418,50 €" in table


def test_what_brings_no_turnover_is_counted_apart(screen, evening):
    shown = words(screen.get("/ventes").text)
    assert (
        "À part, hors CA Offerts 6 sortis du stock, 42,00 € au tarif de la caisse "
        "Pertes déclarées en caisse 2 sorties du stock Annulés 1" in shown
    )


def test_lines_that_cannot_be_read_are_counted_and_an_evening_of_plain_sales_has_nothing_apart(screen, venue):
    closing = factories.closing(venue, LAST_NIGHT, finalized_at=MORNING, difference_cents=0)
    factories.sale(closing, factories.reference(venue), 2, cents=1300)
    assert "À part" not in screen.get("/ventes").text

    for _ in range(2):
        factories.sale(closing, factories.reference(venue), 0, cents=None, stock="held", money="held")
    assert "Lignes illisibles, mises de côté 2" in words(screen.get("/ventes").text)


def test_the_sums_of_an_evening_of_every_kind_of_line_equal_the_facts(app, screen, connected, till, read):
    closing = situations.evening(till)
    app.config["NOW"] = closing.finalized_at + timedelta(hours=6)
    read()
    keys = list(db.session.scalars(db.select(TillReference)))
    factories.link(keys[0], factories.drink(connected))
    keys[1].ignored_at = MORNING
    db.session.commit()
    page = words(screen.get("/ventes").text)

    lines = list(db.session.scalars(db.select(SaleLine)))
    paid = sum(line.total_cents for line in lines if line.money == "turnover")
    assert paid == closing.total_sales_cents
    day = closing.opened_at.date()
    rows = sales_pieces.pieces(connected.id, day, day)
    assert sum(row.turnover_cents for row in rows) == paid
    figure = f"{paid // 100},{paid % 100:02d} €"
    assert f"Somme {figure}" in page
    assert "Écart 0,00 €" in page
    offered = [line for line in lines if line.money == "turnover" and line.total_cents == 0 and line.unit_price_cents]
    aside = turnover.aside(connected.id, day, day)
    assert "1 vente au poids est dans le CA, sans effet sur le stock : à vérifier." in page
    assert aside["offered"].quantity_milli == sum(line.quantity_milli for line in offered)
    for kind in ("canceled", "loss", "transferred", "moved"):
        assert aside[kind].quantity_milli == sum(line.quantity_milli for line in lines if line.money == kind)


def test_a_difference_is_named_with_its_closing(screen, connected, till, read):
    till.closing([("PINTE", 2)], date=LAST_NIGHT, number=1202, difference_cents=450)
    read()
    shown = words(screen.get("/ventes").text)

    assert "Écart −4,50 €" in shown
    assert "Pour la clôture n° 1202 : 4,50 € au total de la caisse sans ligne correspondante." in shown


def test_two_closings_of_an_evening_stand_both_in_its_proof(screen, connected, till, read):
    till.closing([("PINTE", 1)], date=LAST_NIGHT)
    till.closing([("PINTE", 2)], date=LAST_NIGHT, device="iPad terrasse", number=9)
    read()
    shown = words(screen.get("/ventes").text)

    assert "2 clôtures, la dernière fermée à 0 h 30" in shown
    assert "Caisse, clôture n° 1 de « iPad comptoir » 5,00 €" in shown
    assert "Caisse, clôture n° 9 de « iPad terrasse » 10,00 € Écart 0,00 €" in shown


def test_unknown_money_is_no_zero(screen, venue):
    closing = factories.closing(venue, LAST_NIGHT, finalized_at=MORNING, turnover_cents=None, unit="unknown")
    factories.sale(closing, factories.reference(venue), 3, cents=None)
    shown = words(screen.get("/ventes").text)

    assert "CA de la caisse –" in shown
    assert "Écart inconnu" in shown
    assert "VRE CHABLIS à synchroniser 3 –" in shown


def test_one_goes_from_evening_to_evening(screen, venue, evening):
    for days in (3, 9):
        factories.closing(venue, LAST_NIGHT - timedelta(days=days), finalized_at=MORNING, difference_cents=0)
    last = screen.get("/ventes").text
    assert 'href="/ventes?jour=2026-06-10" rel="prev"' in last
    assert 'rel="next"' not in last

    middle = screen.get("/ventes", jour="2026-06-10").text
    assert "Nuit du mercredi 10 juin" in middle
    assert 'href="/ventes?jour=2026-06-04" rel="prev"' in middle
    assert 'href="/ventes?jour=2026-06-13" rel="next"' in middle


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("no_service", "Pas de service ce soir-là."),
        ("waiting", "La clôture de ce soir-là n’est pas encore faite."),
        ("failed", "Aucune clôture n’a été lue pour cette nuit. La caisse ne répond pas."),
        (None, "Aucune clôture n’a été lue pour cette nuit."),
    ],
)
def test_an_evening_without_a_closing_says_why(screen, venue, evening, state, said):
    day = LAST_NIGHT - timedelta(days=1)
    if state:
        problem = "La caisse ne répond pas." if state == "failed" else None
        db.session.add(Night(venue_id=venue.id, business_date=day, state=state, problem=problem))
        db.session.commit()
    page = screen.get("/ventes", jour=day.isoformat())

    assert page.status_code == 200
    assert said in words(page.text)


@pytest.mark.parametrize("typed", ["2026-02-30", "hier", "20260613", "2026-W24-6", "0000-00-00", "9" * 400, "\x00"])
def test_what_is_no_date_gets_a_sentence_and_the_last_night(screen, evening, typed):
    page = screen.get("/ventes", jour=typed)

    assert page.status_code == 422
    assert "n’est pas une date. Voici la dernière nuit lue." in words(page.text)
    assert "Nuit du samedi 13 juin" in page.text


@pytest.mark.parametrize("day", [date.min, date.max], ids=["first", "last"])
def test_the_ends_of_the_calendar_are_evenings_like_others(screen, evening, day):
    assert screen.get("/ventes", jour=day.isoformat()).status_code == 200


def test_before_the_first_night_the_page_says_what_comes_next(screen, venue):
    shown = words(screen.get("/ventes").text)
    assert "Aucune nuit n’a encore été lue." in shown
    assert screen.get("/ventes", jour="hier").status_code == 422


def test_another_venues_sales_are_not_here(stranger, evening):
    assert "Aucune nuit n’a encore été lue." in stranger.get("/ventes").text
    assert "MOJITO" not in stranger.get("/ventes", jour=LAST_NIGHT.isoformat()).text


def test_the_page_asks_as_much_of_the_database_for_four_keys_as_for_two_hundred(screen, venue, evening):
    def statements() -> int:
        with counted() as sent:
            assert screen.get("/ventes").status_code == 200
        return len(sent)

    few = statements()
    drink = factories.drink(venue, "Morgon")
    for number in range(60):
        key = factories.reference(venue, f"TOUCHE {number}")
        factories.sale(evening, key, cents=500)
        if number % 2:
            factories.link(key, drink)
    assert statements() == few
