"""A drink added by hand."""

import pytest
from sqlalchemy import func, select

from sommit.extensions import db
from sommit.models import Count, Drink, Suggestion
from sommit.services import stock
from tests.screens.answers import words

NEW = "/boissons/nouvelle"


@pytest.fixture
def typed():
    return {
        "name": "Morgon Côte du Py", "producer": "Foillard", "appellation": "Morgon", "region": "Beaujolais",
        "country": "France", "category": "wine", "colour": "rouge", "vintage": "2022", "volume": "75", "price": "48,50",
        "glass_price": "9", "threshold": "6", "stock": "11,5",
    }  # fmt: skip


def add(screen, typed, **changed):
    return screen.post(NEW, htmx=False, **typed | changed)


def drinks():
    db.session.rollback()
    return list(db.session.scalars(select(Drink).order_by(Drink.id)))


def test_the_form_is_a_bottle_of_wine_to_begin_with(screen):
    page = screen.get(NEW).text

    assert '<option value="wine" selected>' in page
    assert 'name="volume" type="text" value="75"' in page
    assert "11,5" not in page


def test_what_was_typed_becomes_an_entry_with_its_first_count(screen, typed, glass):
    answer = add(screen, typed)
    [drink] = drinks()

    assert (answer.status_code, answer.location) == (303, f"/boissons/{drink.id}")
    assert (drink.name, drink.colour, drink.vintage, drink.volume_ml) == ("Morgon Côte du Py", "rouge", 2022, 750)
    assert (drink.price_cents, drink.glass_price_cents, drink.threshold_ml) == (4850, 900, 4500)
    assert stock.on_hand(drink) == 8625 * stock.UL
    assert db.session.scalar(select(func.count()).select_from(Suggestion)) == 1, "the list is proposed anew"
    assert "« Morgon Côte du Py 2022 » est dans vos boissons." in words(screen.get("/boissons").text)


def test_a_drink_that_was_not_counted_has_no_count(screen, typed):
    add(screen, typed, stock="")

    assert db.session.scalar(select(func.count()).select_from(Count)) == 0


def test_only_a_wine_has_a_colour(screen, typed):
    add(screen, typed, category="beer", volume="3000")

    assert (drinks()[0].colour, drinks()[0].volume_ml) == ("", 30_000)


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("name", "", "Donnez un nom"),
        ("vintage", "20233", "n’est pas un millésime"),
        ("vintage", "deux mille", "n’est pas un nombre possible ici."),
        ("volume", "0", "Le format se donne"),
        ("volume", "une bouteille", "n’est pas un nombre possible ici."),
        ("price", "-1", "n’est pas un nombre possible ici."),
        ("glass_price", "cher", "n’est pas un nombre possible ici."),
        ("threshold", "NaN", "n’est pas un nombre possible ici."),
        ("stock", "1e99", "n’est pas un nombre possible ici."),
        ("producer", "x" * 201, "Ce champ tient en 200 caractères."),
    ],
)
def test_a_fault_is_told_at_its_field_and_the_rest_stays_typed(screen, typed, field, text, said):
    answer = add(screen, typed, **{field: text})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert said in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert 'value="Foillard"' in answer.text or field == "producer"
    assert drinks() == []


def test_a_formula_is_no_entry(screen, typed):
    answer = add(screen, typed, region="=A1")

    assert answer.status_code == 422
    assert "est une formule" in answer.text


def test_a_second_tap_leads_to_the_drink_of_the_first(screen, typed):
    first, second = add(screen, typed), add(screen, typed)

    assert (second.status_code, second.location) == (303, first.location)
    assert len(drinks()) == 1
    assert db.session.scalar(select(func.count()).select_from(Count)) == 1


def test_a_drink_that_is_there_already_is_led_to(screen, typed):
    add(screen, typed)
    answer = add(screen, typed, name="MORGON côte du py", price="50")

    assert answer.status_code == 422
    assert "est déjà dans vos boissons" in answer.text
    assert f'href="/boissons/{drinks()[0].id}">Ouvrir sa fiche' in answer.text
    assert len(drinks()) == 1


def test_another_venue_s_drink_is_not_in_the_way(screen, stranger, typed):
    add(screen, typed)
    assert add(stranger, typed).status_code == 303

    assert len({drink.venue_id for drink in drinks()}) == 2


def test_somebody_who_is_signed_out_adds_nothing(screen, typed):
    screen.get(NEW)
    screen.post("/deconnexion", htmx=False)
    screen.client.post(NEW, data=typed)

    assert drinks() == []
