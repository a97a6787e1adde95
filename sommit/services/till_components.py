"""Several drinks for one key: a cocktail, a formule. Each sale takes each of them; the key's turnover counts once."""

from sommit.models import Drink, Link, TillReference
from sommit.refusals import N_, Refusal
from sommit.services import till_links


class AlreadyPoured(Refusal):
    """The key pours this drink already, in another serving."""

    sentence = N_("« %(label)s » verse déjà « %(drink)s ». Retirez-la d’abord pour changer ce qu’une vente en prend.")


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
