"""Somebody or something is taken away by hand while it is used (FAULTS 85): what was done stays, the rest ends."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from sommit.extensions import db
from sommit.jobs import import_night
from sommit.models import Closing, Membership, TillConnection, User, Venue
from sommit.services import nights, till_connection
from tests import factories
from tests.support import invariants
from tests.web.conftest import Browser, sign_in, token_of


def test_a_venue_with_a_past_can_be_deleted_by_nobody(bar):
    assert import_night.read_till(bar.venue.id).status == "ok"
    with pytest.raises(IntegrityError):
        db.session.execute(delete(Venue).where(Venue.id == bar.venue.id))
    db.session.rollback()
    bar.check_right()


def test_a_till_taken_away_in_the_middle_of_a_reading_ends_it_and_what_was_read_stays(bar, app, server):
    def take_away():
        with app.app_context():
            db.session.execute(delete(TillConnection))
            db.session.commit()

    server.faults.add("/v1/orders/", run=take_away, after=1)
    with pytest.raises(till_connection.NotConnected):
        import_night.read_till(bar.venue.id)

    assert len(db.session.scalars(select(Closing).where(Closing.lines > 0)).all()) == 1
    invariants.check_invariants()
    assert nights.running(bar.venue.id) is None
    assert nights.due() == []


def test_somebody_who_is_deleted_is_out_at_the_next_request_and_nothing_more_is_done(app, venue):
    app.test_client_class = Browser
    tablet, person, key = app.test_client(), factories.user(venue), factories.reference(venue)
    sign_in(tablet, person.email)
    sent = {"csrf_token": token_of(tablet), "version": str(key.version)}
    assert tablet.get("/boissons").status_code == 200

    db.session.execute(delete(Membership))
    db.session.execute(delete(User).where(User.id == person.id))
    db.session.commit()

    answer = tablet.post(f"/boissons/a-synchroniser/{key.id}/ignorer", data=sent)
    assert answer.location.startswith("/connexion")
    assert tablet.get("/boissons").location.startswith("/connexion")
    db.session.refresh(key)
    assert key.ignored_at is None
