"""The bookkeeping of links: once, for the right drink, and never by accident."""

import threading

import pytest
from sqlalchemy import func, select

from sommit.extensions import db
from sommit.models import Drink, Link, TillReference
from sommit.services import references, till_links
from tests import factories


@pytest.fixture
def glass(venue):
    return factories.reference(venue, "VRE CHABLIS")


@pytest.fixture
def chablis(venue):
    return factories.drink(venue, stock=12)


def links():
    return db.session.scalar(select(func.count()).select_from(Link))


def test_linking_takes_the_reference_out_of_the_list(venue, glass, chablis):
    assert references.count_to_sync(venue.id) == 1
    till_links.link(glass, chablis, serving_ml=125)

    assert references.count_to_sync(venue.id) == 0
    assert references.row(venue.id, glass.id).state is references.State.LINKED


def test_the_same_pair_again_changes_nothing(glass, chablis):
    first = till_links.link(glass, chablis, serving_ml=125)
    again = till_links.link(glass, chablis, serving_ml=500, version=0)

    assert (again.id, again.serving_ml, links()) == (first.id, 125, 1)


def test_a_second_drink_on_one_key_is_a_second_link(venue, glass, chablis):
    till_links.link(glass, chablis, serving_ml=125)
    till_links.link(glass, factories.drink(venue, "Crème de cassis"), serving_ml=20)

    assert links() == 2


def test_an_answer_to_a_row_that_changed_meanwhile_is_refused(venue, glass, chablis):
    shown = glass.version
    till_links.link(glass, chablis, serving_ml=125, version=shown)
    db.session.commit()

    with pytest.raises(till_links.Changed):
        till_links.link(glass, factories.drink(venue, "Un autre"), serving_ml=125, version=shown)


def test_breaking_one_of_two_references_leaves_the_other_one_linked(venue, glass, chablis):
    bottle = factories.reference(venue, "BTL CHABLIS")
    for reference, serving in ((glass, 125), (bottle, 750)):
        till_links.link(reference, chablis, serving_ml=serving)

    till_links.unlink(glass)

    assert till_links.live_links(glass) == []
    assert [link.drink_id for link in till_links.live_links(bottle)] == [chablis.id]


def test_a_broken_link_keeps_its_row_and_the_pair_can_be_linked_again(glass, chablis):
    till_links.link(glass, chablis, serving_ml=125)
    till_links.unlink(glass, chablis)
    till_links.link(glass, chablis, serving_ml=100)

    assert links() == 2
    assert [link.serving_ml for link in till_links.live_links(glass)] == [100]


def test_there_is_nothing_to_break_where_nothing_is_linked(glass):
    with pytest.raises(till_links.NotLinked):
        till_links.unlink(glass)


def test_a_linked_reference_cannot_be_ignored(glass, chablis):
    till_links.link(glass, chablis, serving_ml=125)

    with pytest.raises(till_links.LinkedReference):
        till_links.ignore(glass)


def test_an_ignored_reference_leaves_the_count_and_comes_back(venue, glass):
    till_links.ignore(glass)
    counts = references.counts(venue.id)
    assert (counts.all, counts.ignored) == (0, 1)

    till_links.reactivate(glass)
    counts = references.counts(venue.id)
    assert (counts.all, counts.ignored) == (1, 0)


@pytest.mark.parametrize("serving_ml", [0, -125, 10**9])
def test_a_serving_that_nobody_pours_is_refused(glass, chablis, serving_ml):
    with pytest.raises(till_links.BadServing):
        till_links.link(glass, chablis, serving_ml=serving_ml)


def test_another_venue_s_reference_is_not_found(glass):
    with pytest.raises(till_links.NoSuchReference):
        till_links.get(factories.venue("Ailleurs").id, glass.id)


def test_the_database_itself_refuses_a_row_that_points_into_another_venue(venue, glass):
    foreign = factories.drink(factories.venue("Ailleurs"))

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        factories.link(glass, foreign)
    db.session.rollback()


def test_the_database_itself_refuses_two_open_links_of_one_pair(glass, chablis):
    factories.link(glass, chablis)

    with pytest.raises(Exception, match=r"(?i)unique"):
        factories.link(glass, chablis)
    db.session.rollback()


def test_of_ten_tablets_that_answer_at_once_with_different_drinks_one_wins(app, venue, glass):
    drinks = [factories.drink(venue, f"Boisson {n}").id for n in range(10)]
    outcomes = []

    def answer(drink_id):
        with app.app_context():
            reference = db.session.get(TillReference, glass.id)
            try:
                till_links.link(reference, db.session.get(Drink, drink_id), serving_ml=125, version=0)
                db.session.commit()
                outcomes.append("won")
            except till_links.Changed:
                db.session.rollback()
                outcomes.append("told")

    threads = [threading.Thread(target=answer, args=(drink_id,)) for drink_id in drinks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["told"] * 9 + ["won"]
    assert links() == 1
