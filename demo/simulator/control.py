"""The control address of a simulator that runs as a process: JSON under `/_control/`, for demos and browser tests.

GET  /_control/            where the till stands          POST   /_control/nights      {"date": "2026-03-21"} or {}
GET  /_control/requests    every request received         POST   /_control/situations  {"name": "split_note"}
POST /_control/faults      what `Faults.add` takes        POST   /_control/settings    {"meta": "absent"}
DELETE /_control/faults    behave again                   DELETE /_control/requests    forget them
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date as Date
from typing import TYPE_CHECKING, Any

from demo.simulator import situations
from demo.simulator.closing import Closing
from demo.simulator.till import Till

if TYPE_CHECKING:
    from demo.simulator.server import Server

SETTINGS = (
    "meta", "oversize", "newest_first", "bad_parameter_status", "dates", "extra_fields", "optional", "empty_catalogue",
)  # fmt: skip

#: Plays the night of a date, or the next one, and returns its closings. Raises ValueError when it cannot.
PlayNight = Callable[[Date | None], Sequence[Closing]]


class Control:
    """Obeys the control address for the first venue of a server."""

    def __init__(self, play_night: PlayNight) -> None:
        self._play_night = play_night
        self._orders: dict[tuple[str, str], Callable[[Server, dict[str, Any]], Any]] = {
            ("GET", ""): lambda server, _: _state(server.tills[0]),
            ("GET", "requests"): lambda server, _: [_readable(asdict(request)) for request in server.requests],
            ("DELETE", "requests"): lambda server, _: server.requests.clear(),
            ("POST", "faults"): lambda server, order: str(server.faults.add(**order)),
            ("DELETE", "faults"): lambda server, _: server.faults.clear(),
            ("POST", "nights"): self._night,
            ("POST", "situations"): lambda server, order: _situation(server.tills[0], order["name"]),
            ("POST", "settings"): lambda server, order: _settings(server.tills[0], order),
        }

    def __call__(self, server: Server, method: str, path: str, order: Any) -> tuple[int, Any]:
        """The status and the JSON answered: 404 for an unknown order, 400 for one that makes no sense."""
        obey = self._orders.get((method, path.removeprefix("/_control/")))
        if obey is None:
            return 404, {"error": "no such order"}
        try:
            with server.lock:
                return 200, obey(server, order or {})
        except (AttributeError, KeyError, TypeError, ValueError) as refusal:
            return 400, {"error": f"{type(refusal).__name__}: {refusal}"}

    def _night(self, server: Server, order: dict[str, Any]) -> list[str]:
        day = Date.fromisoformat(order["date"]) if "date" in order else None
        return [closing.id for closing in self._play_night(day)]


def _state(till: Till) -> dict[str, Any]:
    last = till.closings[-1].opened_at.isoformat() if till.closings else None
    return {"name": till.name, "closings": len(till.closings), "orders": len(till.orders), "last_opened_at": last}


def _situation(till: Till, name: str) -> Any:
    if name.startswith("_"):
        raise KeyError(name)
    made = getattr(situations, name)(till)
    return [each.id for each in made] if isinstance(made, tuple) else made.id


def _settings(till: Till, order: dict[str, Any]) -> dict[str, Any]:
    for name, value in order.items():
        if name not in SETTINGS:
            raise KeyError(name)
        setattr(till, name, value)
    return {name: getattr(till, name) for name in SETTINGS}


def _readable(request: dict[str, Any]) -> dict[str, Any]:
    return request | {"at": request["at"].isoformat()}
