"""The answers oui and presque, and what holds for all: htmx, a plain browser, refused, logged out, another venue."""

import re

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Drink, Suggestion, TillReference
from sommit.services import stock, till_links
from tests import factories
from tests.screens.answers import LIST, at, links, words
from tests.web.conftest import without_token

# oui


def test_yes_links_and_answers_with_the_done_row_then_the_counters(screen, glass, chablis, proposed):
    answer = screen.post(at(glass, "oui"), **proposed)

    assert answer.status_code == 200
    assert answer.text.strip().startswith(f'<li class="row is-done" id="ref-{glass.id}">')
    assert "1 nuit, 14 verres Chablis Montmains 2023 Verre 12,5 cl, stock 22 → 19,7" in words(answer.text)
    order = re.findall(r'id="(ref-\d+|to-sync-head|to-sync-badge)"', answer.text)
    assert order == [f"ref-{glass.id}", "to-sync-head", "to-sync-badge"]
    assert answer.text.count("data-focus") == 1
    assert [(link.drink_id, link.serving_ml) for link in links()] == [(chablis.id, 125)]
    assert stock.on_hand(chablis) == (22 * 750 - 14 * 125) * stock.UL


def test_yes_without_javascript_leads_back_to_the_row_which_says_what_was_done(screen, glass, proposed):
    answer = screen.post(f"{at(glass, 'oui')}?montrer=vendues", htmx=False, **proposed)

    assert answer.status_code == 303
    assert answer.location == f"{LIST}?montrer=vendues&fait={glass.id}#ref-{glass.id}"
    assert "stock 22 → 19,7" in words(screen.get(answer.location.split("#")[0]).text)


def test_two_taps_on_yes_answer_the_same_row_and_make_one_link(screen, glass, proposed):
    first = screen.post(at(glass, "oui"), **proposed)
    second = screen.post(at(glass, "oui"), **proposed)

    assert (first.status_code, second.status_code) == (200, 200)
    assert without_token(first.text) == without_token(second.text)
    assert len(links()) == 1


def test_the_second_tablet_is_told_and_sees_the_fresh_row(screen, venue, glass, chablis, proposed):
    other = factories.drink(venue, "Petit Chablis", stock=3)
    till_links.link(glass, other, serving_ml=125, version=glass.version)
    db.session.commit()

    answer = screen.post(at(glass, "oui"), **proposed)
    plain = screen.post(at(glass, "oui"), htmx=False, **proposed)

    for text in (answer.text, plain.text):
        assert "Quelqu’un vient de répondre pour « VRE CHABLIS FEVRE 22 »" in words(text).replace("\u202f", " ")
        assert "Petit Chablis" in text
        assert "is-done" in text
    assert (answer.status_code, plain.status_code) == (409, 409)
    assert [link.drink_id for link in links()] == [other.id]


@pytest.mark.parametrize(
    "serving",
    [
        {"serving": "0"},
        {"serving": "-125"},
        {"serving": "lettres"},
        {"serving": "9999999999"},
        {"serving": "100001"},
        {"serving": ""},
        {"serving": "autre", "serving_cl": ""},
        {"serving": "autre", "serving_cl": "0"},
        {"serving": "autre", "serving_cl": "NaN"},
        {"serving": "autre", "serving_cl": "1e400"},
        {"serving": "autre", "serving_cl": "douze"},
        {"serving": "autre", "serving_cl": "10000,1"},
    ],
)
def test_a_serving_that_cannot_be_poured_comes_back_at_its_field(screen, glass, proposed, serving):
    answer = screen.post(at(glass, "oui"), **proposed | serving)
    plain = screen.post(at(glass, "oui"), htmx=False, **proposed | serving)

    assert (answer.status_code, plain.status_code) == (422, 422)
    assert answer.text.strip().startswith('<li class="row is-open"')
    for text in (answer.text, plain.text):
        assert f'id="cl-{glass.id}-error"' in text
        assert f'aria-describedby="cl-{glass.id}-error" data-focus autofocus' in text
    assert links() == []


def test_a_serving_can_be_typed_in_centilitres(screen, glass, proposed):
    screen.post(at(glass, "oui"), **proposed | {"serving": "autre", "serving_cl": " 12,5 "})

    assert [link.serving_ml for link in links()] == [125]


def test_an_archived_drink_takes_no_link(screen, glass, chablis, proposed):
    chablis.archived_at = factories.NOW
    db.session.commit()

    answer = screen.post(at(glass, "oui"), **proposed)

    assert answer.status_code == 409
    assert "est archivée" in answer.text
    assert links() == []


@pytest.mark.parametrize("field", [{"drink_id": ""}, {"drink_id": "abc"}, {"drink_id": "9" * 30}, {"drink_id": 99999}])
def test_a_drink_that_never_was_is_not_there(screen, glass, proposed, field):
    assert screen.post(at(glass, "oui"), **proposed | field).status_code == 404


@pytest.mark.parametrize("version", ["", "abc", "9" * 40])
def test_a_form_without_its_version_is_no_form_of_ours(screen, glass, proposed, version):
    assert screen.post(at(glass, "oui"), **proposed | {"version": version}).status_code == 400
    assert links() == []


def test_a_drink_of_another_venue_cannot_be_linked(screen, glass, proposed):
    theirs = factories.drink(factories.venue("Ailleurs"))

    for act in ("oui", "presque"):
        answer = screen.post(at(glass, act), **proposed | {"drink_id": theirs.id, "vintage": "2022"})
        assert answer.status_code == 404, act
    assert links() == []


# presque


def test_almost_makes_the_vintage_and_links_it(screen, glass, chablis, proposed):
    answer = screen.post(at(glass, "presque"), **proposed | {"vintage": "2022"})

    assert answer.status_code == 200
    made = db.session.scalar(select(Drink).where(Drink.vintage == 2022))
    assert (made.name, made.producer, made.colour) == (chablis.name, chablis.producer, chablis.colour)
    assert [link.drink_id for link in links()] == [made.id]
    assert "Chablis Montmains 2022 Verre 12,5 cl, stock jamais compté" in words(answer.text)


def test_almost_takes_the_vintage_that_the_library_has(screen, venue, glass, proposed):
    older = factories.drink(venue, producer="William Fèvre", region="Bourgogne", colour="blanc", vintage=2021, stock=4)

    screen.post(at(glass, "presque"), htmx=False, **proposed | {"vintage": "2021"})

    assert [link.drink_id for link in links()] == [older.id]
    assert len(db.session.scalars(select(Drink)).all()) == 2


def test_two_taps_on_almost_make_one_vintage_and_one_link(screen, glass, proposed):
    for _tap in range(2):
        answer = screen.post(at(glass, "presque"), **proposed | {"vintage": "autre", "vintage_typed": "2020"})
        assert answer.status_code == 200

    assert len(db.session.scalars(select(Drink)).all()) == 2
    assert len(links()) == 1


@pytest.mark.parametrize("typed", ["20233", "22", "1799", "abcd", "2²", "-2022", "9" * 50])
def test_a_vintage_that_is_no_year_comes_back_at_its_field(screen, glass, proposed, typed):
    sent = proposed | {"vintage": "autre", "vintage_typed": typed}

    for htmx in (True, False):
        answer = screen.post(at(glass, "presque"), htmx=htmx, **sent)
        assert answer.status_code == 422
        assert "n’est pas un millésime" in answer.text
        assert f'id="vintage-{glass.id}-error"' in answer.text
        assert f'value="{typed}"' in answer.text or len(typed) > 20
    assert links() == []
    assert len(db.session.scalars(select(Drink)).all()) == 1


def test_nothing_is_half_done_when_the_other_tablet_was_faster(screen, venue, glass, chablis, proposed):
    till_links.link(glass, chablis, serving_ml=125, version=glass.version)
    db.session.commit()

    answer = screen.post(at(glass, "presque"), **proposed | {"vintage": "2022"})

    assert answer.status_code == 409
    assert [drink.vintage for drink in db.session.scalars(select(Drink))] == [2023]


def test_a_new_vintage_is_proposed_for_the_other_keys_at_once(screen, venue, glass, chablis, proposed):
    other = factories.reference(venue, "BT CHABLIS FEVRE 2022")

    screen.post(at(glass, "presque"), **proposed | {"vintage": "2022"})

    assert db.session.get(Suggestion, other.id) is not None


# all of them

ACTS = ("oui", "presque", "creer", "ignorer", "reactiver", "reproposer", "oublier")


@pytest.mark.parametrize("act", ACTS)
def test_a_key_of_another_venue_is_not_there(stranger, glass, proposed, new, act):
    answer = stranger.post(at(glass, act), **new | proposed)

    assert answer.status_code == 404
    assert links() == []
    assert db.session.get(TillReference, glass.id).ignored_at is None


@pytest.mark.parametrize("act", ACTS)
def test_nobody_answers_without_being_signed_in(screen, app, glass, proposed, new, act):
    visitor = app.test_client()
    db.session.rollback()

    plain = visitor.post(at(glass, act), data=new | proposed)
    htmx = visitor.post(at(glass, act), data=new | proposed, headers={"HX-Request": "true"})

    assert (plain.status_code, htmx.status_code) == (302, 401)
    assert htmx.headers["HX-Redirect"].startswith("/connexion")
    assert links() == []
