"""Several drinks for one key, on the list: by htmx, by a plain browser, refused, stale, twice, at another venue."""

import re

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import RefusedPair
from sommit.services import acts, servings, till_links, undo
from tests import factories
from tests.screens.answers import LIST, at, links, words
from tests.screens.proposals import suggest

WAYS = pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "plain"])


@pytest.fixture
def spritz(venue):
    """A key that was sold 10 times for 90 €."""
    key = factories.reference(venue, "SPRITZ", price_cents=900)
    factories.sale(factories.closing(venue), key, 10, cents=9000)
    return key


@pytest.fixture
def prosecco(venue):
    return factories.drink(venue, "Prosecco", stock=6)


@pytest.fixture
def aperol(venue):
    return factories.drink(venue, "Aperol", category="spirit", volume_ml=700, stock=3)


@pytest.fixture
def linked(spritz, prosecco):
    """The key pours the Prosecco already."""
    till_links.link(spritz, prosecco, serving_ml=90)
    db.session.commit()
    return spritz


def pours():
    db.session.rollback()
    return [(link.drink_id, link.serving_ml) for link in links() if link.broken_at is None]


def form(key, drink, **fields):
    return {"version": key.version, "drink_id": drink.id, "serving": "autre", "serving_cl": "6", **fields}


def plain(answer):
    return words(answer.text).replace("\xa0", " ")


def test_the_way_there_is_on_the_answered_row_in_the_panel_non_and_on_the_drink_s_page(screen, linked, glass, prosecco):
    row = screen.get(f"{LIST}?fait={linked.id}").text
    assert f'hx-get="{LIST}/{linked.id}?volet=avec"' in row
    assert f'hx-get="{LIST}/{glass.id}?volet=avec"' in screen.get(f"{LIST}/{glass.id}?volet=non", htmx=True).text
    sales = screen.get(f"/boissons/{prosecco.id}/vente").text
    assert f'href="{LIST}?ouvrir={linked.id}&amp;volet=avec#ref-{linked.id}"' in sales


def test_the_panel_of_a_linked_key_lists_what_it_pours_with_its_effect(screen, linked):
    for answer in (
        screen.get(f"{LIST}/{linked.id}?volet=avec", htmx=True),
        screen.get(f"{LIST}?ouvrir={linked.id}&volet=avec"),
    ):
        assert "Cette touche verse 1 boisson" in plain(answer)
        assert "Prosecco Verre 9 cl, 1 nuit, 10 verres, stock 6 → 4,8" in plain(answer)
        assert at(linked, "composants/retirer") in answer.text
    assert (
        screen.get(f"{LIST}/{linked.id}?volet=avec").location == f"{LIST}?ouvrir={linked.id}&volet=avec#ref-{linked.id}"
    )


def test_the_search_finds_what_may_join_and_says_what_is_there(screen, linked, prosecco, aperol):
    address = at(linked, "composants/chercher")
    found = screen.get(f"{address}?q=aperol", htmx=True).text
    assert f'hx-get="{LIST}/{linked.id}?volet=avec&amp;drink_id={aperol.id}"' in found
    assert "déjà dans la liste" in screen.get(f"{address}?q=prosecco", htmx=True).text
    assert "Rien de tel" in screen.get(f"{address}?q=zzzz").text


def test_the_effect_of_a_serving_is_shown_before_it_is_added(screen, linked, aperol):
    query = f"volet=avec&drink_id={aperol.id}&serving=autre&serving_cl=6"
    shown = plain(screen.get(f"{LIST}/{linked.id}?{query}", htmx=True))

    assert "1 nuit, 10 doses stock 3 → 2,1" in shown
    assert len(pours()) == 1


@pytest.mark.parametrize(("own", "ml"), [((), 125), ((150, 460), 150)])
def test_a_bottle_is_not_what_a_cocktail_takes_to_begin_with(screen, venue, spritz, chablis, own, ml):
    for volume in own:
        servings.add(venue.id, "wine", volume)
    db.session.commit()
    shown = screen.get(f"{LIST}/{spritz.id}?volet=avec&drink_id={chablis.id}", htmx=True).text

    assert f'id="s{spritz.id}-{ml}" value="{ml}" checked' in shown


def take_back(venue_id, reference_id):
    """Undo the last act of a key."""
    db.session.rollback()
    undo.undo(venue_id, acts.latest(till_links.get(venue_id, reference_id)).id, by=None)
    db.session.commit()


@WAYS
def test_what_joins_and_what_leaves_is_an_act_that_can_be_undone(screen, venue, linked, prosecco, aperol, htmx):
    venue_id, key, drink_id, before = venue.id, linked.id, prosecco.id, pours()
    screen.post(at(linked, "composants"), htmx=htmx, **form(linked, aperol))
    take_back(venue_id, key)
    assert pours() == before

    sent = {"version": till_links.get(venue_id, key).version, "drink_id": drink_id}
    screen.post(f"{LIST}/{key}/composants/retirer", htmx=htmx, **sent)
    assert pours() == []
    take_back(venue_id, key)
    assert pours() == before


@WAYS
def test_a_second_drink_is_added_and_the_next_one_may_follow(screen, linked, prosecco, aperol, htmx):
    answer = screen.post(at(linked, "composants"), htmx=htmx, **form(linked, aperol))

    assert pours() == [(prosecco.id, 90), (aperol.id, 60)]
    if htmx:
        assert answer.status_code == 200
        order = re.findall(r'id="(ref-\d+|to-sync-head|to-sync-badge)"', answer.text)
        assert order == [f"ref-{linked.id}", "to-sync-head", "to-sync-badge"]
        assert answer.text.count("data-focus") == 1
    else:
        assert (answer.status_code, answer.location) == (303, f"{LIST}?ouvrir={linked.id}&volet=avec#ref-{linked.id}")
        answer = screen.get(answer.location.split("#")[0])
    assert "Cette touche verse 2 boissons" in plain(answer)


@WAYS
def test_a_key_that_waits_is_answered_by_its_drinks_and_keeps_the_non_on_the_way(
    screen, spritz, prosecco, aperol, glass, chablis, htmx
):
    suggest(spritz, chablis)
    screen.post(at(spritz, "composants"), htmx=htmx, **form(spritz, aperol, non=[chablis.id, aperol.id]))

    assert pours() == [(aperol.id, 60)]
    assert db.session.scalars(select(RefusedPair.drink_id)).all() == [chablis.id]


@WAYS
def test_two_taps_on_add_make_one_link(screen, linked, aperol, htmx):
    sent = form(linked, aperol)
    codes = {screen.post(at(linked, "composants"), htmx=htmx, **sent).status_code for _tap in range(2)}

    assert codes == {200 if htmx else 303}
    assert len(pours()) == 2


@WAYS
def test_two_taps_on_remove_break_one_link(screen, linked, prosecco, aperol, htmx):
    screen.post(at(linked, "composants"), **form(linked, aperol))
    sent = {"version": linked.version + 1, "drink_id": aperol.id}
    codes = {screen.post(at(linked, "composants/retirer"), htmx=htmx, **sent).status_code for _tap in range(2)}

    assert codes == {200 if htmx else 303}
    assert pours() == [(prosecco.id, 90)]


@WAYS
@pytest.mark.parametrize("serving_cl", ["", "0", "verre", "NaN", "10000,1"])
def test_a_serving_that_cannot_be_poured_comes_back_at_its_field(screen, linked, aperol, htmx, serving_cl):
    answer = screen.post(at(linked, "composants"), htmx=htmx, **form(linked, aperol, serving_cl=serving_cl))

    assert answer.status_code == 422
    assert f'aria-describedby="cl-{linked.id}-error" data-focus autofocus' in answer.text
    assert answer.text.count("data-focus") == 1
    assert len(pours()) == 1


@WAYS
@pytest.mark.parametrize("act", ["composants", "composants/retirer"])
def test_the_second_tablet_is_told_and_sees_what_the_key_pours_now(screen, linked, prosecco, aperol, htmx, act):
    drink = aperol if act == "composants" else prosecco
    stale = form(linked, drink, version=0)
    answer = screen.post(at(linked, act), htmx=htmx, **stale)

    assert answer.status_code == 409
    assert "Quelqu’un vient de répondre pour" in plain(answer)
    assert "Cette touche verse 1 boisson" in plain(answer)
    assert pours() == [(prosecco.id, 90)]


def test_the_same_drink_in_another_serving_is_a_sentence(screen, linked, prosecco):
    answer = screen.post(at(linked, "composants"), **form(linked, prosecco, serving_cl="12"))

    assert answer.status_code == 409
    assert "verse déjà" in plain(answer)
    assert pours() == [(prosecco.id, 90)]


def test_removing_the_last_drink_brings_the_key_back_into_the_list(screen, linked, prosecco):
    answer = screen.post(at(linked, "composants/retirer"), version=linked.version, drink_id=prosecco.id)

    assert answer.status_code == 200
    assert "Une touche, plusieurs boissons" in plain(answer)
    assert "1 boisson à synchroniser" in plain(answer)


@pytest.mark.parametrize("act", ["composants", "composants/retirer"])
def test_logged_out_at_another_venue_or_with_its_drinks_nothing_changes(
    client, screen, stranger, linked, prosecco, aperol, act
):
    foreign = factories.drink(factories.venue("Ailleurs"), "Campari")
    before = pours()

    assert client.post(at(linked, act), data=form(linked, aperol)).location.startswith("/connexion")
    assert stranger.post(at(linked, act), **form(linked, prosecco)).status_code == 404
    assert screen.post(at(linked, act), **form(linked, foreign)).status_code == 404
    assert screen.post(at(linked, act), **form(linked, aperol, version="")).status_code == 400
    assert pours() == before
