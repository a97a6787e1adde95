"""What the control of a closing found, in words: for the journal of the nights and for the proof of one (§7.4)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sommit import clock, formats
from sommit.i18n import gettext as _
from sommit.i18n import ngettext, stored
from sommit.models import Closing
from sommit.refusals import N_
from sommit.services import closing_states
from sommit.session import current_venue

#: The codes of `sommit.jalia.control`.
CAUSES = {
    "split": N_("les parts des notes partagées"),
    "loss": N_("les pertes déclarées en caisse"),
    "transferred": N_("les notes transférées"),
    "moved": N_("les lignes passées d’une note à l’autre"),
    "canceled": N_("les lignes annulées"),
    "offered": N_("les lignes offertes"),
    "menu": N_("ce que contiennent les menus"),
    "held": N_("les lignes illisibles, mises de côté"),
    "missing_page": N_("des notes que la caisse n’a pas données"),
}


class Doubt(NamedTuple):
    """A closing that does not add up, or not surely: its name, what is wrong, and the keys whose quantity differs."""

    closing: Closing
    name: str
    sentences: list[str]
    keys: list[tuple[str, str]]  # the till's label, and a sentence


def doubts(closings: Sequence[Closing]) -> list[Doubt]:
    """Return those closings of an evening of which something has to be said."""
    names = names_of(closings)
    found = (Doubt(closing, names[closing.id], _sentences(closing), _keys(closing)) for closing in closings)
    return [doubt for doubt in found if doubt.sentences or doubt.keys]


def names_of(closings: Sequence[Closing]) -> dict[int, str]:
    """Return how an evening's closings are called: "clôture n° 1204", with the till's name where there are two."""
    return {closing.id: _name(closing, several=len(closings) > 1) for closing in closings}


def _name(closing: Closing, *, several: bool) -> str:
    if closing.number is None:
        return _("clôture de « %(device)s »", device=closing.device) if closing.device else _("clôture sans numéro")
    number = closing.number  # a name, not an amount: written as the till prints it
    if several and closing.device:
        return _("clôture n°\u00a0%(number)s de « %(device)s »", number=number, device=closing.device)
    return _("clôture n°\u00a0%(number)s", number=number)


def _sentences(closing: Closing) -> list[str]:
    control = closing.control or {}
    told = [*map(stored, filter(None, (closing.problem, *control.get("held", ())))), *_money(closing)]
    if control.get("opened_from_orders"):
        told.append(_("L’heure d’ouverture manque : celle de la première note la remplace."))
    if control.get("unit_changed"):
        told.append(_("L’unité des montants n’est plus celle de la lecture précédente."))
    if since := closing_states.vanished_at(closing):
        day = formats.day(clock.local_date(since, current_venue.timezone))
        kept = _("Depuis le %(day)s la caisse ne montre plus cette clôture : ses ventes sont gardées.", day=day)
        gone = _("Depuis le %(day)s la caisse ne montre plus cette clôture : ses ventes sont retirées.", day=day)
        told.append(kept if closing.lines else gone)
    return [sentence for sentence in told if sentence]


def _money(closing: Closing) -> list[str]:
    if closing.finalized_at is None:
        return []
    if closing.turnover_cents is None:
        return [_("L’unité des montants est inconnue : les quantités sont lues, le CA ne l’est pas.")]
    if closing.difference_cents is None:
        return [_("La caisse ne donne pas de total : rien ne prouve cette clôture.")]
    if closing.difference_cents == 0:
        return []
    amount = formats.money(abs(closing.difference_cents))
    if closing.difference_cents < 0:
        fact = _("%(amount)s au total de la caisse sans ligne correspondante.", amount=amount)
    else:
        fact = _("%(amount)s de lignes en plus du total de la caisse.", amount=amount)
    return [fact, causes((closing.control or {}).get("causes", ()))]


def causes(codes: Iterable[str]) -> str:
    """Return the sentence that names the candidate causes of a difference; empty where there is none."""
    words = [_(CAUSES[code]) for code in codes if code in CAUSES]
    if not words:
        return ""
    return ngettext(
        "Cause possible : %(causes)s.", "Causes possibles : %(causes)s.", len(words), causes=", ".join(words)
    )


def _keys(closing: Closing) -> list[tuple[str, str]]:
    return [
        (label, _quantities(ours, theirs, codes))
        for _till_id, label, ours, theirs, codes in (closing.control or {}).get("gaps", ())
    ]


def _quantities(ours: int, theirs: int, codes: Iterable[str]) -> str:
    fact = _("%(ours)s lus, %(theirs)s selon la clôture.", ours=formats.quantity(ours), theirs=formats.quantity(theirs))
    return " ".join(part for part in (fact, causes(codes)) if part)
