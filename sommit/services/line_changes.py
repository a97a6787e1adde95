"""What an amended closing changed: its lines as they were and as they are, each beside the other (FAULTS 57, 58)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sommit.jalia.lines import Line


class Change(NamedTuple):
    """A line that is not as it was; without `before` it was added, without `after` it is gone."""

    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        """Return the line as it is, or was."""
        line = self.after or self.before
        assert line is not None  # noqa: S101 - one of the two is there
        return line


def between(before: Sequence[Line], after: Sequence[Line]) -> list[Change]:
    """Return what changed from one reading to the next, in the order of the evening.

    A line has no identity of its own and its position moves when its note is amended (CONTRACT §6.2): lines that say
    the same are the same, and of the others those of one note and one key are taken for each other, first with first.
    """
    waiting: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in _not_in(before, after):
        waiting[_place(line)].append(line)
    changes = []
    for line in _not_in(after, before):
        former = waiting[_place(line)]
        changes.append(Change(former.pop(0) if former else None, line))
    changes += [Change(line, None) for lines in waiting.values() for line in lines]
    return sorted(changes, key=lambda change: (change.line.sold_at, change.line.order_id, change.line.position))


def _not_in(lines: Sequence[Line], others: Sequence[Line]) -> Iterator[Line]:
    there = Counter(map(_said, others))
    for line in lines:
        said = _said(line)
        if there[said]:
            there[said] -= 1
        else:
            yield line


def _place(line: Line) -> tuple[str, str]:
    return line.order_id, line.till_id


def _said(line: Line) -> tuple[object, ...]:
    """All that a line says and a screen can show."""
    sale = line.sold_at, line.label, line.tier, line.quantity_milli, line.unit_price_cents, line.total_cents
    return *_place(line), *sale, line.stock, line.money, line.reason, line.modifiers
