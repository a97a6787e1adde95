"""Engines kept warm: one process's changes reach the others, and what was rolled back never was."""

import threading

from sommit.extensions import db
from sommit.services import engines, library
from tests import factories
from tests.screens.statements import counted


def found(venue_id: int, text: str = "morgon") -> list[object]:
    return [one.drink_id for one in engines.of(venue_id).search(text, 8)]


def test_a_drink_added_renamed_or_archived_is_seen_at_once(venue):
    assert found(venue.id) == []
    morgon = factories.drink(venue, "Morgon")
    assert found(venue.id) == [morgon.id]

    library.change(morgon, library.Entry(name="Fleurie", category="wine"))
    db.session.commit()

    assert (found(venue.id), found(venue.id, "fleurie")) == ([], [morgon.id])


def test_two_processes_both_see_a_new_drink(make_app):
    first, second = make_app(), make_app()
    with first.app_context():
        place = factories.venue()
        found(place.id)
    with second.app_context():
        found(place.id)
    with first.app_context():
        morgon = factories.drink(place, "Morgon")
    for app in (first, second):
        with app.app_context():
            assert found(place.id) == [morgon.id]


def test_a_drink_that_was_rolled_back_is_in_no_engine(venue):
    place = venue.id
    gone = library.add(place, library.Entry(name="Morgon"))
    assert found(place) == [gone.id], "its own transaction sees it"
    db.session.rollback()
    assert found(place) == []

    kept = library.add(place, library.Entry(name="Morgon Côte du Py"))
    db.session.commit()

    assert found(place) == [kept.id]


def test_a_version_costs_one_statement_and_no_drink_is_read_again(venue):
    factories.drink(venue, "Morgon")
    found(venue.id)

    with counted() as sent:
        found(venue.id)

    assert len([one for one in sent if one.startswith("SELECT")]) == 1


def test_the_engine_that_was_not_asked_for_longest_goes_first(app, monkeypatch):
    monkeypatch.setattr(engines, "MOST_VENUES", 2)
    places = [factories.venue(f"Bar {number}") for number in range(3)]
    drinks = [factories.drink(place, "Morgon") for place in places]

    for _round in range(2):
        assert [found(place.id) for place in places] == [[drink.id] for drink in drinks]


def test_threads_that_search_while_drinks_are_added_see_each_what_is_committed(app, venue):
    place, faults = venue.id, []
    db.session.rollback()

    def search() -> None:
        with app.app_context():
            seen = 0
            for _turn in range(30):
                now = len(found(place))
                if now < seen:
                    faults.append((seen, now))
                seen = now
                db.session.rollback()

    threads = [threading.Thread(target=search) for _one in range(3)]
    for thread in threads:
        thread.start()
    for number in range(6):
        library.add(place, library.Entry(name=f"Morgon {'abcdef'[number]}"))
        db.session.commit()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(found(place)) == 6
