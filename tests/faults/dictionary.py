"""What a plain dictionary knows of a bar: who pours what, what was counted, and what the till has sold."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

#: Key and quantity of each line.
Lines = list[tuple[int, int]]


@dataclass
class Key:
    """Which drinks a key pours, how much each, and whether it is ignored.

    `since` is the evening from which it was another product; `past` is what it poured before.
    """

    pours: dict[int, int] = field(default_factory=dict)
    ignored: bool = False
    since: date | None = None
    past: dict[int, int] = field(default_factory=dict)

    def takes(self, drink: int, day: date) -> int:
        """Return how much of a drink one sale took on an evening, in millilitres."""
        of = self.past if self.since and day < self.since else self.pours
        return of.get(drink, 0)

    def becomes_another(self, day: date) -> None:
        """What it sells from an evening on is another product's."""
        self.since, self.past, self.pours = day, self.pours, {}

    def forget(self, drink: int | None) -> None:
        """Break the links to a drink, or all of them."""
        for of in (self.pours, self.past):
            for one in list(of) if drink is None else [drink]:
                of.pop(one, None)


@dataclass
class Closing:
    """A closing of the till: all that it ever said, and which of it the books hold (None: nothing yet)."""

    day: date
    till: Any
    versions: list[Lines]
    taken: int | None = None

    def observe(self, stored: Lines) -> None:
        """The books hold this: whole, as the till once said it, and never older than what they held before."""
        if self.taken is None and not stored:
            return
        later = range(self.taken or 0, len(self.versions))
        found = [number for number in later if sorted(self.versions[number]) == sorted(stored)]
        assert found, f"{stored} is nothing that the till said since {self.taken}: {self.versions}"
        self.taken = found[0]

    @property
    def is_current(self) -> bool:
        """Return whether the books hold what the till says now."""
        return self.taken is not None and sorted(self.versions[self.taken]) == sorted(self.versions[-1])


def stock_ul(
    facts: list[tuple[date, str, int]], closings: Iterable[Closing], keys: list[Key], drink: int
) -> int | None:
    """Return a drink's stock: facts in their order, and the evenings after the last count."""
    starts = [number for number, fact in enumerate(facts) if fact[1] == "count"][-1:]
    starts = starts or [number for number, fact in enumerate(facts) if fact[1] == "deliver"][:1]
    if not starts:
        return None
    since = facts[starts[0]][0]  # in the morning: that day's evening comes after it
    amount = sum(-ml if kind == "lose" else ml for _, kind, ml in facts[starts[0] :]) * 1000
    for closing in closings:
        if closing.taken is not None and closing.day >= since:
            lines = closing.versions[closing.taken]
            amount -= sum(keys[key].takes(drink, closing.day) * quantity * 1000 for key, quantity in lines)
    return amount
