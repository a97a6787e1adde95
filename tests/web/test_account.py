"""Venues one may go to, and the light of the screen."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from sommit.extensions import db
from sommit.models import Membership, User, Venue
from tests import factories
from tests.web.conftest import token_of


def test_a_person_of_two_venues_goes_from_one_to_the_other(
    signed_in: FlaskClient, user: User, other_venue: Venue
) -> None:
    db.session.add(Membership(venue_id=other_venue.id, user_id=user.id))
    db.session.commit()
    assert _shown_venue(signed_in) == "Le Zinc des Capucins"
    answer = signed_in.post(f"/lieu/{other_venue.id}", data={"csrf_token": token_of(signed_in)})
    assert answer.status_code == 303
    assert _shown_venue(signed_in) == "La Cave d’en face"


def test_a_form_of_the_former_venue_is_refused_after_going_to_another(
    signed_in: FlaskClient, user: User, venue: Venue, other_venue: Venue
) -> None:
    db.session.add(Membership(venue_id=other_venue.id, user_id=user.id))
    db.session.commit()
    in_another_tab = token_of(signed_in)
    signed_in.post(f"/lieu/{other_venue.id}", data={"csrf_token": in_another_tab})
    answer = signed_in.post(f"/lieu/{venue.id}", data={"csrf_token": in_another_tab})
    assert answer.status_code == 403


def test_somebody_elses_venue_is_not_found(signed_in: FlaskClient, other_venue: Venue) -> None:
    answer = signed_in.post(f"/lieu/{other_venue.id}", data={"csrf_token": token_of(signed_in)})
    assert answer.status_code == 404


def test_a_person_of_one_venue_is_offered_no_other(signed_in: FlaskClient) -> None:
    assert "/lieu/" not in signed_in.get("/404").text


def test_the_light_that_was_chosen_stands_in_the_page_from_the_first_byte(signed_in: FlaskClient) -> None:
    assert "data-theme" not in signed_in.get("/404").text
    answer = signed_in.post("/theme", data={"csrf_token": token_of(signed_in), "theme": "dark", "next": "/?x=1"})
    assert (answer.status_code, answer.location) == (303, "/?x=1")
    assert '<html lang="fr" data-theme="dark">' in signed_in.get("/404").text


def test_with_htmx_the_light_changes_without_a_new_page(signed_in: FlaskClient) -> None:
    headers = {"HX-Request": "true", "X-CSRFToken": token_of(signed_in)}
    answer = signed_in.post("/theme", data={"theme": "light"}, headers=headers)
    assert answer.status_code == 204
    assert answer.headers["HX-Trigger"] == '{"theme": "light"}'


def test_a_light_that_does_not_exist_is_refused_and_a_forged_cookie_ignored(signed_in: FlaskClient) -> None:
    assert signed_in.post("/theme", data={"csrf_token": token_of(signed_in), "theme": "pink"}).status_code == 400
    signed_in.set_cookie("theme", '"><script>')
    assert "data-theme" not in signed_in.get("/404").text


def test_the_tab_shows_how_many_references_wait(
    signed_in: FlaskClient, venue: Venue, browser_of: Callable[[User], FlaskClient]
) -> None:
    assert 'id="to-sync-badge" hidden' in signed_in.get("/404").text
    for _ in range(3):
        factories.reference(venue)
    page = signed_in.get("/404").text
    assert re.search(r'id="to-sync-badge">3<span class="vh"> à synchroniser', page)
    elsewhere = browser_of(factories.user(factories.venue("L’Annexe")))
    assert 'id="to-sync-badge" hidden' in elsewhere.get("/404").text


def _shown_venue(client: FlaskClient) -> str:
    found = re.search(r'class="venue soft">([^<]*)<', client.get("/404").text)
    assert found is not None
    return found.group(1)
