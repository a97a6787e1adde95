"""Whatever people, till and nights do, in whatever order: a plain dictionary knows the stock."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from flask import current_app
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from demo.simulator import Till, serve
from sommit.extensions import db
from sommit.jobs import import_night
from sommit.models import TillReference
from sommit.services import acts, cellar_facts, stock, till_connection, till_links, undo
from tests import factories
from tests.support import invariants

FIRST_MORNING = datetime(2026, 6, 10, 3, 30, tzinfo=UTC)  # 05:30 in Paris
LABELS = ("VRE CHABLIS", "PINTE", "MOJITO")
NOWHERE = "http://127.0.0.1:9"
EVENINGS = 6  # all of them are read again each night
numbers = count(1)

KEY, DRINK = st.integers(0, 2), st.integers(0, 1)
ML = st.integers(1, 9000)
LINES = st.lists(st.tuples(KEY, st.integers(1, 5)), min_size=1, max_size=4)


@dataclass
class Key:
    """What the dictionary knows of a key: which drinks it pours, how much each, and whether it is ignored."""

    pours: dict[int, int] = field(default_factory=dict)
    ignored: bool = False


@dataclass
class Act:
    """An act of the product that may still be undone, and what the key was before it."""

    id: int
    before: Key


class Bar(RuleBasedStateMachine):
    """A venue, its till, and the dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self.now = FIRST_MORNING
        self.closings: list[tuple[date, Any]] = []
        self.imported: list[tuple[date, list[tuple[int, int]]]] = []
        self.facts: dict[int, list[tuple[date, str, int]]] = {0: [], 1: []}
        self.keys = [Key() for _ in LABELS]
        self.acts: list[Act | None] = [None for _ in LABELS]
        self.reachable = True

    @initialize()
    def connect(self) -> None:
        """Connect a till with three keys, and read it once."""
        self.till = Till(token=f"jalia-key-{next(numbers)}", name="Le Zinc")
        for label in LABELS:
            self.till.product(label, price_cents=650)
        self.serving = serve(self.till)
        self.server = self.serving.__enter__()
        self.wake_up()
        self.venue = factories.venue()
        self.drinks = [factories.drink(self.venue, name) for name in ("Chablis", "Rhum")]
        probe = till_connection.attempt(self.venue, self.till.token)
        till_connection.keep(self.venue, self.till.token, probe)
        db.session.commit()
        import_night.read_till(self.venue.id)
        rows = db.session.scalars(select(TillReference).where(TillReference.venue_id == self.venue.id))
        self.references = sorted(rows, key=lambda row: LABELS.index(row.label))

    def wake_up(self) -> None:
        """A minute goes by; the till is where it can be reached, or not."""
        self.now += timedelta(minutes=1)
        current_app.config["NOW"] = self.now
        current_app.config["JALIA_API_URL"] = self.server.url if self.reachable else NOWHERE

    @precondition(lambda self: len(self.closings) < EVENINGS)
    @rule(lines=LINES)
    def evening(self, lines: list[tuple[int, int]]) -> None:
        """The bar sells, the shift is closed, and it is the next morning."""
        day = self.now.date()
        self.closings.append((day, self.till.closing([(LABELS[key], quantity) for key, quantity in lines], date=day)))
        self.now += timedelta(days=1)

    @precondition(lambda self: self.closings)
    @rule(which=st.integers(0, EVENINGS - 1), line=st.integers(0, 3), quantity=st.integers(1, 9))
    def amend(self, which: int, line: int, quantity: int) -> None:
        """Somebody corrects a line in the till."""
        closing = self.closings[which % len(self.closings)][1]
        items = [item for order in closing.orders for item in order.items]
        closing.amend(items[line % len(items)], quantity=Decimal(quantity))

    @rule(reachable=st.booleans())
    def lose_or_find_the_till(self, reachable: bool) -> None:
        """The line to the till breaks, or is mended."""
        self.reachable = reachable

    @rule()
    def read(self) -> None:
        """Read the till; a till that is away changes nothing."""
        self.wake_up()
        summary = import_night.read_till(self.venue.id)
        assert summary.failed is not self.reachable
        if self.reachable:
            self.imported = [(day, self.sold(closing)) for day, closing in self.closings]

    def sold(self, closing: Any) -> list[tuple[int, int]]:
        """The till's own lines: key and quantity."""
        items = [item for order in closing.orders for item in order.items]
        return [(LABELS.index(item.label), int(item.quantity)) for item in items]

    @rule(key=KEY, drink=DRINK, serving_ml=st.sampled_from([20, 125, 500]))
    def link(self, key: int, drink: int, serving_ml: int) -> None:
        """Link a key; it may pour several drinks, and is no longer ignored."""
        with self.acted("link", key):
            till_links.link(self.references[key], self.drinks[drink], serving_ml=serving_ml)
            if drink not in self.keys[key].pours:
                self.keys[key].pours[drink] = serving_ml
                self.keys[key].ignored = False

    @precondition(lambda self: any(key.pours for key in self.keys))
    @rule(key=KEY, drink=st.none() | DRINK)
    def break_link(self, key: int, drink: int | None) -> None:
        """Break one link of a key, or all of them."""
        pours = self.keys[key].pours
        if not pours or (drink is not None and drink not in pours):
            return
        with self.acted("break", key):
            till_links.unlink(self.references[key], None if drink is None else self.drinks[drink])
            self.keys[key].pours = {} if drink is None else {one: ml for one, ml in pours.items() if one != drink}

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
        """Undo the last act on a key: it is as it was before."""
        if act := self.acts[key]:
            self.wake_up()
            undo.undo(self.venue.id, act.id, by=None)
            db.session.commit()
            self.keys[key], self.acts[key] = act.before, None

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

    @rule(drink=DRINK, quantity_ml=ML, kind=st.sampled_from(["count", "deliver", "lose"]))
    def fact(self, drink: int, quantity_ml: int, kind: str) -> None:
        """Somebody counts, takes in a delivery, or breaks a bottle."""
        self.wake_up()
        getattr(cellar_facts, kind)(self.drinks[drink], quantity_ml=quantity_ml)
        db.session.commit()
        self.facts[drink].append((self.now.date(), kind, quantity_ml))

    def stock_ul(self, drink: int) -> int | None:
        """The stock by the dictionary: facts in their order, and the evenings after the last count."""
        facts = self.facts[drink]
        starts = [number for number, fact in enumerate(facts) if fact[1] == "count"][-1:]
        starts = starts or [number for number, fact in enumerate(facts) if fact[1] == "deliver"][:1]
        if not starts:
            return None
        since = facts[starts[0]][0]  # in the morning: that day's evening comes after it
        amount = sum(-ml if kind == "lose" else ml for _, kind, ml in facts[starts[0] :]) * 1000
        for day, lines in self.imported:
            if day >= since:
                amount -= sum(self.keys[key].pours.get(drink, 0) * quantity * 1000 for key, quantity in lines)
        return amount

    @invariant()
    def the_dictionary_is_right(self) -> None:
        """After every step, each drink's stock is the dictionary's, and so is each key's state."""
        if not hasattr(self, "references"):
            return
        cellar = stock.cellar(self.venue.id)
        assert [cellar.get(drink.id) for drink in self.drinks] == [self.stock_ul(number) for number in (0, 1)]
        for key, reference in zip(self.keys, self.references, strict=True):
            db.session.refresh(reference)
            assert (reference.ignored_at is not None) == key.ignored
            assert len(till_links.live_links(reference)) == len(key.pours)
        db.session.rollback()

    def teardown(self) -> None:
        """In the end the till is back: all is read, the invariants hold, and reading again changes nothing."""
        if not hasattr(self, "references"):
            return
        try:
            self.reachable = True
            self.read()
            self.the_dictionary_is_right()
            invariants.check_invariants()
            invariants.check_replay(lambda: import_night.read_till(self.venue.id))
        finally:
            self.serving.__exit__(None, None, None)


def test_whatever_happens_the_stock_is_the_dictionarys(app, monkeypatch):
    monkeypatch.setattr(till_connection, "sleep", lambda seconds: None)
    bounded = settings(max_examples=10, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Bar, settings=bounded)
