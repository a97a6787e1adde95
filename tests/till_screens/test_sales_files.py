"""The files of *Ventes*: sales by night and key, today's stock, the links."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.screens.statements import counted
from tests.till_screens.conftest import LAST_NIGHT, MORNING
from tests.till_screens.words import words

FILES = ("ventes", "stock", "liaisons")
WEEK = {"du": "2026-06-08", "au": "2026-06-14"}


def rows(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.fixture
def sold(venue):
    """A glass with a link, a return, a key named like a formula, on one night; a night of unknown money before it."""
    glass, trap = (factories.reference(venue, label, category="Vins") for label in ("VRE CHABLIS", '=HYPERLINK("x")'))
    factories.link(glass, factories.drink(venue, "Chablis", vintage=2022, producer="Fèvre", stock=11.3))
    factories.drink(venue, "-Jamais compté")
    closing = factories.closing(venue, LAST_NIGHT, finalized_at=MORNING)
    factories.sale(closing, glass, 2.5, cents=1750, at=MORNING - timedelta(days=1))
    factories.sale(closing, trap, -1, cents=-650)
    unknown = factories.closing(venue, LAST_NIGHT - timedelta(days=1), finalized_at=MORNING, turnover_cents=None)
    factories.sale(unknown, glass, 1, cents=None, at=MORNING - timedelta(days=2))


def test_the_sales_are_a_row_for_each_night_and_key(screen, sold):
    found = rows(screen.get("/ventes/ventes.csv", **WEEK))

    assert found == [
        [
            "Nuit",
            "Référence de la caisse",
            "Catégorie de la caisse",
            "État",
            "Boissons",
            "Ventes",
            "CA de la caisse (€)",
        ],
        ["12/06/2026", "VRE CHABLIS", "Vins", "liée", "Chablis 2022", "1", ""],
        ["13/06/2026", "VRE CHABLIS", "Vins", "liée", "Chablis 2022", "2,5", "17,50"],
        ["13/06/2026", '\'=HYPERLINK("x")', "Vins", "à synchroniser", "", "-1", "-6,50"],
    ]


def test_the_stock_is_todays_and_what_was_never_counted_is_empty(screen, sold):
    head, *found = rows(screen.get("/ventes/stock.csv"))
    shown = {row[1]: dict(zip(head, row, strict=True)) for row in found}

    chablis = shown["Chablis"]
    assert (chablis["Jour"], chablis["Millésime"], chablis["Format (cl)"]) == ("14/06/2026", "2022", "75")
    assert (chablis["Stock (formats)"], chablis["Stock (l)"]) == ("10,717", "8,0375")
    assert shown["'-Jamais compté"]["Stock (l)"] == ""


def test_the_links_say_what_one_sale_takes_and_since_when(screen, venue, sold):
    ended = {"starts_at": MORNING - timedelta(days=9), "ends_at": MORNING}
    factories.link(factories.reference(venue, "PINTE"), factories.drink(venue, "IPA"), 500, **ended)
    factories.link(factories.reference(venue, "CASSEE"), factories.drink(venue, "Gin"), broken_at=MORNING)
    head, *found = rows(screen.get("/ventes/liaisons.csv"))
    shown = {row[0]: dict(zip(head, row, strict=True)) for row in found}

    assert shown.keys() == {"PINTE", "VRE CHABLIS"}
    assert shown["VRE CHABLIS"]["Une vente retire (cl)"] == "12,5"
    assert shown["VRE CHABLIS"]["À partir du"] == shown["VRE CHABLIS"]["Jusqu’au"] == ""
    assert (shown["PINTE"]["À partir du"], shown["PINTE"]["Jusqu’au"]) == ("05/06/2026", "14/06/2026")


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("ventes", "ventes-2026-06-08-2026-06-14.csv"),
        ("stock", "stock-2026-06-14.csv"),
        ("liaisons", "liaisons-2026-06-14.csv"),
    ],
)
def test_a_file_is_saved_under_its_name_and_kept_by_nobody(screen, sold, file, name):
    answer = screen.get(f"/ventes/{file}.csv", **WEEK)

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_whole_where_only_the_request_holds_the_session(screen, sold, file):
    here = screen.get(f"/ventes/{file}.csv", **WEEK).data
    address = f"/ventes/{file}.csv"
    with ThreadPoolExecutor(1) as elsewhere:  # a thread has none of the test's own context, nor the test browser's
        plain = elsewhere.submit(lambda: FlaskClient.open(screen.client, address, query_string=WEEK).data)
        there = plain.result()
    assert there == here


@pytest.mark.parametrize("file", FILES)
def test_another_venue_gets_its_own_rows_only(stranger, sold, file):
    assert len(rows(stranger.get(f"/ventes/{file}.csv", **WEEK))) == 1


@pytest.mark.parametrize("file", FILES)
def test_without_a_sign_in_there_is_no_file(client, sold, file):
    answer = client.get(f"/ventes/{file}.csv", query_string=WEEK)
    assert answer.status_code == 302
    assert "/connexion" in answer.headers["Location"]


def test_dates_that_cannot_be_read_give_the_page_that_says_so(screen, sold):
    answer = screen.get("/ventes/ventes.csv", du="2026-06-14", au="2026-06-08")
    assert answer.status_code == 422
    assert "Cette période finit avant de commencer." in words(answer.text)
    assert "Nuit du samedi 13 juin" in screen.get("/ventes/ventes.csv").text


def test_the_page_leads_to_its_files(screen, sold):
    page = screen.get("/ventes", **WEEK).text
    for address in ("/ventes/ventes.csv?du=2026-06-08&amp;au=2026-06-14", "/ventes/stock.csv", "/ventes/liaisons.csv"):
        assert f'href="{address}"' in page


@pytest.mark.parametrize("file", FILES)
def test_a_file_asks_as_much_of_the_database_for_many_rows_as_for_few(screen, venue, sold, file):
    def statements() -> int:
        with counted() as sent:
            assert rows(screen.get(f"/ventes/{file}.csv", **WEEK))
        return len(sent)

    few = statements()
    closing = factories.closing(venue, date(2026, 6, 9), finalized_at=MORNING)
    for number in range(20):
        key = factories.reference(venue, f"TOUCHE {number}")
        factories.link(key, factories.drink(venue, f"Vin {number}", stock=1))
        factories.sale(closing, key, cents=500)
    assert statements() == few
