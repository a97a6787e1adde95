"""What holds for any library and any label."""

import random
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sommit.matching import Decision, Drink, Engine, Label, serving_for
from sommit.matching.text import words

SYLLABLES = ("ba", "cor", "del", "fa", "gri", "lo", "mon", "né", "pau", "rê", "sol", "tur", "vi", "zan")
WORDS = st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=3).map(lambda parts: "".join(parts).title())
COMMON = st.sampled_from(("Château", "Domaine", "Chablis", "Rouge", "Grand Cru", "Vieilles Vignes", "Pinot noir"))
NAMES = st.lists(st.one_of(WORDS, WORDS, COMMON), min_size=1, max_size=4, unique=True).map(" ".join)
DRINK = st.builds(
    Drink,
    id=st.just(0),
    name=NAMES,
    producer=st.one_of(st.just(""), NAMES),
    appellation=st.one_of(st.just(""), WORDS),
    region=st.sampled_from(("", "Bourgogne", "Loire")),
    colour=st.sampled_from(("", "rouge", "blanc")),
    vintage=st.one_of(st.none(), st.integers(1995, 2024)),
    volume_ml=st.sampled_from((None, 375, 750, 1500)),
    category=st.sampled_from(("wine", "beer", "spirit", "")),
)
LIBRARY = st.lists(DRINK, min_size=1, max_size=12).map(
    lambda drinks: [replace(drink, id=number) for number, drink in enumerate(drinks)]
)


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def ranked(drinks: list[Drink], text: str) -> list[tuple[object, float]]:
    return [(one.drink_id, one.score) for one in Engine(drinks).propose(Label(text)).candidates]


@settings(max_examples=60, deadline=None)
@given(LIBRARY, NAMES.map(lambda name: f"{name} Loire"), st.randoms(use_true_random=False))
def test_ranking_never_depends_on_the_order_of_the_library(drinks, text, rng: random.Random):
    mixed = rng.sample(drinks, len(drinks))
    assert ranked(drinks, text) == ranked(mixed, text)


@settings(max_examples=60, deadline=None)
@given(LIBRARY, NAMES)
def test_ranking_never_depends_on_case_or_accents(drinks, text):
    assert ranked(drinks, text) == ranked(drinks, plain(text).upper()) == ranked(drinks, text.lower())


@settings(max_examples=200, deadline=None)
@given(LIBRARY, st.integers(0, 11))
def test_a_label_equal_to_a_drinks_name_ranks_it_first(drinks, which):
    colourless = [replace(drink, colour="") for drink in drinks]  # else "Rouge" may name a white wine here
    name = colourless[which % len(drinks)].name
    first = Engine(colourless).propose(Label(name)).candidates[0].drink_id
    assert sorted(words(colourless[first].name)) == sorted(words(name))


@settings(max_examples=100, deadline=None)
@given(LIBRARY, NAMES)
def test_an_unrelated_drink_never_turns_a_suggestion_into_another_one(drinks, text):
    before = Engine(drinks).propose(Label(text))
    after = Engine([*drinks, Drink("new", "Xyqq Wkkw", category="beer")]).propose(Label(text))
    if before.decision is Decision.OUI and after.decision is Decision.OUI:
        assert before.candidates[0].drink_id == after.candidates[0].drink_id


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=20), st.one_of(st.none(), st.integers(-5, 10**9)))
def test_any_text_gets_an_answer(text, category, price):
    engine = Engine(
        [Drink(1, "Chablis", volume_ml=750, category="wine", price_cents=3000), Drink(2, "Leffe", volume_ml=330)]
    )
    proposal = engine.propose(Label(text, category, price))
    engine.search(text)
    assert all(0 <= candidate.score <= 1 for candidate in proposal.candidates)
    assert not proposal.candidates or proposal.serving.ml


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=30), DRINK)
def test_a_drink_with_a_volume_always_gets_a_serving(text, drink):
    serving = serving_for(Label(text), drink)
    assert (serving.ml is not None and serving.ml > 0) or drink.volume_ml is None


@pytest.mark.parametrize(
    "text",
    ["", "   ", "x" * 500, "A " * 250, "12345 678 90", "🍷🍷", "נבלה ירושלים", "\u202e\u200f", "%", "'" * 40, "0", "½"],
)
@pytest.mark.parametrize("size", [0, 1, 40])
def test_bad_input_gets_an_answer_from_libraries_of_any_size(text, size):
    drinks = [Drink(i, "Chablis", volume_ml=750, category="wine") for i in range(size)]
    proposal = Engine(drinks).propose(Label(text))
    assert proposal.decision in (Decision.NON, Decision.ASK)


def test_forty_drinks_of_one_name_are_asked_about():
    drinks = [Drink(i, "Chablis", volume_ml=750, category="wine") for i in range(40)]
    proposal = Engine(drinks).propose(Label("CHABLIS"))
    assert (proposal.decision, len(proposal.candidates)) == (Decision.ASK, 10)


def test_a_drink_whose_fields_are_all_blank_does_no_harm():
    assert Engine([Drink(1, ""), Drink(2, "🍷")]).propose(Label("CHABLIS")).decision is Decision.NON
