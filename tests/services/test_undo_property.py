"""Whatever was done, in whatever order: what is shown before is what happens, and undoing it is exact."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Act, Drink, Link, TillReference
from sommit.services import acts, answers, drink_sales, stock, till_links, undo, vintage_relay
from tests import factories
from tests.support import naive

START = datetime(2026, 6, 1, tzinfo=UTC)
NOW = START + timedelta(days=20)
HOURS = st.integers(0, 240)
KEY, DRINK = st.integers(0, 1), st.integers(0, 1)

FACT = st.one_of(
    st.tuples(
        st.just("sale"),
        KEY,
        HOURS,
        st.sampled_from([1, 0.5, 0.333, 2, -1]),
        st.sampled_from([0, 650, 1999]),
        st.sampled_from(["sale", "sale", "loss", "none"]),
    ),
    st.tuples(st.sampled_from(["count", "delivery", "loss"]), DRINK, HOURS, st.integers(1, 9000)),
)
ACT = st.one_of(
    st.tuples(st.just("link"), KEY, DRINK, st.sampled_from([20, 125, 750])),
    st.tuples(st.just("break"), KEY, st.none() | DRINK),
    st.tuples(st.just("ignore"), KEY),
    st.tuples(st.just("reactivate"), KEY),
    st.tuples(st.just("relay"), DRINK),
)
UNDO = st.tuples(st.just("undo"), st.integers(0, 9))
ENDED = st.tuples(KEY, DRINK, st.sampled_from([20, 125]), HOURS, st.integers(1, 100))
POURS = st.lists(st.tuples(KEY, DRINK, st.sampled_from([20, 125])), max_size=2, unique_by=lambda link: link[:2])


@dataclass
class Played:
    """An act that was done: to which references, what they were before, and all figures then."""

    act: Act
    keys: list[TillReference]
    before: list[Any]
    figures: Any
    step: int


@dataclass
class Bar:
    """A venue in which facts and acts happen in any order, and all figures are checked after each."""

    drinks: list[Drink]
    keys: list[TillReference]
    closings: list[Any]
    played: list[Played] = field(default_factory=list)
    step: int = 0

    def play(self, name: str, *values: Any) -> None:
        current_app.config["NOW"] = NOW + timedelta(minutes=self.step)
        if name in ("link", "break", "ignore", "reactivate"):
            self._act(name, self.keys[values[0]], *values[1:])
        else:
            getattr(self, f"_{name}")(*values)
        self.step += 1
        self.figures()

    def figures(self) -> list[tuple[int | None, int]]:
        """Each drink's stock in microlitres and turnover in cents, as the product says and as worked out by hand."""
        cellar = stock.cellar(self.drinks[0].venue_id)
        said = [(cellar.get(drink.id), sold_for(drink)) for drink in self.drinks]
        assert said == [(naive.stock_ul(drink), naive.turnover_cents(drink)) for drink in self.drinks]
        return said

    def _sale(self, key: int, hours: int, quantity: float, cents: int, effect: str) -> None:
        at, closing = START + timedelta(hours=hours), self.closings[hours // 24]
        factories.sale(closing, self.keys[key], quantity, at=at, cents=cents, stock=effect)

    def _count(self, drink: int, hours: int, quantity_ml: int) -> None:
        factories.count(self.drinks[drink], quantity_ml, START + timedelta(hours=hours))

    def _delivery(self, drink: int, hours: int, quantity_ml: int) -> None:
        factories.delivery(self.drinks[drink], quantity_ml, START + timedelta(hours=hours))

    def _loss(self, drink: int, hours: int, quantity_ml: int) -> None:
        factories.loss(self.drinks[drink], quantity_ml, START + timedelta(hours=hours))

    def _act(self, kind: str, key: TillReference, *values: Any) -> None:
        before, figures = state(key), self.figures()
        try:
            with acts.recorded(key.venue_id, kind, [key], by=None) as recording:
                DO[kind](self, key, *values)
        except (till_links.NotLinked, till_links.LinkedReference):
            db.session.rollback()
            return
        db.session.commit()
        assert (recording.act is None) == (state(key) == before)
        if recording.act:
            self.played.append(Played(recording.act, [key], [before], figures, self.step))

    def _relay(self, number: int) -> None:
        drink, sibling = self.drinks[number], self.drinks[1 - number]
        shown, figures = vintage_relay.live(drink), self.figures()
        keys = [key for key in self.keys if any(one.id in shown for one in till_links.live_links(key))]
        before = [state(key) for key in keys]
        if not shown:
            return
        relayed = vintage_relay.relay(drink, sibling.vintage, shown=shown)
        db.session.commit()
        assert relayed.sibling is sibling
        assert relayed.act is not None
        assert self.figures() == figures, "what was sold stays where it was"
        self.played.append(Played(relayed.act, keys, before, figures, self.step))

    def link(self, key: TillReference, number: int, serving_ml: int) -> None:
        drink = self.drinks[number]
        if any(one.drink_id == drink.id for one in till_links.live_links(key)):
            till_links.link(key, drink, serving_ml=serving_ml)  # the second tap
            return
        shown = stock.effect(key.venue_id, key.id, drink, serving_ml)
        made = till_links.link(key, drink, serving_ml=serving_ml)
        assert stock.on_hand(drink) == shown.after_ul
        assert all(until <= made.starts_at for until in ended(key, drink)), "a sale is poured twice"
        told = next(one for one in answers.answered(key) if one.drink.id == drink.id)
        assert told.effect == shown

    def break_(self, key: TillReference, number: int | None) -> None:
        if number is None:
            till_links.unlink(key)
            return
        drink, sold = self.drinks[number], sold_for(self.drinks[number])
        shown = drink_sales.breaking(drink, key, drink_sales.keys(drink))
        till_links.unlink(key, drink)
        db.session.flush()
        assert shown is not None
        assert stock.on_hand(drink) == shown.after_ul
        assert sold_for(drink) == sold - shown.turnover_cents

    def _undo(self, number: int) -> None:
        if not self.played:
            return
        chosen = self.played[number % len(self.played)]
        since = [one for one in self.played if one.step > chosen.step and not set(chosen.keys).isdisjoint(one.keys)]
        was, figures = chosen.act.undone_at, self.figures()
        try:
            undo.undo(chosen.act.venue_id, chosen.act.id, by=None)
        except undo.ChangedSince:
            db.session.rollback()
            assert since
            assert self.figures() == figures
            return
        db.session.commit()
        if was is not None:
            assert self.figures() == figures, "the second tap"
            return
        assert not since
        assert [state(key) for key in chosen.keys] == chosen.before
        if self.step == chosen.step + 1:
            assert self.figures() == chosen.figures


DO: dict[str, Any] = {
    "link": Bar.link,
    "break": Bar.break_,
    "ignore": lambda _bar, key: till_links.ignore(key),
    "reactivate": lambda _bar, key: till_links.reactivate(key),
}


def sold_for(drink: Drink) -> int:
    return sum(key.turnover_cents for key in drink_sales.keys(drink))


def state(key: TillReference) -> Any:
    """All of a reference that matters: whether it is ignored and since when, and its unbroken links."""
    links = select(Link.drink_id, Link.serving_ml, Link.starts_at, Link.ends_at, Link.created_at)
    mine = links.where(Link.reference_id == key.id, Link.broken_at.is_(None))
    return key.ignored_at, sorted(map(str, db.session.execute(mine)))


def ended(key: TillReference, drink: Drink) -> list[datetime]:
    """When the former links of a pair ended."""
    pair = Link.reference_id == key.id, Link.drink_id == drink.id
    return list(
        db.session.scalars(select(Link.ends_at).where(*pair, Link.broken_at.is_(None), Link.ends_at.is_not(None)))
    )


@pytest.fixture(autouse=True)
def late_in_june(app):
    current_app.config["NOW"] = NOW


def bar(ended, pours):
    venue = factories.venue()
    drinks = [factories.drink(venue, vintage=year) for year in (2022, 2023)]
    keys = [factories.reference(venue, f"CLE {n}") for n in range(2)]
    for key, drink, serving_ml, since, length in ended:
        starts_at = START + timedelta(hours=since)
        period = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=length)}
        factories.link(keys[key], drinks[drink], serving_ml, **period)
    for key, drink, serving_ml in pours:
        factories.link(keys[key], drinks[drink], serving_ml, starts_at=START + timedelta(days=5))
    closings = [factories.closing(venue, (START + timedelta(days=day)).date()) for day in range(11)]
    return Bar(drinks, keys, closings)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ENDED, max_size=2), POURS, st.lists(FACT, max_size=5), st.lists(ACT | ACT | UNDO | FACT, max_size=10))
def test_the_preview_is_the_effect_and_undo_is_exact(app, ended, pours, facts, history):
    played = bar(ended, pours)
    for step in (*facts, *history):
        played.play(*step)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(ENDED, max_size=2), POURS, st.lists(FACT, min_size=1, max_size=6), st.lists(ACT, min_size=1, max_size=4)
)
def test_each_act_undone_at_once_leaves_everything_as_it_was(app, ended, pours, facts, done):
    played = bar(ended, pours)
    for fact in facts:
        played.play(*fact)
    for act in done:
        figures, number = played.figures(), len(played.played)
        played.play(*act)
        if len(played.played) > number:
            played.play("undo", number)
            assert played.figures() == figures
            played.play(*act)
