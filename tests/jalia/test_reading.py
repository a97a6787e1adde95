"""A closing read whole, and read again before a difference is shown."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from sommit.jalia.errors import Inconsistent, NotJalia, OtherVenue
from sommit.jalia.lines import Money, Stock
from sommit.jalia.payload import Report
from sommit.jalia.reading import Reading, read_closing
from sommit.jalia.units import Unit
from tests.jalia.build import GLASS, LOCATION, Readings, item, order, report_of


def read(
    *readings: list[Any], report: Report | None = None, location_id: str | None = LOCATION, **options: Any
) -> tuple[Reading, list[bool]]:
    client = Readings(*readings, **options)
    found = read_closing(
        client,  # type: ignore[arg-type]
        report or report_of(),
        catalogue_prices={(GLASS, "normal"): 650},
        known_unit=None,
        location_id=location_id,
    )
    return found, client.thorough


def test_a_closing_is_read_with_its_money_in_cents() -> None:
    found, _ = read([order()])
    (line,) = found.lines

    assert (line.unit_price_cents, line.total_cents, line.stock) == (650, 1300, Stock.SALE)
    assert (found.unit, found.unit_why, found.unit_changed) == (Unit.CENTS, "control", False)
    assert (found.turnover_cents, found.difference_cents, found.causes, found.held) == (1300, 0, (), ())
    assert not found.empty


def test_the_same_evening_in_euros_brings_the_same_cents() -> None:
    cents, _ = read([order()])
    euros, _ = read([order(items=[item(unitPrice=6.5, total=13, tax={"taxRate": 0.2})])])

    assert euros.unit is Unit.EUROS
    assert [(x.unit_price_cents, x.total_cents) for x in euros.lines] == [
        (x.unit_price_cents, x.total_cents) for x in cents.lines
    ]


def test_a_closing_whose_unit_nothing_tells_keeps_its_quantities_only() -> None:
    silent = item(itemCatalogId=None, tax=None, unitPrice=7, total=14)

    found, _ = read([order(items=[silent])])

    assert (found.unit, found.turnover_cents, found.difference_cents) == (Unit.UNKNOWN, None, None)
    assert (found.lines[0].quantity_milli, found.lines[0].total_cents) == (2000, None)


def test_an_empty_closing_says_so() -> None:
    found, _ = read([], report=report_of(totalSales=0, startedAt=None))

    assert (found.empty, found.turnover_cents, found.difference_cents, found.lines) == (True, 0, 0, ())
    assert found.opened_at == datetime(2025, 3, 15, 0, 47, 55, tzinfo=UTC)


def test_a_closing_without_a_start_is_opened_by_its_earliest_note() -> None:
    found, _ = read(
        [order(1), order(2, openedAt="2025-03-14T16:30:00+01:00", items=[])], report=report_of(startedAt=None)
    )

    assert (found.opened_at, found.opened_from_orders) == (datetime(2025, 3, 14, 15, 30, tzinfo=UTC), True)
    assert not read([order()])[0].opened_from_orders


def test_the_fingerprint_ignores_order_and_dates_of_writing_and_nothing_else() -> None:
    notes = [order(n, items=[item(quantity=n, total=n)]) for n in range(1, 20)]
    shuffled = random.Random(7).sample(notes, len(notes))
    first = read(notes)[0].fingerprint

    assert read(shuffled)[0].fingerprint == first
    assert read(notes, report=report_of(updatedAt="2025-03-16T00:00:00Z"))[0].fingerprint == first
    assert read(notes, report=report_of(totalSales=1))[0].fingerprint != first
    assert read([*notes[:-1], order(19, items=[item(quantity=19, total=19, isCanceled=True)])])[0].fingerprint != first


def test_notes_of_another_closing_are_dropped() -> None:
    found, _ = read([order(1), order(2, reportId="another"), order(3, reportId=None)])

    assert [line.order_id[-1] for line in found.lines] == ["1"]


def test_notes_without_a_closing_are_kept_when_the_till_filtered() -> None:
    raw = order(1)
    del raw["reportId"]

    assert len(read([raw])[0].lines) == 1


@pytest.mark.parametrize(
    ("notes", "report", "known"),
    [
        ([order(locationId="another")], report_of(), LOCATION),
        ([order(locationId="another")], report_of(), None),
        ([order()], report_of(locationId="another"), LOCATION),
        ([], report_of(locationId="another"), LOCATION.upper()),
    ],
)
def test_another_venue_is_refused(notes: list[Any], report: Report, known: str | None) -> None:
    with pytest.raises(OtherVenue):
        read(notes, report=report, location_id=known)


def test_a_missing_location_is_no_other_venue() -> None:
    read([order(locationId=None)], report=report_of(locationId=None), location_id=LOCATION.upper())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"totalSales": "?"}, "totalSales"),
        ({"finalizedAt": "?"}, "finalizedAt"),
        ({"finalizedAt": None}, "finalizedAt"),
    ],
)
def test_a_closing_whose_needed_fields_are_unreadable_is_refused_by_name(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(NotJalia) as caught:
        read([order()], report=report_of(**changes))
    assert caught.value.field == field
    assert field in str(caught.value)


def test_a_closing_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(Inconsistent):
        read([order()], report=report_of(reportTaxes=[{"taxAmount": 2, "taxableAmount": 11}]))


def test_a_closing_that_adds_up_is_read_once_however_many_its_pages() -> None:
    assert read([order()], pages=3, end_known=False)[1] == [False]


def test_a_difference_after_one_sure_page_is_shown_at_once() -> None:
    found, thorough = read([order(), order(2)])

    assert (found.difference_cents, thorough) == (1300, [False])


@pytest.mark.parametrize("options", [{"pages": 2}, {"end_known": False}])
def test_a_difference_after_several_pages_or_an_unsure_end_is_read_again_thoroughly(options: dict[str, Any]) -> None:
    found, thorough = read([], [order()], **options)

    assert (found.difference_cents, thorough) == (0, [False, True])


def test_three_readings_at_most() -> None:
    notes = [order(n, items=[item(total=n)]) for n in range(1, 9)]

    found, thorough = read(notes[:1], notes[:2], notes[:3], notes[:4], pages=2)

    assert thorough == [False, True, True]
    assert found.turnover_cents == 6


def test_two_readings_that_agree_are_believed() -> None:
    assert read([order(), order(2)], pages=2)[1] == [False, True]


def test_lines_a_person_must_look_at_are_told_in_french() -> None:
    found, _ = read([order(items=[item(), item(description="KIR", quantity="NaN", total=None)])])

    assert found.lines[1].money is Money.HELD
    assert found.held == (
        "Note 1c7e0b34-8d2f-4a96-b0e3-000000000001, ligne 2, «\u00a0KIR\u00a0»\u00a0: "
        "quantité illisible ou hors limites et montant illisible ou hors limites.",
    )
