"""Does a closing add up? Its lines against its own totals, and what would explain a difference (CONTRACT §7.4)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from sommit.jalia.lines import Line, Money, Stock
from sommit.jalia.payload import Report

MISSING_PAGE: Final = "missing_page"
HELD: Final = "held"

#: Excluded from the turnover; a till that counts them has that much more than we do.
_LEFT_OUT: Final = {
    Money.LOSS: "loss",
    Money.TRANSFERRED: "transferred",
    Money.MOVED: "moved",
    Money.CANCELED: "canceled",
    Money.HELD: HELD,
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A product whose quantity differs from the closing's own, in thousandths. `causes` as in `Control`."""

    till_id: str
    label: str
    ours_milli: int
    theirs_milli: int
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """What a closing adds up to, in cents; None when the unit of money, or the till's total, is unknown.

    `difference_cents` = turnover of the lines - `totalSales`. `causes` are codes: "split", "loss", "transferred",
    "moved", "canceled", "offered", "menu", "held", "missing_page". One cause, or two together, explain the difference
    exactly; "held" and "missing_page" are also named, last, when they may hide an amount that nobody knows.
    """

    turnover_cents: int | None
    difference_cents: int | None
    gaps: tuple[Gap, ...]
    causes: tuple[str, ...]

    @property
    def unexplained(self) -> bool:
        """Whether another reading should be tried before anything is shown."""
        return self.difference_cents != 0 or any(not gap.causes for gap in self.gaps)


def check(lines: Sequence[Line], report: Report, *, end_known: bool) -> Control:
    """Compare priced lines with their closing. `end_known`: whether the last page of notes was surely reached."""
    totals = [line.total_cents for line in lines if line.money is Money.TURNOVER]
    turnover = None if None in totals else sum(total for total in totals if total is not None)
    difference = None
    if turnover is not None and report.total_sales_cents is not None:
        difference = turnover - report.total_sales_cents
    causes: tuple[str, ...] = ()
    if difference:
        causes = explain(-difference, _by_cause(lines, _missing_cents)) or _guesses(lines, end_known=end_known)
    return Control(turnover, difference, _gaps(lines, report), causes)


def explain(wanted: int, groups: Mapping[str, int]) -> tuple[str, ...]:
    """The groups whose sum is exactly `wanted`: each alone, else the first two that do it together."""
    sums = {code: amount for code, amount in groups.items() if amount}
    alone = tuple(code for code, amount in sums.items() if amount == wanted)
    pairs = ((one, two) for one, two in combinations(sums, 2) if sums[one] + sums[two] == wanted)
    return alone or next(pairs, ())


def _by_cause(lines: Iterable[Line], measure: Callable[[Line], tuple[str, int] | None]) -> dict[str, int]:
    groups: dict[str, int] = defaultdict(int)
    for line in lines:
        found = measure(line)
        if found is not None:
            groups[found[0]] += found[1]
    return groups


def _missing_cents(line: Line) -> tuple[str, int] | None:
    """What a till that treats this line the other way has more than we do, in cents."""
    total = line.total_cents or 0
    if line.money is not Money.TURNOVER:
        return _LEFT_OUT[line.money], total
    if line.split:
        return "split", -total
    if total == 0 and line.unit_price_cents and not line.in_menu:
        return "offered", line.unit_price_cents * line.quantity_milli // 1000
    return None


def _guesses(lines: Iterable[Line], *, end_known: bool) -> tuple[str, ...]:
    """What may hide an unknown amount."""
    held = any(line.money is Money.HELD and line.total_cents is None for line in lines)
    return ((HELD,) if held else ()) + (() if end_known else (MISSING_PAGE,))


def _gaps(lines: Iterable[Line], report: Report) -> tuple[Gap, ...]:
    """Products whose kept quantity is not the closing's. A closing that lists no product controls none."""
    if not report.products:
        return ()
    by_product: dict[str, list[Line]] = defaultdict(list)
    labels: dict[str, str] = {}
    theirs: dict[str, int] = defaultdict(int)
    for line in lines:
        by_product[line.till_id].append(line)
        labels[line.till_id] = line.label
    for product in report.products:
        theirs[product.till_id] += product.quantity_milli
        labels[product.till_id] = product.label
    gaps = (_gap(till_id, label, by_product[till_id], theirs[till_id]) for till_id, label in sorted(labels.items()))
    return tuple(gap for gap in gaps if gap is not None)


def _gap(till_id: str, label: str, lines: Sequence[Line], theirs: int) -> Gap | None:
    kept = [line for line in lines if _quantity_cause(line) is None]
    ours = sum(line.quantity_milli for line in kept)
    if ours == theirs:
        return None
    causes = explain(theirs - ours, _by_cause(lines, _missing_quantity))
    if not causes and any(line.stock is Stock.HELD for line in lines):
        causes = (HELD,)
    return Gap(till_id, label, ours, theirs, causes)


def _quantity_cause(line: Line) -> str | None:
    """Why a line's quantity is left out of the comparison: a share is in its parent, a component in its menu."""
    if line.money is not Money.TURNOVER:
        return _LEFT_OUT[line.money]
    if line.split:
        return "split"
    return "menu" if line.in_menu else None


def _missing_quantity(line: Line) -> tuple[str, int] | None:
    code = _quantity_cause(line)
    if code is not None:
        return code, line.quantity_milli
    return ("offered", -line.quantity_milli) if line.total_cents == 0 and line.unit_price_cents else None
