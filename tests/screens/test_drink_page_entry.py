"""The tab *Fiche*: correcting the entry, the till's prices, and changing vintage from now on."""

import html
import re

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Drink, Link, Suggestion
from sommit.services import library
from tests import factories
from tests.screens.answers import links, words
from tests.screens.proposals import suggest

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
INPUT = re.compile(r'<input class="input[^>]* name="(\w+)" type="text" value="([^"]*)"')
CHOSEN = re.compile(r'name="(\w+)">(?:<option[^>]*>[^<]*</option>)*?<option value="([^"]*)" selected')


def at(drink, act=""):
    return f"/boissons/{drink.id}{act}"


def form_of(screen, drink, act=""):
    """What the form of the tab sends when nobody types anything."""
    page = screen.get(at(drink)).text
    part = page[page.index(f'action="{at(drink, act)}"') :].split("</form>")[0]
    found = [*HIDDEN.findall(part), *INPUT.findall(part), *CHOSEN.findall(part)]
    return {name: html.unescape(value) for name, value in found if name != "csrf_token"}


def read(answer):
    return words(answer.text).replace("\xa0", " ").replace("\u202f", " ")


def drinks():
    return list(db.session.scalars(select(Drink).order_by(Drink.id)))


@pytest.fixture
def full(venue):
    """A drink of which everything is known, in figures that do not come out even."""
    return factories.drink(
        venue,
        "Saint-Joseph Offerus",
        producer="Chave",
        appellation="Saint-Joseph",
        region="Rhône",
        colour="rouge",
        vintage=2022,
        threshold_ml=1000,
        price_cents=123_450,
        glass_price_cents=850,
    )


def test_a_form_that_nobody_touched_changes_nothing(screen, full):
    before = library.as_entry(full)
    answer = screen.post(at(full), htmx=False, **form_of(screen, full))

    assert (answer.status_code, answer.location) == (303, at(full))
    db.session.refresh(full)
    assert library.as_entry(full) == before


def test_every_field_is_corrected(screen, full):
    said = {
        "name": "Saint-Joseph",
        "producer": "Jean-Louis Chave",
        "appellation": "saint-joseph",
        "region": "Vallée du Rhône",
        "colour": "blanc",
        "vintage": "2023",
        "category": "wine",
        "threshold": "6",
        "price": "42,00",
        "glass_price": "",
    }
    screen.post(at(full), **(form_of(screen, full) | said))
    db.session.refresh(full)

    assert (full.name, full.producer, full.appellation, full.region) == (
        "Saint-Joseph",
        "Jean-Louis Chave",
        "saint-joseph",
        "Vallée du Rhône",
    )
    assert (full.colour, full.vintage, full.threshold_ml) == ("blanc", 2023, 4500)
    assert (full.price_cents, full.glass_price_cents, full.volume_ml) == (4200, None, 750)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"producer": "x" * 201}, "producer"),
        ({"vintage": "22"}, "vintage"),
        ({"vintage": "bientôt"}, "vintage"),
        ({"volume_cl": ""}, "volume_cl"),
        ({"volume_cl": "0"}, "volume_cl"),
        ({"volume_cl": "1e99"}, "volume_cl"),
        ({"price": "cher"}, "price"),
        ({"glass_price": "-1"}, "glass_price"),
        ({"threshold": "NaN"}, "threshold"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(screen, full, said, field):
    answer = screen.post(at(full), htmx=False, **(form_of(screen, full) | said))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    db.session.refresh(full)
    assert full.name == "Saint-Joseph Offerus"


def test_an_entry_that_would_double_another_one_leads_to_it(screen, venue, full):
    twin = factories.drink(venue, "Morgon")
    blank = {"name": "Morgon", "producer": "", "appellation": "", "vintage": ""}
    answer = screen.post(at(full), **(form_of(screen, full) | blank))

    assert answer.status_code == 422
    assert f'href="{at(twin)}"' in answer.text


def test_the_second_tablet_gets_the_fresh_entry_and_a_sentence(screen, full):
    form = form_of(screen, full)
    screen.post(at(full), **(form | {"region": "Ardèche"}))
    answer = screen.post(at(full), **(form | {"producer": "Un autre"}))

    assert answer.status_code == 409
    assert "Quelqu’un vient de changer cette fiche." in answer.text
    assert 'value="Ardèche"' in answer.text
    assert "Un autre" not in [drink.producer for drink in drinks()]


def test_a_format_that_changes_asks_and_a_correction_takes_the_bottles_along(screen, venue, full):
    factories.link(factories.reference(venue), full, 750)
    form = form_of(screen, full) | {"volume_cl": "70"}
    asked = screen.post(at(full), htmx=False, **form)
    answer = screen.post(at(full), htmx=False, format_is="correction", **form)

    assert asked.status_code == 422
    assert 'name="format_is" value="correction"' in asked.text
    assert 'value="70"' in asked.text
    assert (answer.status_code, answer.location) == (303, at(full))
    assert [link.serving_ml for link in links()] == [700]


def test_another_format_is_another_drink(screen, full):
    form = form_of(screen, full) | {"volume_cl": "150", "format_is": "autre"}
    first, second = (screen.post(at(full), htmx=False, **form) for _tap in range(2))

    _, magnum = drinks()
    assert first.location == second.location == at(magnum)
    assert magnum.volume_ml == 1500


def test_a_linked_drink_says_that_the_till_does_not_change(screen, venue, full):
    assert "La caisse ne change pas." not in screen.get(at(full)).text

    factories.link(factories.reference(venue), full)

    shown = read(screen.get(at(full)))
    assert "ce qui est corrigé ici est aussi à corriger dans Jalia" in shown
    assert "Ces deux prix ne servent que tant que la caisse n’en donne pas." in shown


def test_what_waits_is_proposed_again_after_a_change(screen, venue, full):
    waiting = factories.reference(venue, "BT GIGONDAS", category="Vins")
    suggest(waiting, full)

    screen.post(at(full), **(form_of(screen, full) | {"name": "Gigondas", "producer": "", "appellation": ""}))

    assert db.session.scalar(select(Suggestion.computed_at)) != factories.NOW


def test_changing_vintage_passes_the_keys_to_the_sibling(screen, venue, full):
    key = factories.reference(venue, "VRE ST JOSEPH")
    factories.link(key, full, 125)
    form = form_of(screen, full, "/millesime") | {"vintage": "autre", "vintage_typed": "2023"}

    first, second = (screen.post(at(full, "/millesime"), htmx=False, **form) for _tap in range(2))

    old, young = links()
    assert first.location == second.location == at(db.session.get(Drink, young.drink_id))
    assert (old.ends_at, old.serving_ml, young.serving_ml) == (young.starts_at, 125, 125)
    assert len(drinks()) == 2
    assert "icon-caisse" not in screen.get(at(full)).text.split('<nav class="tabs"')[0]


@pytest.mark.parametrize(
    ("vintage", "sentence"), [("2022", "C’est le millésime de cette fiche"), ("22", "n’est pas un millésime")]
)
def test_a_vintage_that_cannot_be_is_refused_at_its_field(screen, venue, full, vintage, sentence):
    factories.link(factories.reference(venue), full)
    form = form_of(screen, full, "/millesime") | {"vintage": "autre", "vintage_typed": vintage}
    answer = screen.post(at(full, "/millesime"), htmx=False, **form)

    assert answer.status_code == 422
    assert sentence in read(answer)
    assert 'id="vintage_typed-error"' in answer.text
    assert '<details class="create" id="millesime" open>' in answer.text
    assert 'name="name" type="text" value="Saint-Joseph Offerus"' in answer.text


def test_links_that_moved_meanwhile_are_shown_afresh(screen, venue, full):
    factories.link(factories.reference(venue), full)
    form = form_of(screen, full, "/millesime") | {"vintage": "autre", "vintage_typed": "2023"}
    factories.link(factories.reference(venue), full)

    answer = screen.post(at(full, "/millesime"), **form)

    assert answer.status_code == 409
    assert "Les liaisons de cette boisson viennent de changer." in answer.text
    assert db.session.scalars(select(Link.ends_at)).all() == [None, None]
    assert len(drinks()) == 1, "the sibling was not added either"


def test_a_beer_has_no_vintage_to_change(screen, venue):
    beer = factories.drink(venue, "IPA", category="beer", volume_ml=30_000)
    factories.link(factories.reference(venue), beer, 500)

    assert "Changer de millésime" not in screen.get(at(beer)).text


def test_another_venue_changes_nothing(stranger, full):
    assert stranger.post(at(full), name="x").status_code == 404
    assert stranger.post(at(full, "/millesime"), vintage="2023").status_code == 404
