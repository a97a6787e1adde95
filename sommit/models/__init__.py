"""The tables and their promises. Every row belongs to one venue, and points only inside it."""

from sommit.models.drink import Drink
from sommit.models.memory import LearnedWord, RefusedPair
from sommit.models.sale import Closing, ReferenceSum, SaleLine
from sommit.models.stock import Count, Delivery, Loss
from sommit.models.suggestion import Suggestion
from sommit.models.till import Link, ReferencePrice, TillConnection, TillReference
from sommit.models.venue import Membership, Night, User, Venue

__all__ = [
    "Closing",
    "Count",
    "Delivery",
    "Drink",
    "LearnedWord",
    "Link",
    "Loss",
    "Membership",
    "Night",
    "ReferencePrice",
    "ReferenceSum",
    "RefusedPair",
    "SaleLine",
    "Suggestion",
    "TillConnection",
    "TillReference",
    "User",
    "Venue",
]
