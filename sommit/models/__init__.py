"""The tables and their promises. Every row belongs to one venue, and points only inside it."""

from sommit.models.act import Act
from sommit.models.audit import Audit
from sommit.models.breaker import Breaker
from sommit.models.drink import Drink
from sommit.models.memory import LearnedWord, RefusedPair
from sommit.models.sale import Closing, RawReading, ReferenceSum, SaleLine
from sommit.models.serving import Serving
from sommit.models.stock import Count, Delivery, Loss
from sommit.models.suggestion import Suggestion
from sommit.models.support import Letter, Message
from sommit.models.till import (
    IgnoredCategory,
    KeyQuestion,
    Link,
    ReferenceName,
    ReferencePrice,
    TillConnection,
    TillReference,
)
from sommit.models.venue import Membership, Night, User, Venue

__all__ = [
    "Act",
    "Audit",
    "Breaker",
    "Closing",
    "Count",
    "Delivery",
    "Drink",
    "IgnoredCategory",
    "KeyQuestion",
    "LearnedWord",
    "Letter",
    "Link",
    "Loss",
    "Membership",
    "Message",
    "Night",
    "RawReading",
    "ReferenceName",
    "ReferencePrice",
    "ReferenceSum",
    "RefusedPair",
    "SaleLine",
    "Serving",
    "Suggestion",
    "TillConnection",
    "TillReference",
    "User",
    "Venue",
]
