"""An act is kept as what it changed, and undone exactly, once, unless something it touched changed since."""

from datetime import UTC, datetime

import pytest
from flask import current_app
from sqlalchemy import select

from sommit import clock
from sommit.extensions import db
from sommit.models import Act, IgnoredCategory, LearnedWord, Link, RefusedPair, Suggestion
from sommit.services import acts, library, memory, merge, references, stock, till_links, undo, vintage_relay
from tests import factories
from tests.screens.proposals import suggest

JULY = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def chablis(venue):
    return factories.drink(venue, "Chablis Hautes Pierres", vintage=2022, stock=10)


@pytest.fixture
def key(venue):
    reference = factories.reference(venue, "CHABLIS HPR 22", category="Vins")
    factories.sale(factories.closing(venue), reference, 3, cents=2700)
    return reference


def linked(reference, drink, serving_ml=125, **asked):
    with acts.recorded(reference.venue_id, "link", [reference], by=None) as recording:
        till_links.link(reference, drink, serving_ml=serving_ml)
        memory.teach(reference, linked=drink, said_no=asked.get("said_no", ()), by=None)
    db.session.commit()
    return recording.act


def broken(reference, drink=None):
    with acts.recorded(reference.venue_id, "break", [reference], by=None) as recording:
        till_links.unlink(reference, drink)
    db.session.commit()
    return recording.act


def undone(act):
    undo.undo(act.venue_id, act.id, by=None)
    db.session.commit()


def live(reference):
    return [(link.drink_id, link.serving_ml, link.starts_at, link.ends_at) for link in till_links.live_links(reference)]


def state(reference):
    return references.row(reference.venue_id, reference.id).state


def test_an_undone_link_gives_back_what_it_took_and_forgets_what_it_taught(venue, key, chablis):
    wrong = factories.drink(venue, "Petit Chablis")
    act = linked(key, chablis, said_no=(wrong.id,))
    assert stock.on_hand(chablis) == (7500 - 375) * stock.UL
    assert memory.taught(venue.id).words
    assert memory.taught(venue.id).refused

    undone(act)

    assert stock.on_hand(chablis) == 7500 * stock.UL
    assert state(key) is references.State.TO_SYNC
    assert not memory.taught(venue.id)
    assert db.session.get(Suggestion, key.id) is not None, "it is proposed again"
    assert [link.broken_at is not None for link in db.session.scalars(select(Link))] == [True]


def test_an_undone_break_brings_the_link_back_as_it_was_in_a_new_row(venue, key, chablis):
    was = factories.link(key, chablis, 125, starts_at=datetime(2026, 6, 1, tzinfo=UTC))
    past = factories.link(key, chablis, 20, ends_at=datetime(2026, 6, 1, tzinfo=UTC))
    before = stock.on_hand(chablis)

    undone(broken(key, chablis))

    rows = list(db.session.scalars(select(Link).order_by(Link.id)))
    assert [row.broken_at is not None for row in rows] == [True, True, False, False]
    for old, new in zip((was, past), rows[2:], strict=True):
        assert (new.serving_ml, new.starts_at, new.ends_at) == (old.serving_ml, old.starts_at, old.ends_at)
        assert (new.created_at, new.created_by) == (old.created_at, old.created_by)
    assert stock.on_hand(chablis) == before


def test_what_ended_pours_again_and_what_followed_it_is_broken(app, venue, key, chablis):
    current_app.config["NOW"] = JULY
    factories.link(key, chablis, 125)
    relayed = vintage_relay.relay(chablis, 2023, shown=vintage_relay.live(chablis))
    db.session.commit()
    assert live(key) == [(relayed.sibling.id, 125, JULY, None)]

    undone(relayed.act)

    assert live(key) == [(chablis.id, 125, None, None)]


def test_a_refusal_taken_back_by_a_link_stands_again(venue, key, chablis):
    memory.refuse(key, chablis, None)
    act = linked(key, chablis)
    assert not memory.taught(venue.id).refused

    undone(act)

    assert [one.drink.id for one in memory.taught(venue.id).refused] == [chablis.id]
    assert len(list(db.session.scalars(select(RefusedPair)))) == 2, "a new row: what was taken back stays told"


def test_ignoring_and_reactivating_are_undone(venue, key):
    with acts.recorded(venue.id, "ignore", [key], by=None) as ignoring:
        till_links.ignore(key)
    since = key.ignored_at
    undone(ignoring.act)
    assert state(key) is references.State.TO_SYNC

    till_links.ignore(key)
    key.ignored_at = since
    with acts.recorded(venue.id, "reactivate", [key], by=None) as reactivating:
        till_links.reactivate(key)
    undone(reactivating.act)
    assert key.ignored_at == since


def added(venue, key, name="Chablis neuf"):
    with acts.recorded(venue.id, "link", [key], by=None) as recording:
        drink = library.add(venue.id, library.Entry(name))
        recording.created(drink)
        till_links.link(key, drink, serving_ml=125)
    db.session.commit()
    return recording.act, drink


def test_a_drink_that_the_act_added_is_put_away_and_proposed_no_more(venue, key):
    act, drink = added(venue, key)
    other = factories.reference(venue, "VERRE CHABLIS NEUF")
    suggest(other, drink)

    undone(act)

    assert drink.archived_at is not None
    db.session.expire_all()
    assert db.session.get(Suggestion, other.id).drink_id is None


def test_a_drink_that_has_a_life_of_its_own_by_now_stays(venue, key):
    act, drink = added(venue, key)
    factories.count(drink, 750, factories.NOW)
    undone(act)
    assert drink.archived_at is None

    other = factories.reference(venue, "AUTRE")
    act, drink = added(venue, other, "Chablis d’à côté")
    factories.link(factories.reference(venue, "ENCORE"), drink)
    undone(act)
    assert drink.archived_at is None


def ruled(venue, *keys):
    with acts.recorded(venue.id, "ignore_category", keys, by=None) as recording:
        rule = IgnoredCategory(venue_id=venue.id, category="Vins", created_at=clock.now())
        db.session.add(rule)
        db.session.flush()
        recording.rule(rule)
        for key in keys:
            till_links.ignore(key)
            key.ignored_by_rule = rule.id
    db.session.commit()
    return recording.act, rule


def test_a_rule_is_revoked_with_all_that_it_took_out_also_since(venue, key):
    act, rule = ruled(venue, key)
    later = factories.reference(venue, "TAVEL", category="Vins", ignored_at=JULY, ignored_by_rule=rule.id)

    undone(act)

    assert rule.revoked_at is not None
    assert {state(one) for one in (key, later)} == {references.State.TO_SYNC}
    assert (key.ignored_by_rule, later.ignored_by_rule) == (None, None)
    assert later.version == 1


def test_a_revoked_rule_stands_again_unless_its_category_has_a_new_one(venue, key):
    _act, rule = ruled(venue, key)
    with acts.recorded(venue.id, "reactivate_category", [key], by=None) as recording:
        rule.revoked_at = clock.now()
        recording.rule(rule)
        till_links.reactivate(key)
        key.ignored_by_rule = None
    db.session.commit()
    undone(recording.act)
    assert (rule.revoked_at, key.ignored_by_rule) == (None, rule.id)
    assert state(key) is references.State.IGNORED

    with acts.recorded(venue.id, "reactivate_category", [], by=None) as again:
        rule.revoked_at = clock.now()
        again.rule(rule)
    db.session.add(IgnoredCategory(venue_id=venue.id, category="Vins", created_at=clock.now()))
    db.session.commit()
    with pytest.raises(undo.ChangedSince, match="Vins"):
        undo.undo(venue.id, again.act.id, by=None)


def test_an_act_is_undone_once(venue, key, chablis):
    act = linked(key, chablis)
    undone(act)
    version, when = key.version, act.undone_at
    again = linked(key, chablis)

    undone(act)

    assert (act.undone_at, key.version) == (when, again.done["references"][str(key.id)]["version"])
    assert version < key.version
    assert len(live(key)) == 1


def test_what_changed_since_is_not_undone_and_the_refusal_names_it(venue, key, chablis):
    quiet = factories.reference(venue, "CIDRE")
    with acts.recorded(venue.id, "ignore", [key, quiet], by=None) as recording:
        for one in (key, quiet):
            till_links.ignore(one)
    db.session.commit()
    linked(key, chablis)

    with pytest.raises(undo.ChangedSince, match="CHABLIS HPR 22"):
        undo.undo(venue.id, recording.act.id, by=None)

    db.session.rollback()
    assert state(quiet) is references.State.IGNORED
    assert recording.act.undone_at is None


def test_a_link_that_ended_since_is_no_longer_the_acts(venue, key, chablis):
    act = linked(key, chablis)
    till_links.live_links(key)[0].ends_at = JULY  # the reading of the till does so, where a key was used again
    db.session.commit()

    with pytest.raises(undo.ChangedSince):
        undo.undo(venue.id, act.id, by=None)


def test_no_link_comes_back_to_a_drink_that_was_put_away(venue, key, chablis):
    factories.link(key, chablis)
    act = broken(key)
    library.archive(chablis)
    db.session.commit()

    with pytest.raises(till_links.ArchivedDrink):
        undo.undo(venue.id, act.id, by=None)


def test_no_link_comes_back_beside_the_one_of_the_entry_that_its_drink_became(venue, key, chablis):
    twin = factories.drink(venue, "Chablis Htes Pierres", vintage=2022)
    linked(key, chablis)
    factories.link(key, twin, 60)
    breaking = broken(key, twin)
    merge.merge(chablis, twin, which=None)
    db.session.commit()
    with pytest.raises(undo.ChangedSince, match="CHABLIS HPR 22"):
        undo.undo(venue.id, breaking.id, by=None)
    db.session.rollback()
    assert [drink_id for drink_id, *_ in live(key)] == [chablis.id]


def test_two_links_do_not_come_back_as_one_drink_twice(venue, key, chablis):
    twin = factories.drink(venue, "Chablis Htes Pierres", vintage=2022)
    linked(key, chablis)
    factories.link(key, twin, 60)
    breaking = broken(key)
    merge.merge(chablis, twin, which=None)
    db.session.commit()
    with pytest.raises(undo.ChangedSince):
        undo.undo(venue.id, breaking.id, by=None)
    db.session.rollback()
    assert live(key) == []


def test_what_changes_nothing_is_no_act(venue, key, chablis):
    assert linked(key, chablis) is not None
    assert linked(key, chablis) is None
    assert len(list(db.session.scalars(select(Act)))) == 1


def test_only_what_changed_of_the_references_is_the_acts(venue, key, chablis):
    left = factories.reference(venue, "CIDRE")
    with acts.recorded(venue.id, "link", [left, key], by=None) as recording:
        till_links.link(key, chablis, serving_ml=125)

    assert recording.act.done["references"].keys() == {str(key.id)}


def test_a_refused_act_is_not_kept(venue, key, chablis):
    with (
        pytest.raises(till_links.NotLinked),
        acts.recorded(venue.id, "break", [key], by=None),
    ):
        till_links.unlink(key, chablis)

    db.session.rollback()
    assert db.session.scalar(select(Act)) is None


def test_another_venues_act_is_not_there(venue, key, chablis):
    act = linked(key, chablis)

    with pytest.raises(acts.NoSuchAct):
        undo.undo(factories.venue("Ailleurs").id, act.id, by=None)


def test_the_latest_act_is_the_one_that_left_the_reference_as_it_is(venue, key, chablis):
    assert acts.latest(key) is None
    first = linked(key, chablis)
    assert acts.latest(key) == first
    second = broken(key)
    assert acts.latest(key) == second
    undone(second)
    assert acts.latest(key) is None, "an undone act has nothing to undo, and the one before is no longer the latest"


def test_a_word_learned_for_other_rows_is_taken_from_their_proposals(venue, key, chablis):
    waiting = factories.reference(venue, "HPR 2022")
    act = linked(key, chablis)
    assert [row.word for row in db.session.scalars(select(LearnedWord))] == ["hpr"]
    suggest(waiting, chablis)

    undone(act)

    db.session.expire_all()
    assert db.session.get(Suggestion, waiting.id).decision != "oui"
