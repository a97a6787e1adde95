"""The tab *Stock*: the figure's own arithmetic, and what may be written down."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Count, Delivery, Loss
from sommit.services import stock
from tests import factories
from tests.screens.answers import words

EVENING = datetime(2026, 6, 10, 19, tzinfo=UTC)
MORNING = datetime(2026, 6, 14, 7, 30, tzinfo=UTC)
ACTS = {"inventaire": Count, "livraison": Delivery, "perte": Loss}


@pytest.fixture
def today(app):
    current_app.config["NOW"] = MORNING


def facts(kind):
    return list(db.session.scalars(select(kind).order_by(kind.id)))


def at(drink, tab="stock"):
    return f"/boissons/{drink.id}/{tab}"


def form_of(screen, drink, act):
    """What the form of an act sends when somebody opens it and types nothing."""
    page = screen.get(at(drink), geste=act).text
    return {"seen": re.search(r'name="seen" value="(\d+)"', page).group(1), "when": "maintenant"}


def test_every_line_of_the_arithmetic_is_told(screen, venue, user, chablis, today):
    glass = factories.reference(venue, "VRE CHABLIS")
    factories.link(glass, chablis, 125)
    factories.count(chablis, 9 * 750, EVENING - timedelta(days=9), created_by=user.id)
    factories.delivery(chablis, 12 * 750, EVENING - timedelta(days=6))
    factories.loss(chablis, 750, EVENING - timedelta(days=3), reason="bouchonnée")
    closing = factories.closing(venue, EVENING.date())
    factories.sale(closing, glass, 9, at=EVENING, cents=6300, unit_price_cents=700)
    factories.sale(closing, glass, 1, at=EVENING, cents=0, unit_price_cents=700)
    factories.sale(closing, glass, 2, at=EVENING, stock="loss", money="loss")

    shown = words(screen.get(at(chablis)).text).replace("\xa0", " ")

    assert f"Inventaire du 1er juin, 21 h 00 9,0 compté par {user.email}" in shown
    assert "Livraison du 4 juin +12,0" in shown
    assert "Perte du 7 juin −1,0 bouchonnée" in shown
    assert "Vendu : 9 verres −1,5 VRE CHABLIS , 1 nuit, 1,125 l" in shown
    assert "Offert : 1 verre −0,2 VRE CHABLIS" in shown
    assert "Perdu en caisse : 2 verres −0,3 VRE CHABLIS" in shown
    assert "Stock théorique 18,0" in shown
    assert "10 juin – – −2 18" in shown
    assert "4 juin +12 – – 21" in shown


def test_a_drink_never_counted_says_where_its_stock_starts(screen, venue):
    shown = words(screen.get(at(factories.drink(venue))).text)

    assert "jamais compté" in shown
    assert "– jamais" not in shown
    assert "Le stock commence au premier inventaire" in shown


@pytest.mark.parametrize(
    ("quantity", "parts", "ml"),
    [("11", "", 8250), ("2,3", "", 1725), ("2.3", "", 1725), ("11", "3", 8625), ("", "2", 250), ("0", "", 0)],
)
def test_a_count_is_typed_in_formats_with_decimals_or_with_glasses(screen, user, chablis, today, quantity, parts, ml):
    form = form_of(screen, chablis, "inventaire")

    answer = screen.post(at(chablis, "inventaire"), htmx=False, quantity=quantity, parts=parts, **form)

    assert (answer.status_code, answer.location) == (303, at(chablis))
    assert (facts(Count)[-1].quantity_ml, facts(Count)[-1].at, facts(Count)[-1].created_by) == (ml, MORNING, user.id)
    assert stock.on_hand(chablis) == ml * stock.UL


def test_a_count_says_by_how_much_the_figure_was_wrong(screen, chablis, today):
    form = form_of(screen, chablis, "inventaire")
    answer = screen.post(at(chablis, "inventaire"), quantity="20", **form)

    assert "Inventaire noté : 20 bouteilles, écart de −2." in words(screen.get(answer.location).text).replace(
        "\xa0", " "
    )


def test_a_keg_is_rounded_out_in_half_pints(screen, venue, today):
    keg = factories.drink(venue, "IPA", category="beer", volume_ml=30_000)
    screen.post(at(keg, "inventaire"), quantity="1", parts="4", **form_of(screen, keg, "inventaire"))

    assert facts(Count)[-1].quantity_ml == 31_000
    assert "demis de 25 cl" in words(screen.get(at(keg)).text).replace("\xa0", " ")


def test_a_delivery_and_a_loss_move_the_stock(screen, chablis, today):
    screen.post(at(chablis, "livraison"), quantity="6", **form_of(screen, chablis, "livraison"))
    screen.post(at(chablis, "perte"), quantity="1", reason="cassée", **form_of(screen, chablis, "perte"))

    assert stock.on_hand(chablis) == 27 * 750 * stock.UL
    assert facts(Loss)[0].reason == "cassée"


def test_another_moment_is_on_the_venues_wall(screen, chablis, today):
    form = form_of(screen, chablis, "livraison") | {"when": "autre", "at": "2026-06-13T18:05"}
    screen.post(at(chablis, "livraison"), quantity="6", **form)

    assert facts(Delivery)[0].at == datetime(2026, 6, 13, 16, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"quantity": ""}, "quantity", "Indiquez une quantité"),
        ({"quantity": "douze"}, "quantity", "Indiquez une quantité"),
        ({"quantity": "-2"}, "quantity", "Indiquez une quantité"),
        ({"quantity": "1e9"}, "quantity", "Indiquez une quantité"),
        ({"quantity": "NaN"}, "quantity", "Indiquez une quantité"),
        ({"quantity": "1", "parts": "x"}, "quantity", "Indiquez une quantité"),
        ({"quantity": "1", "when": "autre", "at": ""}, "at", "Indiquez le jour et l’heure."),
        ({"quantity": "1", "when": "autre", "at": "hier"}, "at", "Indiquez le jour et l’heure."),
        ({"quantity": "1", "when": "autre", "at": "2026-06-14T09:31"}, "at", "n’est pas encore passé"),
        ({"quantity": "1", "when": "autre", "at": "9999-12-31T23:59"}, "at", "n’est pas encore passé"),
        ({"quantity": "1", "when": "autre", "at": "0026-06-14T09:31"}, "at", "trop ancienne"),
    ],
)
@pytest.mark.parametrize("act", ACTS)
def test_what_cannot_be_is_refused_at_its_field(screen, chablis, today, act, said, field, sentence):
    before = len(facts(ACTS[act]))
    answer = screen.post(at(chablis, act), htmx=False, **(form_of(screen, chablis, act) | said))

    assert answer.status_code == 422
    assert sentence in words(answer.text)
    assert f'id="{field}-error"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert f'value="{said["quantity"]}"' in answer.text, "what was typed stays"
    assert len(facts(ACTS[act])) == before


@pytest.mark.parametrize("act", ["livraison", "perte"])
def test_nothing_is_neither_delivered_nor_lost(screen, chablis, act):
    answer = screen.post(at(chablis, act), quantity="0", **form_of(screen, chablis, act))

    assert answer.status_code == 422
    assert "plus grande que zéro" in answer.text


def test_a_reason_is_no_letter(screen, chablis):
    answer = screen.post(at(chablis, "perte"), quantity="1", reason="x" * 201, **form_of(screen, chablis, "perte"))

    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text


@pytest.mark.parametrize("act", ACTS)
def test_two_taps_on_a_form_are_one_fact_and_a_fresh_form_is_another(screen, chablis, today, act):
    before, form = len(facts(ACTS[act])), form_of(screen, chablis, act)
    for _tap in range(2):
        assert screen.post(at(chablis, act), quantity="2", **form).status_code == 303
    assert len(facts(ACTS[act])) == before + 1

    screen.post(at(chablis, act), quantity="2", **form_of(screen, chablis, act))

    assert len(facts(ACTS[act])) == before + 2


def test_a_negative_stock_is_shown_with_its_likely_causes(screen, venue, chablis, today):
    factories.drink(venue, producer="William Fèvre", region="Bourgogne", colour="blanc", vintage=2024, stock=6)
    glass = factories.reference(venue, "VRE CHABLIS", category="Vins au verre", price_cents=700)
    factories.link(glass, chablis, 750)
    factories.sale(factories.closing(venue), glass, 24, at=EVENING)

    shown = words(screen.get(at(chablis)).text).replace("\xa0", " ").replace("\u202f", " ")

    assert "Stock négatif : il manque 2 bouteilles." in shown
    assert "une livraison n’a pas été notée depuis le 1er janvier" in shown
    assert "VRE CHABLIS retire 75 cl par vente, son libellé dit plutôt 12,5 cl" in shown
    assert "la caisse sert peut-être déjà Chablis Montmains 2024 , qui a du stock" in shown
    assert "le dernier inventaire date du 1er janvier" in shown


def test_a_low_stock_says_for_how_many_evenings_there_is_enough(screen, venue, today):
    morgon = factories.drink(venue, "Morgon", stock=3, threshold_ml=6 * 750)
    bottle = factories.reference(venue)
    factories.link(bottle, morgon, 750)
    factories.sale(factories.closing(venue), bottle, 1, at=EVENING)

    shown = words(screen.get(at(morgon)).text)

    assert "Sous le seuil de 6. Au rythme de la semaine, il reste 14 soirs." in shown


def test_the_history_is_short_until_somebody_asks_for_all_of_it(screen, venue, chablis, today):
    for day in range(20):
        factories.delivery(chablis, 750, EVENING - timedelta(days=day))

    rows = [screen.get(at(chablis), **asked).text.count('<th scope="row">') for asked in ({}, {"jours": "tous"})]

    assert rows == [14, 20]


@pytest.mark.parametrize("act", ACTS)
def test_another_venues_drink_is_not_there(stranger, chablis, act):
    before = len(facts(ACTS[act]))
    assert stranger.get(at(chablis)).status_code == 404
    assert stranger.post(at(chablis, act), quantity="1", when="maintenant", seen="0").status_code == 404
    assert len(facts(ACTS[act])) == before
