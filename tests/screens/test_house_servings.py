"""*Nos verres*: by htmx, by a plain browser, refused, twice, logged out, at another venue."""

import re

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Link, Suggestion
from sommit.services import servings, suggestions
from tests import factories
from tests.screens.answers import LIST, words

PAGE = "/boissons/verres"
WAYS = pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])


def own(venue):
    db.session.rollback()
    return servings.house(venue.id).own


def test_the_page_says_the_usual_servings_and_that_no_link_changes(screen, venue):
    page = words(screen.get(PAGE).text).replace("\xa0", " ")

    assert "D’habitude : 12,5 cl, 50 cl" in page
    assert "Les liaisons déjà faites ne changent pas." in page


def test_the_page_is_reached_from_boissons_and_from_where_servings_are_chosen(screen, glass, proposed):
    assert f'href="{PAGE}"' in screen.get("/boissons").text
    assert f'href="{PAGE}?ligne={glass.id}"' in screen.get(f"{LIST}/{glass.id}", htmx=True).text
    assert f'href="{LIST}?ouvrir={glass.id}#ref-{glass.id}"' in screen.get(f"{PAGE}?ligne={glass.id}").text


@WAYS
@pytest.mark.parametrize(("typed", "ml"), [("12,5", 125), ("12.5", 125), (" 15 ", 150), ("500", 5000), ("0,1", 1)])
def test_a_serving_is_added_in_centilitres(screen, venue, htmx, typed, ml):
    answer = screen.post(PAGE, htmx=htmx, category="wine", volume_cl=typed)

    assert answer.status_code == (200 if htmx else 303)
    assert own(venue) == {"wine": (ml,)}
    shown = answer.text if htmx else screen.get(answer.location).text
    assert f'name="ml" value="{ml}"' in shown


@WAYS
def test_two_taps_add_one(screen, venue, htmx):
    for _tap in range(2):
        assert screen.post(PAGE, htmx=htmx, category="beer", volume_cl="33").status_code in (200, 303)
    assert own(venue) == {"beer": (330,)}


@WAYS
@pytest.mark.parametrize("typed", ["", "0", "-1", "verre", "500,1", "NaN", "1e400", "9" * 40])
def test_what_nobody_pours_comes_back_at_its_field_with_its_category(screen, venue, htmx, typed):
    answer = screen.post(PAGE, htmx=htmx, category="spirit", volume_cl=typed)

    assert answer.status_code == 422
    assert 'id="volume_cl-error"' in answer.text
    assert re.search(r'<input[^>]*id="volume_cl"[^>]* data-focus [^>]*autofocus', answer.text)
    assert '<option value="spirit" selected>' in answer.text
    assert own(venue) == {}


@WAYS
def test_a_serving_is_removed_and_a_second_tap_finds_it_gone(screen, venue, htmx):
    screen.post(PAGE, category="wine", volume_cl="15")
    for _tap in range(2):
        answer = screen.post(f"{PAGE}/retirer", htmx=htmx, category="wine", ml=150)
        assert answer.status_code == (200 if htmx else 303)
    assert own(venue) == {}


@pytest.mark.parametrize("sent", [{"category": "poison", "ml": 150}, {"category": "wine", "ml": "abc"}, {}])
def test_a_form_that_is_none_of_ours_changes_nothing(screen, venue, sent):
    screen.post(PAGE, category="wine", volume_cl="15")

    assert screen.post(f"{PAGE}/retirer", **sent).status_code == 400
    assert screen.post(PAGE, volume_cl="12", category="poison").status_code == 400
    assert own(venue) == {"wine": (150,)}


def test_the_row_offers_the_house_s_glass_at_once_and_a_link_that_is_there_stays(screen, venue, glass, chablis):
    suggestions.refresh(venue.id)
    db.session.commit()
    factories.link(factories.reference(venue, "VRE MORGON"), chablis, 125)
    screen.post(PAGE, category="wine", volume_cl="15")

    assert db.session.scalar(select(Suggestion.serving_ml).where(Suggestion.reference_id == glass.id)) == 150
    row = screen.get(f"{LIST}/{glass.id}", htmx=True).text
    assert f'id="s{glass.id}-150" value="150" checked' in row
    assert f'id="s{glass.id}-125"' not in row
    assert db.session.scalars(select(Link.serving_ml)).all() == [125]


def test_logged_out_nothing_is_added(client, venue):
    assert client.post(PAGE, data={"category": "wine", "volume_cl": "15"}).location.startswith("/connexion")
    assert own(venue) == {}


def test_another_venue_s_servings_are_neither_seen_nor_removed(screen, stranger, venue):
    screen.post(PAGE, category="wine", volume_cl="14,5")
    stranger.post(f"{PAGE}/retirer", category="wine", ml=145)

    assert "14,5" not in stranger.get(PAGE).text
    assert own(venue) == {"wine": (145,)}
