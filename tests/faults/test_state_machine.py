"""Whatever people, till, Redis and deaths do, in whatever order: a plain dictionary knows the stock."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from sommit.extensions import db
from sommit.jobs import import_night
from sommit.services import (
    acts,
    archive,
    cellar_facts,
    key_questions,
    library,
    stock,
    till_connection,
    till_links,
    undo,
)
from tests.faults import dictionary
from tests.faults.dictionary import Key
from tests.faults.machine import EVENINGS, KEY, LABELS, Nights
from tests.faults.sample import LONG
from tests.support import invariants

OTHERS = ("EXPRESSO", "PLANCHE MIXTE", "SIROP GRENADINE")  # what the keys may be given to
DRINK = st.integers(0, 1)
ML = st.integers(1, 9000)


@dataclass
class Act:
    """An act of the product that may still be undone, and what the key was before it."""

    id: int
    before: Key


class Bar(Nights):
    """The people of the bar, and what the dictionary says after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.acts: list[Act | None] = [None for _ in LABELS]
        self.archived: set[int] = set()

    @rule(key=KEY, drink=DRINK, serving_ml=st.sampled_from([20, 125, 500]))
    def link(self, key: int, drink: int, serving_ml: int) -> None:
        """Link a key; it may pour several drinks, and is no longer ignored. A drink that was put away is refused."""
        how = {"serving_ml": serving_ml}
        if drink in self.archived:
            with pytest.raises(till_links.ArchivedDrink):
                till_links.link(self.references[key], self.drinks[drink], **how)
            db.session.rollback()
            return
        with self.acted("link", key):
            till_links.link(self.references[key], self.drinks[drink], **how)
            if drink not in self.keys[key].pours:
                self.keys[key].pours[drink] = serving_ml
                self.keys[key].ignored = False

    @precondition(lambda self: any(key.pours or key.past for key in self.keys))
    @rule(key=KEY, drink=st.none() | DRINK)
    def break_link(self, key: int, drink: int | None) -> None:
        """Break one link of a key, or all of them; those of its former product too."""
        linked = {*self.keys[key].pours, *self.keys[key].past}
        if not linked or (drink is not None and drink not in linked):
            return
        with self.acted("break", key):
            till_links.unlink(self.references[key], None if drink is None else self.drinks[drink])
            self.keys[key].forget(drink)

    @rule(key=KEY, ignored=st.booleans())
    def ignore(self, key: int, ignored: bool) -> None:
        """Ignore a key, or bring it back; a linked one is refused."""
        if ignored and self.keys[key].pours and not self.keys[key].ignored:
            with pytest.raises(till_links.LinkedReference):
                till_links.ignore(self.references[key])
            db.session.rollback()
            return
        with self.acted("ignore" if ignored else "reactivate", key):
            (till_links.ignore if ignored else till_links.reactivate)(self.references[key])
            self.keys[key].ignored = ignored

    @precondition(lambda self: any(self.acts))
    @rule(key=KEY)
    def undo(self, key: int) -> None:
        """Undo the last act on a key: it is as it was before, unless a drink that it would pour was put away."""
        if not (act := self.acts[key]):
            return
        self.wake_up()
        was, now = act.before, self.keys[key]
        if self.archived & ({*was.pours, *was.past} - {*now.pours, *now.past}):
            with pytest.raises(till_links.ArchivedDrink):
                undo.undo(self.venue.id, act.id, by=None)
            db.session.rollback()
            return
        undo.undo(self.venue.id, act.id, by=None)
        db.session.commit()
        self.keys[key], self.acts[key] = was, None

    @contextmanager
    def acted(self, kind: str, key: int) -> Iterator[None]:
        """Do something to a key as an act that can be undone."""
        self.wake_up()
        before = deepcopy(self.keys[key])
        with acts.recorded(self.venue.id, kind, [self.references[key]], by=None) as recording:
            yield
        db.session.commit()
        assert (recording.act is None) == (self.keys[key] == before)
        if recording.act:
            self.acts[key] = Act(recording.act.id, before)

    @precondition(lambda self: self.is_well and len(self.closings) < EVENINGS)
    @rule(key=KEY, said=st.sampled_from(["same", "other"]), quantity=st.integers(1, 5))
    def reuse(self, key: int, said: str, quantity: int) -> None:
        """A linked key is given to another product, sells, and is asked about; until the answer that is kept aside."""
        if not self.keys[key].pours or self.labels[key] != LABELS[key]:
            return
        self.labels[key] = self.products[key].name = OTHERS[key]
        self.products[key].price_cents = 1990
        poured, day = deepcopy(self.keys[key]), self.now.date()
        self.evening([(key, quantity)])
        self.keys[key].becomes_another(day)
        self.acts[key] = None
        self.read()
        self.the_dictionary_is_right()
        reference = self.references[key]
        db.session.refresh(reference)
        key_questions.answer(reference, said, version=reference.version)
        db.session.commit()
        if said == "same":
            self.keys[key] = poured

    @rule(drink=DRINK, quantity_ml=ML, kind=st.sampled_from(["count", "deliver", "lose"]))
    def fact(self, drink: int, quantity_ml: int, kind: str) -> None:
        """Somebody counts, takes in a delivery, or breaks a bottle."""
        if drink in self.archived:
            return
        self.wake_up()
        getattr(cellar_facts, kind)(self.drinks[drink], quantity_ml=quantity_ml)
        db.session.commit()
        self.facts[drink].append((self.now.date(), kind, quantity_ml))

    @rule(drink=DRINK)
    def put_away_or_bring_back(self, drink: int) -> None:
        """A drink leaves the library, or comes back; one that is poured stays."""
        self.wake_up()
        if drink in self.archived:
            library.bring_back(self.drinks[drink])
            self.archived.remove(drink)
        elif any(drink in key.pours for key in self.keys):
            with pytest.raises(archive.StillLinked):
                archive.put_away(self.drinks[drink])
            db.session.rollback()
            return
        else:
            archive.put_away(self.drinks[drink])
            self.archived.add(drink)
        db.session.commit()

    @invariant()
    def the_dictionary_is_right(self) -> None:
        """After every step, each drink's stock is the dictionary's, and so is each key's state."""
        if not self.references:
            return
        for number, drink in enumerate(self.drinks):
            told = dictionary.stock_ul(self.facts[number], self.closings, self.keys, number)
            assert stock.on_hand(drink) == told
            assert number in self.archived or stock.cellar(self.venue.id).get(drink.id) == told
        for key, reference in zip(self.keys, self.references, strict=True):
            db.session.refresh(reference)
            assert (reference.ignored_at is not None) == key.ignored
            assert len(till_links.live_links(reference)) == len(key.pours)
        db.session.rollback()

    def teardown(self) -> None:
        """In the end till and Redis are back: the clock alone brings all in, and reading again changes nothing."""
        if not self.references:
            return
        try:
            self.reachable, self.trouble = True, None
            self.now += timedelta(days=1)
            self.wake_up()
            self.keep_token()  # a key that was refused is pasted again
            self.tick("well")
            assert all(closing.is_current for closing in self.closings)
            self.the_dictionary_is_right()
            invariants.check_invariants()
            invariants.check_replay(lambda: import_night.read_till(self.venue.id))
        finally:
            db.session.rollback()
            till_connection.get(self.venue.id).state = "refused"  # the next one's clock rings for itself alone
            db.session.commit()
            self.serving.__exit__(None, None, None)


def test_whatever_happens_the_stock_is_the_dictionarys(app, monkeypatch, valkey_url):
    monkeypatch.setattr(till_connection, "sleep", lambda seconds: None)
    minutes = float(os.environ.get("SOMMIT_FAULT_MINUTES", 0))
    how = {"max_examples": 20 + int(10 * minutes), "stateful_step_count": 50} if LONG else {"max_examples": 5}
    bounded = settings(
        **{"stateful_step_count": 20, "derandomize": not LONG, "print_blob": True, "deadline": None, **how},
        suppress_health_check=list(HealthCheck),
    )
    machine = type("Tonight", (Bar,), {"redis_url": valkey_url})
    run_state_machine_as_test(machine, settings=bounded)
