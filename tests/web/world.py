"""A venue in full use: something stands behind every address, and every text of it is the one that is given."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sommit.extensions import db
from sommit.jalia import answers, parse
from sommit.models import (
    Act,
    Closing,
    Drink,
    IgnoredCategory,
    KeyQuestion,
    Night,
    RawReading,
    TillConnection,
    TillReference,
    User,
    Venue,
)
from sommit.services import tokens
from tests import factories
from tests.jalia import build
from tests.screens.proposals import suggest

EVENING = date(2026, 6, 13)
LONG_AGO = datetime(2026, 6, 14, 3, 0, tzinfo=UTC)
TOKEN = "jalia-canary-7d1f0c3e-never-to-be-seen"


@dataclass(frozen=True)
class World:
    """A venue, somebody who works there, a reference that waits, the drink that is proposed for it, a rule."""

    venue: Venue
    user: User
    waiting: TillReference
    drink: Drink
    act: Act
    rule: IgnoredCategory
    closing: Closing

    @property
    def ids(self) -> dict[str, int]:
        """Return what the addresses of this venue are filled in with."""
        rows = {
            "drink_id": self.drink.id,
            "reference_id": self.waiting.id,
            "act_id": self.act.id,
            "rule_id": self.rule.id,
            "closing_id": self.closing.id,
        }
        return {"venue_id": self.venue.id, **rows}

    @property
    def form(self) -> dict[str, str | int]:
        """Return a form that every answer to the list accepts."""
        answer = {"drink_id": self.drink.id, "version": self.waiting.version, "serving": 125, "vintage": 2021}
        return {
            **answer,
            "name": "Une fiche neuve",
            "volume_cl": 75,
            "category": "wine",
            "theme": "dark",
            "language": "fr",
            "message": "Une question",
        }

    @property
    def queries(self) -> list[dict[str, str | int]]:
        """Return what a page may be asked beside its address: a row opened on each of its panels, filters, a search."""
        panels = [{"volet": panel, "drink_id": self.drink.id} for panel in ("oui", "presque", "non")]
        opened = [{"ouvrir": self.waiting.id, **panel} for panel in panels]
        return [{}, *panels, *opened, {"montrer": "ignorees"}, {"q": "ch", "jour": EVENING.isoformat(), "toutes": 1}]


def world(text: str = "Chablis", email: str | None = None) -> World:
    """Make a venue in which everything that has a name bears this one."""
    venue = factories.venue(text)
    origin = {"producer": text, "appellation": text, "region": text, "country": text}
    drink = factories.drink(venue, text, stock=12, vintage=2022, colour="blanc", **origin)
    waiting = _reference(venue, text)
    suggest(waiting, drink, factories.drink(venue, f"{text} bis"[:200]), evidence=[["name", "differs", text, text]])
    _asked(waiting, text)
    closing = _sold(venue, text, _linked(venue, text, drink), waiting, _reference(venue, text, ignored_at=LONG_AGO))
    _connected(venue, text)
    rule = factories.ignored_category(venue, text)
    user = factories.user(venue, email)
    factories.message(venue, user, text)
    factories.message(venue, factories.user(None, is_support=True), text)
    return World(venue, user, waiting, drink, factories.act(_reference(venue, text)), rule, closing)


def _reference(venue: Venue, text: str, **fields: object) -> TillReference:
    return factories.reference(venue, text, category=text, sub_category=text, price_cents=650, **fields)


def _asked(reference: TillReference, text: str) -> None:
    """Somebody is to say whether the key still is the same product."""
    labels = {"old_label": text, "new_label": text, "old_price_cents": 650, "new_price_cents": 1100}
    place = {"venue_id": reference.venue_id, "reference_id": reference.id, "since": LONG_AGO, "asked_at": LONG_AGO}
    db.session.add(KeyQuestion(**place, **labels))
    db.session.commit()


def _linked(venue: Venue, text: str, drink: Drink) -> TillReference:
    reference = _reference(venue, text)
    factories.link(reference, drink)
    return reference


def _sold(venue: Venue, text: str, *references: TillReference) -> Closing:
    """Two tills on one evening, of which one does not add up: it was amended, and the till denies it. Returns it."""
    control = {"gaps": [["key", text, 1000, 2000, []]], "held": [text], "causes": ["held"]}
    control |= {"modifiers": [[text, 1000]], "vanished_at": LONG_AGO.isoformat()}
    for difference in (0, -450):
        figures = {"finalized_at": LONG_AGO, "difference_cents": difference, "problem": text, "control": control}
        closing = factories.closing(venue, EVENING, device=text, number=difference or None, **figures)
        for reference in references:
            factories.sale(closing, reference, 2, at=LONG_AGO, cents=1300, tariff=text, reason=text)
    for days, name in enumerate(("", text)):
        _answered(closing, name or "Chinon", LONG_AGO + timedelta(days=days))
    return closing


def _answered(closing: Closing, text: str, at: datetime) -> None:
    """What the till once said of a closing, in which everything that has a name bears this one."""
    named = dict.fromkeys(("description", "category", "tier", "cancelReason"), text)
    line = build.item(**named, isCanceled=True, modifiers=[{"name": text}], itemCatalogId=None)
    report = parse.report(json.dumps(build.report(id=closing.till_id, deviceName=text)).encode())
    packed = answers.pack(report, [build.page([build.order(items=[line], reportId=closing.till_id)])])
    dates = {"read_at": at, "applied_at": at}
    db.session.add(RawReading(venue_id=closing.venue_id, till_id=closing.till_id, **dates, **packed._asdict()))
    db.session.commit()


def _connected(venue: Venue, text: str) -> None:
    """A till that is connected, whose last reader died and left its lease behind."""
    sealed = tokens.seal(venue.id, TOKEN)
    place = {"location_name": text, "problem": text, "token": sealed, "token_tail": TOKEN[-4:]}
    db.session.add(TillConnection(venue_id=venue.id, connected_at=LONG_AGO, read_from=EVENING, **place))
    for day, night in ((12, {"state": "failed", "lease_until": LONG_AGO}), (13, {"state": "imported"})):
        db.session.add(Night(venue_id=venue.id, business_date=date(2026, 6, day), problem=text, **night))
    db.session.commit()
