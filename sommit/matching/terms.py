"""What the room is given and what it answers. Money is integer cents, volume integer millilitres."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

DrinkId = int | str


@dataclass(frozen=True, slots=True)
class Drink:
    """A drink of the cellar, as far as it helps to recognise it. Blank or None means: not known."""

    id: DrinkId
    name: str
    producer: str = ""
    appellation: str = ""
    region: str = ""
    country: str = ""
    colour: str = ""
    vintage: int | None = None
    volume_ml: int | None = None
    category: str = ""
    price_cents: int | None = None
    glass_price_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A till reference as the till shows it: its label, the till's own category, its price."""

    text: str
    category: str = ""
    price_cents: int | None = None


class Decision(StrEnum):
    """OUI: suggest the first candidate. ASK: show several. NON: nothing in the library fits."""

    OUI = "oui"
    ASK = "ask"
    NON = "non"


class State(StrEnum):
    """What one field says about a pair. SILENT: one of the two sides does not say."""

    AGREES = "agrees"
    DIFFERS = "differs"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One field of a pair, with the words of both sides as they can be shown."""

    field: str
    state: State
    till: str
    cellar: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A drink that may be the one meant. `siblings` are the same wine in its other vintages."""

    drink_id: DrinkId
    score: float  # 0..1
    evidence: tuple[Evidence, ...] = ()
    siblings: tuple[DrinkId, ...] = ()


@dataclass(frozen=True, slots=True)
class Serving:
    """What one sale takes from the stock. `said` is true when the label itself says so."""

    ml: int | None
    kind: str
    said: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A word of a label as it is compared: itself, or one of the meanings of an abbreviation,
    or of one that is misspelt (`near`).

    `last`: the till may have cut it. `optional`: it said the serving, and may belong to a name all the same.
    `year`: it was read as the vintage, and may be a name's number all the same ("Pastis 51").
    """

    text: str
    meanings: tuple[tuple[str, ...], ...] = ()
    near: tuple[tuple[str, ...], ...] = ()
    last: bool = False
    optional: bool = False
    year: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a label says. `words` are folded, without vintage and serving; `kind` and `colour` may be blank."""

    words: tuple[str, ...]
    vintage: int | None = None
    serving: Serving | None = None
    serving_word: str = ""  # what said it, before the kind of drink is known: "half" of a beer or of a wine
    written_ml: int | None = None  # the volume, where the label writes one
    colour: str = ""
    kind: str = ""  # wine, beer, cider, spirit, soft, cocktail
    kind_is_sure: bool = False  # the till's category or the label says it, not only the serving
    not_a_drink: str = ""  # "food" or "till" when a word says so
    category_is_food: bool = False  # or some other thing that the till's category says is no drink
    may_be_cut: bool = False  # as long as tills let labels be
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The answer for one label: at most ten candidates, best first, and what to do with them.

    `serving` goes with the first candidate. `confidence` is the probability that suggesting it is right.
    """

    reading: Reading
    candidates: tuple[Candidate, ...]
    decision: Decision
    serving: Serving
    confidence: float = 0.0

    @property
    def is_drink(self) -> bool:
        """False where the category holds no drinks, or a word names food or a till's line and nothing fits."""
        if self.decision is Decision.OUI:
            return True
        nothing_fits = self.decision is Decision.NON
        return not (self.reading.category_is_food or (self.reading.not_a_drink and nothing_fits))


@dataclass(frozen=True, slots=True)
class Memory:
    """What one venue has taught, as plain data: whoever keeps it can show it and take it back.

    `refused` and `confirmed` hold pairs of a label's text and a drink's id; `abbreviations` maps a word
    of the till to the words it stands for. `glass_ml` is its own glass of wine, where it has one size only.
    """

    refused: frozenset[tuple[str, DrinkId]] = frozenset()
    confirmed: frozenset[tuple[str, DrinkId]] = frozenset()
    abbreviations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    glass_ml: int | None = None
