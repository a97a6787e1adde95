"""A key that becomes another product: its new sales are kept aside until somebody says what it is (FAULTS 64)."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from sommit.extensions import db
from sommit.jalia.payload import Price, Product
from sommit.models import KeyQuestion, Link, TillConnection, TillReference
from sommit.services import acts, catalogue, key_questions, references, stock, till_links, turnover, undo
from tests import factories
from tests.support import naive

NOW, NIGHT = factories.NOW, date(2026, 6, 13)
LAST_READING = NOW - timedelta(days=1)
KEY = "0a1b"


def product(name: str, cents: int | None, tax: int | None = 2000) -> Product:
    return Product(KEY, name, "Bar", (), () if cents is None else (Price("0", "Normal", cents, tax),))


@pytest.fixture
def bar(app, venue) -> SimpleNamespace:
    """VERRE CHABLIS at 6,50 € pours a Chablis: 10 bottles counted, 4 glasses sold before yesterday."""
    app.config["NOW"] = LAST_READING
    catalogue.take_over(venue.id, [product("VERRE CHABLIS", 650)])
    connection = {"token": b"sealed", "token_tail": "tail", "read_from": NIGHT, "read_at": LAST_READING}
    db.session.add(TillConnection(venue_id=venue.id, connected_at=LAST_READING, **connection))
    key = db.session.scalars(select(TillReference)).one()
    drink = factories.drink(venue, stock=10)
    factories.link(key, drink, 125)
    closing = factories.closing(venue, NIGHT)
    factories.sale(closing, key, 4, at=LAST_READING - timedelta(hours=8), cents=2600)
    app.config["NOW"] = NOW
    return SimpleNamespace(venue=venue, key=key, drink=drink, closing=closing)


def read(bar: SimpleNamespace, *products: Product) -> None:
    """What a reading does with the catalogue and, once the closings are in, with the questions."""
    catalogue.take_over(bar.venue.id, products)
    key_questions.settle(bar.venue.id)
    db.session.commit()


def sold(bar: SimpleNamespace, quantity: int, hours: int, label: str = "MOJITO") -> None:
    """Sales on the key some hours after the last reading."""
    at = LAST_READING + timedelta(hours=hours)
    factories.sale(bar.closing, bar.key, quantity, at=at, cents=quantity * 1100, label=label)


def reused(bar: SimpleNamespace) -> KeyQuestion:
    """The key is a Mojito since last evening: one more Chablis was sold before, 3 Mojitos after."""
    sold(bar, 1, 6, "VERRE CHABLIS")
    sold(bar, 3, 10)
    read(bar, product("MOJITO", 1100, 1000))
    return db.session.scalars(select(KeyQuestion)).one()


def questions() -> list[KeyQuestion]:
    return list(db.session.scalars(select(KeyQuestion)))


def glasses_gone(bar: SimpleNamespace) -> float:
    found = stock.on_hand(bar.drink)
    assert found == naive.stock_ul(bar.drink)
    return (10 * 750_000 - found) / 125_000


def test_another_name_at_another_price_is_asked_about_once_and_its_sales_are_kept_aside(bar):
    asked = reused(bar)

    assert (asked.old_label, asked.old_price_cents) == ("VERRE CHABLIS", 650)
    assert (asked.new_label, asked.new_price_cents) == ("MOJITO", 1100)
    assert asked.since == LAST_READING + timedelta(hours=10)
    assert [link.ends_at for link in db.session.scalars(select(Link))] == [asked.since]
    assert glasses_gone(bar) == 5
    evening = turnover.evenings(bar.venue.id, [NIGHT])[NIGHT]
    assert (evening.linked_cents, evening.to_sync_cents) == (2600 + 1100, 3300)


def test_the_same_reading_again_and_an_amended_closing_ask_nothing_more(bar):
    asked = reused(bar)
    read(bar, product("MOJITO", 1100, 1000))
    sold(bar, 2, 8)
    read(bar, product("MOJITO", 1150, 1000))

    assert questions() == [asked]
    assert asked.since == LAST_READING + timedelta(hours=8)
    assert glasses_gone(bar) == 5


def test_without_a_sale_under_the_new_name_the_reading_is_the_instant(bar):
    read(bar, product("MOJITO", 1100))

    assert [asked.since for asked in questions()] == [NOW]
    assert glasses_gone(bar) == 4


def test_a_sale_under_the_new_name_before_the_last_reading_is_no_beginning(bar):
    sold(bar, 1, -2)
    read(bar, product("MOJITO", 1100))

    assert [asked.since for asked in questions()] == [NOW]


@pytest.mark.parametrize(
    "now",
    [
        product("VERRE CHABLIS", 700),
        product("VERRE CHABLIS", 650, 1000),
        product("MOJITO", 650),
        product("Verre Châblis", 700),
        product("VRE CHABLIS 2023", 700, 1000),
        product("CHABLIS", 700),
        product("MOJITO", None),
    ],
    ids=["price", "tax", "name", "accents", "vintage", "shorter", "no price"],
)
def test_a_mere_respelling_vintage_or_price_passes(bar, now):
    read(bar, now)

    assert questions() == []
    assert [link.ends_at for link in db.session.scalars(select(Link))] == [None]


def test_another_name_at_another_tax_rate_is_asked_about(bar):
    read(bar, product("CAFE EXPRESSO", 650, 1000))

    assert len(questions()) == 1


def test_from_one_vintage_to_the_next_with_a_new_price_the_link_stays(bar):
    read(bar, product("CHABLIS 2022", 650))
    read(bar, product("CHABLIS 2023", 720))

    assert questions() == []
    assert till_links.live_links(bar.key)


def test_a_key_that_pours_nothing_is_not_asked_about(bar):
    till_links.unlink(bar.key)
    read(bar, product("MOJITO", 1100))

    assert questions() == []


def test_the_same_drink_after_all_and_the_stock_is_as_if_nothing_had_been_asked(bar):
    reused(bar)
    effect = stock.effect(bar.venue.id, bar.key.id, bar.drink, 125)
    key_questions.answer(bar.key, "same", version=bar.key.version)
    db.session.commit()

    assert glasses_gone(bar) == 8
    assert (effect.taken_milli, effect.after_ul) == (3000, stock.on_hand(bar.drink))
    first, second = db.session.scalars(select(Link).order_by(Link.id))
    assert (second.drink_id, second.serving_ml, second.starts_at, second.ends_at) == (
        first.drink_id,
        first.serving_ml,
        first.ends_at,
        None,
    )
    assert turnover.evenings(bar.venue.id, [NIGHT])[NIGHT].to_sync_cents == 0
    sold(bar, 1, 30)
    assert glasses_gone(bar) == 9


def test_another_drink_and_the_key_waits_while_its_past_stays(bar):
    reused(bar)
    key_questions.answer(bar.key, "other", version=bar.key.version)
    db.session.commit()
    assert till_links.live_links(bar.key) == []
    assert glasses_gone(bar) == 5

    mojito = factories.drink(bar.venue, "Rhum blanc", category="spirit", volume_ml=700, stock=3)
    effect = stock.effect(bar.venue.id, bar.key.id, mojito, 40)
    till_links.link(bar.key, mojito, serving_ml=40)
    db.session.commit()

    assert effect.taken_milli == 3000
    assert effect.after_ul == stock.on_hand(mojito) == naive.stock_ul(mojito) == (3 * 700 - 3 * 40) * 1000
    assert glasses_gone(bar) == 5
    assert turnover.evenings(bar.venue.id, [NIGHT])[NIGHT].to_sync_cents == 0


def test_the_list_shows_what_the_key_has_sold_since_and_nothing_of_its_past(bar):
    assert references.row(bar.venue.id, bar.key.id).turnover_cents == 2600
    reused(bar)
    row = references.row(bar.venue.id, bar.key.id)
    assert (row.sold_milli, row.sales, row.turnover_cents) == (3000, 1, 3300)

    key_questions.answer(bar.key, "same", version=bar.key.version)
    assert references.row(bar.venue.id, bar.key.id).sold_milli == 8000


def test_whoever_links_or_ignores_the_key_without_answering_has_answered(bar):
    asked = reused(bar)
    till_links.link(bar.key, factories.drink(bar.venue, "Rhum blanc"), serving_ml=40)
    db.session.commit()

    assert (asked.answer, asked.since) == ("other", LAST_READING + timedelta(hours=10))


def test_undoing_that_link_asks_again(bar):
    asked = reused(bar)
    with acts.recorded(bar.venue.id, "link", [bar.key], by=None) as recording:
        till_links.link(bar.key, factories.drink(bar.venue, "Rhum blanc"), serving_ml=40)
    db.session.commit()
    undo.undo(bar.venue.id, recording.act.id, by=None)
    db.session.commit()

    db.session.refresh(asked)
    assert (asked.answer, asked.answered_at) == (None, None)
    key_questions.answer(bar.key, "same", version=bar.key.version)
    assert glasses_gone(bar) == 8


def test_two_tablets_that_say_the_same_both_see_it_done_once(bar):
    reused(bar)
    version = bar.key.version
    for _tablet in range(2):
        key_questions.answer(bar.key, "same", version=version)
        db.session.commit()

    assert len(till_links.live_links(bar.key)) == 1
    with pytest.raises(key_questions.Answered):
        key_questions.answer(bar.key, "other", version=version)


def test_an_answer_to_a_row_that_changed_meanwhile_is_refused(bar):
    reused(bar)
    with pytest.raises(till_links.Changed):
        key_questions.answer(bar.key, "same", version=bar.key.version - 1)


def test_a_key_about_which_nothing_was_asked_has_no_answer(bar):
    with pytest.raises(key_questions.NoQuestion):
        key_questions.answer(bar.key, "same", version=bar.key.version)


def test_the_drink_that_was_put_away_meanwhile_pours_nothing_new(bar):
    reused(bar)
    bar.drink.archived_at = NOW
    with pytest.raises(till_links.ArchivedDrink):
        key_questions.answer(bar.key, "same", version=bar.key.version)


def test_a_link_made_after_the_first_new_sale_keeps_a_period(bar):
    till_links.unlink(bar.key)
    factories.link(bar.key, bar.drink, 125, starts_at=NOW)
    sold(bar, 3, 10)
    read(bar, product("MOJITO", 1100))

    link = till_links.live_links(bar.key)
    assert [one.ends_at - one.starts_at for one in link] == [timedelta(microseconds=1)]


def test_a_key_may_be_asked_about_again_later(bar):
    reused(bar)
    key_questions.answer(bar.key, "same", version=bar.key.version)
    read(bar, product("PINTE IPA", 700))

    assert sorted(asked.answer or "" for asked in questions()) == ["", "same"]
    key_questions.answer(bar.key, "other", version=bar.key.version)
    assert till_links.live_links(bar.key) == []
