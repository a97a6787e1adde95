"""The awkward evenings of CONTRACT §12, one function each. Every function returns the closing it wrote into.

Those that take `closing=` add to it; without one they make an evening of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from datetime import date as Date
from decimal import Decimal
from typing import Any

from demo.simulator.closing import Closing, Unit
from demo.simulator.lines import MISSING, Item, Product
from demo.simulator.till import PARIS, Till

GLASS, CARAFE, BOTTLE = "VERRE CHINON GRAVIERS", "PICHET 50 CHINON GRAVIERS", "BTL CHINON GRAVIERS 22"
_MINUTE = timedelta(minutes=1)


def wine(till: Till) -> tuple[Product, Product, Product]:
    """The glass, the carafe and the bottle of one wine, whatever they were changed into; the glass has a happy hour."""
    return (
        _key(till, GLASS, price_cents=650, category="Vins au verre", tiers={"Happy hour": 550}),
        _key(till, CARAFE, price_cents=2200, category="Vins au verre"),
        _key(till, BOTTLE, price_cents=3200, category="Cave"),
    )


def _key(till: Till, label: str, **settings: Any) -> Product:
    identity = till.new_id(f"product:{label}")
    known = next((product for product in till.products if product.id == identity), None)
    return known or till.product(label, sub_category="Rouges", **settings)


# Item 5: the unit of the money


def same_evening(till: Till, unit: Unit) -> Closing:
    """An ordinary evening with its amounts in cents or in euros; call it on two tills to compare them."""
    wine(till)
    return till.closing([(GLASS, 3), (GLASS, 2, "Happy hour"), (BOTTLE, 1), (CARAFE, 2)], unit=unit)


def unit_unknown(till: Till) -> Closing:
    """Whole amounts, no catalogue id, no rate, a total that fits neither unit: nothing tells cents from euros."""
    closing = till.closing(difference_cents=123)
    line = till.item(free_label="DIVERS BAR", quantity=3, unit_cents=400, extra={"tax": MISSING})
    closing.order([line])
    return closing


# Item 6: one evening's orders, each alone or all in `evening`


def three_formats(till: Till, closing: Closing | None = None) -> Closing:
    """A glass, a carafe and a bottle of one wine."""
    return _add(till, closing, *(till.item(product) for product in wine(till)))


def happy_hour(till: Till, closing: Closing | None = None) -> Closing:
    """Two glasses at the reduced tariff: the same glass."""
    return _add(till, closing, till.item(wine(till)[0], 2, tier="Happy hour"))


def part_discount(till: Till, closing: Closing | None = None) -> Closing:
    """A bottle with five euros off."""
    return _add(till, closing, till.item(wine(till)[2], discount_cents=500, discount_name="Geste commercial"))


def offered_glass(till: Till, closing: Closing | None = None) -> Closing:
    """A glass on the house: money 0, stock gone."""
    return _add(till, closing, till.item(wine(till)[0], offered=True))


def cancelled_line(till: Till, closing: Closing | None = None) -> Closing:
    """A cancelled bottle that keeps its total, beside a glass that was drunk."""
    glass, _, bottle = wine(till)
    cancelled = till.item(bottle, is_canceled=True, cancel_reason="Erreur de saisie")
    return _add(till, closing, till.item(glass), cancelled)


def cancelled_order(till: Till, closing: Closing | None = None) -> Closing:
    """A whole order cancelled, its line saying nothing of it."""
    closing = _add(till, closing, till.item(wine(till)[2]))
    closing.orders[-1].is_canceled = True
    closing.orders[-1].cancel_reason = "Client parti"
    return closing


def loss(till: Till, closing: Closing | None = None) -> Closing:
    """A corked bottle, declared lost with its price still on it."""
    return _add(till, closing, till.item(wine(till)[2], is_loss=True, loss_reason="Bouchonné"))


def transferred_order(till: Till, closing: Closing | None = None) -> Closing:
    """Two glasses put on a hotel room: drunk, but not this till's money."""
    closing = _add(till, closing, till.item(wine(till)[0], 2))
    closing.orders[-1].is_transferred = True
    closing.orders[-1].transfer_reason = "Chambre 12"
    return closing


def transferred_line(till: Till, closing: Closing | None = None) -> Closing:
    """A bottle moved from one table to another, which carries it."""
    bottle = wine(till)[2]
    closing = _add(till, closing, till.item(bottle, is_transferred=True, transfer_reason="Table 7"))
    return _add(till, closing, till.item(bottle))


def split_note(till: Till, closing: Closing | None = None) -> Closing:
    """A bottle paid by three guests: the parent line moves the stock, the shares carry their own money."""
    bottle = wine(till)[2]
    closing = _add(till, closing, till.item(bottle, fixed_total_cents=1067))
    for cents in (1067, 1066):
        share = till.item(bottle, "0.333", fixed_total_cents=cents, stock_impact=False)
        closing = _add(till, closing, share)
    return closing


def line_without_product(till: Till, closing: Closing | None = None) -> Closing:
    """A free-price line, known by its label only."""
    return _add(till, closing, till.item(free_label="Vin  du Mois (offre)", unit_cents=800))


def weighed_item(till: Till, closing: Closing | None = None) -> Closing:
    """Cheese by weight, whose unit nobody knows."""
    cheese = till.product("COMTE 24 MOIS", price_cents=3900, category="Planches", tax_rate=1000)
    return _add(till, closing, till.item(cheese, weight=Decimal("0.215"), fixed_total_cents=839))


def negative_quantity(till: Till, closing: Closing | None = None) -> Closing:
    """A bottle taken back."""
    return _add(till, closing, till.item(wine(till)[2], -1))


def modifier(till: Till, closing: Closing | None = None) -> Closing:
    """A kir, its cream being an option."""
    kir = till.product("KIR", price_cents=550, category="Apéritifs")
    return _add(till, closing, till.item(kir, modifiers=["Cassis"]))


def menu_in_items(till: Till, closing: Closing | None = None) -> Closing:
    """Shape (a): the menu's dish carries the money, its glass is a line at 0."""
    lunch = till.product("FORMULE MIDI", price_cents=1850, category="Formules", tax_rate=1000)
    return _add(till, closing, till.item(lunch), till.item(wine(till)[0], unit_cents=0))


def menu_as_one_line(till: Till, closing: Closing | None = None) -> Closing:
    """Shape (b): the menu is one line like any other."""
    tasting = till.product("DEGUSTATION 3 VERRES", price_cents=1600, category="Formules")
    return _add(till, closing, till.item(tasting))


def menu_beside_items(till: Till, closing: Closing | None = None, *, priced: bool = True) -> Closing:
    """Shape (c): a `menus` array. The menu carries the money when `priced`, else its lines do."""
    closing = closing or till.closing()
    glass = wine(till)[0]
    inside = [till.item(glass, 2, unit_cents=0 if priced else None)]
    field = "items" if priced else "productRowList"
    menu = till.menu("FORMULE APERO", inside, price_cents=1900 if priced else 0, items_field=field)
    closing.order([], menus=[menu])
    return closing


#: What `evening` is made of.
PARTS: tuple[Callable[[Till, Closing], Closing], ...] = (
    three_formats, happy_hour, part_discount, offered_glass, cancelled_line, cancelled_order, loss, transferred_order,
    transferred_line, split_note, line_without_product, weighed_item, negative_quantity, modifier, menu_in_items,
    menu_as_one_line, menu_beside_items,
)  # fmt: skip


def evening(till: Till, *, unit: Unit = "cents") -> Closing:
    """Everything of item 6 in one closing that adds up."""
    closing = till.closing(unit=unit)
    for part in PARTS:
        part(till, closing)
    return closing


# Item 7: when


def two_closings(till: Till) -> tuple[Closing, Closing]:
    """Two tills closed on one evening."""
    wine(till)
    return till.closing([(GLASS, 4)]), till.closing([(GLASS, 3), (BOTTLE, 1)], device="iPad terrasse")


def after_midnight(till: Till) -> Closing:
    """A Saturday closed at 03:12 on Sunday."""
    return _night(till, Date(2026, 3, 14), time(3, 12))


def summer_time_begins(till: Till) -> Closing:
    """The night of 28 March 2026, which has no 02:30; closed at 03:30."""
    return _night(till, Date(2026, 3, 28), time(3, 30))


def summer_time_ends(till: Till) -> Closing:
    """The night of 24 October 2026: one order at each of its two 02:30, closed at 03:10."""
    closing = _night(till, Date(2026, 10, 24), time(3, 10))
    for fold in (0, 1):
        at = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=fold).astimezone(UTC)
        closing.order([till.item(GLASS)], opened_at=at, closed_at=at + 5 * _MINUTE)
    return closing


def finalized_late(till: Till) -> Closing:
    """The evening of 13 March 2026, its closing forgotten and run two days after."""
    wine(till)
    opened_at = datetime(2026, 3, 13, 17, tzinfo=PARIS)
    return till.closing([(GLASS, 5)], opened_at=opened_at, closed_at=opened_at + timedelta(days=2))


def running_shift(till: Till) -> Closing:
    """A shift that is not closed: no `finalizedAt`, orders of no report. `Closing.finalize` ends it."""
    wine(till)
    return till.closing([(GLASS, 2)], finalized=False)


# Item 8: what changes afterwards


def amended(till: Till, closing: Closing, *, moves_updated_at: bool = True) -> Closing:
    """The first line of a closing already read is cancelled, with or without a trace in `updatedAt`."""
    closing.amend(
        closing.orders[0].items[0],
        moves_updated_at=moves_updated_at,
        is_canceled=True,
        cancel_reason="Correction du lendemain",
    )
    return closing


def missing_order(till: Till, *, cents: int = 450) -> Closing:
    """A closing whose report counts an order of that many cents which the till never serves."""
    wine(till)
    closing = till.closing([(GLASS, 4)])
    closing.order([till.item(free_label="DIVERS", unit_cents=cents)]).served = False
    return closing


# Item 9: the catalogue


def new_product(till: Till) -> Product:
    """A key that was never sold."""
    return till.product("MAGNUM CHINON GRAVIERS 20", price_cents=6900, category="Cave", sub_category="Rouges")


def renamed_product(till: Till) -> Product:
    """The glass gets another label and keeps its identifier."""
    glass = wine(till)[0]
    glass.name = "VRE CHINON GRAVIERS 12CL"
    return glass


def changed_price(till: Till) -> Product:
    """The glass goes from 6,50 € to 7,00 €."""
    glass = wine(till)[0]
    glass.price_cents = 700
    return glass


def deleted_product(till: Till) -> Product:
    """The carafe leaves the catalogue."""
    carafe = wine(till)[1]
    till.remove(carafe)
    return carafe


def product_given_another_meaning(till: Till) -> Product:
    """The glass's identifier now is a coffee: label, price and rate jump together."""
    glass = wine(till)[0]
    glass.name, glass.price_cents, glass.category, glass.sub_category = "CAFE EXPRESSO", 220, "Boissons chaudes", None
    glass.tax_rate, glass.tiers = 1000, {}
    return glass


def _add(till: Till, closing: Closing | None, *items: Item) -> Closing:
    closing = closing or till.closing()
    closing.order(list(items))
    return closing


def _night(till: Till, day: Date, closes: time) -> Closing:
    wine(till)
    closed_at = datetime.combine(day + timedelta(days=1), closes, PARIS)
    closing = till.closing([(GLASS, 4)], date=day, closed_at=closed_at)
    last = closing.finalized_at or closing.opened_at
    closing.order([till.item(BOTTLE)], opened_at=last - 40 * _MINUTE, closed_at=last - 10 * _MINUTE)
    return closing
