"""What is written down, and what never is."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from flask.testing import FlaskClient

from sommit import logs
from sommit.models import User, Venue
from tests import factories
from tests.web.conftest import sign_in, token_of


@pytest.fixture
def production_log(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    logs.configure(production=True)
    yield capsys
    logs.configure(production=False)


def test_in_production_an_event_is_one_line_of_json(production_log: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("sommit").info("drink_added", name="Château\r\n2026 [info] forged \x1b[31mred\u2028")
    (line,) = production_log.readouterr().err.splitlines()
    event = json.loads(line)
    assert event["event"] == "drink_added"
    assert event["name"] == r"Château\u000d\u000a2026 [info] forged \u001b[31mred\u2028"


def test_the_standard_librarys_lines_go_the_same_way(production_log: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("rq").warning("job %s\n is gone", "x\x1b[2J")
    (line,) = production_log.readouterr().err.splitlines()
    assert json.loads(line)["event"] == r"job x\u001b[2J\u000a is gone"


def test_in_development_a_name_breaks_out_of_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(production=False)
    structlog.get_logger("sommit").info("drink_added", name="a\r\nb\x1b[31m")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_password_or_a_token_is_blanked(production_log: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("sommit").info("oops", password="les vignes", token="jalia-key", authorization="Bearer x")
    line = production_log.readouterr().err
    assert "les vignes" not in line
    assert "jalia-key" not in line
    assert "Bearer" not in line


def test_a_traceback_does_not_show_the_variables(production_log: pytest.CaptureFixture[str]) -> None:
    secret = "".join(["jalia", "-", "key"])
    try:
        raise ValueError(len(secret))
    except ValueError:
        structlog.get_logger("sommit").exception("broken")
    line = production_log.readouterr().err
    assert "ValueError" in json.loads(line)["exception"]
    assert "jalia-key" not in line


def test_signing_in_and_failing_to_is_written_with_who_and_where(
    capsys: pytest.CaptureFixture[str], client: FlaskClient, user: User, venue: Venue
) -> None:
    form = {"csrf_token": token_of(client), "email": user.email, "password": "pas le bon du tout"}
    client.post("/connexion", data=form)
    sign_in(client, user.email)
    client.post("/deconnexion", data={"csrf_token": token_of(client)})
    written = capsys.readouterr().err
    assert f"account={user.id} address=127.0.0.1 outcome=refused" in written
    assert "outcome=ok" in written
    assert f"user={user.id} venue={venue.id}" in written
    assert "sign_out" in written
    assert "pas le bon du tout" not in written
    assert factories.PASSWORD not in written


def test_what_was_typed_as_an_address_is_not_written_where_no_account_has_it(
    capsys: pytest.CaptureFixture[str], client: FlaskClient
) -> None:
    client.post("/connexion", data={"csrf_token": token_of(client), "email": "mot-de-passe@typed.fr", "password": "x"})
    assert "mot-de-passe@typed.fr" not in capsys.readouterr().err


def test_a_refusal_is_written_with_who_was_refused(
    capsys: pytest.CaptureFixture[str], signed_in: FlaskClient, user: User, venue: Venue
) -> None:
    signed_in.post("/theme", data={"csrf_token": "forged"})
    line = next(line for line in capsys.readouterr().err.splitlines() if "refused" in line and "path=/theme" in line)
    assert "status=403" in line
    assert f"user={user.id} venue={venue.id}" in line
    assert "forged" not in line


def test_the_id_of_a_request_is_the_routers_where_it_looks_like_one(
    capsys: pytest.CaptureFixture[str], signed_in: FlaskClient
) -> None:
    for given, kept in (("11111111-2222-3333", True), ("<script>alert(1)</script>", False), ("court", False)):
        signed_in.post("/theme", data={"csrf_token": "x"}, headers={"X-Request-ID": given})
        assert (f"request_id={given}" in capsys.readouterr().err) is kept
