"""What a page says of the database: another writer that does not end, and a fault of our own (FAULTS 29)."""

import sqlite3

import pytest
from sqlalchemy import event, text

from sommit.extensions import db
from tests import factories
from tests.web.conftest import Browser, sign_in, token_of


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_that_another_writer_keeps_waiting_for_too_long_is_told_to_come_back(venue, tablet):
    key = factories.reference(venue)
    address = f"/boissons/a-synchroniser/{key.id}/ignorer"
    sent = {"csrf_token": token_of(tablet), "version": str(key.version)}
    db.session.rollback()
    event.listen(db.engine, "checkout", lambda connection, *_: connection.execute("PRAGMA busy_timeout = 20"))
    other = sqlite3.connect(db.engine.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    refused = tablet.post(address, data=sent)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert "Rien n’a été changé. Réessayez dans quelques secondes." in refused.text
    assert tablet.get("/boissons").status_code == 200

    other.execute("ROLLBACK")
    other.close()
    assert tablet.post(address, data=sent).status_code == 303


def test_what_the_database_refuses_by_a_fault_of_ours_is_a_broken_page(make_app):
    app = make_app(TESTING=False)
    app.test_client_class = Browser

    @app.get("/casse")
    def break_down():
        db.session.execute(text("SELECT nowhere"))

    with app.app_context():
        client = app.test_client()
        sign_in(client, factories.user(factories.venue()).email)
        answer = client.get("/casse")
    assert answer.status_code == 500
    assert "Quelque chose s’est cassé de notre côté." in answer.text
    assert "nowhere" not in answer.text
