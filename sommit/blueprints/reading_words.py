"""What a line of a closing did, and what an amended closing changed, in words."""

from collections.abc import Iterable
from typing import NamedTuple

from sommit import formats
from sommit.i18n import gettext as _
from sommit.jalia.lines import Line, Money, Stock
from sommit.models import Venue
from sommit.refusals import N_
from sommit.services.line_changes import Change

#: What became of a line that is no plain sale, by its money (CONTRACT §7).
MONEY = {
    Money.CANCELED: N_("annulée"),
    Money.LOSS: N_("perdue"),
    Money.TRANSFERRED: N_("transférée"),
    Money.MOVED: N_("passée sur une autre note"),
    Money.HELD: N_("illisible"),
}


class Fact(NamedTuple):
    """Something that a line says: as it was, as it is; empty where the line was not, or is not, there."""

    name: str
    before: str
    after: str


class Row(NamedTuple):
    """A line that changed: what happened to it (a chip), its name, when it was sold, and what is not as it was."""

    chip: tuple[str, str, str]
    label: str
    sold: str
    facts: list[Fact]


def rows(changes: Iterable[Change], venue: Venue) -> list[Row]:
    """Return the words for the changes of a reading."""
    return [_row(change, venue) for change in changes]


def _row(change: Change, venue: Venue) -> Row:
    line = change.line
    before, after = (_said(one, venue) if one else {} for one in change)
    facts = [Fact(name, before.get(name, ""), after.get(name, "")) for name in before or after]
    if before and after:
        facts = [fact for fact in facts if fact.before != fact.after]
    else:  # its name and its time stand above already
        facts = [fact for fact in facts[1:-1] if fact.before or fact.after]
    return Row(_chip(change), line.label, formats.clock(line.sold_at, venue.timezone), facts)


def _chip(change: Change) -> tuple[str, str, str]:
    if change.before is None:
        return "ok", _("ajoutée"), "plus"
    return ("alert", _("retirée"), "minus") if change.after is None else ("lit", _("changée"), "pencil")


def _said(line: Line, venue: Venue) -> dict[str, str]:
    held = Stock.HELD is line.stock or Money.HELD is line.money  # its reason is ours, and said by the effect
    return {
        _("nom"): line.label,
        _("quantité"): formats.quantity(line.quantity_milli),
        _("prix"): formats.money(line.unit_price_cents),
        _("montant"): formats.money(line.total_cents),
        _("tarif"): line.tier or "",
        _("effet"): effect(line),
        _("motif"): (not held and line.reason) or "",
        _("options"): ", ".join(line.modifiers),
        _("heure"): formats.clock(line.sold_at, venue.timezone),
    }


def effect(line: Line) -> str:
    """Return in a word what a line did to stock and turnover."""
    if word := MONEY.get(line.money):
        return _(word)
    if line.stock is Stock.HELD:
        return _(MONEY[Money.HELD])
    if line.stock is Stock.TO_CHECK:
        return _("pesée, à vérifier")
    if line.stock is Stock.NONE:
        return _("vendue, sans effet sur le stock")
    return _("offerte") if line.total_cents == 0 and line.unit_price_cents else _("vendue")
