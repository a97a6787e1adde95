"""The page "Quoi de neuf": what the readings of a morning have changed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sommit.extensions import db
from sommit.jalia.payload import Price, Product
from sommit.models import KeyQuestion, Night, TillReference
from sommit.services import catalogue, till_links
from tests import factories
from tests.screens.answers import words
from tests.screens.statements import counted

PAGE = "/boissons/quoi-de-neuf"
MORNING = datetime(2026, 6, 14, 3, 30, tzinfo=UTC)  # 05:30 in Paris
LONG_AGO = MORNING - timedelta(days=10)


def product(name: str, cents: int = 700, *, key: str = "", happy_cents: int | None = None) -> Product:
    prices = [Price("0", "Normal", cents, 2000)]
    prices += [] if happy_cents is None else [Price("1", "Happy hour", happy_cents, 2000)]
    return Product(key or name.lower(), name, "Bar", (), tuple(prices))


@pytest.fixture
def read(app, venue):
    """Let the till show these keys at an instant."""

    def take_over(*products: Product, at: datetime = MORNING) -> None:
        app.config["NOW"] = at
        catalogue.take_over(venue.id, products)
        db.session.commit()
        app.config["NOW"] = MORNING

    return take_over


@pytest.fixture
def known(read):
    """Three keys that the till has had for long."""
    keys = product("VRE CHABLIS"), product("PINTE", 800, happy_cents=600), product("SPRITZ", 900)
    read(*keys, at=LONG_AGO)
    return keys


def key(label: str) -> TillReference:
    return db.session.scalars(db.select(TillReference).where(TillReference.label == label)).one()


def told(screen, **asked: str) -> str:
    text = words(screen.get(PAGE, **asked).text).replace("\u00a0", " ").replace("\u202f", " ")
    return text[text.index("Après la nuit") :]


def test_a_quiet_morning_says_so(screen, venue, read, known):
    factories.drink(venue)
    read(*known)

    assert "Rien de neuf." in told(screen)
    assert "Quoi de neuf ce matin : rien" in words(screen.get("/boissons").text).replace("\u00a0", " ")


def test_new_keys_prices_by_tariff_and_names_are_told(screen, venue, read, known):
    drink = factories.drink(venue, vintage=2023)
    factories.link(key("VRE CHABLIS"), drink)
    read(
        product("VRE CHABLIS 24", 750, key="vre chablis"),
        product("PINTE", 800, happy_cents=650),
        product("SPRITZ", 900),
        product("NEGRONI", 1200),
    )
    page = told(screen)

    assert "Une nouvelle référence NEGRONI Bar, 12,00 € Synchroniser NEGRONI" in page
    assert "2 prix repris de la caisse" in page
    assert "PINTE Happy hour 6,00 € 6,50 €" in page
    assert "VRE CHABLIS 24 7,00 € 7,50 € Chablis Montmains 2023" in page
    assert "Un nouveau nom en caisse VRE CHABLIS s’appelle maintenant VRE CHABLIS 24" in page
    assert "La liaison reste : Chablis Montmains 2023" in page
    line = words(screen.get("/boissons").text).replace("\u00a0", " ")
    assert "Quoi de neuf ce matin : 1 nouvelle référence, 2 prix, 1 nouveau nom" in line


def test_keys_that_are_gone_or_back_are_told_on_their_own_morning(screen, read, known):
    read(*known[1:], at=MORNING - timedelta(days=1))
    read(*known)

    assert "VRE CHABLIS y est de nouveau" in told(screen)
    assert "VRE CHABLIS n’y est plus" in told(screen, soir="2026-06-12")


def test_a_past_morning_can_be_read_again(screen, read, known):
    read(*known, product("NEGRONI"), at=MORNING - timedelta(days=2))
    read(*known, product("NEGRONI"))

    assert "NEGRONI" not in told(screen)
    before = told(screen, soir="2026-06-11")
    assert "Après la nuit du jeudi 11 juin" in before
    assert "Une nouvelle référence NEGRONI" in before


def test_the_first_reading_names_no_key_but_leads_to_the_list(screen, venue, read):
    factories.drink(venue)
    read(product("VRE CHABLIS"), product("PINTE"))

    assert "La caisse a montré 2 références. Ce qui n’est ni lié ni ignoré attend dans la liste." in told(screen)
    assert "Synchroniser PINTE" not in told(screen)
    assert "première lecture, 2 références" in screen.get("/boissons").text


def test_before_any_reading_there_is_no_line_and_the_page_is_quiet(screen, app, venue):
    app.config["NOW"] = MORNING
    factories.drink(venue)

    assert "Quoi de neuf" not in screen.get("/boissons").text
    assert "Rien de neuf." in told(screen)


def test_questions_missing_nights_and_stocks_are_told(screen, venue, read, known):
    low = factories.drink(venue, "Morgon", stock=1, threshold_ml=3000)
    below = factories.drink(venue, "Fleurie", stock=1)
    factories.link(key("SPRITZ"), below, 750)
    factories.sale(factories.closing(venue), key("SPRITZ"), 3, at=MORNING - timedelta(hours=8))
    db.session.add(Night(venue_id=venue.id, business_date=date(2026, 6, 13), state="waiting", problem="Pas close."))
    place = {"venue_id": venue.id, "reference_id": key("PINTE").id, "since": MORNING, "asked_at": LONG_AGO}
    db.session.add(KeyQuestion(**place, old_label="DEMI", new_label="PINTE"))
    db.session.commit()
    page = told(screen)

    assert "Une question La touche DEMI s’appelle maintenant PINTE" in page
    assert "Une nuit manque samedi 13 juin Pas close." in page
    assert "À ce jour, sous zéro Fleurie −2 bout." in page
    assert f"À ce jour, sous le seuil {low.name} 1 bout. seuil 4" in page
    assert "sous zéro" not in told(screen, soir="2026-06-12")


def test_the_way_back_ends_at_the_first_reading_and_after_a_month(screen, read, known):
    def goes_back(evening: str) -> bool:
        return 'rel="prev"' in screen.get(PAGE, soir=evening).text

    assert goes_back("2026-06-04")
    assert not goes_back("2026-06-03")  # its morning is the first reading's
    read(product("VIEUX MARC"), at=MORNING - timedelta(days=90))
    assert goes_back("2026-05-14")
    assert not goes_back("2026-05-13")


@pytest.mark.parametrize("asked", ["", "demain", "2026-13-45", "9999-12-31", "0001-01-01", "2026-06-14"])
def test_an_evening_that_cannot_be_is_the_latest_one(screen, known, asked):
    assert "Après la nuit du samedi 13 juin" in told(screen, soir=asked)


def test_another_venues_news_are_its_own(stranger, known):
    assert "PINTE" not in stranger.get(PAGE).text


def test_the_number_of_statements_does_not_grow_with_the_news(screen, read, known):
    def sent() -> int:
        screen.get(PAGE)
        with counted() as statements:
            screen.get(PAGE)
        return len(statements)

    read(*known, product("NEGRONI"))
    few = sent()
    many = [product(f"COCKTAIL {number}") for number in range(40)]
    read(*(product(one.name, 1000, key=one.id) for one in known), *many)

    assert sent() == few
    assert "Et 11 autres." in told(screen)


def test_an_ignored_key_is_told_as_ignored(screen, read, known):
    read(*known, product("PLAT DU JOUR"))
    till_links.ignore(key("PLAT DU JOUR"))
    db.session.commit()

    assert "PLAT DU JOUR Bar, 7,00 €, ignorée" in told(screen)
