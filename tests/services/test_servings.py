"""What a house pours: its own servings where it has some, those of the trade where it has none."""

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Link, Suggestion
from sommit.services import answers, memory, references, servings, suggestions
from tests import factories


def pour(venue, category, *volumes):
    for ml in volumes:
        servings.add(venue.id, category, ml)
    db.session.commit()


@pytest.mark.parametrize(
    ("category", "volume_ml", "likely", "choices"),
    [
        ("wine", 750, 125, (125, 500, 750)),
        ("wine", 750, 150, (125, 150, 500, 750)),
        ("wine", 375, 375, (125, 375)),
        ("beer", 30_000, 250, (250, 500, 30_000)),
        ("spirit", 700, 40, (20, 40, 700)),
        ("soft", 330, 330, (330,)),
        ("soft", 250, 330, (250, 330)),
    ],
)
def test_without_servings_of_its_own_a_house_is_offered_those_of_the_trade(venue, category, volume_ml, likely, choices):
    drink = factories.drink(venue, category=category, volume_ml=volume_ml)

    assert servings.house(venue.id).choices(drink, likely) == choices


def test_its_own_servings_take_the_place_of_the_usual_ones_in_their_category_alone(venue):
    pour(venue, "wine", 460, 120, 150)
    wine, beer = factories.drink(venue), factories.drink(venue, "IPA", category="beer", volume_ml=30_000)
    house = servings.house(venue.id)

    assert house.choices(wine, 120) == (120, 150, 460, 750)
    assert house.choices(beer, 250) == (250, 500, 30_000)


def test_adding_twice_and_removing_twice_is_once(venue):
    pour(venue, "wine", 120, 120)
    assert servings.house(venue.id).own == {"wine": (120,)}

    for _tap in range(2):
        servings.remove(venue.id, "wine", 120)
    assert servings.house(venue.id).own == {}


@pytest.mark.parametrize("ml", [None, 0, -125, 5001])
def test_what_nobody_pours_is_refused(venue, ml):
    with pytest.raises(servings.BadVolume):
        servings.add(venue.id, "wine", ml)


def test_a_thirteenth_serving_is_refused(venue):
    pour(venue, "spirit", *range(10, 130, 10))
    with pytest.raises(servings.TooMany):
        servings.add(venue.id, "spirit", 200)
    servings.add(venue.id, "spirit", 10)  # one of the twelve: nothing to do


def test_one_house_does_not_pour_what_another_does(venue):
    pour(factories.venue("Le Comptoir d’en face"), "wine", 150)

    assert servings.house(venue.id).own == {}


@pytest.mark.parametrize(
    ("poured", "glass_ml"),
    [((), None), ((150,), 150), ((120, 150), None), ((150, 460), 150), ((200,), 200), ((250,), None)],
)
def test_a_house_with_one_glass_of_wine_means_it_by_verre(venue, poured, glass_ml):
    pour(venue, "wine", *poured)

    assert servings.house(venue.id).glass_ml == glass_ml
    assert memory.of(venue.id).glass_ml == glass_ml


@pytest.mark.parametrize(
    ("label", "fields", "serving_ml"),
    [
        ("VRE CHABLIS", {}, 150),
        ("CHABLIS", {"category": "Vins au verre"}, 150),
        ("CHABLIS", {"price_cents": 600}, 150),
        ("VRE CHABLIS 12,5CL", {}, 125),
        ("CHABLIS 14CL", {}, 140),
        ("BT CHABLIS", {}, 750),
        ("PICHET CHABLIS 50CL", {}, 500),
    ],
)
def test_its_one_glass_is_what_a_glass_takes_unless_the_label_writes_a_volume(venue, label, fields, serving_ml):
    pour(venue, "wine", 150)
    chablis = factories.drink(venue, "Chablis", price_cents=3000)
    key = factories.reference(venue, label, **fields)
    suggestions.refresh(venue.id)
    db.session.commit()

    assert suggestions.serving_for(key, chablis, servings.house(venue.id)) == serving_ml
    assert db.session.scalar(select(Suggestion.serving_ml)) == serving_ml
    assert answers.opened(references.row(venue.id, key.id)).yes.serving_ml == serving_ml


def test_a_glass_of_beer_is_not_the_glass_of_wine(venue):
    pour(venue, "wine", 150)
    beer = factories.drink(venue, "IPA", category="beer", volume_ml=30_000)

    likely = suggestions.serving_for(factories.reference(venue, "VERRE IPA"), beer, servings.house(venue.id))
    pour(venue, "wine", 120)
    assert suggestions.serving_for(factories.reference(venue, "VERRE IPA"), beer, servings.house(venue.id)) == likely


def test_no_link_changes_by_a_serving_that_comes_or_goes(venue):
    factories.link(factories.reference(venue), factories.drink(venue), 125)
    pour(venue, "wine", 150)
    servings.remove(venue.id, "wine", 150)

    assert db.session.scalars(select(Link.serving_ml)).all() == [125]
