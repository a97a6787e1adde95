"""CONTRACT §3.1: cents or euros, decided once per closing."""

from decimal import Decimal
from typing import Any

import pytest

from sommit.jalia.errors import Inconsistent
from sommit.jalia.lines import Line, Money
from sommit.jalia.parse import catalogue
from sommit.jalia.units import Unit, Vote, catalogue_prices, check_scale, decide, priced, to_cents
from tests.jalia.build import GLASS, item, lines, order, report_of

PRICES = {(GLASS, "normal"): 650, (GLASS, "happy hour"): 550}
CENTS, EUROS, UNKNOWN = Unit.CENTS, Unit.EUROS, Unit.UNKNOWN


def bare(**changes: Any) -> dict[str, Any]:
    """A line whose rate, tariff and amounts say nothing of the unit."""
    return item(**{"tax": None, "itemCatalogId": None, "unitPrice": 7, "total": 14, **changes})


def vote(*items: dict[str, Any], total: Any = None, known: Unit | None = None) -> Vote:
    return decide(lines(order(items=items)), report_of(totalSales=total), PRICES, known)


def test_the_control_says_cents() -> None:
    assert vote(bare(), total=14) == Vote(CENTS, "control", changed=False)


def test_the_control_says_euros() -> None:
    assert vote(bare(), total=1400) == Vote(EUROS, "control", changed=False)


def test_the_control_forgives_one_cent_per_note() -> None:
    assert vote(bare(total=14.004), total=1400).unit is EUROS
    assert vote(bare(), total=15) == Vote(CENTS, "control", changed=False)
    assert vote(bare(), total=16) == Vote(UNKNOWN, "none", changed=False)


def test_a_sum_of_zero_controls_nothing() -> None:
    assert vote(bare(total=0), total=0).why == "none"


def test_lines_that_are_no_turnover_are_left_out_of_the_control() -> None:
    assert vote(bare(), bare(isCanceled=True, total=999), total=14).why == "control"


def test_the_catalogue_says_cents_or_euros_by_the_tariff_of_the_line() -> None:
    assert vote(item(tax=None), total=None) == Vote(CENTS, "catalogue", changed=False)
    assert vote(item(tax=None, unitPrice=6.5, total=13)) == Vote(EUROS, "catalogue", changed=False)
    assert vote(item(tax=None, unitPrice=5.5, tier="HAPPY HOUR", total=11)).why == "catalogue"
    assert vote(item(tax=None, unitPrice=650, tier="Happy hour")).why == "none"


def test_the_catalogue_votes_by_majority_and_ignores_altered_prices() -> None:
    altered = item(tax=None, unitPrice=600)

    assert vote(item(tax=None), item(tax=None), item(tax=None, unitPrice=6.5), altered).unit is CENTS
    assert vote(item(tax=None), item(tax=None, unitPrice=6.5, total=13)) == Vote(EUROS, "decimals", changed=False)


def test_the_control_against_the_catalogue_leaves_the_unit_unknown() -> None:
    assert vote(item(unitPrice=6.5, total=13), total=13) == Vote(UNKNOWN, "conflict", changed=False)
    assert vote(item(unitPrice=6.5, total=13), total=13, known=CENTS) == Vote(UNKNOWN, "conflict", changed=True)


def test_rates_vote_when_neither_control_nor_catalogue_does() -> None:
    assert vote(bare(tax={"taxRate": 0.2})) == Vote(EUROS, "rates", changed=False)
    assert vote(bare(tax={"taxRate": 2000})) == Vote(CENTS, "rates", changed=False)
    assert vote(bare(tax={"taxRate": 20})).why == "none"
    assert vote(bare(tax={"taxRate": 0})).why == "none"


def test_a_fractional_amount_says_euros_and_a_whole_one_proves_nothing() -> None:
    assert vote(bare(unitPrice=4.5)) == Vote(EUROS, "decimals", changed=False)
    assert vote(bare(unitPrice="20.00", total=20)).why == "none"


def test_the_control_wins_over_rates_and_decimals_and_the_catalogue_over_rates() -> None:
    assert vote(bare(tax={"taxRate": 0.2}), total=14) == Vote(CENTS, "control", changed=False)
    assert vote(item(tax={"taxRate": 0.2})) == Vote(CENTS, "catalogue", changed=False)


def test_a_known_unit_is_kept_when_nothing_votes_and_a_change_is_said() -> None:
    assert vote(bare(), known=EUROS) == Vote(EUROS, "known", changed=False)
    assert vote(bare(), total=14, known=EUROS) == Vote(CENTS, "control", changed=True)
    assert vote(bare(), total=14, known=UNKNOWN) == Vote(CENTS, "control", changed=False)


def test_catalogue_prices_are_found_by_product_and_folded_tariff() -> None:
    body = (
        b'[{"id": "A1", "name": "Kir", "priceList": [{"priceTypeName": "\\u00c0 Emporter", "unitPrice": 400},'
        b' {"unitPrice": 500}]}]'
    )

    assert catalogue_prices(catalogue(body).products) == {("a1", "a emporter"): 400, ("a1", "normal"): 500}


@pytest.mark.parametrize(
    ("amount", "unit", "cents"),
    [
        ("13", CENTS, 13),
        ("13", EUROS, 1300),
        ("19.5", EUROS, 1950),
        ("0.125", EUROS, 12),
        ("0.135", EUROS, 14),
        ("-6.5", EUROS, -650),
        ("13", UNKNOWN, None),
        ("0", UNKNOWN, 0),
        ("100000000", EUROS, None),
    ],
)
def test_amounts_become_cents_half_even_on_the_cent(amount: str, unit: Unit, cents: int | None) -> None:
    assert to_cents(Decimal(amount), unit) == cents


def test_turnover_beyond_what_a_line_can_bring_is_held() -> None:
    def only(unit: Unit) -> Line:
        return priced(lines(order(items=[item(total=10**8)])), unit)[0]

    assert only(EUROS).money is Money.HELD
    assert only(UNKNOWN).money is Money.TURNOVER
    assert only(CENTS).total_cents == 10**8


@pytest.mark.parametrize(("amount", "base"), [(8.42, 42.08), (84200, 420800)])
def test_a_report_whose_taxes_are_a_factor_100_apart_is_refused(amount: Any, base: Any) -> None:
    taxes = [{"taxRate": 2000, "taxAmount": amount, "taxableAmount": base}]

    with pytest.raises(Inconsistent):
        check_scale(report_of(totalSales=5050, reportTaxes=taxes))


@pytest.mark.parametrize("total", [5050, 5051, 4000, 0, None])
def test_any_other_disagreement_of_a_report_is_not_one_of_scale(total: Any) -> None:
    taxes = [{"taxRate": 2000, "taxAmount": 842, "taxableAmount": 4208}, {"taxAmount": None}]

    check_scale(report_of(totalSales=total, reportTaxes=taxes))
