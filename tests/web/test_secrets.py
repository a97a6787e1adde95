"""The till's token, after it was pasted: sealed for its venue, and nowhere else, whatever goes wrong."""

import traceback
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient

from demo.simulator import Server, Till
from sommit.extensions import db
from sommit.jobs import import_night
from sommit.jobs.till_reading import Reader
from sommit.models import TillConnection, User, Venue
from sommit.services import till_connection, tokens
from tests import factories
from tests.web.world import TOKEN

ALWAYS = 10**6
FAULTS: dict[str, dict[str, Any]] = {
    "401": {"status": 401, "html": f"<p>{TOKEN}</p>"},
    "403": {"status": 403, "html": f"<p>{TOKEN}</p>"},
    "422": {"status": 422, "html": f"<p>{TOKEN}</p>"},
    "500": {"status": 500, "html": f"<p>{TOKEN}</p>"},
    "HTML": {"html": f"<p>{TOKEN}</p>"},
    "JSON": {"body": f'{{"token": "{TOKEN}"}}'.encode()},
    "redirect": {"redirect": f"https://elsewhere.example/{TOKEN}"},
    "cut": {"cut": 40},
}


@pytest.fixture
def connected(venue: Venue, till: Till, server: Server, monkeypatch: pytest.MonkeyPatch) -> Venue:
    monkeypatch.setattr(till_connection, "sleep", lambda _seconds: None)
    till.token = TOKEN
    till.closing([("PINTE", 1)])
    till_connection.keep(venue, TOKEN, till_connection.attempt(venue, TOKEN))
    db.session.commit()
    return venue


def test_a_token_opens_with_its_key_for_its_venue_only(app: Flask) -> None:
    sealed = tokens.seal(1, TOKEN)
    assert TOKEN.encode() not in sealed
    assert tokens.open_for(1, sealed) == TOKEN
    with pytest.raises(tokens.UnreadableToken):
        tokens.open_for(2, sealed)
    app.config["TOKEN_KEYS"] = [Fernet.generate_key().decode(), *app.config["TOKEN_KEYS"]]
    assert tokens.open_for(1, sealed) == TOKEN
    app.config["TOKEN_KEYS"] = [Fernet.generate_key().decode()]
    with pytest.raises(tokens.UnreadableToken, match="TOKEN_KEYS"):
        tokens.open_for(1, sealed)


@pytest.mark.parametrize("resource", ["catalog", "reports", "orders"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_night_that_fails_writes_the_token_nowhere(
    connected: Venue,
    server: Server,
    browser_of: Callable[[User], FlaskClient],
    capfd: pytest.CaptureFixture[str],
    resource: str,
    fault: dict[str, Any],
) -> None:
    server.faults.add(f"/v1/{resource}/", times=ALWAYS, **fault)

    import_night.import_night(connected.id)

    written = "".join(capfd.readouterr())
    assert "night_read" in written
    assert all(TOKEN[:-4] not in place for place in (written, _dump(), *_pages(browser_of(factories.user(connected)))))


def test_a_job_that_breaks_leaves_a_traceback_without_the_token(
    connected: Venue, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(reader: Reader) -> None:
        raise RuntimeError(reader, reader.client, reader.connection, vars(reader.client))

    monkeypatch.setattr(Reader, "read", broken)

    with pytest.raises(RuntimeError) as caught:
        import_night.import_night(connected.id)

    kept_by_the_queue = "".join(traceback.format_exception(caught.value))
    assert "RuntimeError" in kept_by_the_queue
    for place in (kept_by_the_queue, repr(db.session.get(TillConnection, connected.id)), *capfd.readouterr(), _dump()):
        assert TOKEN[:-4] not in place


def _pages(browser: FlaskClient) -> list[str]:
    return [browser.get(address).text for address in ("/caisse", "/ventes", "/boissons", "/boissons/a-synchroniser")]


def _dump() -> str:
    db.session.commit()
    rows = repr([list(db.session.execute(table.select())) for table in db.metadata.sorted_tables])
    db.session.commit()
    return rows
