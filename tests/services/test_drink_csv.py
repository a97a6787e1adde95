"""A cellar from a spreadsheet: what is good goes in, what is bad is told by its line."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from sommit.extensions import db
from sommit.models import Count, Drink
from sommit.services import drink_csv, stock
from sommit.services.headings import NoNameColumn
from sommit.services.spreadsheet import EmptyFile, NotSpreadsheet
from tests import factories


@pytest.fixture(autouse=True)
def now(app):
    app.config["NOW"] = factories.NOW


def take_in(venue, text):
    outcome = drink_csv.take_in(venue, text.encode())
    db.session.commit()
    return outcome


def only_drink():
    return db.session.scalars(select(Drink)).one()


def counts():
    return db.session.scalar(select(func.count()).select_from(Count))


def test_every_column_in_any_order(venue):
    outcome = take_in(
        venue,
        "stock,name,vintage,producer,volume_ml,colour,category,price,glass_price,threshold,region,appellation,country\n"
        "2.5,Chablis,2022,William Fèvre,750,Blanc,wine,62.00,14,6,Bourgogne,Chablis,France\n",
    )

    assert (outcome.added, outcome.refused) == (1, [])
    drink = only_drink()
    assert (drink.name, drink.vintage, drink.colour, drink.category) == ("Chablis", 2022, "blanc", "wine")
    assert (drink.price_cents, drink.glass_price_cents, drink.threshold_ml) == (6200, 1400, 4500)
    assert stock.on_hand(drink) == 1875 * stock.UL


def test_a_row_that_is_the_same_drink_accents_and_case_aside_updates_it(venue):
    take_in(venue, "name,producer,vintage,price\nChâteau Tour,Fèvre,2020,30\n")
    outcome = take_in(venue, "name,producer,vintage,price\nCHATEAU  TOUR,fevre,2020,32\n")

    assert (outcome.added, outcome.updated) == (0, 1)
    assert only_drink().price_cents == 3200


def test_a_column_that_the_file_does_not_have_keeps_its_value(venue):
    take_in(venue, "name,region,price\nMorgon,Beaujolais,30\n")
    take_in(venue, "name,price\nMorgon,31\n")

    assert only_drink().region == "Beaujolais"


def test_the_same_file_twice_changes_nothing_and_counts_once(venue):
    text = "name,stock\nMorgon,12\n"
    take_in(venue, text)
    outcome = take_in(venue, text)

    assert (outcome.unchanged, counts()) == (1, 1)


def test_a_count_is_made_at_the_instant_that_the_file_says_on_the_venue_s_wall(venue):
    take_in(venue, "name,stock,counted_at\nMorgon,12,2026-06-01T08:00\n")

    assert db.session.scalars(select(Count.at)).one() == datetime(2026, 6, 1, 6, tzinfo=UTC)


def test_a_count_corrected_there_and_back_says_what_the_last_file_said(venue):
    for bottles in (5, 6, 5, 5):
        take_in(venue, f"name,stock,counted_at\nMorgon,{bottles},2026-06-01T08:00\n")

    assert db.session.scalars(select(Count.quantity_ml).order_by(Count.id)).all() == [3750, 4500, 3750]


def test_a_blank_stock_is_no_count_and_a_zero_is_one(venue):
    take_in(venue, "name,stock\nMorgon,\nFleurie,0\n")

    assert counts() == 1


def test_semicolons_decimal_commas_and_a_byte_order_mark_are_what_french_spreadsheets_write(venue):
    drink_csv.take_in(venue, "\ufeffname;price;stock\nMorgon;1 234,50;2,5\n".encode())

    assert only_drink().price_cents == 123450


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",2022,,,", "nom"),
        ("Chablis,20233,,,", "20233"),
        ("Chablis,deux mille,,,", "deux mille"),
        ("Chablis,,-5,,", "-5"),
        ("Chablis,,NaN,,", "NaN"),
        ("Chablis,,1e400,,", "1e400"),
        ("Chablis,,,0,", "format"),
        ("Chablis,,,,2999-01-01", "2999"),
        ("Chablis,,,,hier", "hier"),
        ("Chablis,,,,,une case de trop", "plus de cases"),
        ("x" * 300 + ",,,,", "200"),
    ],
)
def test_a_bad_row_is_told_by_its_line_and_the_good_ones_go_in(venue, row, said):
    outcome = take_in(venue, f"name,vintage,stock,volume_ml,counted_at\n{row}\nMorgon,2021,3,750,\n")

    [(line, problem)] = outcome.refused
    assert line == 2
    assert said in problem
    assert only_drink().name == "Morgon"


@pytest.mark.parametrize("content", [b"prix;stock\n12;3\n", b"cru\nMorgon\n", b"12\n"])
def test_a_file_without_its_heading_is_refused_whole(venue, content):
    with pytest.raises(NoNameColumn):
        drink_csv.take_in(venue, content)


@pytest.mark.parametrize("content", [b"", b"\n\n  \n", b"\xef\xbb\xbf"])
def test_a_file_without_a_row_is_refused_whole(venue, content):
    with pytest.raises(EmptyFile):
        drink_csv.take_in(venue, content)


@pytest.mark.parametrize("content", [b"name\n\x81\n", b"name\nMor\0gon\n", b"\x89PNG\r\n\x1a\n\0\0"])
def test_a_file_that_is_no_text_is_refused_whole(venue, content):
    with pytest.raises(NotSpreadsheet):
        drink_csv.take_in(venue, content)
