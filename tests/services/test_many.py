"""One answer to several references, when two tablets give theirs at once, and as it is undone."""

import threading
from datetime import date, timedelta

import pytest

from sommit.extensions import db
from sommit.models import Act, KeyQuestion, Link, Suggestion
from sommit.services import links_effect, many, references, stock, undo
from tests import factories
from tests.screens.proposals import suggest
from tests.screens.statements import counted


@pytest.fixture
def chablis(venue):
    return factories.drink(venue, producer="William Fèvre", colour="blanc", vintage=2023, stock=22)


@pytest.fixture
def keys(venue, chablis):
    closing = factories.closing(venue)
    made = [factories.reference(venue, f"VRE CHABLIS {number}") for number in range(8)]
    for key in made:
        factories.sale(closing, key, 2, cents=1800)
        suggest(key, chablis)
    return made


def at_zero(keys) -> dict[int, int]:
    return {key.id: 0 for key in keys}


def live() -> list[Link]:
    return [link for link in db.session.query(Link) if link.broken_at is None]


def test_two_tablets_at_once_answer_each_key_once_and_each_is_told_what_it_did(app, venue, chablis, keys):
    told = []

    def answer(act, ticked):
        with app.app_context():
            outcome = act(venue.id, ticked, by=None)
            db.session.commit()
            told.append((len(outcome.done), len(outcome.changed)))

    first, second = dict(list(at_zero(keys).items())[:6]), dict(list(at_zero(keys).items())[:1:-1])
    threads = [
        threading.Thread(target=answer, args=(many.accept, first)),
        threading.Thread(target=answer, args=(many.ignore, second)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == [(2, 4), (6, 0)]
    db.session.expire_all()
    states = [references.row(venue.id, key.id).state for key in keys]
    assert references.State.TO_SYNC not in states
    assert len(live()) == states.count(references.State.LINKED)


def test_one_act_is_kept_and_undone_to_the_millilitre(venue, chablis, keys):
    before = stock.on_hand(chablis)
    by = factories.user(venue).id

    outcome = many.accept(venue.id, at_zero(keys), by=by)
    db.session.commit()

    assert stock.on_hand(chablis) == before - 8 * 2 * 125 * stock.UL
    assert outcome.effect == links_effect.Effect(
        1, 16_000, (links_effect.Shift(chablis, before, stock.on_hand(chablis)),)
    )
    assert (outcome.act.kind, outcome.act.done_by) == ("link", by)
    undo.undo(venue.id, outcome.act.id, by=by)
    db.session.commit()
    assert stock.on_hand(chablis) == before
    assert live() == []


def test_nothing_done_is_no_act(venue, keys):
    many.ignore(venue.id, at_zero(keys), by=None)
    db.session.commit()

    again = many.ignore(venue.id, at_zero(keys), by=None)

    assert (len(again.done), again.act) == (8, None)
    assert db.session.query(Act).count() == 1


def test_an_archived_drink_is_no_sure_proposal(venue, chablis, keys):
    chablis.archived_at = factories.NOW
    db.session.commit()

    outcome = many.accept(venue.id, at_zero(keys), by=None)

    assert (len(outcome.unsure), live()) == (8, [])


def test_in_sum_it_does_what_each_row_has_said_before(venue, chablis, keys):
    """Also where a key became another product on the way, and where a drink has only a delivery."""
    other = factories.drink(venue, "Livré")
    factories.delivery(other, 7500, at=factories.NOW - timedelta(days=1))
    closing = factories.closing(venue, date(2026, 6, 10))
    for number, key in enumerate(keys):
        factories.sale(closing, key, 1 + number, at=factories.NOW - timedelta(days=3))
    db.session.query(Suggestion).filter(Suggestion.reference_id == keys[0].id).update({"drink_id": other.id})
    asked = {"old_label": "VRE CIDRE", "new_label": keys[1].label, "asked_at": factories.NOW}
    db.session.add(
        KeyQuestion(venue_id=venue.id, reference_id=keys[1].id, since=factories.NOW - timedelta(days=2), **asked)
    )
    db.session.commit()
    before = [stock.effect(venue.id, key.id, other if key is keys[0] else chablis, 125) for key in keys]

    outcome = many.accept(venue.id, at_zero(keys), by=None)

    assert outcome.effect.sold_milli == sum(one.taken_milli for one in before)
    assert outcome.effect.nights == max(one.nights for one in before)
    for shift in outcome.effect.shifts:
        taken = [one.before_ul - one.after_ul for one in before if one.before_ul == shift.before_ul]
        assert shift.before_ul - shift.after_ul == sum(taken)
    assert len(outcome.effect.shifts) == 2


def test_the_effect_takes_two_statements_however_much_was_linked(venue, keys):
    outcome = many.accept(venue.id, at_zero(keys), by=None)
    made = [int(link_id) for link_id in outcome.act.done["made"]]
    for some in (made[:1], made):
        with counted() as sent:
            links_effect.of(venue.id, some)
        assert len(sent) == 2
