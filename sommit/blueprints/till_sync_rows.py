"""What a row of the list "à synchroniser" needs to be drawn: closed, open on one of its panels, answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sommit.blueprints import wording
from sommit.i18n import sentence
from sommit.models import Drink, TillReference
from sommit.models.drink import CATEGORIES
from sommit.refusals import Refusal
from sommit.services import (
    answers,
    cellar,
    first_entry,
    library,
    memory,
    references,
    servings,
    suggestions,
    till_components,
)

PANELS = ("oui", "presque", "non")
COMPONENTS = "avec"  # the panel of several drinks for one key; a row that was answered has it too


@dataclass(frozen=True)
class Panel:
    """What an open row shows: the proposal ("oui"), the vintages ("presque"), the search ("non"), or COMPONENTS.

    `drink` and `serving_ml` are being tried; `said_no` are the drinks to which "non" was answered on the way here:
    the answer that follows refuses them. `typed` is what a refused form sent, `refusal` why.
    """

    name: str
    drink: Drink | None = None
    serving_ml: int | None = None
    query: str = ""
    said_no: tuple[int, ...] = ()
    refusal: Refusal | None = None
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> dict[str, str]:
        """Return the sentence of the refusal under the name of the field at fault."""
        return {self.refusal.field: sentence(self.refusal)} if self.refusal and self.refusal.field else {}

    @property
    def twin(self) -> Drink | None:
        """Return the drink of the library that a new entry would have doubled."""
        return self.refusal.drink if isinstance(self.refusal, library.AlreadyThere) else None

    @property
    def notice(self) -> str:
        """Return the sentence of a refusal that no field is to blame for."""
        return sentence(self.refusal) if self.refusal and not self.refusal.field else ""


def context(row: references.Row, panel: Panel | None) -> dict[str, Any]:
    """Return what `_row.html` needs. A row that waits for no answer any more has no panel, only a notice."""
    notice = panel.notice if panel else ""
    found: dict[str, Any] = {"notice": notice, "row": row, "reference": row.reference, "panel": panel, "done": []}
    if panel and panel.name == COMPONENTS and row.state is not references.State.IGNORED:
        return found | said_no(panel) | _components(row, panel)
    if row.state is not references.State.TO_SYNC:
        done = answers.answered(row.reference)
        return found | {"panel": None, "done": done, "taught": memory.taught_at(row.reference)}
    if panel is None:
        return found
    opened = answers.opened(row, panel.drink, panel.serving_ml)
    name = (panel.name if panel.name in PANELS else "oui") if opened else "non"
    found |= {"opened": opened, "panel_name": name, "taught": memory.taught_at(row.reference)}
    return found | said_no(panel, opened) | _of_panel(name, row, panel, opened)


def _components(row: references.Row, panel: Panel) -> dict[str, Any]:
    """The drinks that a key pours so far, and the one that may join them, or the search for it."""
    return {
        "panel_name": COMPONENTS,
        "done": answers.answered(row.reference),
        "opened": till_components.proposed(row, panel.drink, panel.serving_ml) if panel.drink else None,
        "results": results(row.reference, panel.query),
        "library_size": cellar.size(row.reference.venue_id),
    }


def said_no(panel: Panel, opened: answers.Opened | None = None) -> dict[str, Any]:
    """Return the "non" that were answered so far: for the forms, for the addresses, for the way back."""
    back = opened.yes.drink.id if opened and opened.yes.drink else None
    return {
        "said_no": panel.said_no,
        "no": "".join(f"non={drink_id}&" for drink_id in panel.said_no),
        "no_back": "".join(f"non={drink_id}&" for drink_id in panel.said_no if drink_id != back),
    }


def _of_panel(name: str, row: references.Row, panel: Panel, opened: answers.Opened | None) -> dict[str, Any]:
    if name == "presque" and opened and opened.yes.drink:
        return {"vintages": answers.vintages(row, opened.yes.drink, opened.yes.serving_ml)}
    return _search(row, panel) if name == "non" else {}


def results(reference: TillReference, query: str) -> list[answers.Offer]:
    """Return the drinks that fit what somebody is typing, best first, each with what its answer would do."""
    return answers.found(reference, suggestions.search(reference.venue_id, query)) if query else []


def _search(row: references.Row, panel: Panel) -> dict[str, Any]:
    """The results, and the entry that the label describes."""
    entry = first_entry.from_label(row.reference)
    return {
        "results": results(row.reference, panel.query),
        "library_size": cellar.size(row.reference.venue_id),
        "entry": entry,
        "entry_serving_ml": first_entry.serving_ml(row.reference, entry, servings.house(row.reference.venue_id)),
        "categories": [(one, wording.GROUPS[one]) for one in CATEGORIES],
        "colours": wording.COLOURS,
    }


def shown(rows: Sequence[references.Row], limit: int, keep: int | None) -> Sequence[references.Row]:
    """Return the first rows, as many as the page takes, and on to the one that is open."""
    place = next((index for index, row in enumerate(rows) if row.reference.id == keep), -1)
    return rows[: max(limit, place + 1)]
