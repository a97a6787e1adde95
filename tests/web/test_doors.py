"""Who may go where. Every test walks through the whole url_map, so a new route is covered on the day it appears."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from sommit.extensions import db
from sommit.models import User, Venue
from sommit.security import PUBLIC as OPEN
from tests import factories
from tests.web import routes
from tests.web.conftest import sign_in, token_of


def test_the_public_list_is_the_one_agreed_on() -> None:
    assert OPEN == routes.PUBLIC


def test_without_a_session_every_route_sends_to_the_sign_in(app: Flask, client: FlaskClient, venue: Venue) -> None:
    for address in routes.addresses(app, venue):
        if address.endpoint in routes.PUBLIC:
            continue
        answer = client.open(address.path, method=address.method)
        assert answer.status_code == 302, address
        assert answer.location.startswith("/connexion"), address


def test_an_ended_session_sends_the_whole_page_to_the_sign_in_when_htmx_asks(
    app: Flask, client: FlaskClient, venue: Venue
) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/boissons?q=x"}
    for address in routes.addresses(app, venue):
        if address.endpoint in routes.PUBLIC:
            continue
        answer = client.open(address.path, method=address.method, headers=headers)
        assert answer.status_code == 401, address
        assert answer.headers["HX-Redirect"].startswith("/connexion"), address
        assert answer.data == b"", address


def test_every_writing_route_refuses_a_missing_a_wrong_and_another_sessions_token(
    app: Flask, signed_in: FlaskClient, venue: Venue
) -> None:
    stranger = app.test_client()
    sign_in(stranger, factories.user(venue).email)
    theirs = token_of(stranger)
    for address in routes.unsafe(app, venue):
        for token in ("", "not-a-token", theirs):
            by_form = signed_in.open(address.path, method=address.method, data={"csrf_token": token})
            assert by_form.status_code == 403, (address, token)
            headers = {"HX-Request": "true", "X-CSRFToken": token}
            by_htmx = signed_in.open(address.path, method=address.method, headers=headers)
            assert by_htmx.status_code == 403, (address, token)


def test_every_writing_route_refuses_what_another_site_sends(app: Flask, signed_in: FlaskClient, venue: Venue) -> None:
    token = token_of(signed_in)
    foreign = (
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
    )
    for address in routes.unsafe(app, venue):
        for headers in foreign:
            answer = signed_in.open(address.path, method=address.method, data={"csrf_token": token}, headers=headers)
            assert answer.status_code == 403, (address, headers)


def test_reading_changes_no_row(app: Flask, signed_in: FlaskClient, venue: Venue) -> None:
    pages = routes.pages(app, venue)
    before = _all_rows()
    for address in pages:
        for method in ("GET", "HEAD"):
            signed_in.open(address.path, method=method)
            assert _all_rows() == before, address


def test_somebody_who_no_longer_works_there_is_out_at_the_next_request(
    signed_in: FlaskClient, user: User, venue: Venue
) -> None:
    db.session.execute(text("DELETE FROM membership"))
    db.session.commit()
    assert signed_in.get("/").location.startswith("/connexion")


def _all_rows() -> dict[str, list[tuple[object, ...]]]:
    db.session.rollback()
    rows = {}
    for table in db.metadata.sorted_tables:
        rows[table.name] = [tuple(row) for row in db.session.execute(table.select().order_by(*table.primary_key))]
    db.session.rollback()
    return rows
