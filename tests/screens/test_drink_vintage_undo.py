"""The message after a change of vintage undoes it, and leads back to the drink it was changed on."""

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Act, Drink, Link
from sommit.services import till_links, vintage_relay
from tests import factories
from tests.screens.answers import LIST
from tests.screens.test_till_undo import SAID, read, undoing


@pytest.fixture
def old(venue):
    return factories.drink(venue, vintage=2022, stock=12)


@pytest.fixture
def keys(venue, old):
    found = factories.reference(venue, "VRE CHABLIS"), factories.reference(venue, "BT CHABLIS")
    for key, serving_ml in zip(found, (125, 750), strict=True):
        factories.link(key, old, serving_ml)
    return found


@pytest.fixture
def changed(screen, old, keys):
    """The page to which a change to a vintage that was not there leads."""
    return screen.get(change(screen, old, form(old)).location)


def form(drink):
    return {"vintage": "autre", "vintage_typed": "2023", "links": " ".join(map(str, vintage_relay.live(drink)))}


def change(screen, drink, fields, htmx=False):
    return screen.post(f"/boissons/{drink.id}/millesime", htmx=htmx, **fields)


def young():
    return db.session.scalars(select(Drink).where(Drink.vintage == 2023)).one()


@pytest.mark.parametrize("htmx", [True, False])
def test_the_message_undoes_and_leads_back_to_the_former_vintage(screen, old, keys, changed, htmx):
    assert "À partir de maintenant, la caisse sert cette boisson : 2 références." in read(changed)

    answer = screen.post(undoing(changed), htmx=htmx)

    assert (answer.status_code, answer.location) == (303, f"/boissons/{old.id}")
    shown = screen.get(answer.location)
    assert "VRE CHABLIS" in shown.text
    assert htmx or SAID in read(shown)
    assert len(vintage_relay.live(old)) == 2
    assert young().archived_at is not None


def test_two_taps_on_the_message_undo_once(screen, old, keys, changed):
    address = undoing(changed)
    first, second = (screen.post(address, htmx=False) for _tap in range(2))

    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert len(db.session.scalars(select(Link)).all()) == 6, "two that ended, two that followed, two that came back"


def test_two_taps_on_the_form_are_one_act_which_the_first_message_undoes(screen, old, keys):
    fields = form(old)
    first = screen.get(change(screen, old, fields).location)
    second = screen.get(change(screen, old, fields).location)

    assert "/annuler/" not in second.text
    assert len(db.session.scalars(select(Act)).all()) == 1
    screen.post(undoing(first), htmx=False)
    assert len(vintage_relay.live(old)) == 2


@pytest.mark.parametrize("htmx", [True, False])
def test_what_changed_since_is_not_undone_and_the_former_vintages_keys_are_shown(screen, old, keys, changed, htmx):
    till_links.unlink(keys[0], young())
    db.session.commit()

    refused = screen.post(undoing(changed), htmx=htmx)

    assert refused.status_code == 409
    assert "« VRE CHABLIS » a changé depuis : ce geste ne peut plus être annulé." in read(refused)
    assert vintage_relay.live(old) == []
    assert len(vintage_relay.live(young())) == 1


def test_another_venue_undoes_no_change_of_vintage(stranger, old, keys, changed):
    assert stranger.post(undoing(changed)).status_code == 404
    assert stranger.post(undoing(changed).split("?")[0]).status_code == 404
    assert vintage_relay.live(old) == []


def test_from_the_list_the_undone_change_shows_the_whole_list(screen, old, keys, changed):
    address = undoing(changed).split("?")[0]

    assert screen.post(address, htmx=False).location == LIST
    assert len(vintage_relay.live(old)) == 2
