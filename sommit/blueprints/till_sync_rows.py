"""What a row of the list "à synchroniser" needs to be drawn: closed, open on one of its panels, answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sommit.blueprints import wording
from sommit.i18n import sentence
from sommit.models import Drink
from sommit.models.drink import CATEGORIES
from sommit.refusals import Refusal
from sommit.services import answers, cellar, first_entry, library, references, suggestions

PANELS = ("oui", "presque", "non")


@dataclass(frozen=True)
class Panel:
    """What an open row shows: the proposal ("oui"), the vintages ("presque"), or the search ("non").

    `drink` and `serving_ml` are being tried; `typed` is what a refused form sent, `refusal` why.
    """

    name: str
    drink: Drink | None = None
    serving_ml: int | None = None
    query: str = ""
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
    if row.state is not references.State.TO_SYNC:
        notice = panel.notice if panel else ""
        return {"row": row, "panel": None, "notice": notice, "done": answers.answered(row.reference)}
    found: dict[str, Any] = {"row": row, "panel": panel, "notice": panel.notice if panel else "", "done": []}
    if panel is None:
        return found
    opened = answers.opened(row, panel.drink, panel.serving_ml)
    name = panel.name if panel.name in PANELS else "oui"
    found |= {"opened": opened, "panel_name": name if opened else "non"}
    return found | _of_panel(found["panel_name"], row, panel, opened)


def _of_panel(name: str, row: references.Row, panel: Panel, opened: answers.Opened | None) -> dict[str, Any]:
    if name == "presque" and opened and opened.yes.drink:
        return {"vintages": answers.vintages(row, opened.yes.drink, opened.yes.serving_ml)}
    return _search(row, panel) if name == "non" else {}


def _search(row: references.Row, panel: Panel) -> dict[str, Any]:
    """The results with their likely serving, and the entry that the label describes."""
    found = suggestions.search(row.reference.venue_id, panel.query) if panel.query else []
    entry = first_entry.from_label(row.reference)
    return {
        "results": [(drink, suggestions.serving_for(row.reference, drink)) for drink in found],
        "library_size": cellar.size(row.reference.venue_id),
        "entry": entry,
        "entry_serving_ml": first_entry.serving_ml(row.reference, entry),
        "categories": [(one, wording.GROUPS[one]) for one in CATEGORIES],
        "colours": wording.COLOURS,
    }


def shown(rows: Sequence[references.Row], limit: int, keep: int | None) -> Sequence[references.Row]:
    """Return the first rows, as many as the page takes, and on to the one that is open."""
    place = next((index for index, row in enumerate(rows) if row.reference.id == keep), -1)
    return rows[: max(limit, place + 1)]
