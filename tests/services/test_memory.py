"""What a venue has taught: kept once, taken back, never another venue's."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from sommit.extensions import db
from sommit.models import LearnedWord, RefusedPair, Suggestion
from sommit.services import memory, suggestions, till_links
from tests import factories
from tests.screens.statements import counted


@pytest.fixture
def pierres(venue):
    return factories.drink(venue, "Chablis Hautes Pierres", producer="Aubrac", vintage=2022)


@pytest.fixture
def short(venue):
    return factories.reference(venue, "CHABLIS HPR 22")


def refused() -> list[tuple[int, int, bool]]:
    rows = db.session.scalars(select(RefusedPair).order_by(RefusedPair.id))
    return [(row.reference_id, row.drink_id, row.revoked_at is not None) for row in rows]


def test_a_refusal_is_kept_once_and_taken_back_by_adding_when(venue, pierres, short):
    for _twice in range(2):
        memory.refuse(short, pierres, None)
    memory.propose_again(short, pierres)
    memory.propose_again(short, pierres)
    memory.refuse(short, pierres, None)

    assert refused() == [(short.id, pierres.id, True), (short.id, pierres.id, False)]


def test_the_engine_is_told_refusals_by_the_label_of_today_and_confirmed_pairs_by_the_links(venue, pierres, short):
    other = factories.drink(venue, "Petit Chablis")
    memory.refuse(short, other, None)
    till_links.link(short, pierres, serving_ml=125)
    short.label = "CHABLIS HPR"

    told = memory.of(venue.id)

    assert told.refused == {("CHABLIS HPR", other.id)}
    assert told.confirmed == {("CHABLIS HPR", pierres.id)}


def test_a_broken_link_confirms_nothing_any_more(venue, pierres, short):
    till_links.link(short, pierres, serving_ml=125)
    till_links.unlink(short)

    assert memory.of(venue.id).confirmed == frozenset()


def test_a_link_teaches_the_word_that_it_explains_as_the_cellar_spells_it(venue, pierres, short):
    assert memory.learn(short, pierres).word == "hpr"

    assert memory.of(venue.id).abbreviations == {"hpr": "Hautes Pierres"}


def test_a_word_has_one_meaning_at_a_time(venue, pierres, short):
    roses = factories.drink(venue, "Chablis Haut Prés Roses", vintage=2022)

    assert memory.learn(short, pierres).meaning == "Hautes Pierres"
    assert [memory.learn(short, drink) for drink in (roses, pierres)] == [None, None]
    memory.forget(venue.id, "hpr")
    assert memory.of(venue.id).abbreviations == {}
    assert memory.learn(short, roses).meaning == "Haut Prés"


def test_what_was_forgotten_is_not_learned_again(venue, pierres, short):
    memory.learn(short, pierres)
    memory.forget(venue.id, "hpr")
    memory.forget(venue.id, "hpr")

    assert memory.learn(short, pierres) is None
    assert memory.of(venue.id).abbreviations == {}
    assert len(db.session.scalars(select(LearnedWord)).all()) == 1


def test_an_answer_refuses_what_was_said_no_to_save_for_the_drink_it_links(venue, pierres, short):
    other = factories.drink(venue, "Petit Chablis")
    memory.refuse(short, pierres, None)

    memory.teach(short, linked=pierres, said_no=(other.id, pierres.id), by=None)

    assert refused() == [(short.id, pierres.id, True), (short.id, other.id, False)]


def test_a_key_of_several_drinks_explains_no_word(venue, pierres, short):
    till_links.link(short, factories.drink(venue, "Crème de cassis"), serving_ml=20)
    till_links.link(short, pierres, serving_ml=125)

    assert memory.teach(short, linked=pierres, said_no=(), by=None) is None


def test_of_two_tablets_that_teach_the_same_at_once_none_fails(venue, pierres, short, monkeypatch):
    memory.refuse(short, pierres, None)
    monkeypatch.setattr(memory, "_refusal", lambda _reference, _drink: None)

    memory.refuse(short, pierres, None)

    assert refused() == [(short.id, pierres.id, False)]


def test_the_memories_of_two_venues_do_not_mix(venue, pierres, short):
    elsewhere = factories.venue("Ailleurs")
    theirs, their_drink = factories.reference(elsewhere, short.label), factories.drink(elsewhere, pierres.name)
    memory.learn(short, pierres)
    memory.teach(theirs, linked=None, said_no=(pierres.id, their_drink.id), by=None)

    assert memory.of(elsewhere.id).refused == {(short.label, their_drink.id)}
    assert memory.of(elsewhere.id).abbreviations == {}
    assert memory.of(venue.id).refused == frozenset()
    assert not memory.taught_at(theirs).words
    memory.forget(elsewhere.id, "hpr")
    assert memory.of(venue.id).abbreviations == {"hpr": "Hautes Pierres"}


def test_the_database_refuses_a_pair_of_two_venues_and_a_second_refusal(venue, pierres, short):
    theirs = factories.reference(factories.venue("Ailleurs"))
    for reference_ids in ([theirs.id], [short.id, short.id]):
        for reference_id in reference_ids:
            ids = {"venue_id": venue.id, "reference_id": reference_id, "drink_id": pierres.id}
            db.session.add(RefusedPair(refused_at=factories.NOW, **ids))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_a_few_statements_tell_all_however_much_was_taught(venue, pierres, short):
    for number in range(5):
        memory.refuse(factories.reference(venue, f"CLE {number}"), pierres, None)
    db.session.commit()

    with counted() as sent:
        memory.of(venue.id)
        told = len(sent)
        memory.taught(venue.id)

    assert len([one for one in sent[:told] if one.startswith("SELECT")]) == 3
    assert len(sent) - told == 2


def test_a_taught_word_helps_the_next_refresh_until_it_is_forgotten(venue, pierres, short):
    bottle = factories.reference(venue, "BTL HPR 22")
    decisions = []
    for step in (lambda: None, lambda: memory.learn(short, pierres), lambda: memory.forget(venue.id, "hpr")):
        step()
        suggestions.refresh(venue.id)
        decisions.append(_proposed(bottle))

    assert decisions == [None, pierres.id, None]


def _proposed(reference) -> int | None:
    db.session.flush()
    db.session.expire_all()
    return db.session.get(Suggestion, reference.id).drink_id


def test_what_one_reference_has_taught_is_told_once_each_the_latest_first(venue, pierres, short):
    """Refusals and words come beside each other, in one statement."""
    chablis, petit = factories.drink(venue, "Chablis"), factories.drink(venue, "Petit Chablis")
    for wrong in (chablis, petit):
        memory.refuse(short, wrong, None)
    memory.learn(short, pierres)

    with counted() as sent:
        taught = memory.taught_at(short)

    assert len(sent) == 1
    assert [one.drink for one in taught.refused] == [petit, chablis]
    assert [one.word.word for one in taught.words] == ["hpr"]
