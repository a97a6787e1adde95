"""A bar's nights as rules of a state machine: selling, amending, reading, dying, ringing; a dictionary knows them."""

import signal
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from flask import current_app
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select

from demo.simulator import Till, serve
from demo.simulator.faults import ALWAYS
from sommit.extensions import db
from sommit.jobs import import_night, nights, queue
from sommit.jobs.worker import KnownJob
from sommit.models import Closing, SaleLine, TillReference, Venue
from sommit.services import library, till_connection
from tests import factories
from tests.faults import dictionary
from tests.faults.dictionary import Key
from tests.faults.test_killed import KILLED
from tests.support import fork

FIRST_MORNING = datetime(2026, 6, 10, 3, 30, tzinfo=UTC)  # 05:30 in Paris
LABELS = ("VRE CHABLIS", "PINTE", "MOJITO")
NOWHERE, NO_REDIS = "http://127.0.0.1:9", "unix:///nowhere/valkey.sock"
EVENINGS = 6  # all of them are read again each night
LONGEST_WAY = 150  # steps of a reading, about: one that is told to die later goes through
FAULTS: tuple[dict[str, Any], ...] = (
    *({"status": status} for status in (500, 404, 429, 401, 403, 422)),
    *({"body": b"null"}, {"html": "<h1>WiFi</h1>"}, {"cut": 40}, {"reset": 0}, {"redirect": "https://example.com"}),
    *({"nan": "quantity"}, {"nan": "totalSales"}),
)
numbers = count(1)


KEY = st.integers(0, 2)
LINES = st.lists(st.tuples(KEY, st.integers(1, 5)), min_size=1, max_size=4)


class Nights(RuleBasedStateMachine):
    """A venue, its till and its queue: what is sold, and what becomes of reading it."""

    redis_url = ""

    def __init__(self) -> None:
        super().__init__()
        self.now = FIRST_MORNING
        self.closings: list[dictionary.Closing] = []
        self.facts: dict[int, list[tuple[Any, str, int]]] = {0: [], 1: []}
        self.keys = [Key() for _ in LABELS]
        self.labels = list(LABELS)
        self.reachable, self.trouble = True, None
        self.references: list[TillReference] = []

    @initialize()
    def connect(self) -> None:
        """Connect a till with three keys, and read it once."""
        self.till = Till(token=f"jalia-key-{next(numbers)}", name="Le Zinc")
        self.products = [self.till.product(label, price_cents=650) for label in LABELS]
        self.serving = serve(self.till)
        self.server = self.serving.__enter__()
        self.wake_up()
        self.venue = factories.venue()
        self.drinks = [factories.drink(self.venue, name) for name in ("Chablis", "Rhum")]
        self.keep_token()
        import_night.read_till(self.venue.id)
        rows = db.session.scalars(select(TillReference).where(TillReference.venue_id == self.venue.id))
        self.references = sorted(rows, key=lambda row: LABELS.index(row.label))

    def keep_token(self) -> None:
        probe = till_connection.attempt(self.venue, self.till.token)
        till_connection.keep(self.venue, self.till.token, probe)
        db.session.commit()

    def wake_up(self) -> None:
        """A minute goes by; the till is where it can be reached, or not."""
        self.now += timedelta(minutes=1)
        current_app.config["NOW"] = self.now
        current_app.config["JALIA_API_URL"] = self.server.url if self.reachable else NOWHERE
        self.server.faults.clear()
        if self.trouble:
            self.server.faults.add(times=ALWAYS, **self.trouble)

    @property
    def is_well(self) -> bool:
        """Return whether the till answers, and truly."""
        return self.reachable and self.trouble is None

    # The till

    @precondition(lambda self: len(self.closings) < EVENINGS)
    @rule(lines=LINES)
    def evening(self, lines: list[tuple[int, int]]) -> None:
        """The bar sells, the shift is closed, and it is the next morning."""
        day = self.now.date()
        closing = self.till.closing([(self.labels[key], quantity) for key, quantity in lines], date=day)
        self.closings.append(dictionary.Closing(day, closing, [self.sold(closing)]))
        self.now += timedelta(days=1)

    @precondition(lambda self: self.closings)
    @rule(which=st.integers(0, EVENINGS - 1), line=st.integers(0, 3), quantity=st.integers(1, 9))
    def amend(self, which: int, line: int, quantity: int) -> None:
        """Somebody corrects a line in the till."""
        closing = self.closings[which % len(self.closings)]
        items = [item for order in closing.till.orders for item in order.items]
        closing.till.amend(items[line % len(items)], quantity=Decimal(quantity))
        closing.versions.append(self.sold(closing.till))

    def sold(self, closing: Any) -> dictionary.Lines:
        """The till's own lines: key and quantity."""
        items = [item for order in closing.orders for item in order.items]
        return [(self.products.index(item.product), int(item.quantity)) for item in items]

    @rule(reachable=st.booleans())
    def lose_or_find_the_till(self, reachable: bool) -> None:
        """The line to the till breaks, or is mended."""
        self.reachable = reachable

    @rule(fault=st.none() | st.sampled_from(FAULTS), resource=st.sampled_from(["catalog/", "reports/*", "orders/"]),
          after=st.integers(0, 3))  # fmt: skip
    def misbehave(self, fault: dict[str, Any] | None, resource: str, after: int) -> None:
        """The till answers badly from some question on, or well again."""
        self.trouble = fault and {"path": f"/v1/{resource}", "after": after, **fault}

    # Reading it

    @rule()
    def read(self) -> None:
        """Read the till: one that is away or answers badly may change nothing, or only what it said once."""
        self.wake_up()
        summary = import_night.read_till(self.venue.id)
        self.look(through=self.is_well)
        assert not (self.is_well and summary.failed)

    @rule(step=st.integers(1, LONGEST_WAY))
    def die(self, step: int) -> None:
        """A reading is killed at one of its statements, commits or crash points."""
        self.wake_up()
        venue_id = self.venue.id
        references, drinks = ([one.id for one in rows] for rows in (self.references, self.drinks))
        code = fork.call(
            current_app._get_current_object(),  # type: ignore[attr-defined]
            lambda: int(import_night.read_till(venue_id) is None),
            signals={step: signal.SIGKILL},
        )
        assert code in (0, KILLED)
        self.venue = db.session.get(Venue, venue_id)
        self.references = [db.session.get(TillReference, one) for one in references]
        self.drinks = [library.get(venue_id, one) for one in drinks]
        self.look(through=code == 0 and self.is_well)

    @rule(redis=st.sampled_from(["well", "well", "flushed", "stopped"]))
    def tick(self, redis: str) -> None:
        """The clock rings for what is due and a worker comes; the bell may be lost on the way."""
        self.wake_up()
        current_app.config["REDIS_URL"] = NO_REDIS if redis == "stopped" else self.redis_url
        bells = nights.ring_due()
        before = [closing.taken for closing in self.closings]
        if redis == "stopped":
            assert bells.rung == 0
        else:
            self.work(flush=redis == "flushed")
        self.look(through=redis == "well" and bells.rung > 0 and self.is_well)
        assert redis == "well" or before == [closing.taken for closing in self.closings]

    def work(self, *, flush: bool) -> None:
        with Redis.from_url(self.redis_url) as connection:
            if flush:
                connection.flushall()
            how = {"connection": connection, "serializer": JSONSerializer, "job_class": KnownJob}
            SimpleWorker([Queue(queue.NAME, **how)], **how).work(burst=True, logging_level="CRITICAL")
        db.session.rollback()

    def look(self, *, through: bool) -> None:
        """Each closing is stored whole, as the till once said it; as it says now where a reading went `through`."""
        keys = {reference.id: number for number, reference in enumerate(self.references)}
        for closing in self.closings:
            lines = select(SaleLine.reference_id, SaleLine.quantity_milli).join(
                Closing, (Closing.id == SaleLine.closing_id) & (Closing.till_id == closing.till.id)
            )
            rows = db.session.execute(lines.where(Closing.venue_id == self.venue.id))
            closing.observe([(keys[key], milli // 1000) for key, milli in rows])
            assert closing.is_current or not through
        db.session.rollback()
