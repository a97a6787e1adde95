"""What a file would do is said before it is done, and what is done is what was said."""

import pytest
from sqlalchemy import func, select

from sommit.extensions import db
from sommit.models import Count, Drink
from sommit.services import drink_csv, drink_plan, headings, stock
from sommit.services.drink_plan import Act, Change
from tests import factories
from tests.support import naive

FILE = """Nom;Domaine;Millésime;Prix;Stock
Morgon;Foillard;2022;32;6
Chinon;Baudry;2021;28;
Fleurie;;20233;25;3
Chablis Montmains;;;48,50;12
Morgon;Foillard;2022;33;6
"""


@pytest.fixture(autouse=True)
def now(app):
    app.config["NOW"] = factories.NOW


@pytest.fixture
def cellar(venue):
    factories.drink(venue, "Morgon", producer="Foillard", vintage=2022, price_cents=3000, category="wine", stock=6)
    return factories.drink(venue, price_cents=4850, stock=12)


def sheet(text=FILE):
    return headings.read(text.encode())


def test_every_row_is_told_with_what_it_changes(venue, cellar):
    plan = drink_plan.plan(venue, sheet())

    assert [(line.number, line.name, line.act) for line in plan.lines] == [
        (2, "Morgon 2022", Act.UPDATE),
        (3, "Chinon 2021", Act.ADD),
        (4, "Fleurie", Act.REFUSE),
        (5, "Chablis Montmains", Act.UNCHANGED),
        (6, "Morgon 2022", Act.UPDATE),
    ]
    assert plan.lines[0].changes == (Change("price_cents", 3000, 3200),)
    assert plan.lines[4].changes == (Change("price_cents", 3200, 3300),), "the row above has come in"
    assert "20233" in str(plan.lines[2].refusal)
    assert plan.writes == 3


def test_a_count_is_a_change_and_is_told_from_what_was_counted_last(venue, cellar):
    [line] = drink_plan.plan(venue, sheet("Nom;Stock\nChablis Montmains;11,5\n")).lines

    assert line.act is Act.UPDATE
    assert line.changes == (Change("stock", 9000, 8625),)


def test_looking_writes_nothing(venue, cellar):
    before = naive.everything_stored()
    drink_plan.plan(venue, sheet())

    assert naive.everything_stored() == before


def test_what_is_done_is_what_was_said_and_afterwards_nothing_is_left_to_do(venue, cellar):
    plan = drink_plan.plan(venue, sheet("Nom;Stock;Prix\nChinon;6;28\nChablis Montmains;11,5;50\n"))
    outcome = drink_csv.take_sheet(venue, sheet("Nom;Stock;Prix\nChinon;6;28\nChablis Montmains;11,5;50\n"))
    db.session.commit()

    assert (outcome.added, outcome.updated) == (len(plan.of(Act.ADD)), len(plan.of(Act.UPDATE))) == (1, 1)
    assert stock.on_hand(cellar) == 8625 * stock.UL
    assert cellar.price_cents == 5000
    assert drink_plan.plan(venue, sheet("Nom;Stock;Prix\nChinon;6;28\nChablis Montmains;11,5;50\n")).writes == 0


def test_two_rows_for_one_new_drink_make_one_drink(venue):
    text = "Nom;Prix\nChinon;28\nCHINON;29\n"
    assert [line.act for line in drink_plan.plan(venue, sheet(text)).lines] == [Act.ADD, Act.UPDATE]

    drink_csv.take_sheet(venue, sheet(text))
    assert db.session.scalars(select(Drink.price_cents)).one() == 2900


def test_a_cellar_that_changed_since_it_was_looked_at_is_looked_at_again(venue, cellar):
    seen = drink_plan.plan(venue, sheet()).fingerprint
    cellar.price_cents = 4700
    db.session.commit()

    with pytest.raises(drink_csv.Moved):
        drink_csv.take_sheet(venue, sheet(), seen=seen)


def test_a_second_yes_finds_everything_done(venue, cellar):
    text = "Nom;Stock\nChinon;6\nChablis Montmains;11\n"
    seen = drink_plan.plan(venue, sheet(text)).fingerprint
    for _ in range(2):
        drink_csv.take_sheet(venue, sheet(text), seen=seen)
        db.session.commit()

    assert db.session.scalar(select(func.count()).select_from(Drink)) == 3
    assert db.session.scalar(select(func.count()).select_from(Count)) == 4


def test_an_archived_drink_is_neither_known_nor_brought_back(venue, cellar):
    cellar.archived_at = factories.NOW
    db.session.commit()

    assert [line.act for line in drink_plan.plan(venue, sheet("Nom\nChablis Montmains\n")).lines] == [Act.ADD]


def test_another_venue_s_cellar_is_not_looked_at(venue, cellar):
    elsewhere = factories.venue("En face")

    assert [line.act for line in drink_plan.plan(elsewhere, sheet("Nom\nChablis Montmains\n")).lines] == [Act.ADD]
