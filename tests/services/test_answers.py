"""What an open row proposes, and what an answer did."""

from datetime import UTC, date, datetime

import pytest

from sommit.extensions import db
from sommit.models import Suggestion
from sommit.services import answers, references, stock, till_links
from tests import factories

EVENING = datetime(2026, 6, 10, 19, tzinfo=UTC)
UL = stock.UL


@pytest.fixture
def chablis(venue):
    return factories.drink(venue, producer="William Fèvre", vintage=2023, stock=22)


@pytest.fixture
def glass(venue):
    return factories.reference(venue, "VRE CHABLIS FEVRE 22")


def suggest(reference, drink, *others, **fields):
    """Keep a proposal as the engine would, the vintage read off the label."""
    told = {"score": 1.0, "evidence": fields.get("evidence", [])}
    candidates = [{"drink_id": one.id, **told} for one in (drink, *others)]
    row = Suggestion(
        venue_id=reference.venue_id,
        reference_id=reference.id,
        decision=fields.get("decision", "oui"),
        drink_id=drink.id,
        serving_ml=125,
        vintage=fields.get("vintage"),
        candidates=candidates,
        computed_at=factories.NOW,
    )
    db.session.add(row)
    db.session.commit()


def sell(reference, quantity, nights=1):
    for night in range(nights):
        closing = factories.closing(_venue(reference), date(2026, 6, 10 + night))
        factories.sale(closing, reference, quantity, at=EVENING, cents=1400)


def _venue(reference):
    from sommit.models import Venue

    return db.session.get(Venue, reference.venue_id)


def opened(reference, **tried):
    return answers.opened(references.row(reference.venue_id, reference.id), **tried)


def test_the_effect_of_yes_is_said_before_and_holds_after(venue, chablis, glass):
    suggest(glass, chablis)
    sell(glass, 7, nights=2)

    promised = opened(glass).yes.effect
    till_links.link(glass, chablis, serving_ml=125)
    done = answers.answered(glass)[0].effect

    assert (promised.nights, promised.taken_milli) == (2, 14_000)
    assert (promised.before_ul, promised.after_ul) == (22 * 750 * UL, (22 * 750 - 14 * 125) * UL)
    assert done == promised
    assert stock.on_hand(chablis) == done.after_ul


def test_the_effect_follows_the_serving_that_is_tried(venue, chablis, glass):
    suggest(glass, chablis)
    sell(glass, 2)

    assert opened(glass, serving_ml=750).yes.effect.after_ul == 20 * 750 * UL


def test_the_vintage_on_the_label_is_almost_the_drink(venue, chablis, glass):
    suggest(glass, chablis, vintage=2022, evidence=[["vintage", "differs", "22", "2023"]])
    sell(glass, 3)

    row = opened(glass)

    assert (row.likely, row.vintage, row.almost.drink) == ("presque", 2022, None)
    assert (row.almost.effect.taken_milli, row.almost.effect.before_ul) == (3000, None)


def test_the_vintage_on_the_label_is_the_sibling_where_the_library_has_it(venue, chablis, glass):
    older = factories.drink(venue, producer="William Fèvre", vintage=2022, stock=4)
    suggest(glass, chablis, vintage=2022)

    row = opened(glass)

    assert row.siblings == (older,)
    assert (row.almost.drink, row.almost.effect.before_ul) == (older, 4 * 750 * UL)


@pytest.mark.parametrize(("decision", "state", "likely"), [("oui", "agrees", "oui"), ("ask", "agrees", "")])
def test_yes_is_likely_only_where_the_engine_is_sure(venue, chablis, glass, decision, state, likely):
    suggest(glass, chablis, decision=decision, evidence=[["name", state, "CHABLIS", "Chablis"]])

    assert opened(glass).likely == likely


def test_another_candidate_can_be_looked_at_before_it_is_chosen(venue, chablis, glass):
    other = factories.drink(venue, "Petit Chablis")
    suggest(glass, chablis, other)

    assert opened(glass).others == (other,)
    assert opened(glass, drink=other).yes.drink == other
    assert opened(glass, drink=other).others == (chablis,)


def test_a_row_without_a_proposal_opens_on_nothing(venue, glass):
    assert opened(glass) is None


def test_the_row_that_was_answered_stays_in_its_place(venue, chablis, glass):
    before, after = factories.reference(venue, "A"), factories.reference(venue, "Z")
    for reference, cents in ((before, 900), (glass, 500), (after, 100)):
        factories.sale(factories.closing(venue), reference, 1, cents=cents)
    till_links.link(glass, chablis, serving_ml=125)

    kept = references.listed(venue.id, references.Show.SOLD, keep=glass.id)

    assert [row.reference for row in kept] == [before, glass, after]
    assert glass not in [row.reference for row in references.listed(venue.id, references.Show.SOLD)]


def test_only_what_the_till_says_is_set_side_by_side_save_for_the_name_and_the_vintage(venue, chablis, glass):
    evidence = [
        ["producer", "agrees", "FEVRE", "William Fèvre"],
        ["name", "silent", "", "Chablis Montmains"],
        ["region", "silent", "", "Bourgogne"],
        ["vintage", "silent", "", "2023"],
        ["category", "agrees", "wine", "wine"],
        ["price", "differs", "1400", "900"],
    ]
    suggest(glass, chablis, evidence=evidence)

    assert [one.field for one in opened(glass).compared] == ["name", "producer", "vintage", "price"]


def test_where_the_till_says_nothing_there_is_nothing_to_compare(venue, chablis, glass):
    suggest(glass, chablis, evidence=[["name", "silent", "", "Chablis Montmains"]])

    assert opened(glass).compared == []


def test_that_both_are_wines_is_no_reason(venue, chablis, glass):
    evidence = [
        ["name", "agrees", "CHABLIS", "Chablis"],
        ["category", "agrees", "wine", "wine"],
        ["region", "silent", "", "B"],
    ]
    suggest(glass, chablis, evidence=evidence)

    assert [one.field for one in opened(glass).reasons] == ["name"]


@pytest.mark.parametrize(
    ("decision", "vintage", "asked"), [("oui", None, False), ("ask", None, True), ("ask", 2022, False)]
)
def test_a_row_asks_where_several_drinks_may_be_meant_but_not_for_a_vintage(
    venue, chablis, glass, decision, vintage, asked
):
    suggest(glass, chablis, factories.drink(venue, "Petit Chablis"), decision=decision, vintage=vintage)

    assert references.row(venue.id, glass.id).is_open_question is asked


def test_a_volume_that_differs_is_mended_by_the_runner_up_that_has_it(venue, chablis, glass):
    half = factories.drink(venue, producer="William Fèvre", vintage=2023, volume_ml=375)
    factories.drink(venue, producer="William Fèvre", vintage=2020, volume_ml=375)
    suggest(glass, chablis, half, evidence=[["name", "agrees", "C", "C"], ["volume", "differs", "375", "750"]])

    row = opened(glass, serving_ml=750)

    assert (row.likely, row.mends, row.almost.drink, row.almost.serving_ml) == ("presque", "volume", half, 375)


def test_a_colour_that_differs_is_mended_by_the_runner_up_whose_name_says_it(venue, glass):
    white = factories.drink(venue, "Sancerre blanc", colour="blanc", vintage=2022)
    red = factories.drink(venue, "Sancerre rouge", colour="rouge", vintage=2022)
    suggest(glass, white, red, evidence=[["colour", "differs", "rouge", "blanc"], ["price", "differs", "900", "700"]])

    assert (opened(glass).mends, opened(glass).almost.drink) == ("colour", red)


@pytest.mark.parametrize(
    "fields", [{"vintage": 2020, "volume_ml": 375}, {"name": "Chablis Vaillons", "volume_ml": 375}]
)
def test_a_drink_that_differs_in_more_than_one_thing_mends_nothing(venue, chablis, glass, fields):
    other = factories.drink(venue, **{"producer": "William Fèvre", "vintage": 2023} | fields)
    suggest(glass, chablis, other, evidence=[["volume", "differs", "375", "750"]])

    assert (opened(glass).almost, opened(glass).mends, opened(glass).likely) == (None, "", "")
