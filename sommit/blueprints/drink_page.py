"""The page of one drink, on the address of *Mes boissons*: its tabs *Fiche*, *Vente* and *Stock*."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from sommit import clock, formats
from sommit.blueprints import drink_chart, drink_forms, rows_of, wording
from sommit.blueprints import till_sync_forms as form
from sommit.blueprints.drinks import bp
from sommit.i18n import gettext as _
from sommit.i18n import sentence
from sommit.models import Count, Delivery, Drink, Loss
from sommit.models.drink import CATEGORIES
from sommit.refusals import Refusal
from sommit.services import (
    cellar,
    cellar_facts,
    drink_edit,
    drink_prices,
    drink_sales,
    drink_sheet,
    library,
)
from sommit.session import current_venue

DRINK = "/<int(max=2147483647):drink_id>"
#: The acts on the stock: their word in the address, and what they add.
ACTS: dict[str, Any] = {"inventaire": Count, "livraison": Delivery, "perte": Loss}
AT_FIRST = 14  # days of the stock's history


@bp.get(DRINK)
def show(drink_id: int) -> str:
    """Show what is written of one drink, and what the till asks for it."""
    return entry_page(rows_of.drink(drink_id))


@bp.get(f"{DRINK}/vente")
def sales_tab(drink_id: int) -> str:
    """Show what the till sold of one drink; `casser` is the reference whose link somebody thinks of breaking."""
    return sales_page(rows_of.drink(drink_id), form.number("casser"))


@bp.get(f"{DRINK}/stock")
def stock_tab(drink_id: int) -> str:
    """Show how the stock came about; `geste` is the act whose form is open, `jours` shows every day."""
    asked = request.args.get("geste", "")
    return stock_page(rows_of.drink(drink_id), asked if asked in ACTS else "inventaire")


def errors(refusal: Refusal | None) -> dict[str, str]:
    """Return the sentence of a refusal under the name of the field at fault."""
    return {refusal.field: sentence(refusal)} if refusal and refusal.field else {}


def entry_page(drink: Drink, refusal: Refusal | None = None, *, relaying: bool = False) -> str:
    """Return the tab *Fiche*; after a refusal at a field with what was typed, after another one as it is now."""
    at_fault = errors(refusal)
    typed = request.form if at_fault else None
    poured = cellar.poured(drink)
    return render_template(
        "drinks/show.html",
        drink=drink,
        poured=poured,
        values=typed if typed and not relaying else drink_forms.values(drink),
        typed=typed if typed and relaying else {},
        stamp=drink_edit.stamp(drink),
        errors={} if relaying else at_fault,
        vintage_error=next(iter(at_fault.values()), "") if relaying else "",
        twin=getattr(refusal, "drink", None),
        refused=sentence(refusal) if refusal and not at_fault else "",
        prices=drink_prices.asked(drink.venue_id, poured),
        links=[link.link_id for link in poured],
        siblings=library.siblings(drink),
        categories=[(one, wording.GROUPS[one]) for one in CATEGORIES],
        colours=wording.COLOURS,
    )


def sales_page(drink: Drink, reference_id: int | None = None, refusal: Refusal | None = None) -> str:
    """Return the tab *Vente*, with what breaking the link of a reference would do, and the sentence of a refusal."""
    keys = drink_sales.keys(drink)
    asked = next((key.reference for key in keys if key.reference.id == reference_id), None)
    until = drink_sales.last_evening(current_venue.id)
    since = until - timedelta(days=drink_chart.NIGHTS - 1) if until else None
    sold = drink_sales.nights(drink, since, until) if since and until else []
    return render_template(
        "drinks/sales.html",
        drink=drink,
        poured=[key for key in keys if key.pours],
        keys=keys,
        breaking=drink_sales.breaking(drink, asked, keys) if asked else None,
        nights=drink_chart.drawn(drink, sold, until, [key.serving_ml for key in keys]) if until else None,
        refused=sentence(refusal) if refusal else "",
    )


def stock_page(drink: Drink, act: str, refusal: Refusal | None = None) -> str:
    """Return the tab *Stock* with the form of an act, after a refusal as it was typed."""
    told = drink_sheet.arithmetic(drink)
    line = cellar.Line(drink, told.left_ul if told else None, cellar.poured(drink))
    now = clock.now()
    return render_template(
        "drinks/stock.html",
        drink=drink,
        line=line,
        poured=line.poured,
        told=told,
        days=drink_sheet.days(told, current_venue.timezone) if told else [],
        at_first=None if "jours" in request.args else AT_FIRST,
        causes=drink_sheet.causes(drink, told) if told and told.left_ul < 0 else None,
        evenings=drink_sheet.evenings_left(told, clock.local_date(now, current_venue.timezone)) if told else None,
        wall=now.astimezone(ZoneInfo(current_venue.timezone)).strftime("%Y-%m-%dT%H:%M"),
        act=act,
        seen=cellar_facts.last_id(ACTS[act], drink),
        typed=request.form if refusal else {},
        errors=errors(refusal),
        **_units(drink),
    )


def _units(drink: Drink) -> dict[str, Any]:
    """What is counted of a drink: its formats, and the glasses that are left of one."""
    usual_ml = formats.poured_ml(drink.volume_ml, drink.category)
    parts = {formats.GLASS_ML: _("verres"), formats.DEMI_ML: _("demis"), formats.DOSE_ML: _("doses")}
    unit = _("fûts") if usual_ml == formats.DEMI_ML else _("bouteilles")
    return {"unit": unit, "part": parts[usual_ml], "part_ml": drink_forms.part_ml(drink)}
