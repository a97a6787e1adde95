"""Every address of the application, with real ids. A route whose argument is not known here fails the suite."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from sommit.models import Venue
from tests import factories

#: What anybody may ask for; a new public route is written here on purpose, or it is not public.
PUBLIC = frozenset(
    {
        *("static", "auth.sign_in", "auth.open_session", "account.language", "health.live", "health.ready"),
        *("installable.manifest", "installable.worker", "installable.offline"),
    }
)

#: For each argument that a route may have: a row of the given venue.
ARGUMENTS: dict[str, Callable[[Venue], Any]] = {
    "venue_id": lambda venue: venue.id,
    "drink_id": lambda venue: factories.drink(venue, "Morgon").id,
    "reference_id": lambda venue: factories.reference(venue).id,
    "link_id": lambda venue: factories.link(factories.reference(venue), factories.drink(venue, "Fleurie")).id,
    "act_id": lambda venue: factories.act(factories.reference(venue)).id,
    "closing_id": lambda venue: factories.closing(venue).id,
    "rule_id": lambda venue: factories.ignored_category(venue).id,
    "filename": lambda _venue: "app.css",
}
#: What the support team alone may ask for; to all others these pages do not exist.
SUPPORT = frozenset({"support.index", "support.show", "support.answer", "support.thread", "support.read"})
NO_IDS: Mapping[str, int] = {}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Address:
    """One route and method, filled in."""

    endpoint: str
    method: str
    path: str
    has_ids: bool


def addresses(app: Flask, venue: Venue, ids: Mapping[str, int] = NO_IDS) -> list[Address]:
    """Every route and method of the application, filled in with these ids, and with new rows of a venue."""
    needed = {name for rule in rules(app) for name in rule.arguments} - ids.keys()
    values = {name: make(venue) for name, make in ARGUMENTS.items() if name in needed} | dict(ids)
    with app.test_request_context():
        return [
            Address(rule.endpoint, method, _path(app, rule, values), bool(rule.arguments))
            for rule in rules(app)
            for method in sorted(rule.methods or ())
            if method not in ("HEAD", "OPTIONS")
        ]


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def unsafe(app: Flask, venue: Venue, ids: Mapping[str, int] = NO_IDS) -> list[Address]:
    return [address for address in addresses(app, venue, ids) if address.method not in SAFE]


def pages(app: Flask, venue: Venue, ids: Mapping[str, int] = NO_IDS) -> list[Address]:
    return [
        address for address in addresses(app, venue, ids) if address.method == "GET" and address.endpoint != "static"
    ]


def _path(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    missing = rule.arguments - values.keys()
    assert not missing, f"{rule} has arguments that tests/web/routes.py cannot fill: {missing}"
    built = app.url_map.bind("localhost").build(rule.endpoint, {name: values[name] for name in rule.arguments})
    return str(built)
