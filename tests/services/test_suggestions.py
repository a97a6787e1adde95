"""Which proposals are kept, and when they are computed again."""

from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Suggestion
from sommit.services import memory, references, suggestions, till_links
from tests import factories
from tests.screens.statements import counted


def proposed() -> dict[int, int | None]:
    db.session.expire_all()
    return {one.reference_id: one.drink_id for one in db.session.scalars(select(Suggestion))}


def test_nothing_is_computed_for_a_linked_or_ignored_reference(venue):
    chablis = factories.drink(venue, "Chablis")
    waiting, linked, ignored = (factories.reference(venue, "CHABLIS") for _one in range(3))
    till_links.link(linked, chablis, serving_ml=125)
    till_links.ignore(ignored)

    assert suggestions.refresh(venue.id) == 1

    assert proposed() == {waiting.id: chablis.id}


def test_a_refused_drink_is_not_proposed_until_it_is_taken_back(venue):
    montmains = factories.drink(venue, "Chablis Montmains")
    key = factories.reference(venue, "CHABLIS MONTMAINS")
    suggestions.refresh(venue.id)
    assert proposed()[key.id] == montmains.id

    memory.refuse(key, montmains, None)
    suggestions.refresh(venue.id)
    assert proposed()[key.id] != montmains.id
    memory.propose_again(key, montmains)
    suggestions.refresh(venue.id, [key.id])

    assert proposed()[key.id] == montmains.id


def test_a_label_close_to_a_confirmed_one_is_proposed_the_same_drink(venue):
    house = factories.drink(venue, "Colombard Les Coteaux")
    till_links.link(factories.reference(venue, "VRE VIN DU MOIS"), house, serving_ml=125)
    bottle = factories.reference(venue, "BTL VIN DU MOIS")

    suggestions.refresh(venue.id)

    assert proposed()[bottle.id] == house.id


def test_a_new_drink_is_proposed_for_the_labels_that_it_meets_and_no_other_is_computed(venue):
    far, near = factories.reference(venue, "RICARD"), factories.reference(venue, "VRE SANCERRE 22")
    suggestions.refresh(venue.id)
    sancerre = factories.drink(venue, "Sancerre", vintage=2022)

    assert suggestions.refresh_around(sancerre) == 1

    assert proposed() == {far.id: None, near.id: sancerre.id}


def test_a_refresh_sends_as_many_statements_for_one_reference_as_for_many(venue):
    factories.drink(venue, "Chablis")
    sent_for = []
    for number in (1, 20):
        for one in range(number):
            factories.reference(venue, f"CHABLIS {one}")
        suggestions.refresh(venue.id)
        db.session.commit()
        with counted() as sent:
            suggestions.refresh(venue.id)
        sent_for.append(len(sent))
        db.session.rollback()

    assert sent_for[0] == sent_for[1]


def test_a_drink_that_explains_little_of_the_label_is_no_possibility(venue):
    for vintage in (2022, 2023):
        factories.drink(venue, "Chablis Les Hâtes", producer="Hautes Pierres", vintage=vintage)
    factories.drink(venue, "Chablis Montmains", producer="William Fèvre", vintage=2023)
    key = factories.reference(venue, "VRE CHABLIS HATES")

    suggestions.refresh(venue.id)

    row = references.row(venue.id, key.id)
    assert (len(row.suggestion.candidates), row.possible) == (3, 2)
