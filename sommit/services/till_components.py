"""Several drinks for one key: a cocktail, a formule. Each sale takes each of them; the key's turnover counts once."""

from dataclasses import replace

from sommit import matching
from sommit.models import Drink, Link, TillReference
from sommit.refusals import N_, Refusal
from sommit.services import answers, engines, references, till_links


class AlreadyPoured(Refusal):
    """The key pours this drink already, in another serving."""

    sentence = N_("« %(label)s » verse déjà « %(drink)s ». Retirez-la d’abord pour changer ce qu’une vente en prend.")


def proposed(row: references.Row, drink: Drink, serving_ml: int | None = None) -> answers.Opened | None:
    """Return what a drink would do if the key poured it as well; `serving_ml` is the serving being tried.

    Else it is the likely one, but for a whole bottle, or for what the price alone tells: of several drinks in one
    glass, a part is likelier, and the price is the whole glass's.
    """
    opened = answers.opened(row, drink, serving_ml)
    if opened is None or serving_ml is not None:
        return opened
    likely_ml, least_ml = opened.yes.serving_ml, opened.servings[0]
    too_much = likely_ml == drink.volume_ml or _is_told_by_price(row.reference, drink, likely_ml)
    return answers.opened(row, drink, least_ml) if too_much and likely_ml != least_ml else opened


def _is_told_by_price(reference: TillReference, drink: Drink, likely_ml: int) -> bool:
    """Whether a serving would be another one if the key had no price."""
    without = matching.serving_for(replace(engines.as_label(reference), price_cents=None), engines.as_drink(drink))
    return not without.said and without.ml != likely_ml


def add(
    reference: TillReference, drink: Drink, *, serving_ml: int, version: int | None = None, by: int | None = None
) -> Link:
    """Let a key pour one drink more; `serving_ml` is what one sale takes of it. The same again changes nothing.

    Raises AlreadyPoured, and what till_links.link raises.
    """
    made = till_links.link(reference, drink, serving_ml=serving_ml, version=version, by=by)
    if made.serving_ml != serving_ml:
        raise AlreadyPoured(label=reference.label, drink=drink.name)
    return made


def remove(reference: TillReference, drink: Drink, *, version: int | None = None) -> None:
    """Let a key pour a drink no more; the others stay. One that is gone already changes nothing.

    Raises till_links.NotLinked, till_links.Changed.
    """
    if not till_links.is_broken(reference, drink):
        till_links.unlink(reference, drink, version=version)
