"""A row of the session's venue by the number in an address: another venue's, or nobody's, is 404."""

from flask import abort

from sommit.models import Drink, TillReference
from sommit.services import library, references, till_links
from sommit.session import current_venue


def reference(reference_id: int) -> TillReference:
    """Return a key of the till."""
    try:
        return till_links.get(current_venue.id, reference_id)
    except till_links.NoSuchReference:
        abort(404)


def row(reference_id: int) -> references.Row:
    """Return a key of the till as its row of the list "à synchroniser" shows it."""
    try:
        return references.row(current_venue.id, reference_id)
    except till_links.NoSuchReference:
        abort(404)


def drink(drink_id: int | None) -> Drink:
    """Return a drink; no number is nobody's."""
    try:
        return library.get(current_venue.id, drink_id or 0)
    except library.NoSuchDrink:
        abort(404)
