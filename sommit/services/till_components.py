"""Several drinks for one key: a cocktail, a formule. Each sale takes each of them; the key's turnover counts once."""

from sommit.models import Drink, Link, TillReference
from sommit.refusals import N_, Refusal
from sommit.services import answers, references, till_links


class AlreadyPoured(Refusal):
    """The key pours this drink already, in another serving."""

    sentence = N_("« %(label)s » verse déjà « %(drink)s ». Retirez-la d’abord pour changer ce qu’une vente en prend.")


def proposed(row: references.Row, drink: Drink, serving_ml: int | None = None) -> answers.Opened | None:
    """Return what a drink would do if the key poured it as well; `serving_ml` is the serving being tried.

    Else it is the likely one, but for a whole bottle: of several drinks in one glass, a part of it is likelier.
    """
    opened = answers.opened(row, drink, serving_ml)
    if opened and serving_ml is None and opened.yes.serving_ml == drink.volume_ml != opened.servings[0]:
        return answers.opened(row, drink, opened.servings[0])
    return opened


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
