"""In which unit a closing's notes write their money: decided once per closing, by votes (CONTRACT §3.1)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from sommit.jalia.errors import Inconsistent
from sommit.jalia.lines import Line, Money
from sommit.jalia.payload import NORMAL, Product, Report
from sommit.jalia.values import AMOUNT_LIMIT, fold, rounded

#: (till id, folded tariff) -> cents.
CatalogPrices = Mapping[tuple[str, str], int]


class Unit(StrEnum):
    """The unit of the amounts of a closing's notes."""

    CENTS = "cents"
    EUROS = "euros"
    UNKNOWN = "unknown"


#: How many cents make one of the unit.
CENTS_IN: Final = {Unit.CENTS: 1, Unit.EUROS: 100}


@dataclass(frozen=True, slots=True)
class Vote:
    """The unit, and whether it changed since the former reading.

    `why`: "control", "catalogue", "rates", "decimals", "known", "conflict" or "none".
    """

    unit: Unit
    why: str
    changed: bool


def catalogue_prices(products: Iterable[Product]) -> dict[tuple[str, str], int]:
    """The prices that `decide` compares lines with, by product and tariff."""
    return {
        (product.id, fold(price.name) or NORMAL): price.unit_price_cents
        for product in products
        for price in product.prices
    }


def decide(lines: Sequence[Line], report: Report, catalogue_prices: CatalogPrices, known: Unit | None) -> Vote:
    """Decide the unit of a closing. `known` is the one of its former reading, kept when nothing votes.

    Votes are heard in the order control, catalogue, rates, decimals; the first that speaks wins. A control that
    contradicts the catalogue leaves the unit unknown (CONTRACT §3.1.4): a turnover is never guessed.
    """
    known = None if known is Unit.UNKNOWN else known
    control, catalogue = by_control(lines, report), by_catalogue(lines, catalogue_prices)
    if control and catalogue and control is not catalogue:
        return Vote(Unit.UNKNOWN, "conflict", changed=known is not None)
    votes = (
        (control, "control"),
        (catalogue, "catalogue"),
        (by_rates(lines), "rates"),
        (by_decimals(lines), "decimals"),
        (known, "known"),
        (Unit.UNKNOWN, "none"),
    )
    unit, why = next((unit, why) for unit, why in votes if unit)
    return Vote(unit, why, changed=known is not None and unit is not known)


def by_control(lines: Iterable[Line], report: Report) -> Unit | None:
    """§3.1.3.a: the turnover lines add up to the closing's total, in cents or in euros, a cent per note apart."""
    total = report.total_sales_cents
    kept = [line for line in lines if line.money is Money.TURNOVER]
    ours = sum((line.total for line in kept if line.total is not None), Decimal(0))
    if total is None or not ours:
        return None
    tolerance = len({line.order_id for line in kept})
    fits = [unit for unit, factor in CENTS_IN.items() if abs(ours * factor - total) <= tolerance]
    return fits[0] if len(fits) == 1 else None


def by_catalogue(lines: Iterable[Line], prices: CatalogPrices) -> Unit | None:
    """§3.1.3.b: most lines cost what the catalogue says for their tariff, or a hundredth of it."""
    votes: Counter[Unit] = Counter()
    for line in lines:
        price = prices.get((line.till_id, fold(line.tier or NORMAL)))
        if price and line.unit_price:
            for unit, factor in CENTS_IN.items():
                votes[unit] += line.unit_price * factor == price
    return _majority(votes)


def by_rates(lines: Iterable[Line]) -> Unit | None:
    """§3.1.3.c: fractions go with euros, hundredths of a percent with cents."""
    votes: Counter[Unit] = Counter()
    for line in lines:
        if line.raw_rate and 0 < line.raw_rate <= 1:
            votes[Unit.EUROS] += 1
        elif line.raw_rate and line.raw_rate >= 100:
            votes[Unit.CENTS] += 1
    return _majority(votes)


def by_decimals(lines: Iterable[Line]) -> Unit | None:
    """§3.1.3.d: an amount with a fractional part is in euros; whole amounts prove nothing."""
    amounts = (amount for line in lines for amount in (line.unit_price, line.total) if amount)
    return Unit.EUROS if any(amount % 1 for amount in amounts) else None


def to_cents(amount: Decimal | None, unit: Unit) -> int | None:
    """An amount in integer cents; exact, and half-even on the cent where the till wrote fractions of one.

    None when the amount or the unit is unknown, or beyond ten million euros. Nothing is nothing in every unit.
    """
    if amount is None:
        return None
    if not amount:
        return 0
    factor = CENTS_IN.get(unit)
    if factor is None:
        return None
    cents = rounded(amount * factor)
    return cents if abs(cents) <= AMOUNT_LIMIT else None


def priced(lines: Iterable[Line], unit: Unit) -> tuple[Line, ...]:
    """The lines with their money in cents. Turnover beyond what one line can bring is held."""
    return tuple([_priced(line, unit) for line in lines])


def _priced(line: Line, unit: Unit) -> Line:
    total = to_cents(line.total, unit)
    beyond = total is None and unit is not Unit.UNKNOWN and line.money is Money.TURNOVER
    return msgspec.structs.replace(
        line,
        unit_price_cents=to_cents(line.unit_price, unit),
        total_cents=total,
        money=Money.HELD if beyond else line.money,
    )


def check_scale(report: Report) -> None:
    """Refuse a closing whose taxes and total are a factor of 100 apart (CONTRACT §3.1.6). Raises Inconsistent."""
    total = report.total_sales_cents
    taxed = sum((tax.amount + tax.base for tax in report.taxes), Decimal(0))
    if not total or not taxed:
        return
    tolerance = len(report.taxes)  # a cent of rounding per rate
    if abs(taxed - total) > tolerance and (
        abs(taxed * 100 - total) <= tolerance or abs(taxed - total * 100) <= tolerance * 100
    ):
        raise Inconsistent(f"totalSales {total}, taxes {taxed}")


def _majority(votes: "Counter[Unit]") -> Unit | None:
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]
