"""What the long run draws and prints: pairs of which none comes twice, a table that hides nothing."""

from itertools import islice

from tests.faults.long import space, table
from tests.faults.long.table import Figure

STEPS = ("point before_claim", "SELECT 1", "point page", "COMMIT", "point page", "INSERT INTO night")


def drawn(seed: int, share: int, number: int = 400) -> list[str]:
    return [repr(pair) for pair in islice(space.pairs(STEPS, seed, share=share, of=2), number)]


def test_no_pair_is_drawn_twice_not_even_on_the_other_database():
    one, other = drawn(7, 0), drawn(7, 1)
    assert len(set(one) | set(other)) == len(one) + len(other) == 800


def test_the_same_seed_draws_the_same_pairs():
    assert drawn(7, 0) == drawn(7, 0) != drawn(8, 0)


def test_the_deaths_are_each_passage_and_each_step_with_both_signals():
    deaths = space.deaths(STEPS)
    assert len(deaths) == 2 * (3 + len(STEPS))
    assert {"crash_at": "page:2:SIGTERM"} in [death.how for death in deaths]


def test_a_measure_that_no_test_has_shown_says_so():
    assert sum("NOT SHOWN" in line for line in table.lines([])) == len(table.MEASURES)


def test_the_figures_of_both_databases_stand_in_one_row_with_their_sum_and_seeds():
    seen = [Figure("lines", "sqlite", "0 lost", 700_000, "7"), Figure("lines", "postgresql", "0 lost", 500_000, "8")]
    (row,) = [line for line in table.lines(seen) if "lines lost or doubled" in line]
    assert row.endswith("| 1,200,000 in all; sqlite: 0 lost; postgresql: 0 lost | sqlite, postgresql | 7, 8 |")


def test_a_number_that_stays_below_its_goal_is_marked():
    (row,) = [line for line in table.lines([Figure("pairs", "sqlite", "0 broken", 999)]) if "crash point" in line]
    assert "999 in all (MISSED)" in row
