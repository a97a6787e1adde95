"""Two transactions that want the same two keys in opposite order (FAULTS 26): Postgres breaks one off, both happen."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from sommit.extensions import db
from sommit.jobs import again, import_night
from sommit.models import TillReference
from sommit.services import till_links
from tests import factories
from tests.faults.cluster import waits
from tests.web.conftest import Browser, sign_in, token_of

__all__ = ["waits"]
LONGEST_S = 60
pytestmark = [
    pytest.mark.parametrize("database_url", ["postgres"], indirect=True),
    # Whoever waits for less long looks first who waits for whom, and is the one to step back.
    pytest.mark.parametrize("patience", ["20ms", "10s"], ids=["the other steps back", "it steps back"]),
]


def keys(bar, *labels):
    query = select(TillReference).where(TillReference.venue_id == bar.venue.id, TillReference.label.in_(labels))
    return sorted(db.session.scalars(query), key=lambda key: key.id)


def until_somebody_waits():
    blocked = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
    deadline = time.monotonic() + LONGEST_S
    with db.engine.connect() as apart:
        while not apart.scalar(blocked):
            assert time.monotonic() < deadline, "nobody came to wait"
            time.sleep(0.01)


def cross(first, second, other, patience):
    """Ignore two keys in one transaction; once the first is held, `other` takes the second and waits for the first."""
    started = []

    def ignore_both():
        db.session.execute(text(f"SET LOCAL deadlock_timeout = '{patience}'"))
        till_links.ignore(first)
        if not started:
            started.append(pool.submit(other))
            until_somebody_waits()
        till_links.ignore(second)
        db.session.commit()

    with ThreadPoolExecutor(1) as pool:
        again.until_through(ignore_both)
        return started[0].result(LONGEST_S)


def test_a_catalogue_that_is_taken_over_and_answers_for_its_keys_happen_both(bar, app, till, waits, patience):
    assert import_night.read_till(bar.venue.id).status == "ok"
    for label in ("PINTE", "DEMI"):
        till.product(label).price_cents = 650
    low, high = keys(bar, "PINTE", "DEMI")

    def read():
        with app.app_context():
            return import_night.read_till(bar.venue.id).status

    assert cross(high, low, read, patience) == "ok"
    assert len(waits) == 1
    db.session.expire_all()
    for key in (low, high):
        assert key.price_cents == 650
        assert key.ignored_at is not None
    bar.check_right()


def test_a_tablets_answer_and_another_transaction_happen_both(app, venue, user, waits, patience):
    app.test_client_class = Browser
    tablet = app.test_client()
    sign_in(tablet, user.email)
    low, high = (factories.reference(venue, label=label) for label in ("PINTE", "DEMI"))
    ticked = [f"{key.id}-{key.version}" for key in (low, high)]
    answer = {"acte": "ignorer", "csrf_token": token_of(tablet), "ref": ticked}
    db.session.rollback()

    def tick_both():
        return tablet.post("/boissons/a-synchroniser/plusieurs", data=answer).status_code

    assert cross(high, low, tick_both, patience) == 303
    assert len(waits) == 1
    db.session.expire_all()
    assert low.ignored_at is not None
    assert high.ignored_at is not None
